"""Where the usual mistakes lead: the value that each gives, and a sentence that names it."""

import math

from tutor.calls import memory, probability
from tutor.calls.slots import Given
from tutor.practice.drills.problem import Slips


def softmax(given: Given) -> Slips:
    """Temperature left out, or multiplied by."""
    scores, temperature = given.one("scores"), given.one("temperature")
    found = []
    if temperature != 1:
        found = [
            (max(probability.softmaxed(scores)), "That leaves the temperature out."),
            (
                max(probability.softmaxed(scores, 1 / temperature)),
                "The scores are divided by the temperature, not multiplied by it.",
            ),
        ]
    if sum(scores) > 0:
        found.append((max(scores) / sum(scores), "First $e$ to the power of each score."))
    return found


def score(given: Given) -> Slips:
    """Not divided at all, or by the dimension."""
    product = probability.dot(given.one("query")[0], given.one("key")[0])
    return [
        (product, "That is the dot product; it is still to be divided by the root."),
        (product / len(given.one("query")[0]), "Divide by the root of the dimension."),
    ]


def weight(given: Given) -> Slips:
    """Scores that were not divided by the root."""
    products = [probability.dot(given.one("query")[0], key) for key in given.one("key")]
    return [
        (
            max(probability.softmaxed(products)),
            "That is the softmax of the bare dot products; divide them by the root first.",
        )
    ]


def loss(given: Given) -> Slips:
    """Another base, a sum for the mean, the perplexity, the loss of the mean probability."""
    chances = given.one("probabilities")
    nats = -sum(map(math.log, chances)) / len(chances)
    return [
        (nats / math.log(10), "Use the natural logarithm, not that to base 10."),
        (nats / math.log(2), "That is in bits; say so, or use the natural logarithm."),
        (nats * len(chances), "That is the sum; the loss is the mean over the tokens."),
        (math.exp(nats), "That is the perplexity, $e$ to the loss."),
        (
            -math.log(sum(chances) / len(chances)),
            "Take the logarithm of each probability first, then the mean.",
        ),
    ]


def perplexity(given: Given) -> Slips:
    """The loss itself, a wrong base, arithmetic means."""
    chances = given.one("probabilities")
    nats = -sum(map(math.log, chances)) / len(chances)
    return [
        (nats, "That is the loss in nats; perplexity is $e$ to that power."),
        (2**nats, "With natural logarithms the base is $e$, not 2."),
        (
            sum(1 / chance for chance in chances) / len(chances),
            "That is the mean of the inverse probabilities; the mean is taken of the logarithms.",
        ),
        (len(chances) / sum(chances), "That is one over the mean probability."),
    ]


def kl(given: Given) -> Slips:
    """The other direction, a wrong base, cross-entropy, entropy."""
    p = probability.distribution(given.one("p"), "p")
    q = probability.distribution(given.one("q"), "q")
    forward, entropy = probability.divergence(p, q), -sum(a * math.log(a) for a in p)
    return [
        (
            probability.divergence(q, p),
            "That is KL(q‖p); the distribution in front does the weighting.",
        ),
        (forward / math.log(10), "Use the natural logarithm, not that to base 10."),
        (forward / math.log(2), "That is in bits; say so, or use the natural logarithm."),
        (entropy + forward, "That is the cross-entropy; the entropy of p is still in it."),
    ]


def lora(given: Given) -> Slips:
    """One factor only, one matrix or layer only, the whole matrix."""
    rank, hidden = given.one("rank"), given.one("hidden")
    many = given.one("matrices") * given.one("layers")
    return [
        (rank * hidden * many, "That is one of the two thin matrices; there are $A$ and $B$."),
        (hidden * hidden * many, "That is the frozen matrices; LoRA trains the thin ones."),
        (2 * rank * hidden * given.one("layers"), "Every adapted matrix has its own adapter."),
        (2 * rank * hidden * given.one("matrices"), "Every layer has its own adapters."),
        (2 * rank * hidden, "That is a single matrix in a single layer."),
    ]


def cache(given: Given) -> Slips:
    """Keys without values, bits for bytes, one layer, one sequence."""
    need = memory.kv_cache(given).value
    return [
        (need / 2, "Both keys and values are kept: a factor of 2."),
        (need * 8 / given.one("bits"), "Every number takes its bits over 8, in bytes."),
        (need * 8, "That is in bits; 8 of them make a byte."),
        (need / given.one("layers"), "Every layer has its own cache."),
        (need / given.one("kv_heads"), "Every key-value head has its own keys and values."),
        (need / given.one("batch"), "Every sequence has its own cache."),
    ]


def variance(given: Given) -> Slips:
    """One component, components over their number, eigenvalues squared."""
    values = sorted(given.one("eigenvalues"), reverse=True)
    count = int(given.one("components"))
    squares = [value * value for value in values]
    return [
        (values[0] / sum(values), "That is the first component alone."),
        (values[count - 1] / sum(values), "That is one component; add up the first ones."),
        (
            sum(squares[:count]) / sum(squares),
            "An eigenvalue is a variance already; only singular values are squared.",
        ),
    ]


def singular(given: Given) -> Slips:
    """Not squared."""
    values = sorted(given.one("singular"), reverse=True)
    part = sum(values[: int(given.one("components"))]) / sum(values)
    return [(part, "Singular values are to be squared before they are added up.")]
