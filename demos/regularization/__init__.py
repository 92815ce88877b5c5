"""Overfitting made and cured: dropout, weight decay, early stopping and more data, trained live.

    python -m demos.regularization
    python -m demos.regularization --remedies dropout "more data" --noise 0.3

Without a remedy a small network learns 300 sentences of the guide by heart: training loss 0.00,
while the validation loss is lowest after some 50 steps and rises from then on. With dropout of 0.5
a unit's value 3 becomes 6 or 0, on average 3. Weight decay of 3 at a learning rate of 0.005 leaves
0.985 of a weight after a step and 0.985^100 = 0.22 after 100.
"""

TITLE = "Regularization"
QUESTIONS = (18,)
