"""Training and inference: operations, days, speed, batches, learning rates, prices, lengths."""

import math

from tutor.calls.memory import SIXTEEN, parameters
from tutor.calls.slots import Given, Impossible, Missing
from tutor.calls.worked import Worked, amount, duration, number, size

UTILIZATION = 0.4  # model FLOPs utilization of a well-run training (Chowdhery et al. 2022, PaLM)
TOKENS_A_WORD = 1.3  # English prose
WORDS_A_PAGE = 500


def training_compute(given: Given) -> Worked:
    """6 × parameters × tokens operations (Kaplan et al. 2020, arXiv:2001.08361, section 2.1)."""
    count, tokens = parameters(given), given.one("tokens")
    total = 6 * count * tokens
    steps = [f"6 × {amount(count)} × {amount(tokens)} = {total:.3g} FLOPs"]
    if "flops" not in given:
        return Worked(f"Training takes about **{total:.3g} FLOPs**.", tuple(steps), total)
    share, gpus = given.get("utilization", 1.0), given.get("gpus", 1.0)
    if share == 0:
        raise Impossible("A utilization of 0 never gets done.")
    seconds = total / (given.one("flops") * gpus * share)
    part = f" × {number(share)}" if "utilization" in given else ""
    steps.append(
        f"/ ({given.one('flops'):.3g} a second × {number(gpus)} GPUs{part}) = {duration(seconds)}"
    )
    assumed: tuple[str, ...] = ()
    if "utilization" not in given:  # nobody said whether the rate is the peak or what is reached
        assumed = (
            f"the GPUs sustain this rate; if it is their peak and {100 * UTILIZATION:.0f} % of it "
            f"is reached, {duration(seconds / UTILIZATION)}",
        )
    answer = (
        f"Training takes about **{total:.3g} FLOPs**, that is "
        f"**{duration(seconds)}** on {number(gpus)} GPU{'s' if gpus > 1 else ''}."
    )
    return Worked(answer, tuple(steps), seconds / 86400, assumed)


def decode_speed(given: Given) -> Worked:
    """Every weight is read once a token, so bandwidth over bytes is the most one sequence gets."""
    need = parameters(given) * given.get("bits", 16.0) / 8
    speed = given.one("bandwidth") / need
    step = f"{size(given.one('bandwidth'))} a second / {size(need)} of weights = {number(speed, 3)}"
    answer = f"At most about **{number(speed, 3)} tokens a second** for one sequence."
    return Worked(
        answer,
        (step, "reading the cache makes it less"),
        speed,
        () if "bits" in given else (SIXTEEN,),
    )


def batch(given: Given) -> Worked:
    """Batch × accumulation × GPUs, and the steps that the examples make of it."""
    micro, times, gpus = (
        given.one("micro_batch"),
        given.get("accumulation", 1.0),
        given.get("gpus", 1.0),
    )
    if "effective" in given and "accumulation" not in given:
        times = given.one("effective") / (micro * gpus)
        if times != int(times):
            raise Impossible(
                f"{number(given.one('effective'))} cannot be divided by {number(micro)} × "
                f"{number(gpus)} GPUs."
            )
        step = f"{number(given.one('effective'))} / ({number(micro)} × {number(gpus)} GPUs)"
        many = "step" if times == 1 else "steps"
        return Worked(
            f"**{number(times)} accumulation {many}**.", (f"{step} = {number(times)}",), times
        )
    effective = micro * times * gpus
    steps = [
        f"{number(micro)} × {number(times)} accumulated × {number(gpus)} GPUs = {number(effective)}"
    ]
    answer = f"The effective batch is **{number(effective)}**"
    if "examples" not in given:
        return Worked(f"{answer}.", tuple(steps), effective)
    epochs = given.get("epochs", 1.0)
    each = math.ceil(given.one("examples") / effective)
    total = math.ceil(each * epochs)
    steps.append(
        f"{number(given.one('examples'))} / {number(effective)} = {number(each)} steps "
        "an epoch, the last one perhaps smaller"
    )
    return Worked(
        (
            f"{answer}, which makes **{number(total)} steps** in {number(epochs)} "
            f"epoch{'s' if epochs != 1 else ''}."
        ),
        tuple(steps),
        total,
    )


def learning_rate(given: Given) -> Worked:
    """Linear warmup, then a cosine (Loshchilov & Hutter 2017, arXiv:1608.03983), a line, or a
    constant rate."""
    peak, step = given.one("peak"), given.one("step")
    warmup = given.get("warmup", 0.0)
    if 0 < warmup < 1:  # 10% of the training
        warmup *= given.one("total")
    if step < warmup:
        value = peak * step / warmup
        how = f"{number(peak)} × {number(step)} / {number(warmup)}"
        return Worked(
            f"At step {number(step)} the learning rate is **{number(value)}**: still warming up.",
            (f"{how} = {number(value)}",),
            value,
        )
    shape = given.get("shape", "cosine")
    if shape == "constant":
        return Worked(f"After the warmup it stays at the peak: **{number(peak)}**.", (), peak)
    total, floor = given.one("total"), given.get("floor", 0.0)
    if total <= warmup:
        raise Impossible("The warmup has to be shorter than the training.")
    if step > total:
        raise Impossible(f"Step {number(step)} lies behind the last one, {number(total)}.")
    if floor > peak:
        raise Impossible("The lowest learning rate has to be below the peak.")
    share = (step - warmup) / (total - warmup)
    left = 0.5 * (1 + math.cos(math.pi * share)) if shape == "cosine" else 1 - share
    value = floor + (peak - floor) * left
    how = f"½(1 + cos(π × {number(share)}))" if shape == "cosine" else f"(1 − {number(share)})"
    height = f"({number(peak)} − {number(floor)})" if floor else number(peak)
    steps = (
        (
            f"share of the decay: ({number(step)} − {number(warmup)}) / ({number(total)} − "
            f"{number(warmup)}) = {number(share)}"
        ),
        f"{f'{number(floor)} + ' if floor else ''}{height} × {how} = {number(value)}",
    )
    unsaid = {"a cosine": "shape" in given, "a decay to 0": bool(floor)}
    return Worked(
        f"At step {number(step)} the learning rate is **{number(value)}** ({shape} decay).",
        steps,
        value,
        tuple(taken for taken, said in unsaid.items() if not said),
    )


def rate_scaling(given: Given) -> Worked:
    """The learning rate for another batch: times the factor for SGD (Goyal et al. 2017,
    arXiv:1706.02677), times its square root for Adam (Malladi et al. 2022, arXiv:2205.10287)."""
    peak, before, after = given.one("peak"), given.one("old_batch"), given.one("new_batch")
    factor = after / before
    root = math.sqrt(factor)
    answer = (
        f"For Adam about **{number(peak * root)}** (the square root of the factor {number(factor)})"
        f", for SGD about **{number(peak * factor)}** (the factor itself)."
    )
    steps = (
        f"{number(after)} / {number(before)} = {number(factor)}",
        f"Adam: {number(peak)} × √{number(factor)} = {number(peak * root)}",
        f"SGD: {number(peak)} × {number(factor)} = {number(peak * factor)}",
        "both are rules of thumb that fail above the critical batch size: try a short sweep",
    )
    return Worked(answer, steps, peak * root)


def speculative(given: Given) -> Worked:
    """Expected tokens a pass, (1 − α^(γ+1)) / (1 − α), over its cost (Leviathan et al. 2023,
    arXiv:2211.17192, theorems 3.8 and equation 1)."""
    rate, draft = given.one("acceptance"), given.one("draft")
    expected = draft + 1 if rate == 1 else (1 - rate ** (draft + 1)) / (1 - rate)
    steps = [
        (
            f"(1 − {number(rate)}^{number(draft + 1)}) / (1 − {number(rate)}) = "
            f"{number(expected)} tokens a pass of the large model"
        )
    ]
    answer = f"Each pass of the large model gives **{number(expected)} tokens** on average"
    if "cost" not in given:
        return Worked(f"{answer}.", tuple(steps), expected, ("the draft's own time is left out",))
    gain = expected / (1 + draft * given.one("cost"))
    steps.append(f"/ (1 + {number(draft)} × {number(given.one('cost'))}) = {number(gain)}")
    return Worked(f"{answer}, a speed-up of **{number(gain)}×**.", tuple(steps), gain)


def interpolation(given: Given) -> Worked:
    """Positions are multiplied by trained / wanted (Chen et al. 2023, arXiv:2306.15595)."""
    trained, wanted = given.one("trained"), given.one("wanted")
    if wanted <= trained:
        return Worked("No factor is needed: the wanted length is within the trained one.", (), 1.0)
    scale = wanted / trained
    answer = (
        f"The factor is **{number(scale)}**: every position is multiplied by {number(1 / scale)}."
    )
    steps = [f"{number(wanted)} / {number(trained)} = {number(scale)}"]
    if "position" in given:
        place = given.one("position")
        answer += f" Position {number(place)} becomes **{number(place / scale)}**."
        steps.append(f"{number(place)} / {number(scale)} = {number(place / scale)}")
    return Worked(answer, tuple(steps), scale)


def words(given: Given) -> Worked:
    """English prose at about 1.3 tokens a word."""
    if "words" in given:
        count = given.one("words")
    elif "pages" in given:
        count = given.one("pages") * WORDS_A_PAGE
    else:
        raise Missing("words")
    value = count * TOKENS_A_WORD
    assumed = ["about 1.3 tokens a word, as in English prose"]
    if "words" not in given:
        assumed.append(f"{WORDS_A_PAGE} words a page")
    return Worked(
        f"About **{number(value)} tokens**.",
        (f"{number(count)} words × {TOKENS_A_WORD} = {number(value)}",),
        value,
        tuple(assumed),
    )


def tokens(given: Given) -> Worked:
    """A text cut by real tokenizers, each with its name; a piece's leading space is shown as ␣."""
    given.one("text")
    cut: list[tuple[str, list[str]]] = given.get_all("cut")
    if not cut:
        raise Impossible("No tokenizer is at hand here; the tokenization demo has three.")
    counts = [f"**{len(pieces)}** by {name}" for name, pieces in cut]
    steps = tuple(f"{name}: {' · '.join(f'`{piece}`' for piece in pieces)}" for name, pieces in cut)
    return Worked(f"Tokens: {', '.join(counts)}.", steps, float(len(cut[0][1])))


def price(given: Given) -> Worked:
    """Tokens times their price by the million."""
    requests = given.get("requests", 1.0)
    total, steps = 0.0, []
    for side in ("input", "output"):
        if f"{side}_tokens" in given:
            tokens, rate = given.one(f"{side}_tokens") * requests, given.one(f"{side}_price")
            total += tokens * rate / 1e6
            steps.append(
                f"{side}: {amount(tokens)} tokens × {number(rate)} dollars a million = "
                f"{number(tokens * rate / 1e6)} dollars"
            )
    if not steps:
        raise Missing("input_tokens")
    return Worked(f"That costs **{number(total)} dollars**.", tuple(steps), total)


def chunks(given: Given) -> Worked:
    """1 + (document − chunk) / (chunk − overlap), rounded up."""
    document, chunk, overlap = given.one("document"), given.one("chunk"), given.get("overlap", 0.0)
    if overlap >= chunk:
        raise Impossible("The overlap has to be smaller than the chunk.")
    count = 1 if document <= chunk else 1 + math.ceil((document - chunk) / (chunk - overlap))
    step = (
        f"a new chunk every {number(chunk - overlap)} tokens: 1 + "
        f"({number(document)} − {number(chunk)}) / {number(chunk - overlap)}, rounded up"
    )
    return Worked(f"**{number(count)} chunks**.", (step,), count)
