"""Puts a tutor together from settings: guide, chunks, embedder, index, model.

The slow part of a start, seconds on a laptop, so it reports what it is doing. Nothing here is
done at import, and nothing is kept: the caller owns the Tutor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tutor import __version__
from tutor.calls.fill import Cut
from tutor.calls.tagger import Tagger, TrainedTagger
from tutor.choose.pairs import PairReader, TrainedPairReader
from tutor.engine.catalog import Model
from tutor.engine.download import Progress
from tutor.engine.embed import Embedder, MiniLM
from tutor.engine.generate import Engine, Sampling
from tutor.engine.llama_index import EngineLLM
from tutor.engine.models import Endpoint, LocalFile, embedder_dir, pull, resolve, sha256_of
from tutor.engine.probe import probe
from tutor.errors import EngineError, ModelError
from tutor.guide.answers import read_answers
from tutor.guide.chunks import Chunk, cut_answers, cut_guide
from tutor.guide.read import Guide, read_guide
from tutor.reply.tutor import Tutor
from tutor.search.fitted import Fitted, read_fitted
from tutor.search.index import Index, open_or_build
from tutor.search.recalled import Recalling
from tutor.search.remote import connect, open_or_build_at
from tutor.search.retrieve import Retriever
from tutor.settings import Settings
from tutor.turn.reader import Reader, TrainedReader
from tutor.turn.wish import TrainedWishReader, WishReader

# A line of text and, while something is being counted, the share done from 0 to 1.
Announce = Callable[[str, float | None], None]

NO_MODEL = "none"
WARM_UP = "What is a token?"


@dataclass(frozen=True)
class Library:
    """What can be searched: the guide, its chunks, their index and the embedder that made it."""

    guide: Guide
    chunks: tuple[Chunk, ...]
    embedder: Embedder
    index: Index
    retriever: Retriever
    tagger: Tagger | None = None
    pairs: PairReader | None = None
    wishes: WishReader | None = None


def open_library(
    settings: Settings,
    report: Announce,
    embedder: Embedder | None = None,
    reader: Reader | None = None,
    fitted: Fitted | None = None,
) -> Library:
    """Read the guide and open its index, building it if need be.

    With a `reader` of one's own, for tests and for training, the other trained parts are left out.
    """
    tagger: Tagger | None = None
    pairs: PairReader | None = None
    wishes: WishReader | None = None
    report("Reading the guide", None)
    guide = read_guide(settings.corpus)
    if settings.category:
        guide.category(settings.category)  # raises for an unknown one before anything slow
    if settings.chroma:
        connect(settings.chroma).close()  # and so does a server that is away
    if embedder is None:
        report("Loading the embedding model", None)
        embedder = MiniLM(*embedder_dir(settings.home))
    if reader is None:
        report("Loading the readers", None)
        base = embedder_dir(settings.home)
        reader, tagger = TrainedReader(*base), TrainedTagger(*base)
        pairs, wishes = TrainedPairReader(*base), TrainedWishReader(*base)
    chunks = cut_guide(guide, embedder.count, embedder.window)
    written = cut_answers(guide, read_answers(guide.categories))
    open_index = (
        partial(open_or_build_at, settings.chroma)
        if settings.chroma
        else partial(open_or_build, settings.home)
    )
    index = open_index(
        chunks,
        Recalling(embedder, settings.corpus),
        lambda done, total: report(f"Building the index: {done} of {total}", done / total),
        guide.outside,
        written,
    )
    retriever = Retriever(index, embedder, chunks, reader, fitted or read_fitted(), written)
    retriever.search(WARM_UP)  # the first search sets up threads and caches: a second or more
    return Library(guide, chunks, embedder, index, retriever, tagger, pairs, wishes)


def open_engine(settings: Settings, report: Announce) -> Engine | None:
    """The language model of the settings, fetched if need be; None for the model `none`."""
    if settings.model == NO_MODEL:
        return None
    source = resolve(settings.model, settings.hub)
    if isinstance(source, Endpoint):
        from tutor.engine.endpoint import EndpointEngine

        return EndpointEngine(
            source.address, settings.endpoint_model, settings.endpoint_key, settings.timeout
        )
    path, name = model_file(source, settings, report)
    trying = f"Trying {name} on this machine"
    probe(path, settings.home, settings.threads, settings.context, lambda: report(trying, None))
    report(f"Loading {name}", None)
    from tutor.engine.llama import LlamaEngine

    return LlamaEngine(
        path,
        name,
        settings.threads,
        settings.context,
        settings.timeout,
        settings.queue,
        settings.slots,
    )


def model_file(source: Model | LocalFile, settings: Settings, report: Announce) -> tuple[Path, str]:
    """The path and name of a model's file."""
    if isinstance(source, LocalFile):
        return source.path, source.path.stem

    def show(progress: Progress) -> None:
        done, total = progress.done, progress.total
        text = f"Fetching {source.name}: {done / 2**20:.0f} of {total / 2**20:.0f} MiB"
        report(f"{text} from {progress.source}", done / total)

    return pull(source, settings.home, show, settings.hub), source.name


def make_tutor(library: Library, engine: Engine | None, settings: Settings) -> Tutor:
    """A tutor over an open library, with or without a model."""
    llm = None
    if engine:
        sampling = Sampling(max_tokens=settings.max_tokens)
        llm = EngineLLM(engine, settings.context, sampling)
    name = engine.name if engine else "no model: the guide's passages alone"
    return Tutor(
        library.guide,
        library.retriever,
        llm,
        name,
        library.tagger,
        tokenizers(engine, library.tagger),
        library.pairs,
        library.wishes,
    )


def tokenizers(engine: Engine | None, tagger: Tagger | None) -> dict[str, Cut]:
    """What cuts a text here: the model that answers, if it can be asked, and MiniLM."""
    found: dict[str, Cut] = {}
    tokenize = getattr(engine, "tokenize", None)  # an endpoint has none
    if engine and tokenize:
        found[engine.name] = lambda text: [
            piece.decode("utf-8", "replace").replace(" ", "␣") for _, piece in tokenize(text)
        ]
    if isinstance(tagger, TrainedTagger):
        found["MiniLM's WordPiece"] = tagger.cut
    return found


def open_tutor(settings: Settings, report: Announce) -> tuple[Library, Engine | None, Tutor]:
    """Everything at once, for the command line. Raises TutorError for what cannot be had."""
    if settings.model != NO_MODEL:
        resolve(settings.model, settings.hub)  # a wrong name is said before anything slow
    library = open_library(settings, report)
    engine = open_engine(settings, report)
    return library, engine, make_tutor(library, engine, settings)


def describe(settings: Settings, report: Announce) -> dict[str, object]:
    """What this installation consists of: version, model, index, counts. Builds the index."""
    library = open_library(settings, report)
    guide = library.guide
    facts: dict[str, object] = {
        "version": __version__,
        "model": settings.model,
        "model_sha256": model_digest(settings),
        "embedder": library.embedder.name,
        "index": library.index.fingerprint,
        "entries": len(library.index),
        "chunks": len(library.chunks),
        "categories": len(guide.categories),
        "questions": len(guide.questions),
        "follow_ups": sum(len(question.follow_ups) for question in guide.questions.values()),
    }
    library.index.close()
    return facts


def model_digest(settings: Settings) -> str | None:
    """The hash of the model's file as the catalogue or its bytes give it; None without a file."""
    if settings.model == NO_MODEL:
        return None
    source = resolve(settings.model, settings.hub)
    if isinstance(source, LocalFile):
        return sha256_of(source.path)
    return source.sha256 if isinstance(source, Model) else None


def try_engine(settings: Settings, report: Announce) -> tuple[Engine | None, str]:
    """The engine, or None and why: a tutor without its model still answers from the guide."""
    try:
        return open_engine(settings, report), ""
    except (ModelError, EngineError) as error:
        return None, str(error)
