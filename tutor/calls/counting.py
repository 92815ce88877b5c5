"""Probabilities and amounts from counts: classes, n-grams, masks, windows, images, machines."""

import math

from tutor.calls.slots import Given, Impossible, Missing
from tutor.calls.worked import Worked, amount, number, size, vector

# Devlin et al. 2019 (BERT, arXiv:1810.04805), section 3.1: 15 % of the tokens are selected; of
# these, 80 % become [MASK], 10 % a random token, 10 % stay.
SELECTED, MASKED, RANDOM = 0.15, 0.8, 0.1
FAIR = 0.8  # the four-fifths rule of the US Uniform Guidelines on Employee Selection, 1978


def bpe(given: Given) -> Worked:
    """Every merge makes one token more (Sennrich et al. 2016, arXiv:1508.07909); with a width the
    table of their embeddings, too."""
    base, merges = given.one("base"), given.one("merges")
    special = given.get_all("special")
    count = base + merges + sum(special)
    added = "".join(f" + {number(part)}" for part in special)
    steps = [f"{number(base)} + {number(merges)} merges{added} = {number(count, 9)}"]
    answer = f"The vocabulary has **{number(count, 9)} tokens**"
    if "hidden" not in given:
        return Worked(f"{answer}.", tuple(steps), count)
    width, bits = given.one("hidden"), given.get("bits", 16.0)
    need = count * width * bits / 8
    steps.append(f"{number(count, 9)} × {number(width)} = {amount(count * width)} weights")
    steps.append(f"{number(bits)} bits each: {size(need)}")
    assumed = () if "bits" in given else ("16 bits a number",)
    return Worked(f"{answer}, its table takes **{size(need)}**.", tuple(steps), need, assumed)


def selection(given: Given) -> Worked:
    """The lowest selection rate over the highest, against the four-fifths rule."""
    rates = given.all("group_rate")
    if len(rates) < 2:
        raise Missing("group_rate")
    low, high = min(rates), max(rates)
    if high == 0:
        raise Impossible("Nobody was selected in any group.")
    ratio = low / high
    below = "below" if ratio < FAIR else "not below"
    answer = (
        f"The ratio of the rates is **{number(ratio, 3)}**, {below} the {FAIR} of the four-fifths "
        f"rule: {'a first sign of adverse impact' if ratio < FAIR else 'no warning by this rule'}."
    )
    steps = (
        f"rates: {vector(rates)}",
        f"{number(low)} / {number(high)} = {number(ratio)}",
        "a rule of thumb: whether chance explains the gap depends on how many people there were",
    )
    return Worked(answer, steps, ratio)


def masking(given: Given) -> Worked:
    """How many tokens of a text are selected, and what becomes of them."""
    count, share = given.one("context"), given.get("selected", SELECTED)
    chosen = share * count
    answer = (
        f"About **{number(chosen, 3)} tokens** are selected and predicted, "
        f"**{number(MASKED * chosen, 3)}** of them replaced by [MASK]."
    )
    steps = (
        f"selected: {number(share)} × {number(count)} = {number(chosen)}",
        f"[MASK]: {number(MASKED)} × {number(chosen)} = {number(MASKED * chosen)}",
        f"a random token: {number(RANDOM * chosen)}; left as they are: {number(RANDOM * chosen)}",
    )
    assumed = () if "selected" in given else (f"BERT's {100 * SELECTED:.0f} %",)
    return Worked(answer, steps, MASKED * chosen, assumed)


def bayes(given: Given) -> Worked:
    """Bayes' rule for a class and the rest."""
    prior, likely, unlikely = given.one("prior"), given.one("likely"), given.one("unlikely")
    joint, other = prior * likely, (1 - prior) * unlikely
    if joint + other == 0:
        raise Impossible("With these numbers the feature never occurs.")
    value = joint / (joint + other)
    steps = (
        f"the class with the feature: {number(prior)} × {number(likely)} = {number(joint)}",
        f"the rest with it: {number(1 - prior)} × {number(unlikely)} = {number(other)}",
        f"{number(joint)} / ({number(joint)} + {number(other)}) = {number(value)}",
    )
    return Worked(f"The probability of the class is **{number(value, 3)}**.", steps, value)


def ngram(given: Given) -> Worked:
    """Count of the n-gram over that of its beginning, smoothed by k if there is one: (c + k) over
    (n + kV) (Jurafsky & Martin, Speech and Language Processing, chapter 3)."""
    count, total = given.one("ngram_count"), given.one("history_count")
    if count > total:
        raise Impossible("An n-gram cannot occur more often than its beginning.")
    if "smoothing" in given or "vocab" in given:
        k, vocab = given.get("smoothing", 1.0), given.one("vocab")
        value = (count + k) / (total + k * vocab)
        added = f"({number(count)} + {number(k)}) / ({number(total)} + {number(k)} × "
        step = f"{added}{number(vocab)}) = {number(value)}"
    else:
        value = count / total
        step = f"{number(count)} / {number(total)} = {number(value)}"
    return Worked(f"The probability is **{number(value)}**.", (step,), value)


def serving(given: Given) -> Worked:
    """GPUs for a load of so many tokens a second."""
    arrivals, each = given.one("arrivals"), given.one("output_tokens")
    rate = given.one("throughput")
    load = arrivals * each
    count = math.ceil(load / rate - 1e-9)
    steps = (
        f"{number(arrivals)} requests × {number(each)} tokens = {number(load)} tokens a second",
        f"{number(load)} / {number(rate)} = {number(load / rate)}, rounded up",
        "peaks and failures need some more",
    )
    return Worked(
        f"**{number(count)} GPU{'s' if count > 1 else ''}** can serve that.", steps, count
    )


def budget(given: Given) -> Worked:
    """How many pieces of one length fit into what a window has left."""
    window, each = given.one("context"), given.one("each")
    kept = given.get_all("reserved")
    left = window - sum(kept)
    if left < 0:
        raise Impossible("What is kept free is already more than the window.")
    count = math.floor(left / each)
    taken = "".join(f" − {number(part)}" for part in kept)
    steps = (
        f"left: {number(window)}{taken} = {number(left)} tokens",
        f"{number(left)} / {number(each)} = {number(left / each)}, rounded down",
    )
    return Worked(f"**{number(count)}** fit.", steps, count)


def patches(given: Given) -> Worked:
    """Patches of an image, as a vision transformer cuts it (Dosovitskiy et al. 2021,
    arXiv:2010.11929, section 3.1)."""
    sides, patch = given.one("image"), given.one("patch")
    height, width = sides[0], sides[-1]
    counts = math.floor(height / patch[0]), math.floor(width / patch[-1])
    value = counts[0] * counts[1]
    if not value:
        raise Impossible("The patch is larger than the image.")
    steps = (
        f"{number(height)} / {number(patch[0])} = {counts[0]} and "
        f"{number(width)} / {number(patch[-1])} = {counts[1]}",
        f"{counts[0]} × {counts[1]} = {number(value)}; a class token makes one more",
    )
    return Worked(f"The image gives **{number(value)} patches**.", steps, value)
