"""Own text through three real tokenizers, and a byte-pair encoding trained on it step by step.

    python -m demos.tokenization
    python -m demos.tokenization --text "naïve 🦜" --merges 5 --word lowest

"unbelievably" is two tokens for the tutor's model and five for MiniLM's WordPiece. Trained on
low (5 times), lower (2), newest (6), widest (3), a BPE first merges e+s, 9 times side by side.
"""

TITLE = "Tokenization"
QUESTIONS = (1, 16)
