"""A question searched for as the tutor does."""

from demos.retrieval.ranking import Found, check, search_traced
from demos.shared.weights import Weights, open_weights

QUESTION = "Is temperature 0 deterministic?"
ASKED = "What is HyDE and when does it help?"  # a name that the model gets wrong from memory
HOPS = (
    "Which categories cite papers by Geoffrey Hinton?",
    "How many questions cite Attention Is All You Need?",
    "Who wrote papers cited by both Q36 and Q3?",
    "How is LoRA connected to Geoffrey Hinton?",
    "Who wrote a paper with Noam Shazeer?",
    "Which questions mention BM25?",
)


def run(question: str = QUESTION, weights: Weights | None = None) -> Found:
    """Search the guide as the tutor does; InputError for an empty or very long question."""
    check(question)
    return search_traced((weights or open_weights()).library().retriever, question)
