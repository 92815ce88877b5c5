"""PCA of the guide's questions: eigenvalues, a map of the 21 categories, and your question on it.

    python -m demos.dimensionality
    python -m demos.dimensionality --question "Is LoRA low rank?" --share 0.8

The texts are all questions the guide answers, titles and follow-ups, as MiniLM's 384 numbers each.
A covariance of [[6.667, 5.333], [5.333, 6.667]] has the eigenvalues 12 and 1.333, so one direction
of two keeps 12 / 13.333 = 90 % of the variance. Here the first of 384 keeps about 4 %.
"""

TITLE = "PCA"
QUESTIONS = (28,)
