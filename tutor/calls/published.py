"""Published figures of models by name, for calculations that say "a Llama 3.1 8B" and no more.

Sources: the models' own configuration files and reports (Touvron et al. 2023, arXiv:2307.09288;
Grattafiori et al. 2024, arXiv:2407.21783; Jiang et al. 2023 and 2024, arXiv:2310.06825 and
2401.04088; Radford et al. 2019; Brown et al. 2020, arXiv:2005.14165; Devlin et al. 2019,
arXiv:1810.04805; Qwen team 2024, arXiv:2412.15115).
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """What is known of a model: its name, how people type it, and its shape."""

    name: str
    typed: str  # a regular expression, in lower case
    params: float
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    hidden: int
    vocab: int


MODELS = (
    Published(
        "Llama 3.1 405B", r"llama[ -]?3(?:\.1)?[ -]?405b", 405.9e9, 126, 128, 8, 128, 16384, 128256
    ),
    Published(
        "Llama 3.1 70B", r"llama[ -]?3(?:\.[13])?[ -]?70b", 70.6e9, 80, 64, 8, 128, 8192, 128256
    ),
    Published("Llama 3.1 8B", r"llama[ -]?3(?:\.1)?[ -]?8b", 8.03e9, 32, 32, 8, 128, 4096, 128256),
    Published("Llama 2 70B", r"llama[ -]?2[ -]?70b", 69.0e9, 80, 64, 8, 128, 8192, 32000),
    Published("Llama 2 13B", r"llama[ -]?2[ -]?13b", 13.0e9, 40, 40, 40, 128, 5120, 32000),
    Published("Llama 2 7B", r"llama[ -]?(?:2[ -]?)?7b", 6.74e9, 32, 32, 32, 128, 4096, 32000),
    Published("Mixtral 8x7B", r"mixtral(?:[ -]?8x7b)?", 46.7e9, 32, 32, 8, 128, 4096, 32000),
    Published("Mistral 7B", r"mistral(?:[ -]?7b)?", 7.24e9, 32, 32, 8, 128, 4096, 32000),
    Published(
        "Qwen2.5 0.5B",
        r"qwen(?:[ -]?2\.5)?(?:[ -]?coder)?[ -]?0\.5b",
        494e6,
        24,
        14,
        2,
        64,
        896,
        151936,
    ),
    Published("Qwen2.5 7B", r"qwen(?:[ -]?2\.5)?[ -]?7b", 7.62e9, 28, 28, 4, 128, 3584, 152064),
    Published("GPT-3", r"gpt[ -]?3(?:[ -]?175b)?(?!\.)", 175e9, 96, 96, 96, 128, 12288, 50257),
    Published("GPT-2 XL", r"gpt[ -]?2[ -]?xl", 1.56e9, 48, 25, 25, 64, 1600, 50257),
    Published("GPT-2 small", r"gpt[ -]?2(?:[ -]?small)?", 124e6, 12, 12, 12, 64, 768, 50257),
    Published("BERT large", r"bert[ -]?large", 335e6, 24, 16, 16, 64, 1024, 30522),
    Published("BERT base", r"bert[ -]?base", 110e6, 12, 12, 12, 64, 768, 30522),
)

# What a size without a name is taken for, where a shape is needed.
BY_SIZE = {
    0.5e9: "Qwen2.5 0.5B",
    7e9: "Llama 2 7B",
    8e9: "Llama 3.1 8B",
    13e9: "Llama 2 13B",
    70e9: "Llama 3.1 70B",
    175e9: "GPT-3",
    405e9: "Llama 3.1 405B",
}


def names() -> tuple[str, ...]:
    """Regular expressions of all names, in an order in which none hides a longer one."""
    return tuple(model.typed for model in MODELS)


def model_named(text: str) -> Published | None:
    """The model that a text names.

    >>> model_named("llama-3.1-8b").layers
    32
    """
    typed = text.strip().lower()
    return next((model for model in MODELS if re.fullmatch(model.typed, typed)), None)


def model_sized(params: float) -> Published | None:
    """The model that a bare size is usually taken for: 7B is Llama 2 7B."""
    name = BY_SIZE.get(params)
    return next((model for model in MODELS if model.name == name), None)
