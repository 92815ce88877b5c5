"""One task, the tutor's own model, three prompts: zero-shot, few-shot and chain of thought, scored.

    python -m demos.prompting
    python -m demos.prompting --task tickets --items 12
    python -m demos.prompting --problem "A cat has 4 legs. How many do 3 cats have?" --answer 12

Qwen2.5-Coder-0.5B on 12 word problems of two steps: asked for the number at once it gets 1 right,
with three solved examples none, with the same examples and their steps 9. The price is tokens: 22
written instead of 3, and a prompt of 231 instead of 52. A split of 9 to 0 comes about by chance
with probability 2 / 2^9 = 0.004.
"""

TITLE = "Prompting"
QUESTIONS = (13, 38)
