"""Small implementations of which a drill hides one line: the one marked with `# missing`.

Plain Python, so that they can be read in a minute and run without anything installed. They are the
reference too: what a learner's line gives is compared with what these give.
"""

# ruff: noqa: B905, RUF007  # shown to learners: as short as in an interview
import math


def softmax(scores: list[float]) -> list[float]:
    """Probabilities of any scores, however large."""
    largest = max(scores)
    powers = [math.exp(score - largest) for score in scores]  # missing
    total = sum(powers)
    return [power / total for power in powers]


def scaled_scores(query: list[float], keys: list[list[float]]) -> list[float]:
    """The score of every key for one query, before the softmax."""
    products = [sum(q * k for q, k in zip(query, key)) for key in keys]
    return [product / math.sqrt(len(query)) for product in products]  # missing


def causal_weights(scores: list[list[float]]) -> list[list[float]]:
    """Attention weights; row i holds the scores of token i for all tokens."""
    weights = []
    for i, row in enumerate(scores):
        row = [score if j <= i else -math.inf for j, score in enumerate(row)]  # missing
        powers = [math.exp(score - max(row)) for score in row]
        weights.append([power / sum(powers) for power in powers])
    return weights


def nucleus(ranked: list[float], p: float) -> list[float]:
    """What top-p leaves of probabilities sorted from the largest down."""
    before = [sum(ranked[:i]) for i in range(len(ranked))]
    kept = [share for share, so_far in zip(ranked, before) if so_far < p]  # missing
    return [share / sum(kept) for share in kept]


def min_p_filter(probabilities: list[float], min_p: float) -> list[float]:
    """Probabilities after the min-p cut, 0 for what is cut."""
    floor = min_p * max(probabilities)  # missing
    kept = [share if share >= floor else 0.0 for share in probabilities]
    return [share / sum(kept) for share in kept]


def cross_entropy(scores: list[float], target: int) -> float:
    """The loss in nats of one prediction, from the scores of all tokens."""
    largest = max(scores)
    log_sum = largest + math.log(sum(math.exp(score - largest) for score in scores))
    return log_sum - scores[target]  # missing


def perplexity(chances: list[float]) -> float:
    """Perplexity of a text, from the probability of each of its tokens."""
    losses = [-math.log(chance) for chance in chances]
    return math.exp(sum(losses) / len(losses))  # missing


def divergence(p: list[float], q: list[float]) -> float:
    """KL(p‖q) in nats; p may hold zeros."""
    return sum(a * math.log(a / b) for a, b in zip(p, q) if a > 0)  # missing


def lora(
    x: list[float],
    frozen: list[list[float]],
    a: list[list[float]],
    b: list[list[float]],
    alpha: float,
) -> list[float]:
    """The output of a layer with an adapter; a has as many rows as the rank."""

    def times(matrix: list[list[float]], vector: list[float]) -> list[float]:
        return [sum(m * v for m, v in zip(row, vector)) for row in matrix]

    base = times(frozen, x)
    update = times(b, times(a, x))
    return [h + alpha / len(a) * u for h, u in zip(base, update)]  # missing


def beam_step(
    beams: list[tuple[list[int], float]], logs: list[list[float]], width: int
) -> list[tuple[list[int], float]]:
    """One step of beam search. A beam is its tokens and its score; logs holds, for each beam,
    the log-probability of every next token."""
    candidates = []
    for (tokens, score), row in zip(beams, logs):
        candidates += [([*tokens, i], score + log) for i, log in enumerate(row)]  # missing
    return sorted(candidates, key=lambda one: one[1], reverse=True)[:width]


def count_pairs(words: dict[str, int]) -> dict[str, int]:
    """How often two pieces are neighbors. Words are spelled "l o w", with how often they occur."""
    counts: dict[str, int] = {}
    for word, times in words.items():
        pieces = word.split()
        for left, right in zip(pieces, pieces[1:]):
            pair = left + " " + right
            counts[pair] = counts.get(pair, 0) + times  # missing
    return counts


def merge(pieces: list[str], left: str, right: str) -> list[str]:
    """The pieces of a word after one merge of BPE."""
    merged: list[str] = []
    for piece in pieces:
        if merged and merged[-1] == left and piece == right:
            merged[-1] = left + right  # missing
        else:
            merged.append(piece)
    return merged


def mean_pool(vectors: list[list[float]], mask: list[int]) -> list[float]:
    """One vector for a text: the mean over its tokens. The mask is 0 where there is padding."""
    count = sum(mask)
    columns = list(zip(*vectors))
    return [sum(m * v for m, v in zip(mask, column)) / count for column in columns]  # missing
