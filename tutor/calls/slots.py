"""The arguments of calculations: what they are called, how they are read, what is possible."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.calls import quantity
from tutor.calls.published import Published, model_named

Reads = Callable[[str], Any]


@dataclass(frozen=True)
class Slot:
    """One argument: `label` is what people are asked for, values lie in [low, high]."""

    label: str
    reads: Reads = quantity.scalar
    low: float = 0.0
    high: float = 1e30


def whole(text: str) -> float:
    """A whole number. Raises ValueError for any other."""
    number = quantity.scalar(text)
    if number != int(number):
        raise ValueError(text)
    return number


def model(text: str) -> Published:
    """A model by name. Raises ValueError for an unknown one."""
    found = model_named(text)
    if found is None:
        raise ValueError(text)
    return found


def quoted(text: str) -> str:
    """A text without the quotation marks around it."""
    return text.strip().strip("\"'“”«»`")


def count(label: str, low: float = 1, high: float = 1e15) -> Slot:
    """A slot for a whole number."""
    return Slot(label, whole, low, high)


def share(label: str) -> Slot:
    """A slot for a number between 0 and 1."""
    return Slot(label, high=1)


def listed(label: str, low: float = -1e9, high: float = 1e9) -> Slot:
    """A slot for a list of numbers."""
    return Slot(label, quantity.numbers, low, high)


SIZE = Slot("the number of parameters", low=1e3, high=1e14)
LENGTH = Slot("the number of tokens", quantity.tokens, 1, 1e9)

SLOTS: Mapping[str, Slot] = {
    "scores": listed("the scores"),
    "temperature": Slot("the temperature", high=1e3),
    "query": Slot("the query vector", quantity.vectors, -1e9),
    "key": Slot("the key vectors", quantity.vectors, -1e9),
    "value": Slot("the value vectors", quantity.vectors, -1e9),
    "nats": Slot("the loss in nats", high=100),
    "bits": Slot("the bits of a number", quantity.bits, high=64),
    "perplexity": Slot("the perplexity", low=1, high=1e9),
    "probability": share("the probability of the right token"),
    "probabilities": listed("the probabilities", 0, 1),
    "p": listed("the distribution p", 0, 1),
    "q": listed("the distribution q", 0, 1),
    "top_k": count("k of top-k"),
    "top_p": share("p of top-p"),
    "min_p": share("p of min-p"),
    "layers": count("the number of layers", high=1e4),
    "kv_heads": count("the number of key-value heads", high=1e4),
    "heads": count("the number of attention heads", high=1e4),
    "head_dim": count("the dimension of a head", high=1e5),
    "hidden": count("the hidden size", high=1e6),
    "context": LENGTH,
    "batch": count("the number of sequences", high=1e6),
    "model": Slot("the model", model),
    "params": SIZE,
    "group": count("the group size", high=1e5),
    "memory": Slot("the memory", low=1e3, high=1e15),
    "rank": count("the rank", high=1e5),
    "rows": count("the rows of a matrix", high=1e7),
    "columns": count("the columns of a matrix", high=1e7),
    "matrices": Slot("how many matrices a layer are adapted", quantity.matrices, 1, 1e4),
    "matrix_shape": Slot("the shape of a matrix", quantity.pair, 1, 1e7),
    "vocab": count("the size of the vocabulary", high=1e8),
    "ffn": count("the width of the feed-forward layer", high=1e7),
    "tokens": Slot("the number of training tokens", low=1, high=1e17),
    "flops": Slot("the operations a second of one GPU", low=1e6, high=1e18),
    "gpus": count("the number of GPUs", high=1e7),
    "utilization": share("the utilization"),
    "bandwidth": Slot("the memory bandwidth", low=1e6, high=1e15),
    "micro_batch": count("the batch size", high=1e9),
    "accumulation": count("the accumulation steps", high=1e7),
    "examples": count("the number of examples"),
    "epochs": Slot("the number of epochs", high=1e5),
    "peak": Slot("the peak learning rate", high=100),
    "warmup": Slot("the warmup steps, or their share"),
    "total": count("the total number of steps"),
    "step": count("the step", low=0),
    "shape": Slot("the shape of the decay", quantity.shape),
    "floor": Slot("the lowest learning rate", high=100),
    "vector": Slot("the two vectors", quantity.vectors, -1e9),
    "eigenvalues": listed("the eigenvalues", 0),
    "singular": listed("the singular values", 0),
    "components": count("the number of components"),
    "relevant": count("how many relevant documents exist"),
    "retrieved": count("how many were retrieved"),
    "hits": count("how many of the retrieved are relevant", low=0),
    "ranks": listed("the ranks", 0),
    "gains": listed("the gains in ranked order", 0),
    "rrf_k": Slot("k of reciprocal rank fusion"),
    "tf": Slot("how often the term occurs in the document"),
    "df": Slot("in how many documents the term occurs"),
    "documents": count("the number of documents"),
    "length": Slot("the length of the document", quantity.tokens),
    "average_length": Slot("the average length", quantity.tokens, low=1e-9),
    "k1": Slot("k1"),
    "b": share("b"),
    "experts": count("the number of experts"),
    "active": count("how many experts a token uses"),
    "expert_params": Slot("the parameters of one expert", low=1),
    "shared_params": Slot("the parameters that all tokens use"),
    "acceptance": share("the acceptance rate"),
    "draft": count("how many tokens are drafted", high=1e4),
    "cost": Slot("the cost of a draft step", high=1),
    "trained": LENGTH,
    "wanted": LENGTH,
    "text": Slot("the text", quoted),
    "words": Slot("the number of words"),
    "pages": Slot("the number of pages"),
    "input_tokens": Slot("the input tokens", high=1e15),
    "output_tokens": Slot("the output tokens", high=1e15),
    "input_price": Slot("the price of a million input tokens", high=1e6),
    "output_price": Slot("the price of a million output tokens", high=1e6),
    "requests": Slot("the number of requests"),
    "norm": Slot("the norm of the gradient"),
    "max_norm": Slot("the largest norm allowed", low=1e-12),
    "vectors": count("the number of vectors"),
    "dims": count("the number of dimensions", high=1e7),
    "document": Slot("the tokens of the document", quantity.tokens, 1),
    "chunk": Slot("the chunk size", quantity.tokens, 1),
    "overlap": Slot("the overlap", quantity.tokens),
    "selected": share("the share of tokens that are selected"),
    "chars": Slot("the characters a token", high=1e4),
    "prior": share("the share of the class"),
    "likely": share("the chance of the feature in the class"),
    "unlikely": share("the chance of the feature in the rest"),
    "ngram_count": Slot("the count of the n-gram"),
    "history_count": Slot("the count of what stands before", low=1),
    "smoothing": Slot("what is added to every count", quantity.smoothing, high=1e6),
    "head": count("the words in the head", high=1e8),
    "tail": count("the words of a tail", high=1e8),
    "tail_dims": count("the width of a tail", high=1e6),
    "arrivals": Slot("the requests a second", high=1e9),
    "throughput": Slot("the tokens a second of one GPU", low=1e-9, high=1e9),
    "reserved": Slot("what is kept free", quantity.tokens, 0, 1e9),
    "each": Slot("the tokens of one piece", quantity.tokens, 1, 1e9),
    "image": Slot("the side of the image", quantity.pair, 1, 1e6),
    "patch": Slot("the side of a patch", quantity.pair, 1, 1e6),
    "factor": Slot("the factor of a layer", high=1e6),
    "matrix": Slot("the matrix", quantity.vectors, -1e9),
    "function": Slot("the activation function", quantity.function),
    "inputs": listed("the inputs"),
    "gradient": Slot("the gradients", quantity.vectors, -1e9),
    "effective": count("the effective batch", high=1e9),
    "position": count("the position", low=0, high=1e9),
    "chunks_each": count("the chunks of a document", high=1e9),
    "base": count("the symbols that it starts with", high=1e6),
    "merges": count("the number of merges", high=1e8),
    "special": count("the special tokens", low=0, high=1e6),
    "target": share("the share of the variance to be kept"),
    "coverage": share("the share of the tokens that the head covers"),
    "group_rate": share("the selection rate of each group"),
    "old_batch": count("the batch size before", high=1e9),
    "new_batch": count("the new batch size", high=1e9),
    "rate": share("the dropout rate"),
    "activation": Slot("the activation", low=-1e9),
}
LONGEST_LIST = 64


class Missing(Exception):
    """An argument that a calculation needs and nobody gave; `slot` names it."""

    def __init__(self, slot: str):
        """`slot` is a key of SLOTS."""
        super().__init__(SLOTS[slot].label)
        self.slot = slot


class Impossible(Exception):
    """A value that an argument cannot have; the message says why, in one sentence."""


class Given:
    """The arguments of one calculation, read and within bounds."""

    def __init__(self, values: Mapping[str, Sequence[Any]]):
        """`values` holds, for each slot, what was given for it, in the order of the text."""
        self._values = {name: list(found) for name, found in values.items() if found}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def one(self, name: str) -> Any:
        """The value given last. Raises Missing."""
        if name not in self._values:
            raise Missing(name)
        return self._values[name][-1]

    def get(self, name: str, otherwise: Any) -> Any:
        """The value given last, or another."""
        return self.one(name) if name in self else otherwise

    def get_all(self, name: str) -> list[Any]:
        """All values given, in order; none if nobody gave one."""
        return self._values.get(name, [])

    def all(self, name: str) -> list[Any]:
        """All values given, in order. Raises Missing if there are none."""
        if name not in self._values:
            raise Missing(name)
        return self._values[name]


def read_value(name: str, text: str) -> Any:
    """The text as a value of a slot. Raises ValueError, or Impossible where it is out of bounds."""
    slot = SLOTS[name]
    value = slot.reads(text)
    flat = flattened(value)
    if len(flat) > LONGEST_LIST:
        raise Impossible(f"A list may hold up to {LONGEST_LIST} numbers.")
    for number in flat:
        if not slot.low <= number <= slot.high:
            between = f"{slot.low:g} and {slot.high:g}"
            raise Impossible(f"{slot.label.capitalize()} lies between {between}, not at {text}.")
    return value


def flattened(value: Any) -> list[float]:
    """All numbers of a value, whatever its shape."""
    if isinstance(value, tuple):
        return [number for part in value for number in flattened(part)]
    return [value] if isinstance(value, float) else []
