"""Which embedding rows get a gradient, the softmax's Jacobian, and what the learning rate decides.

    python -m demos.gradients
    python -m demos.gradients --text "to be or not to be" --logits 3 1 0.2 --rate 0.95

In "the cat saw the dog" the untied input table gets a gradient in the rows the, cat and saw: the
last word is only a target. The output table, or one table for both, gets one in every row. Softmax
of 2, 1, 0 has the Jacobian row 0.2227, -0.1628, -0.0599. Descent on a loss of largest curvature
10 converges below a learning rate of 2 / 10 = 0.2 and blows up above it.
"""

TITLE = "Gradients"
QUESTIONS = (26, 27, 48)
