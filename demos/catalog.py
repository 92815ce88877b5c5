"""Which demos there are. Importing this loads neither gradio nor torch.

Every entry is a folder of the same few files, each importing only from those above it:

    __init__.py   docstring: what it shows, the command, a worked example; TITLE and QUESTIONS
    <thing>.py    the mathematics, named after what it computes: beam.py, lora.py, bpe.py
    run.py        run(...): plain values in, plain values out, a default for every argument
    figures.py    values to pictures and HTML
    view.py       view(weights): the Gradio components; returns the text box that "See it" fills
    __main__.py   the command line: options → run → lines of text
    picture.svg   a small drawing of it, for the Lab's index; in the text's color and the accent's

What two demos need lies in `demos.shared`; no demo imports another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class Demo:
    """One demo: its folder below `demos`, its category of the guide, what it shows."""

    name: str
    category: str
    shows: str

    @property
    def title(self) -> str:
        """As on its tab."""
        return str(self.package().TITLE)

    @property
    def questions(self) -> tuple[int, ...]:
        """The guide questions it illustrates."""
        found: tuple[int, ...] = self.package().QUESTIONS
        return found

    @property
    def picture(self) -> str:
        """A small drawing of it, as SVG."""
        return (files(f"demos.{self.name}") / "picture.svg").read_text(encoding="utf-8")

    def package(self) -> ModuleType:
        """The folder itself; importing it is cheap."""
        return import_module(f"demos.{self.name}")

    def view(self) -> Callable[..., Any]:
        """The function that builds its tab; asking for it loads Gradio."""
        build: Callable[..., Any] = import_module(f"demos.{self.name}.view").view
        return build


DEMOS: tuple[Demo, ...] = (
    Demo(
        "tokenization",
        "01_tokenization_and_text",
        "your text through three real tokenizers; a BPE trained on it step by step",
    ),
    Demo(
        "attention",
        "02_attention_mechanisms",
        "your sentence in every head of SmolLM2 and MiniLM; one head step by step",
    ),
    Demo(
        "sampling",
        "05_text_generation",
        "the model's own next-token distribution, reshaped live; greedy against beam search",
    ),
    Demo(
        "architecture",
        "03_transformer_architecture",
        "positions and RoPE, gradients through depth and along a sequence, masks",
    ),
    Demo(
        "objectives",
        "06_training_objectives",
        "a tiny model trained in seconds by masking, by prediction and on sentence pairs",
    ),
    Demo(
        "embeddings",
        "07_embeddings",
        "your words and sentences as vectors: neighbors, analogies, context, initialization",
    ),
    Demo(
        "losses",
        "09_loss_functions_and_math",
        "cross-entropy, KL, perplexity, ReLU and the chain rule, by hand and by autograd",
    ),
    Demo(
        "gradients",
        "10_gradients_and_optimization",
        "embedding rows that get a gradient, the softmax Jacobian, learning rate and batch size",
    ),
    Demo(
        "fine_tuning",
        "11_fine_tuning_methods",
        "full fine-tuning, LoRA and forgetting live; rank, merging, NF4 against int4",
    ),
    Demo(
        "prompting",
        "13_prompt_engineering",
        "zero-shot, few-shot and chain of thought on the tutor's model, scored, cost in tokens",
    ),
    Demo(
        "regularization",
        "15_regularization",
        "overfitting made and cured live: dropout, weight decay, early stopping, more data",
    ),
    Demo(
        "retrieval",
        "18_rag_and_knowledge",
        "the live search stage by stage; answers with and without it; a knowledge graph",
    ),
    Demo(
        "dimensionality",
        "20_dimensionality_reduction",
        "the guide's embeddings by PCA: eigenvalues, a map with your question on it",
    ),
)

# Looks into an answer instead of illustrating a category, and so is none of those.
XRAY = Demo(
    "xray",
    "05_text_generation",
    "how probable the model found every token of an answer, and what else it could have said",
)
