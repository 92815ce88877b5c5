"""What a transformer needs besides attention: positions, residuals and norms, short paths, masks.

    python -m demos.architecture
    python -m demos.architecture --blocks 48 --gain 1.2 --activation tanh
    python -m demos.architecture --source "the white house" --target "la maison blanche"

RoPE turns a query at position 12 and a key at 10 by other angles than at 2 and 0, but their
product stays: only the offset counts. Through 24 untrained blocks a gradient shrinks to about
4e-9 without residuals; with residuals and pre-norm it arrives at full strength. A recurrence that
keeps 0.9 per step has 0.9^50 = 0.005 of a gradient left after 50 steps; attention takes one step.
"""

TITLE = "Architecture"
QUESTIONS = (17, 21, 43, 46)
