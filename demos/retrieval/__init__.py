"""The tutor's own search under your question, the model with and without it, and a graph.

    python -m demos.retrieval
    python -m demos.retrieval --question "why sqrt d_k" --hops "Which questions mention RoPE?"

Three scores are kept for every passage: the cosine to its text (answer side), the cosine to the
questions it answers (question side), and BM25. Reciprocal rank fusion adds 1 / (60 + rank) over
them: ranks 2 and 1 give 1/62 + 1/61 = 0.0325, more than 1 and 3 with 1/61 + 1/63 = 0.0323.
"""

TITLE = "Retrieval"
QUESTIONS = (36, 40)
