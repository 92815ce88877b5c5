"""The next token of the tutor's own model: its distribution, reshaped live, drawn and searched.

    python -m demos.sampling
    python -m demos.sampling --prompt "Once upon a" --temperature 1.5 --top-p 0.9 --seed 7

After "Once upon a time there was a" the default model gives " magical" 0.168 and 90% to 83 tokens;
at temperature 2 the entropy rises from 5.9 to 13.6 bits. Greedy search goes on " magical kingdom
where the", 0.0014; three beams find " young girl named Lily", 0.0215.
"""

TITLE = "Sampling"
QUESTIONS = (5, 6, 12)
