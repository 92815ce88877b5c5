"""Softmax, attention, losses, divergences, what a sampler keeps: plain Python on short lists."""

import math
from collections.abc import Sequence

from tutor.calls.slots import Given, Impossible
from tutor.calls.worked import Worked, number, vector

Numbers = Sequence[float]


def softmaxed(scores: Numbers, temperature: float = 1.0) -> list[float]:
    """exp(s / T) over its sum, from the largest down so that nothing overflows.

    >>> [round(p, 3) for p in softmaxed([2, 1, 0.1])]
    [0.659, 0.242, 0.099]
    """
    largest = max(scores)
    powers = [math.exp((score - largest) / temperature) for score in scores]
    return [power / sum(powers) for power in powers]


def distribution(values: Numbers, name: str) -> list[float]:
    """Probabilities that add up to 1, within what rounding leaves. Raises Impossible."""
    total = sum(values)
    if abs(total - 1) > 0.03:
        raise Impossible(f"{name} adds up to {number(total)}, and probabilities add up to 1.")
    return [value / total for value in values]


def softmax(given: Given) -> Worked:
    """Softmax of scores at a temperature; 0 is the greedy choice. With the dimension of a head they
    are dot products, which attention divides by its root first."""
    scores, temperature = given.one("scores"), given.get("temperature", 1.0)
    if "head_dim" in given and len(scores) > 1:
        return scaled_softmax(scores, given.one("head_dim"))
    if len(scores) < 2:
        raise Impossible("A softmax is taken over two scores or more.")
    if temperature == 0:
        best = scores.index(max(scores))
        answer = (
            f"At temperature 0 all probability goes to the highest score, {number(scores[best])}: "
            "that is greedy decoding."
        )
        return Worked(answer, (), 1.0)
    found = softmaxed(scores, temperature)
    at = f" at temperature {number(temperature)}" if "temperature" in given else ""
    answer = f"The softmax of {vector(scores)}{at} is **{vector(found)}**."
    divided = [score / temperature for score in scores]
    powers = [math.exp(score) for score in divided] if max(divided) < 300 else []
    steps = [f"divided by the temperature: {vector(divided)}"] if at else []
    if powers:
        listed = ", ".join(number(power) for power in powers)
        steps += [f"$e$ to each: {listed}", f"their sum: {number(sum(powers))}"]
    steps.append(f"each divided by the sum: {vector(found, 4)}")
    return Worked(answer, tuple(steps), max(found))


def scaled_softmax(products: Numbers, width: float) -> Worked:
    """Softmax of dot products over the root of the dimension (Vaswani et al. 2017, section 3.2.1),
    and what it would be without."""
    if width == 0:
        raise Impossible("A head has at least one dimension.")
    root = math.sqrt(width)
    scaled = [product / root for product in products]
    found, plain = softmaxed(scaled), softmaxed(products)
    answer = f"With the scaling the weights are **{vector(found)}**, without it {vector(plain, 5)}."
    steps = (
        f"divided by √{number(width)} = {number(root)}: {vector(scaled)}",
        f"softmax of these: {vector(found, 4)}",
        f"softmax of {vector(list(products))} as they are: {vector(plain, 5)}",
    )
    return Worked(answer, steps, max(found))


def attention(given: Given) -> Worked:
    """Scaled dot-product attention of one query (Vaswani et al. 2017, section 3.2.1)."""
    query = given.one("query")[0]
    keys = [part for found in given.all("key") for key in found for part in cut(key, len(query))]
    values = [value for found in given.get_all("value") for value in found]
    if len(values) == 1 < len(keys) and not len(values[0]) % len(keys):
        values = cut(values[0], len(values[0]) // len(keys))
    if any(len(key) != len(query) for key in keys):
        raise Impossible(f"Query and keys must be equally long: {len(query)} numbers here.")
    if values and len(values) != len(keys):
        raise Impossible(
            f"There are {len(keys)} keys and {len(values)} values: one for each is needed."
        )
    scores = [dot(query, key) / math.sqrt(len(query)) for key in keys]
    weights = softmaxed(scores)
    steps = [
        f"dot products: {vector([dot(query, key) for key in keys])}",
        f"divided by $\\sqrt{{{len(query)}}}$: {vector(scores)}",
        f"softmax: {vector(weights)}",
    ]
    if not values:
        return Worked(
            f"The attention weights are **{vector(weights)}**.", tuple(steps), max(weights)
        )
    out = [
        sum(w * v[i] for w, v in zip(weights, values, strict=True)) for i in range(len(values[0]))
    ]
    steps.append(f"the values weighted and added: {vector(out)}")
    answer = f"The output is **{vector(out)}**, with attention weights {vector(weights)}."
    return Worked(answer, tuple(steps), out[0])


def cut(run: Numbers, length: int) -> list[Numbers]:
    """Vectors without brackets that ran together, if they are of this length; else the one."""
    if len(run) % length:
        return [run]
    return [run[start : start + length] for start in range(0, len(run), length)]


def dot(a: Numbers, b: Numbers) -> float:
    """The dot product. Raises Impossible where the lengths differ."""
    if len(a) != len(b):
        raise Impossible(
            f"The vectors have {len(a)} and {len(b)} numbers; a dot product needs as many."
        )
    return sum(x * y for x, y in zip(a, b, strict=True))


def loss(given: Given) -> Worked:
    """Cross-entropy, perplexity and bits, each from each."""
    if "probabilities" in given:
        chances = given.one("probabilities")
        if min(chances) == 0:
            raise Impossible("A right token with probability 0 has an infinite loss.")
        nats = -sum(map(math.log, chances)) / len(chances)
        logs = ", ".join(number(-math.log(chance)) for chance in chances)
        first = f"$-\\ln p$ of each right token: {logs}; their mean is {number(nats)} nats"
    elif "probability" in given:
        chance = given.one("probability")
        if chance == 0:
            raise Impossible("A right token with probability 0 has an infinite loss.")
        nats = -math.log(chance)
        first = f"$-\\ln {number(chance)} = {number(nats)}$ nats"
    elif "perplexity" in given:
        nats = math.log(given.one("perplexity"))
        first = f"$\\ln {number(given.one('perplexity'))} = {number(nats)}$ nats"
    elif "vocab" in given:
        nats = math.log(given.one("vocab"))
        first = f"a guess over all {number(given.one('vocab'))}: $\\ln V = {number(nats)}$ nats"
    elif "bits" in given:
        nats = given.one("bits") * math.log(2)
        first = f"{number(given.one('bits'))} bits × ln 2 = {number(nats)} nats"
    else:
        nats = given.one("nats")
        first = f"the loss is {number(nats)} nats"
    perplexity, bits = math.exp(nats), nats / math.log(2)
    answer = (
        f"The loss is **{number(nats)} nats**, which is **{number(bits)} bits** per token and a "
        f"perplexity of **{number(perplexity)}**."
    )
    steps = (
        first,
        f"perplexity: $e^{{{number(nats)}}} = {number(perplexity)}$",
        f"bits: {number(nats)} / ln 2 = {number(bits)}",
    )
    return Worked(answer, steps, perplexity)


def per_character(given: Given) -> Worked:
    """Loss over characters or bytes, which models with different tokenizers have in common."""
    losses, lengths = given.all("nats"), given.all("chars")
    if len(losses) != len(lengths):
        raise Impossible("Each loss needs the characters a token of its own tokenizer.")
    if min(lengths) <= 0:
        raise Impossible("A token has more than no characters.")
    each = [loss / length for loss, length in zip(losses, lengths, strict=True)]
    in_bits = [value / math.log(2) for value in each]
    steps = tuple(
        f"{number(loss)} nats / {number(length)} characters = {number(value)} nats, "
        f"{number(bits)} bits a character"
        for loss, length, value, bits in zip(losses, lengths, each, in_bits, strict=True)
    )
    if len(each) == 1:
        return Worked(
            f"That is **{number(in_bits[0])} bits a character** ({number(each[0])} nats).",
            steps,
            in_bits[0],
        )
    best = each.index(min(each))
    place = ("first", "second", "third")[best] if best < 3 else "last"
    answer = f"The **{place}** is better, with {number(each[best])} nats a character."
    return Worked(answer, steps, each[best])


def kl(given: Given) -> Worked:
    """The Kullback-Leibler divergence both ways (Kullback & Leibler 1951)."""
    p, q = distribution(given.one("p"), "p"), distribution(given.one("q"), "q")
    if len(p) != len(q):
        raise Impossible(f"p has {len(p)} outcomes and q has {len(q)}: they must be the same ones.")
    forward, backward = divergence(p, q), divergence(q, p)
    answer = f"KL(p‖q) is **{in_nats(forward)}** and KL(q‖p) is **{in_nats(backward)}**: " + (
        "the two differ, as the divergence is not symmetric."
        if forward != backward
        else "equal here."
    )
    terms = " + ".join(
        f"{number(a)}·ln({number(a)}/{number(b)})" for a, b in zip(p, q, strict=True)
    )
    return Worked(answer, (f"$\\sum p \\ln(p/q)$ = {terms} = {in_nats(forward)}",), forward)


def divergence(p: Numbers, q: Numbers) -> float:
    """KL(p‖q) in nats; infinite where q gives 0 to what p does not."""
    if any(a > 0 and b == 0 for a, b in zip(p, q, strict=True)):
        return math.inf
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def in_nats(value: float) -> str:
    """A divergence with its unit, and in bits."""
    if math.isinf(value):
        return "infinite"
    return f"{number(value)} nats ({number(value / math.log(2))} bits)"


def sampling(given: Given) -> Worked:
    """Which tokens temperature, top-k, top-p and min-p keep, in this order, and how probable each
    is then. Top-p keeps the smallest set that reaches p (Holtzman et al. 2020, arXiv:1904.09751);
    min-p a share of the leader's probability (Nguyen et al. 2024, arXiv:2407.01082)."""
    raw = given.one("probabilities")
    ranked = sorted(distribution(raw, "The list"), reverse=True)
    steps: list[str] = []
    if "temperature" in given:
        temperature = given.one("temperature")
        if temperature == 0:
            return Worked(
                "At temperature 0 only the most probable token is kept: greedy decoding.", (), 1
            )
        ranked = softmaxed([math.log(max(p, 1e-30)) for p in ranked], temperature)
        steps.append(f"temperature {number(temperature)}: {vector(ranked)}")
    kept, alone = len(ranked), []
    for name, cut in (("top_k", top_k), ("top_p", top_p), ("min_p", min_p)):
        if name in given:
            bound = given.one(name)
            by_itself, _ = cut(bound, ranked)
            alone.append(f"{name.replace('_', '-')} {number(bound)} keeps {by_itself}")
            kept, step = cut(bound, ranked[:kept])
            steps.append(step)
    if len(steps) == 0:
        given.one("top_p")
    left = [p / sum(ranked[:kept]) for p in ranked[:kept]]
    steps.append(f"divided by their sum {number(sum(ranked[:kept]))}: {vector(left)}")
    tokens = "1 token is" if kept == 1 else f"{kept} tokens are"
    answer = (
        f"**{tokens} kept** ({vector(ranked[:kept])}), with new probabilities **{vector(left)}**."
    )
    if alone[1:]:
        answer += f" That is one after the other; by itself {', '.join(alone)}."
    return Worked(answer, tuple(steps), float(kept))


def top_k(bound: float, ranked: Sequence[float]) -> tuple[int, str]:
    """How many of the ranked probabilities the k first are, and how that is said."""
    kept = min(len(ranked), int(bound))
    return kept, f"top-k {number(bound)} leaves {kept}"


def top_p(bound: float, ranked: Sequence[float]) -> tuple[int, str]:
    """How many of the ranked probabilities reach a share of their sum, and how that is said."""
    shares = [p / sum(ranked) for p in ranked]
    kept = next((n for n in range(1, len(shares)) if sum(shares[:n]) >= bound - 1e-9), len(shares))
    return kept, f"top-p {number(bound)}: the first {kept} add up to {number(sum(shares[:kept]))}"


def min_p(bound: float, ranked: Sequence[float]) -> tuple[int, str]:
    """How many of the ranked probabilities are a share of the first, and how that is said."""
    floor = bound * ranked[0]
    kept = max(1, sum(p >= floor - 1e-12 for p in ranked))
    least = f"{number(bound)} × {number(ranked[0])} = {number(floor)}"
    return kept, f"min-p: at least {least}; {kept} reach it"


def cosine(given: Given) -> Worked:
    """Dot product and cosine of two vectors."""
    found = [one for part in given.all("vector") for one in part]
    if len(found) == 1 and len(found[0]) > 2 and not len(found[0]) % 2:
        half = len(found[0]) // 2  # two vectors without brackets run together
        found = [found[0][:half], found[0][half:]]
    if len(found) < 2:
        raise Impossible("Two vectors are needed; one was given.")
    a, b = found[-2:]
    product, lengths = dot(a, b), (math.sqrt(dot(a, a)), math.sqrt(dot(b, b)))
    if 0 in lengths:
        raise Impossible("A vector of zeros has no direction, so no cosine.")
    value = product / (lengths[0] * lengths[1])
    steps = (
        f"dot product: {number(product)}",
        f"lengths: {number(lengths[0])} and {number(lengths[1])}",
        f"{number(product)} / ({number(lengths[0])} × {number(lengths[1])}) = {number(value)}",
    )
    return Worked(
        f"The cosine is **{number(value)}** and the dot product **{number(product)}**.",
        steps,
        value,
    )


def pca(given: Given) -> Worked:
    """Explained variance: an eigenvalue over the sum; singular values count squared."""
    squared = "eigenvalues" not in given
    raw = given.one("singular" if squared and "singular" in given else "eigenvalues")
    values = sorted((v * v if squared else v for v in raw), reverse=True)
    total = sum(values)
    if total == 0:
        raise Impossible("All values are 0: there is no variance to explain.")
    shares = [value / total for value in values]
    if "target" in given and "components" not in given:
        return components_for(given.one("target"), shares)
    count = min(int(given.get("components", 1)), len(values))
    part = sum(shares[:count])
    first = (
        "the first component explains" if count == 1 else f"the first {count} components explain"
    )
    steps = ((f"squared: {vector(values)}",) if squared else ()) + (
        f"sum: {number(total)}",
        f"shares: {vector(shares)}",
    )
    return Worked(f"{first.capitalize()} **{100 * part:.1f} %** of the variance.", steps, part)


def components_for(target: float, shares: list[float]) -> Worked:
    """The fewest components whose shares add up to the one that is to be kept."""
    sums = [sum(shares[:count]) for count in range(1, len(shares) + 1)]
    count = next((n for n, part in enumerate(sums, 1) if part >= target - 1e-9), len(shares))
    many = "component" if count == 1 else "components"
    answer = f"**{count} {many}**, which keep {100 * sums[count - 1]:.1f} % of the variance."
    if count > 1:
        answer += f" {count - 1} would keep {100 * sums[count - 2]:.1f} %."
    return Worked(answer, (f"shares: {vector(shares)}", f"added up: {vector(sums)}"), count)


def clipping(given: Given) -> Worked:
    """Clipping by the global norm (Pascanu et al. 2013, arXiv:1211.5063)."""
    norm, largest = given.one("norm"), given.one("max_norm")
    if norm <= largest:
        answer = f"Nothing changes: a norm of {number(norm)} is not above {number(largest)}."
        return Worked(answer, (), 1.0)
    factor = largest / norm
    answer = (
        f"Every component is multiplied by **{number(factor)}**, so the norm "
        f"becomes {number(largest)}."
    )
    return Worked(answer, (f"{number(largest)} / {number(norm)} = {number(factor)}",), factor)


def dropout(given: Given) -> Worked:
    """Inverted dropout: what is kept is divided by the kept share (Srivastava et al. 2014)."""
    rate = given.one("rate")
    if rate >= 1:
        raise Impossible("A dropout rate of 1 drops everything; it has to be below 1.")
    scale = 1 / (1 - rate)
    step = f"1 / (1 − {number(rate)}) = {number(scale)}"
    if "activation" in given:
        value = given.one("activation")
        answer = (
            f"In training {number(value)} becomes **{number(value * scale)}** or "
            f"0; at inference it stays {number(value)}."
        )
        return Worked(
            answer,
            (step, f"{number(value)} × {number(scale)} = {number(value * scale)}"),
            value * scale,
        )
    answer = (
        f"Kept activations are multiplied by **{number(scale)}** in training, and "
        "nothing is scaled at inference."
    )
    return Worked(answer, (step,), scale)
