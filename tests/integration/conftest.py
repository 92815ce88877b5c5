"""The real parts: MiniLM, Chroma on disk, SmolLM2 in llama.cpp, over the real guide."""

from collections.abc import Iterator

import pytest

from tutor.engine.catalog import named
from tutor.engine.llama import LlamaEngine
from tutor.engine.models import status
from tutor.reply.tutor import Tutor
from tutor.settings import Settings, read_settings
from tutor.start import Library, make_tutor, open_engine, open_library

SMOLLM2 = "smollm2-135m"


@pytest.fixture(scope="session")
def real_settings() -> Settings:
    """The machine's own home, so that models and index are not made again for every run."""
    settings = read_settings(model=SMOLLM2)
    if status(named(SMOLLM2), settings.home).path is None:
        pytest.skip(f"needs a model: python -m tutor pull {SMOLLM2}")
    return settings


@pytest.fixture(scope="session")
def library(real_settings: Settings) -> Iterator[Library]:
    """The real guide, embedded by MiniLM, in Chroma."""
    library = open_library(real_settings, lambda *_: None)
    yield library
    library.index.close()


@pytest.fixture(scope="session")
def engine(real_settings: Settings) -> Iterator[LlamaEngine]:
    """SmolLM2 in llama.cpp."""
    engine = open_engine(real_settings, lambda *_: None)
    assert isinstance(engine, LlamaEngine)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def tutor(library: Library, engine: LlamaEngine, real_settings: Settings) -> Tutor:
    """The whole tutor on real parts."""
    return make_tutor(library, engine, real_settings)
