"""Bytes and parameters: weights, caches, fine-tuning, adapters, score matrices, indexes."""

from tutor.calls.published import Published, model_sized
from tutor.calls.slots import Given, Impossible, Missing
from tutor.calls.worked import Worked, amount, number, size

FULL_TUNING = 16  # bytes a parameter: weight 2, gradient 2, master copy 4, Adam's two moments 8
# NF4 with double quantization (Dettmers et al. 2023, arXiv:2305.14314, section 3).
QLORA_BITS = 4.127
ADAPTER_SHARE = 0.005  # of the weights, where no rank says it; a usual one
SIXTEEN = "16-bit weights"


def shape(given: Given) -> Published | None:
    """The model that was named, or the one that a bare size is usually taken for."""
    if "model" in given:
        named: Published = given.one("model")
        return named
    return model_sized(given.one("params")) if "params" in given else None


def parameters(given: Given) -> float:
    """How many parameters: as said, or the named model's. Raises Missing."""
    if "params" in given:
        return float(given.one("params"))
    if "model" in given:
        return float(given.one("model").params)
    raise Missing("params")


def fits(given: Given, need: float) -> str:
    """Whether it fits into the memory that was named; empty if none was."""
    if "memory" not in given:
        return ""
    has = given.one("memory")
    if need <= 0.9 * has:
        return f" It fits into {size(has)}."
    if need <= has:
        return f" It barely fits into {size(has)}: nothing is left for activations and cache."
    return f" It does not fit into {size(has)}."


def weights(given: Given) -> Worked:
    """Parameters × bits / 8, with a 16-bit scale for every group if there are groups."""
    count = parameters(given)
    width = given.get("bits", 16.0)
    real = width + 16 / given.one("group") if "group" in given else width
    need = count * real / 8
    answer = f"The weights take about **{size(need)}**.{fits(given, need)}"
    step = f"{amount(count)} parameters × {number(real)} bits / 8 = {size(need)}"
    steps: tuple[str, ...] = (step, "cache, activations and the framework come on top")
    if "group" in given:
        steps = (
            f"a 16-bit scale for every {number(given.one('group'))}: {number(real)} bits a weight",
            *steps,
        )
    return Worked(answer, steps, need, () if "bits" in given else (SIXTEEN,))


def kv_cache(given: Given) -> Worked:
    """2 (keys, values) × layers × key-value heads × head dimension × bytes × tokens × sequences."""
    model = shape(given)
    assumed: list[str] = []
    layers = given.get("layers", None) or (model.layers if model else None)
    heads = given.get("kv_heads", None) or given.get("heads", None)
    dim = given.get("head_dim", None)
    if dim is None and "hidden" in given and (given.get("heads", None) or model):
        dim = given.one("hidden") / given.get("heads", model.heads if model else 1)
    if layers is None:
        raise Missing("layers")
    if heads is None and dim is None and "hidden" in given:
        width = given.one("hidden")  # as many key-value heads as query heads: their widths add up
        assumed.append("as many key-value heads as query heads")
    else:
        heads = heads or (model.kv_heads if model else None)
        dim = dim or (model.head_dim if model else None)
        if heads is None:
            raise Missing("kv_heads")
        if dim is None:
            raise Missing("head_dim")
        width = heads * dim
        if "kv_heads" not in given and "heads" in given:
            assumed.append("as many key-value heads as query heads")
    if model and not ("layers" in given and ("kv_heads" in given or "heads" in given)):
        dims = f"{model.layers} layers, {model.kv_heads} key-value heads of {model.head_dim}"
        assumed.append(f"the shape of {model.name} ({dims})")
    context, batch = given.get("context", 1.0), given.get("batch", 1.0)
    width_bits = given.get("bits", 16.0)
    if "bits" not in given:
        assumed.append("16 bits a number")
    token = 2 * layers * width * width_bits / 8
    need = token * context * batch
    answer = f"The KV cache takes **{size(need)}**"
    answer += (
        f" for {number(batch)} sequences of {number(context)} tokens."
        if batch > 1
        else f" at {number(context)} tokens."
        if context > 1
        else " a token."
    )
    parts = f"2 × {number(layers)} layers × {number(width)} × {number(width_bits / 8)} bytes"
    steps = (
        f"a token: {parts} = {size(token)}",
        f"× {number(context)} tokens"
        + (f" × {number(batch)} sequences" if batch > 1 else "")
        + f" = {size(need)}",
    )
    if "memory" in given and (model or "params" in given):  # a cache is of no use by itself
        beside = parameters(given) * 2
        answer += f" With the weights, {size(beside)} in 16 bits, that is {size(beside + need)}."
        return Worked(answer + fits(given, beside + need), steps, need, tuple(assumed))
    return Worked(answer + fits(given, need), steps, need, tuple(assumed))


def full_tuning(given: Given) -> Worked:
    """Weights, gradients and Adam's states in mixed precision (Rajbhandari et al. 2020, ZeRO,
    arXiv:1910.02054, section 3.1): 16 bytes a parameter."""
    count = parameters(given)
    need = count * FULL_TUNING
    answer = f"Full fine-tuning needs about **{size(need)}** before activations.{fits(given, need)}"
    steps = (
        "a parameter: weight 2, gradient 2, 32-bit copy 4, Adam's two moments 8 = 16 bytes",
        f"{amount(count)} × 16 bytes = {size(need)}",
    )
    return Worked(answer, steps, need, ("mixed precision with Adam",))


def adapter_params(given: Given) -> tuple[float, str]:
    """Trainable parameters of an adapter, and how they were counted."""
    model = shape(given)
    rank = given.get("rank", None)
    hidden = given.get("hidden", None) or (model.hidden if model else None)
    layers = given.get("layers", None) or (model.layers if model else None)
    if rank is None or hidden is None or layers is None:
        count = ADAPTER_SHARE * parameters(given)
        return count, f"an adapter of {100 * ADAPTER_SHARE:g} % of the weights"
    matrices = given.get("matrices", 4.0)
    count = matrices * layers * rank * 2 * hidden
    how = (
        f"{number(matrices)} matrices × {number(layers)} layers × {number(rank)} × 2 "
        f"× {number(hidden)}"
    )
    return count, how


def lora_tuning(given: Given) -> Worked:
    """Frozen 16-bit weights, and an adapter with gradients and Adam's states."""
    return adapted(given, given.get("bits", 16.0), "LoRA")


def qlora_tuning(given: Given) -> Worked:
    """The same over 4-bit weights (NF4, double quantization)."""
    return adapted(given, QLORA_BITS, "QLoRA")


def adapted(given: Given, width: float, name: str) -> Worked:
    """Memory of fine-tuning an adapter over frozen weights of `width` bits."""
    count = parameters(given)
    trainable, how = adapter_params(given)
    base, extra = count * width / 8, trainable * FULL_TUNING
    need = base + extra
    answer = f"{name} needs about **{size(need)}** before activations.{fits(given, need)}"
    steps = (
        f"frozen weights: {amount(count)} × {number(width)} bits / 8 = {size(base)}",
        f"adapter: {how} = {amount(trainable)} × 16 bytes = {size(extra)}",
    )
    return Worked(answer, steps, need)


def lora_params(given: Given) -> Worked:
    """r × (rows + columns) a matrix (Hu et al. 2021, arXiv:2106.09685, section 4.1)."""
    model = shape(given)
    rank = given.one("rank")
    wide = given.get("hidden", None) or (model.hidden if model else None)
    sides = given.get("matrix_shape", (None, None))
    rows = sides[0] or given.get("rows", None) or wide
    columns = sides[-1] or given.get("columns", None) or wide or rows
    if rows is None or columns is None:
        raise Missing("hidden")
    one = rank * (rows + columns)
    matrices = given.get("matrices", 1.0)
    layers = given.get("layers", None) or (model.layers if model else 1.0)
    count = one * matrices * layers
    full = rows * columns * matrices * layers
    answer = (
        f"LoRA trains **{amount(count)} parameters**, {100 * count / full:.2g} % "
        f"of the {amount(full)} in these matrices."
    )
    steps = [f"a matrix: {number(rank)} × ({number(rows)} + {number(columns)}) = {number(one, 6)}"]
    if matrices * layers > 1:
        steps.append(
            f"× {number(matrices)} matrices × {number(layers)} layers = {number(count, 6)}"
        )
    return Worked(answer, tuple(steps), count)


def model_params(given: Given) -> Worked:
    """A layer: 4 d² in attention, 2 × d × d_ff in the feed-forward part; d for each embedding."""
    layers, hidden = given.one("layers"), given.one("hidden")
    ffn = given.get("ffn", 4 * hidden)
    layer = 4 * hidden * hidden + 2 * hidden * ffn
    embedding = given.get("vocab", 0.0) * hidden
    count = layers * layer + embedding
    steps = [
        f"a layer: 4 × {number(hidden)}² + 2 × {number(hidden)} × {number(ffn)} = {amount(layer)}",
        f"{number(layers)} layers: {amount(layers * layer)}",
    ]
    if embedding:
        steps.append(
            f"embedding: {number(given.one('vocab'))} × {number(hidden)} = {amount(embedding)}"
        )
    assumed = ["biases and norms left out"]
    if "ffn" not in given:
        assumed.append("a feed-forward layer four times as wide")
    return Worked(
        f"That is about **{amount(count)} parameters**.", tuple(steps), count, tuple(assumed)
    )


def embedding(given: Given) -> Worked:
    """Rows × columns of an embedding table."""
    model = shape(given)
    vocab = given.get("vocab", None) or (model.vocab if model else None)
    hidden = (
        given.get("hidden", None) or given.get("dims", None) or (model.hidden if model else None)
    )
    if vocab is None:
        raise Missing("vocab")
    if hidden is None:
        raise Missing("hidden")
    count, width = vocab * hidden, given.get("bits", 16.0)
    need = count * width / 8
    answer = (
        f"The table has **{amount(count)} parameters** and takes {size(need)} in "
        f"{number(width)} bits."
    )
    return Worked(answer, (f"{number(vocab)} × {number(hidden)} = {number(count, 9)}",), count)


def layer_params(given: Given) -> Worked:
    """4 d² in attention (queries, keys, values, output), 2 × d × d_ff in the feed-forward part."""
    hidden, layers = given.one("hidden"), given.get("layers", 1.0)
    ffn = given.get("ffn", 4 * hidden)
    attention, forward = 4 * hidden * hidden, 2 * hidden * ffn
    total = layers * (attention + forward)
    of = "A layer has" if layers == 1 else f"{number(layers)} layers have"
    answer = (
        f"{of} **{amount(total)} parameters**: {amount(layers * attention)} in attention, "
        f"{amount(layers * forward)} in the feed-forward part."
    )
    steps = (
        f"attention: 4 × {number(hidden)}² = {number(attention, 9)}",
        f"feed-forward: 2 × {number(hidden)} × {number(ffn)} = {number(forward, 9)}",
    )
    assumed = ["biases and norms left out"]
    if "ffn" not in given:
        assumed.append("a feed-forward layer four times as wide")
    return Worked(answer, steps, total, tuple(assumed))


def adaptive(given: Given) -> Worked:
    """Weights of an adaptive softmax (Grave et al. 2017, arXiv:1609.04309): a head with an entry
    for each cluster, and for each cluster a projection and its words."""
    if "coverage" in given and "tail_dims" not in given:
        return adaptive_logits(given)
    hidden, head = given.one("hidden"), given.one("head")
    tails, dims = given.get_all("tail"), given.all("tail_dims")
    if not tails and "vocab" in given:
        tails = [given.one("vocab") - head]
    if len(dims) == 1 < len(tails):
        dims = dims * len(tails)
    if not tails or len(tails) != len(dims):
        raise Missing("tail")
    vocab = given.get("vocab", head + sum(tails))
    flat = vocab * hidden
    top = (head + len(tails)) * hidden
    below = [hidden * width + words * width for words, width in zip(tails, dims, strict=True)]
    total = top + sum(below)
    steps = (
        f"flat: {number(vocab)} × {number(hidden)} = {amount(flat)}",
        f"head: ({number(head)} + {len(tails)}) × {number(hidden)} = {amount(top)}",
        *(
            f"tail: {number(hidden)} × {number(width)} + {number(words)} × {number(width)} = "
            f"{amount(part)}"
            for words, width, part in zip(tails, dims, below, strict=True)
        ),
    )
    answer = (
        f"The adaptive softmax has **{amount(total)} weights**, the flat one **{amount(flat)}**."
    )
    return Worked(answer, steps, total)


def adaptive_logits(given: Given) -> Worked:
    """Logits a token on average: the head's always, a tail's only for the tokens in it."""
    head, share = given.one("head"), given.one("coverage")
    tails = given.get_all("tail") or [given.one("vocab") - head]
    vocab = given.get("vocab", head + sum(tails))
    if vocab <= head:
        raise Impossible("The head is smaller than the vocabulary.")
    rest = sum(tails) / len(tails)
    value = head + len(tails) + (1 - share) * rest
    step = f"{number(head)} + {len(tails)} + {number(1 - share)} × {number(rest, 6)}"
    answer = (
        f"About **{number(value, 6)} logits** a token instead of {number(vocab, 9)}: "
        f"{number(vocab / value, 3)} times fewer."
    )
    assumed = () if len(tails) == 1 else ("the rest is spread evenly over the tails",)
    return Worked(answer, (f"{step} = {number(value, 6)}",), value, assumed)


def scores(given: Given) -> Worked:
    """One score for every pair of tokens, in every head of every layer."""
    context = given.one("context")
    heads, layers = given.get("heads", 1.0), given.get("layers", 1.0)
    batch, width = given.get("batch", 1.0), given.get("bits", 16.0)
    pairs = context * context
    count = pairs * heads * layers * batch
    need = count * width / 8
    answer = f"The score matrix holds **{amount(pairs)} scores** a head"
    answer += f", {amount(count)} in all" if count != pairs else ""
    answer += f": {size(need)} in {number(width)} bits."
    steps = (
        f"{number(context)}² = {number(pairs, 9)}",
        "a fused kernel such as FlashAttention never stores them all",
    )
    return Worked(answer, steps, need if "heads" in given else pairs)


def vectors(given: Given) -> Worked:
    """Memory of an index of embeddings, without the graph or lists around it."""
    dims, width = given.one("dims"), given.get("bits", 32.0)
    steps = []
    if "chunks_each" in given:
        documents = given.get("documents", None) or given.one("vectors")
        count = documents * given.one("chunks_each")
        parts = f"{number(documents)} documents × {number(given.one('chunks_each'))} chunks"
        steps.append(f"{parts} = {number(count, 9)} vectors")
    else:
        count = given.one("vectors")
    need = count * dims * width / 8
    steps.append(f"{amount(count)} × {number(dims)} × {number(width / 8)} bytes = {size(need)}")
    return Worked(
        f"The vectors take **{size(need)}**.{fits(given, need)}",
        tuple(steps),
        need,
        () if "bits" in given else ("32-bit numbers",),
    )


def moe(given: Given) -> Worked:
    """All experts are stored, a token uses a few."""
    experts, active = given.one("experts"), given.one("active")
    shared, layers = given.get("shared_params", 0.0), given.get("layers", 1.0)
    one = given.get("expert_params", None)
    if one is not None:
        one *= layers  # told by the layer: an expert in each
    if one is None and "params" in given:
        one = (given.one("params") - shared) / experts
    if one is None:
        raise Missing("expert_params")
    if active > experts:
        raise Impossible(f"A token cannot use {number(active)} of {number(experts)} experts.")
    total, used = shared + experts * one, shared + active * one
    answer = (
        f"It has **{amount(total)}** parameters in all, of which a token uses "
        f"**{amount(used)}** ({100 * used / total:.0f} %)."
    )
    steps = (
        f"total: {amount(shared)} + {number(experts)} × {amount(one)}",
        f"active: {amount(shared)} + {number(active)} × {amount(one)}",
    )
    return Worked(answer, steps, used)


def head_dim(given: Given) -> Worked:
    """The hidden size over the heads."""
    hidden, heads = given.one("hidden"), given.one("heads")
    if hidden % heads:
        raise Impossible(f"{number(hidden)} cannot be divided by {number(heads)} heads.")
    value = hidden / heads
    step = (
        f"{number(hidden)} / {number(heads)} = {number(value)}; scores are divided "
        f"by √{number(value)} = {number(value**0.5)}"
    )
    return Worked(f"Each head has **{number(value)} dimensions**.", (step,), value)
