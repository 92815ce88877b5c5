"""The table of calculations: what each is called, what works it out, what guide question it
belongs to. Help, tests and the trained tagger are made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tutor.calls import calculus, counting, course, memory, probability, ranking
from tutor.calls.slots import Given
from tutor.calls.worked import Worked

Works = Callable[[Given], Worked]


@dataclass(frozen=True)
class Call:
    """One calculation: `works` runs it, `number` is the guide question behind it, `title` what it
    gives, `takes` its arguments in the order in which help names them, `several` those of which
    more than one counts."""

    title: str
    works: Works
    number: int
    takes: tuple[str, ...]
    several: tuple[str, ...] = ()


CALLS: Mapping[str, Call] = {
    "softmax": Call(
        "softmax of scores", probability.softmax, 6, ("scores", "temperature", "head_dim")
    ),
    "attention": Call(
        "attention of small vectors",
        probability.attention,
        32,
        ("query", "key", "value"),
        ("key", "value"),
    ),
    "loss": Call(
        "cross-entropy, bits and perplexity",
        probability.loss,
        25,
        ("nats", "bits", "perplexity", "probability", "probabilities", "vocab"),
    ),
    "per_character": Call(
        "loss a character", probability.per_character, 25, ("nats", "chars"), ("nats", "chars")
    ),
    "kl": Call("KL divergence", probability.kl, 29, ("p", "q")),
    "sampling": Call(
        "what a sampler keeps",
        probability.sampling,
        12,
        ("probabilities", "top_k", "top_p", "min_p", "temperature"),
    ),
    "kv_cache": Call(
        "size of the KV cache",
        memory.kv_cache,
        3,
        (
            "layers",
            "kv_heads",
            "heads",
            "head_dim",
            "hidden",
            "context",
            "batch",
            "bits",
            "model",
            "params",
            "memory",
        ),
    ),
    "weights": Call(
        "memory of the weights", memory.weights, 50, ("params", "bits", "model", "group", "memory")
    ),
    "full_tuning": Call(
        "memory of full fine-tuning", memory.full_tuning, 35, ("params", "model", "memory")
    ),
    "lora_tuning": Call(
        "memory of LoRA",
        memory.lora_tuning,
        4,
        ("params", "rank", "hidden", "layers", "matrices", "model", "bits", "memory"),
    ),
    "qlora_tuning": Call(
        "memory of QLoRA",
        memory.qlora_tuning,
        4,
        ("params", "rank", "hidden", "layers", "matrices", "model", "memory"),
    ),
    "lora_params": Call(
        "parameters of LoRA",
        memory.lora_params,
        4,
        (
            "rank",
            "rows",
            "columns",
            "matrix_shape",
            "hidden",
            "matrices",
            "layers",
            "model",
            "params",
        ),
    ),
    "model_params": Call(
        "parameters of a transformer", memory.model_params, 49, ("layers", "hidden", "vocab", "ffn")
    ),
    "embedding": Call(
        "size of an embedding table",
        memory.embedding,
        10,
        ("vocab", "hidden", "dims", "bits", "model"),
    ),
    "training_compute": Call(
        "operations and days of training",
        course.training_compute,
        49,
        ("params", "tokens", "flops", "gpus", "utilization", "model"),
    ),
    "decode_speed": Call(
        "tokens a second", course.decode_speed, 50, ("params", "bits", "bandwidth", "model")
    ),
    "batch": Call(
        "effective batch and steps",
        course.batch,
        48,
        ("micro_batch", "accumulation", "gpus", "examples", "epochs", "effective"),
    ),
    "learning_rate": Call(
        "learning rate at a step",
        course.learning_rate,
        48,
        ("peak", "warmup", "total", "step", "shape", "floor"),
    ),
    "cosine": Call("dot product and cosine", probability.cosine, 24, ("vector",), ("vector",)),
    "pca": Call(
        "explained variance",
        probability.pca,
        28,
        ("eigenvalues", "singular", "components", "target"),
    ),
    "retrieval": Call(
        "precision and recall", ranking.retrieval, 36, ("relevant", "retrieved", "hits")
    ),
    "mrr": Call("mean reciprocal rank", ranking.mrr, 36, ("ranks",), ("ranks",)),
    "ndcg": Call("nDCG", ranking.ndcg, 36, ("gains",)),
    "rrf": Call("reciprocal rank fusion", ranking.rrf, 36, ("ranks", "rrf_k"), ("ranks",)),
    "bm25": Call(
        "BM25 of a term",
        ranking.bm25,
        36,
        ("tf", "df", "documents", "length", "average_length", "k1", "b"),
    ),
    "moe": Call(
        "total and active parameters",
        memory.moe,
        37,
        ("experts", "active", "expert_params", "shared_params", "layers", "params"),
    ),
    "speculative": Call(
        "speculative decoding", course.speculative, 50, ("acceptance", "draft", "cost")
    ),
    "interpolation": Call(
        "position interpolation", course.interpolation, 21, ("trained", "wanted", "position")
    ),
    "tokens": Call("tokens of a text", course.tokens, 1, ("text",)),
    "words": Call("tokens of so many words", course.words, 1, ("words", "pages")),
    "price": Call(
        "price of tokens",
        course.price,
        50,
        ("input_tokens", "output_tokens", "input_price", "output_price", "requests"),
    ),
    "scores": Call(
        "size of the score matrix",
        memory.scores,
        3,
        ("context", "heads", "layers", "bits", "batch"),
    ),
    "clipping": Call("gradient clipping", probability.clipping, 43, ("norm", "max_norm")),
    "vectors": Call(
        "memory of an index",
        memory.vectors,
        36,
        ("vectors", "documents", "chunks_each", "dims", "bits"),
    ),
    "chunks": Call("how many chunks", course.chunks, 36, ("document", "chunk", "overlap")),
    "head_dim": Call("dimension of a head", memory.head_dim, 22, ("hidden", "heads")),
    "dropout": Call("scaling of dropout", probability.dropout, 18, ("rate", "activation")),
    "masking": Call("masked tokens", counting.masking, 7, ("context", "selected")),
    "bayes": Call("probability of a class", counting.bayes, 19, ("prior", "likely", "unlikely")),
    "ngram": Call(
        "probability from counts",
        counting.ngram,
        47,
        ("ngram_count", "history_count", "smoothing", "vocab"),
    ),
    "serving": Call(
        "GPUs for a load", counting.serving, 50, ("arrivals", "output_tokens", "throughput")
    ),
    "budget": Call(
        "what fits into a window",
        counting.budget,
        3,
        ("context", "reserved", "each"),
        ("reserved",),
    ),
    "patches": Call("patches of an image", counting.patches, 33, ("image", "patch")),
    "adaptive": Call(
        "weights or logits of an adaptive softmax",
        memory.adaptive,
        42,
        ("hidden", "vocab", "head", "tail", "tail_dims", "coverage"),
        ("tail", "tail_dims"),
    ),
    "bpe": Call(
        "size of a BPE vocabulary",
        counting.bpe,
        1,
        ("base", "merges", "special", "hidden", "bits"),
        ("special",),
    ),
    "selection": Call(
        "selection rates compared", counting.selection, 45, ("group_rate",), ("group_rate",)
    ),
    "rate_scaling": Call(
        "learning rate for another batch",
        course.rate_scaling,
        48,
        ("peak", "old_batch", "new_batch"),
    ),
    "layer_params": Call(
        "parameters of a layer", memory.layer_params, 49, ("hidden", "ffn", "layers")
    ),
    "depth": Call("a factor over many layers", calculus.depth, 43, ("factor", "layers")),
    "jacobian": Call("Jacobian of softmax", calculus.jacobian, 27, ("probabilities", "scores")),
    "eigen": Call("eigenvalues of a matrix", calculus.eigen, 28, ("matrix",), ("matrix",)),
    "derivative": Call(
        "derivative of an activation", calculus.derivative, 30, ("function", "inputs"), ("inputs",)
    ),
    "row_gradient": Call(
        "gradient of an embedding row", calculus.row_gradient, 26, ("gradient",), ("gradient",)
    ),
}
