"""What the scale of random embeddings does at the first step of training.

A table E of V rows and d columns is drawn from N(0, s). With a tied output layer the first logits
are E h, and h leaves a layer normalization with entries of variance 1, so a logit has a standard
deviation of s * sqrt(d). The first loss would be log V if all tokens were equally likely.

    s = 0.02, d = 768   row length 0.02 * sqrt(768) = 0.554, logits spread 0.554
                        loss log V + 0.554^2 / 2 = log V + 0.154
    s = 1,    d = 768   row length 27.7: one token takes nearly everything, loss far above log V
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.errors import InputError

Floats = NDArray[np.float32]

STATES = 64  # hidden states that are tried
MOST_ROWS, MOST_COLUMNS = 5000, 4096
LARGEST = 10  # scale
SAMPLE = 400  # rows whose pairs are compared


@dataclass(frozen=True)
class Start:
    """A fresh table, measured, with what the formulas say.

    `norm` is the mean length of a row, `cosine_spread` the standard deviation of the cosine of two
    rows, `logit_spread` that of a logit, `loss` the mean cross-entropy in nats over all targets,
    `uniform_loss` log V, `top` the mean probability of the likeliest token.
    """

    scale: float
    dimension: int
    vocabulary: int
    norm: float
    expected_norm: float
    cosine_spread: float
    expected_cosine_spread: float
    logit_spread: float
    loss: float
    uniform_loss: float
    top: float


@dataclass(frozen=True)
class Learned:
    """The same about a trained table: row lengths and the cosines of random pairs of rows."""

    name: str
    dimension: int
    entry_spread: float
    norm: float
    shortest: float
    longest: float
    cosine_mean: float
    cosine_spread: float


def initialize(
    scale: float = 0.02, dimension: int = 768, vocabulary: int = 1000, seed: int = 0
) -> Start:
    """Draw a table from N(0, scale) and measure its first predictions.

    The row length follows from d independent squares, scale * sqrt(d); the cosine of two random
    directions has variance 1/d; the loss is the mean of a log-normal, log V + spread^2 / 2, while
    the spread is small. Raises InputError for sizes outside 2..4096 by 2..5000 or a scale outside
    0..10.
    """
    if not (
        2 <= dimension <= MOST_COLUMNS and 2 <= vocabulary <= MOST_ROWS and 0 < scale <= LARGEST
    ):
        limits = f"2 to {MOST_COLUMNS} columns and 2 to {MOST_ROWS} rows"
        raise InputError(f"Choose a scale above 0 and at most {LARGEST}, {limits}.")
    table, hidden = draw(dimension, vocabulary, seed)
    table *= scale
    logits = hidden @ table.T  # (state, token)
    log_sum = log_sum_exp(logits)
    return Start(
        scale=scale,
        dimension=dimension,
        vocabulary=vocabulary,
        norm=float(np.linalg.norm(table, axis=1).mean()),
        expected_norm=scale * math.sqrt(dimension),
        cosine_spread=float(pair_cosines(table, np.random.default_rng(seed)).std()),
        expected_cosine_spread=1 / math.sqrt(dimension),
        logit_spread=float(logits.std()),
        loss=float((log_sum - logits.mean(axis=1)).mean()),
        uniform_loss=math.log(vocabulary),
        top=float(np.exp(logits.max(axis=1) - log_sum).mean()),
    )


def first_losses(
    scales: Sequence[float], dimension: int = 768, vocabulary: int = 1000, seed: int = 0
) -> list[float]:
    """The loss of `initialize` at several scales of one draw: logits grow with the scale."""
    table, hidden = draw(dimension, vocabulary, seed)
    logits = hidden @ table.T  # (state, token) at scale 1
    return [
        float((log_sum_exp(scale * logits) - scale * logits.mean(axis=1)).mean())
        for scale in scales
    ]


def draw(dimension: int, vocabulary: int, seed: int) -> tuple[Floats, Floats]:
    """A table (token, dimension) from N(0, 1), and hidden states as a layer norm leaves them.

    Hidden states have shape (state, dimension), each row of mean 0 and variance 1.
    """
    random = np.random.default_rng(seed)
    table = random.standard_normal((vocabulary, dimension), dtype=np.float32)
    hidden = random.standard_normal((STATES, dimension), dtype=np.float32)
    hidden -= hidden.mean(axis=1, keepdims=True)
    hidden /= hidden.std(axis=1, keepdims=True)
    return table, hidden


def log_sum_exp(logits: Floats) -> Floats:
    """log of the sum of exp over the last axis, computed from the maximum so nothing overflows."""
    highest = logits.max(axis=-1)
    found: Floats = highest + np.log(np.exp(logits - highest[..., None]).sum(axis=-1))
    return found


def measure(name: str, rows: Floats, seed: int = 0) -> Learned:
    """Lengths and cosines of a trained table of shape (vocabulary, dimension)."""
    lengths = np.linalg.norm(rows, axis=1)
    pairs = pair_cosines(rows, np.random.default_rng(seed))
    return Learned(
        name=name,
        dimension=rows.shape[1],
        entry_spread=float(rows.std()),
        norm=float(lengths.mean()),
        shortest=float(lengths.min()),
        longest=float(lengths.max()),
        cosine_mean=float(pairs.mean()),
        cosine_spread=float(pairs.std()),
    )


def pair_cosines(rows: Floats, random: np.random.Generator) -> Floats:
    """The cosines of all pairs among at most 400 rows drawn at random, shape (pair,)."""
    chosen = random.permutation(len(rows))[:SAMPLE]
    sample = rows[chosen] / np.maximum(np.linalg.norm(rows[chosen], axis=1, keepdims=True), 1e-12)
    above = np.triu_indices(len(sample), 1)
    found: Floats = (sample @ sample.T)[above]
    return found
