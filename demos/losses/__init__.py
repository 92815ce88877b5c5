"""Cross-entropy, KL divergence, ReLU, the chain rule and perplexity: by hand next to autograd.

    python -m demos.losses
    python -m demos.losses --logits 2 1 0 -1 --target 2 --p 0.7 0.2 0.1 --q 0.5 0.3 0.2
    python -m demos.losses --x 0 --text "Colorless green ideas sleep furiously."

With the logits 2, 1, 0, -1 and the first token right, the loss is -ln 0.644 = 0.440 nats and the
gradient (-0.356, 0.237, 0.087, 0.032), by the formula and by autograd alike.
"""

TITLE = "Losses"
QUESTIONS = (25, 29, 30, 31)
