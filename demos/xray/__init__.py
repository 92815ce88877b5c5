"""An answer of the tutor's under the glass: how probable the model found every token of it.

    python -m demos.xray
    python -m demos.xray --question "What is LoRA?" --bare --temperature 1.2 --seed 3

The model finds most words of the authored lead easy to foresee, because its study note says the
same: on the default question their perplexity is near 1, and above 10 when the note is left out.
"""

TITLE = "X-ray"
QUESTIONS = (6, 12, 25, 36)
