"""What search is measured by, and two formulas that rank."""

import math

from tutor.calls.slots import Given, Impossible, Missing
from tutor.calls.worked import Worked, number, vector

RRF_K = 60  # Cormack et al. 2009
K1, B = 1.2, 0.75  # usual values (Robertson & Zaragoza 2009)


def retrieval(given: Given) -> Worked:
    """Precision is hits over retrieved, recall hits over relevant, F1 their harmonic mean."""
    hits = given.one("hits")
    lines, last = [], 0.0
    found: dict[str, float] = {}
    for name, slot in (("Precision", "retrieved"), ("Recall", "relevant")):
        if slot in given:
            if hits > given.one(slot):
                raise Impossible(f"{number(hits)} hits cannot be among {number(given.one(slot))}.")
            last = found[name] = hits / given.one(slot)
            lines.append(
                f"{name.lower()}: {number(hits)} / {number(given.one(slot))} = {number(last)}"
            )
    if not found:
        raise Missing("relevant")
    if len(found) == 2 and hits:
        p, r = found.values()
        found["F1"] = 2 * p * r / (p + r)
        lines.append(
            f"F1: 2 × {number(p)} × {number(r)} / ({number(p)} + {number(r)}) = "
            f"{number(found['F1'])}"
        )
    said = ", ".join(f"{name} **{number(value)}**" for name, value in found.items())
    return Worked(f"{said}.", tuple(lines), last)


def mrr(given: Given) -> Worked:
    """The mean of 1 / rank; a query without a hit has rank 0 here and counts 0."""
    ranks = given.one("ranks")
    parts = [1 / rank if rank else 0.0 for rank in ranks]
    value = sum(parts) / len(parts)
    return Worked(
        f"The mean reciprocal rank is **{number(value)}**.",
        (f"1 / rank: {vector(parts)}; their mean is {number(value)}",),
        value,
    )


def ndcg(given: Given) -> Worked:
    """DCG over that of the ideal order, each gain over log2(rank + 1) (Järvelin & Kekäläinen
    2002)."""
    gains = given.one("gains")
    got, ideal = discounted(gains), discounted(sorted(gains, reverse=True))
    if ideal == 0:
        raise Impossible("All gains are 0, so there is no ideal order to compare with.")
    steps = (
        f"DCG: {number(got)}",
        f"DCG of the ideal order: {number(ideal)}",
        f"{number(got)} / {number(ideal)} = {number(got / ideal)}",
    )
    return Worked(f"nDCG is **{number(got / ideal)}**.", steps, got / ideal)


def discounted(gains: tuple[float, ...] | list[float]) -> float:
    """Discounted cumulative gain."""
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def rrf(given: Given) -> Worked:
    """The sum of 1 / (k + rank) over the lists."""
    ranks = [rank for found in given.all("ranks") for rank in found]
    k = given.get("rrf_k", float(RRF_K))
    value = sum(1 / (k + rank) for rank in ranks)
    terms = " + ".join(f"1/({number(k)} + {number(rank)})" for rank in ranks)
    assumed = () if "rrf_k" in given else (f"k = {RRF_K}",)
    return Worked(
        f"The fused score is **{number(value)}**.", (f"{terms} = {number(value)}",), value, assumed
    )


def bm25(given: Given) -> Worked:
    """Robertson & Zaragoza 2009, with the +1 inside the logarithm that keeps it positive."""
    tf, df, documents = given.one("tf"), given.one("df"), given.one("documents")
    if df > documents:
        raise Impossible(f"A term cannot occur in {number(df)} of {number(documents)} documents.")
    k1, b = given.get("k1", K1), given.get("b", B)
    ratio = given.one("length") / given.one("average_length") if "length" in given else 1.0
    rarity = math.log(1 + (documents - df + 0.5) / (df + 0.5))
    part = tf * (k1 + 1) / (tf + k1 * (1 - b + b * ratio))
    steps = (
        (
            f"idf: ln(1 + ({number(documents)} − {number(df)} + 0.5) / ({number(df)} + "
            f"0.5)) = {number(rarity)}"
        ),
        (
            f"term: {number(tf)} × {number(k1 + 1)} / ({number(tf)} + {number(k1)} × (1 − "
            f"{number(b)} + {number(b)} × {number(ratio)})) = {number(part)}"
        ),
    )
    assumed = [
        f"{name} = {number(value)}" for name, value in (("k1", k1), ("b", b)) if name not in given
    ]
    if "length" not in given:
        assumed.append("a document of average length")
    return Worked(
        f"The term scores **{number(rarity * part)}**.", steps, rarity * part, tuple(assumed)
    )
