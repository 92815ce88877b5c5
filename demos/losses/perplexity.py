"""The perplexity of a text under a real model, token by token.

Every token gets the probability the model gave it before seeing it. The loss of a token is minus
the logarithm of that probability, and perplexity is e to the mean loss (Jelinek and others, 1977):

    probabilities 0.5, 0.25, 0.1    losses 0.693, 1.386, 2.303    mean 1.461    perplexity 4.31

SmolLM2 reads <|endoftext|> first, the mark between documents of its training text, so that the
first token has a probability too.
"""

import math
from dataclasses import dataclass

from demos.shared.weights import BETWEEN_DOCUMENTS, TorchModel
from tutor.errors import InputError

MAX_TOKENS = 120
MAX_CHARACTERS = 1000


@dataclass(frozen=True)
class Scored:
    """A token with its probability, its rank among all tokens (from 1) and the likeliest instead.

    `perplexity` is that of the text up to and including this token.
    """

    token: str
    probability: float
    rank: int
    likeliest: str
    likeliest_probability: float
    perplexity: float

    @property
    def loss(self) -> float:
        """Its cross-entropy in nats."""
        return -math.log(self.probability)


@dataclass(frozen=True)
class Perplexity:
    """A scored text. `cut` says that only its beginning was read; `vocabulary` counts tokens."""

    model: str
    tokens: tuple[Scored, ...]
    characters: int
    cut: bool
    vocabulary: int

    @property
    def loss(self) -> float:
        """Mean cross-entropy in nats per token."""
        return sum(token.loss for token in self.tokens) / len(self.tokens)

    @property
    def value(self) -> float:
        """The perplexity of the whole text."""
        return math.exp(self.loss)

    @property
    def bits_per_character(self) -> float:
        """Total cross-entropy in bits by the number of characters: comparable across tokenizers."""
        return self.loss * len(self.tokens) / math.log(2) / max(1, self.characters)


def score(text: str, source: TorchModel) -> Perplexity:
    """Run the model once over the text. InputError if there is none; too long a text is cut."""
    import torch

    ids, cut = token_ids(text, source)
    start = source.tokenizer.convert_tokens_to_ids(BETWEEN_DOCUMENTS)
    with torch.inference_mode():
        logits = source.model(torch.tensor([[start, *ids]])).logits[0, :-1]  # (token, vocabulary)
        # float64, so that the logarithm of a small probability keeps its digits
        probabilities = logits.double().softmax(-1)
        right = probabilities[torch.arange(len(ids)), torch.tensor(ids)]  # (token,)
        ranks = (probabilities > right[:, None]).sum(-1) + 1
        best, likeliest = probabilities.max(-1)
    tokens, total = [], 0.0
    for n, number in enumerate(ids):
        total -= math.log(float(right[n]))
        tokens.append(
            Scored(
                source.tokenizer.decode([number]),
                float(right[n]),
                int(ranks[n]),
                source.tokenizer.decode([int(likeliest[n])]),
                float(best[n]),
                math.exp(total / (n + 1)),
            )
        )
    characters = len(source.tokenizer.decode(ids))
    return Perplexity(source.name, tuple(tokens), characters, cut, logits.shape[-1])


def token_ids(text: str, source: TorchModel) -> tuple[list[int], bool]:
    """At most 120 token ids of a text, and whether it was cut."""
    check(text)
    ids = source.tokenizer(text.strip()[:MAX_CHARACTERS], add_special_tokens=False)["input_ids"]
    return list(ids[:MAX_TOKENS]), len(ids) > MAX_TOKENS or len(text.strip()) > MAX_CHARACTERS


def check(text: str) -> None:
    """InputError for an empty text, before a model is loaded."""
    if not text.strip():
        raise InputError("There is no text. Type a sentence and score it again.")
