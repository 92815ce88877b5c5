"""The real models behind the demos: loaded on first use, once, and only read afterwards.

Two kinds of access. PyTorch models give what a server hides: attention weights, logits of every
position, gradients. The tutor's own engine and library are the very parts that answer questions;
a demo that shows them shows the real thing.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tutor.engine.catalog import named
from tutor.engine.generate import Engine
from tutor.engine.llama import LlamaEngine
from tutor.engine.models import embedder_dir, pull
from tutor.errors import ModelError
from tutor.settings import Settings, read_settings
from tutor.start import Announce, Library, open_engine, open_library

BETWEEN_DOCUMENTS = "<|endoftext|>"

SMOLLM2 = "smollm2-135m"
T = TypeVar("T")


@dataclass(frozen=True)
class TorchModel:
    """A tokenizer and a PyTorch model of transformers, in evaluation mode, fp32, on the CPU.

    Attention is the eager implementation, so `output_attentions=True` gives the weights.
    """

    name: str
    tokenizer: Any
    model: Any


class Weights:
    """Hands out the models. Safe to share: each is loaded under a lock by whoever comes first."""

    def __init__(
        self,
        settings: Settings,
        report: Announce,
        library: Callable[[], Library] | None = None,
        engine: Callable[[], Engine] | None = None,
    ):
        """`library` and `engine` give the tutor's own parts; else they are opened on first use."""
        self.settings = settings
        self._report = report
        self._library = library or (lambda: open_library(settings, report))
        self._engine = engine or (lambda: own_engine(settings, report))
        self._kept: dict[str, Any] = {}
        names = ("smollm2", "smollm2 tokenizer", "minilm", "minilm tokenizer", "library", "engine")
        self._locks = {name: threading.Lock() for name in names}

    def smollm2(self) -> TorchModel:
        """SmolLM2-135M, a causal language model: 30 layers, 9 query heads, 3 key-value heads."""
        return self._once("smollm2", lambda: load_smollm2(self.model_path(SMOLLM2)))

    def minilm(self) -> TorchModel:
        """all-MiniLM-L6-v2, the bidirectional encoder that the search uses: 6 layers, 12 heads."""
        return self._once("minilm", lambda: load_minilm(embedder_dir(self.settings.home)[0]))

    def smollm2_tokenizer(self) -> Any:
        """SmolLM2's byte-level BPE, as a tokenizer of transformers, without the model."""
        return self._once(
            "smollm2 tokenizer", lambda: load_smollm2_tokenizer(self.model_path(SMOLLM2))
        )

    def minilm_tokenizer(self) -> Any:
        """MiniLM's WordPiece, as a tokenizer of transformers, without the model."""
        folder = embedder_dir(self.settings.home)[0]
        return self._once("minilm tokenizer", lambda: load_minilm_tokenizer(folder))

    def library(self) -> Library:
        """The tutor's guide, chunks, index and retriever."""
        return self._once("library", self._library)

    def engine(self) -> LlamaEngine:
        """The language model that answers in the chat."""
        engine = self._once("engine", self._engine)
        if not isinstance(engine, LlamaEngine):
            message = "This demo needs a model in this process, not an endpoint."
            raise ModelError(f"{message} Set TUTOR_MODEL to one of: python -m tutor models")
        return engine

    def model_path(self, name: str) -> Path:
        """The verified file of a catalogue model, fetched if need be."""

        def show(progress: Any) -> None:
            self._report(f"Fetching {name}", progress.done / progress.total)

        return pull(named(name), self.settings.home, show, self.settings.hub)

    def _once(self, name: str, load: Callable[[], T]) -> T:
        with self._locks[name]:
            if name not in self._kept:
                self._report(f"Loading {name}", None)
                self._kept[name] = load()
            kept: T = self._kept[name]
            return kept


def quietly(text: str, share: float | None) -> None:
    """Announce nothing."""


def open_weights(report: Announce = quietly) -> Weights:
    """The weights for a demo on the command line, from the environment's settings."""
    return Weights(read_settings(), report)


def own_engine(settings: Settings, report: Announce) -> Engine:
    """The tutor's model in this process; ModelError if the tutor runs without one."""
    engine = open_engine(settings, report)
    if engine is None:
        raise ModelError(
            "This demo needs a model. Set TUTOR_MODEL to one of: python -m tutor models"
        )
    return engine


def load_smollm2_tokenizer(path: Path) -> Any:
    """The tokenizer in SmolLM2's GGUF file; its weights are not read."""
    from tokenizers import pre_tokenizers
    from transformers import AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    # A GGUF file names its rules for splitting (here "smollm"), which transformers takes for
    # GPT-2's. SmolLM2's split every digit off first; without that "90 ²" gets other tokens.
    digits, backend = pre_tokenizers.Digits(individual_digits=True), tokenizer.backend_tokenizer
    backend.pre_tokenizer = pre_tokenizers.Sequence([digits, backend.pre_tokenizer])
    return tokenizer


def load_minilm_tokenizer(folder: Path) -> Any:
    """The tokenizer in MiniLM's folder."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True)


def load_smollm2(path: Path) -> TorchModel:
    """SmolLM2 from its GGUF file, its 4-bit weights expanded to fp32 (about 540 MB)."""
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = load_smollm2_tokenizer(path)
    model: Any = AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.float32, attn_implementation="eager"
    )
    return TorchModel("SmolLM2-135M", tokenizer, model.eval())


def load_minilm(folder: Path) -> TorchModel:
    """MiniLM's encoder from its folder, with its WordPiece tokenizer."""
    import torch
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = load_minilm_tokenizer(folder)
    model: Any = AutoModel.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", local_files_only=True
    )
    return TorchModel("all-MiniLM-L6-v2", tokenizer, model.eval())
