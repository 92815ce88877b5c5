"""Neighbors, analogies, contexts and first values at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from demos.embeddings import initialization, neighbors, senses
from demos.embeddings import word_vectors as vectors
from demos.embeddings.initialization import Learned, Start
from demos.embeddings.neighbors import Compared
from demos.embeddings.senses import Senses
from demos.embeddings.word_vectors import Analogy
from demos.shared.weights import Weights, open_weights

TEXTS = (
    "My GPU runs out of RAM when I train.",
    "Training stopped: CUDA out of memory.",
    "The film was wonderful.",
    "I loved that movie.",
)
EXPRESSIONS = (
    "king - man + woman",
    "went - go + eat",
    "cats - cat + dog",
    "paris - france + italy",
    "better - good + bad",
    "doctor - man + woman",
)


@dataclass(frozen=True)
class Result:
    """Everything the demo shows."""

    compared: Compared
    analogies: tuple[Analogy, ...]
    senses: Senses
    start: Start
    learned: tuple[Learned, ...]


def run(
    texts: Sequence[str] = TEXTS,
    expression: str = EXPRESSIONS[0],
    word: str = senses.WORD,
    sentences: Sequence[str] = senses.SENTENCES,
    scale: float = 0.02,
    dimension: int = 768,
    seed: int = 0,
    weights: Weights | None = None,
) -> Result:
    """All five parts; InputError for what cannot be used, before any model is loaded."""
    neighbors.check(texts)
    vectors.parse(expression)
    senses.check(word.strip(), sentences)
    start = initialization.initialize(scale, dimension, seed=seed)
    weights = weights or open_weights()
    models = (weights.smollm2(), weights.minilm())
    return Result(
        neighbors.compare(weights.library(), texts),
        tuple(vectors.analogy(vectors.word_table(model), expression) for model in models),
        senses.compare(weights.minilm(), word, sentences),
        start,
        tuple(initialization.measure(m.name, vectors.input_rows(m)) for m in models),
    )
