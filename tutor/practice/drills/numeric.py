"""The numeric drills: one table, from which a problem with fresh numbers is posed.

The calculations are those that the tutor answers with (`tutor.calls`), on drawn arguments.
"""

import math
from collections.abc import Mapping
from random import Random

from tutor.calls import memory, probability
from tutor.calls.slots import Given
from tutor.calls.worked import Worked, number, vector
from tutor.practice.drills import slips
from tutor.practice.drills.answers import BARE, BYTES, COUNT, NATS
from tutor.practice.drills.draws import Pick, Shares, Spread, Vectors
from tutor.practice.drills.merges import cut_word, first_merge
from tutor.practice.drills.nucleus import nucleus
from tutor.practice.drills.problem import Formula, Problem, Told


def scaled_score(given: Given) -> Worked:
    """One score of attention: the dot product over the root of the dimension (Vaswani et al. 2017,
    section 3.2.1)."""
    query, key = given.one("query")[0], given.one("key")[0]
    product, root = probability.dot(query, key), math.sqrt(len(query))
    # Adding 0 makes a 0 of what would be written as -0.
    products = vector([a * b + 0.0 for a, b in zip(query, key, strict=True)])
    steps = (
        f"number by number: {products}, added up: {number(product)}",
        f"divided by $\\sqrt{{{len(query)}}} = {number(root)}$: {number(product / root)}",
    )
    return Worked(f"The score is **{number(product / root)}**.", steps, product / root)


CHANCES = Spread(3, 0.05, 0.95, 0.05)

DRILLS: Mapping[str, Formula | Told] = {
    "softmax": Formula(
        "Softmax",
        6,
        "The scores are $z = {scores}$. What probability does softmax at temperature "
        "{temperature} give to the **highest** of them?",
        {"scores": Spread(3, -2, 4, 0.5), "temperature": Pick(("1", "1", "0.5", "2"))},
        probability.softmax,
        slips=slips.softmax,
        suits=lambda _, value: value < 0.97,
    ),
    "scaled_score": Formula(
        "Scaled dot product",
        24,
        "The query is $q = {query}$ and a key is $k = {key}$. What is the **score** of scaled "
        "dot-product attention, before the softmax?",
        {"query": Vectors(1, 4, -3, 3), "key": Vectors(1, 4, -3, 3)},
        scaled_score,
        BARE,
        slips=slips.score,
        suits=lambda _, value: abs(value) >= 0.5,
    ),
    "attention_weight": Formula(
        "Attention weight",
        32,
        "The query is $q = {query}$ and the keys are $K = {key}$. What is the **largest** weight "
        "of scaled dot-product attention?",
        {"query": Vectors(1, 4, -1, 2), "key": Vectors(3, 4, -1, 2)},
        probability.attention,
        slips=slips.weight,
        suits=lambda _, value: 0.36 < value < 0.95,
    ),
    "cross_entropy": Formula(
        "Cross-entropy",
        25,
        "A language model gives the right tokens of a text these probabilities: ${probabilities}$. "
        "What is its **cross-entropy loss**, in nats per token?",
        {"probabilities": CHANCES},
        probability.loss,
        NATS,
        lambda worked: math.log(worked.value),
        slips.loss,
    ),
    "perplexity": Formula(
        "Perplexity",
        25,
        "A language model gives the right tokens of a text these probabilities: ${probabilities}$. "
        "What is its **perplexity** on the text?",
        {"probabilities": CHANCES},
        probability.loss,
        BARE,
        slips=slips.perplexity,
    ),
    "kl": Formula(
        "KL divergence",
        29,
        "Two distributions over the same three tokens: $p = {p}$ and $q = {q}$. What is "
        r"$\mathrm{{KL}}(p \,\|\, q)$, in nats?",
        {"p": Shares(3, 10), "q": Shares(3, 10)},
        probability.kl,
        NATS,
        slips=slips.kl,
        suits=lambda _, value: value > 0.05,
    ),
    "lora": Formula(
        "Parameters of LoRA",
        4,
        "LoRA of rank {rank} adapts {matrices} square matrices of {hidden} × {hidden} in each of "
        "{layers} layers. How many parameters are **trained**?",
        {
            "rank": Pick(("4", "8", "16", "32", "64")),
            "hidden": Pick(("768", "1,024", "2,048", "4,096")),
            "matrices": Pick(("2", "3", "4", "7")),
            "layers": Pick(("12", "16", "24", "32")),
        },
        memory.lora_params,
        COUNT,
        slips=slips.lora,
    ),
    "kv_cache": Formula(
        "Size of a KV cache",
        3,
        "A model has {layers} layers, each with {kv_heads} key-value heads of {head_dim} "
        "dimensions. How much memory does the **KV cache** of {batch} sequences of {context} "
        "tokens take at {bits} bits a number?",
        {
            "layers": Pick(("12", "24", "32", "48", "80")),
            "kv_heads": Pick(("4", "8", "16", "32")),
            "head_dim": Pick(("64", "128")),
            "context": Pick(("1,024", "2,048", "4,096", "8,192", "32,768")),
            "batch": Pick(("2", "3", "4", "16")),
            "bits": Pick(("8", "16", "32")),
        },
        memory.kv_cache,
        BYTES,
        slips=slips.cache,
    ),
    "nucleus": Told("Nucleus at given probabilities", 12, nucleus),
    "first_merge": Told("First merge of BPE", 1, first_merge),
    "cut_word": Told("A word cut by BPE", 1, cut_word),
    "variance": Formula(
        "Variance that PCA keeps",
        28,
        "The eigenvalues of a covariance matrix are ${eigenvalues}$. What share of the variance do "
        "the first **{components}** principal components keep?",
        {"eigenvalues": Spread(5, 0.5, 9, 0.5), "components": Pick(("2", "3"))},
        probability.pca,
        slips=slips.variance,
        suits=lambda _, value: value < 0.97,
    ),
    "singular": Formula(
        "Variance from singular values",
        28,
        "The centered data have the singular values ${singular}$. What share of the variance do "
        "the first **{components}** principal components keep?",
        {"singular": Spread(4, 1, 9), "components": Pick(("1", "2"))},
        probability.pca,
        slips=slips.singular,
        suits=lambda _, value: value < 0.97,
    ),
}


def pose(name: str, rng: Random) -> Problem:
    """A problem with fresh numbers. Raises KeyError for a name that is not in `DRILLS`."""
    return DRILLS[name].pose(rng)
