"""Texts as vectors: neighbors in the guide, similarity, analogies, context, and first values.

    python -m demos.embeddings
    python -m demos.embeddings --expression "paris - france + italy" --word bank

Every cosine is computed from the weights that search the guide (MiniLM) or from SmolLM2's input
table. With unit vectors a cosine is a dot product: (0.6, 0.8) . (0.8, 0.6) = 0.96.
"""

TITLE = "Embeddings"
QUESTIONS = (10,)
