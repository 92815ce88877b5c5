"""A small guide, and a tutor over it that needs no model files: hashed words and a script. Tests of
what is written have the real guide."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tutor.engine.embed import HashingEmbedder
from tutor.engine.generate import Sampling, ScriptedEngine
from tutor.engine.llama_index import EngineLLM
from tutor.guide.chunks import cut_guide
from tutor.guide.read import Guide, read_guide
from tutor.reply.tutor import Tutor
from tutor.search.index import open_or_build
from tutor.search.retrieve import Retriever
from tutor.settings import Settings, read_settings
from tutor.turn.kinds import Kind
from tutor.turn.reader import PlainReader

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"

# What a turn is that holds these words, for the reader of the small guide.
KINDS = {
    "hello": Kind.HELLO,
    "thanks": Kind.THANKS,
    "right?": Kind.CLAIM,
    "at p 0.": Kind.COMPUTE,
    "example": Kind.EXAMPLE,
    "like i'm five": Kind.SIMPLER,
    "shorter": Kind.SHORTER,
    "say it": Kind.INTERVIEW,
    "more": Kind.LONGER,
    "formula": Kind.FORMULA,
    "code": Kind.CODE,
    "mistakes": Kind.PITFALLS,
    "bullets": Kind.POINTS,
    "papers": Kind.READING,
    "why is": Kind.QUESTION,
    "quiz": Kind.QUIZ,
    "my answer": Kind.ANSWER,
    "next": Kind.NEXT,
    "plan": Kind.PLAN,
    "who are you": Kind.ABOUT,
    "idiot": Kind.HOSTILE,
    "spaghetti": Kind.FAR,
}

CATEGORY = """# {title}

What this category covers.
"""
QUESTION = """
## Q{number}: {title}

### In 20 seconds
Think of a sieve: {term} lets the likely words through and holds back the rest.

### In one minute
{one_minute}

### How it works
The rule of {term} is written as a formula.

$$p_{term} = 1$$

### Worked example
Take {term} with two parts: 1 + 1 = 2.

### Analogy
The {term} is like a sieve for gravel. The comparison breaks when it rains.

### Trade-offs and pitfalls
- Wrong: "The {term} keeps every token." Right: The {term} keeps only the tokens of its set.
- Wrong: "The {term} needs training." Right: The {term} is set by hand and needs no training.
- Wrong: "The {term} is always best." Right: The {term} is one choice among several others.

### Follow-up questions
#### Why is the {term} used?
The {term} is used because it removes unlikely tokens. Unlikely tokens harm the text.

#### How large is the {term} in practice?
In practice the {term} holds forty tokens. Larger values bring little more variety.

### Key points
- The {term} removes unlikely tokens.
- The {term} is set by hand.

### Further reading
- Ada Writer, "On the {term}", 2020, arXiv:2001.00001
"""


def question_text(number: int, title: str, term: str) -> str:
    """One question in the guide's format, about `term`."""
    one_minute = (
        f"The {term} is a rule for choosing tokens. The {term} removes unlikely tokens before one "
        f"is drawn. The price of the {term} is less variety."
    )
    return QUESTION.format(number=number, title=title, term=term, one_minute=one_minute)


def write_corpus(root: Path) -> Path:
    """A guide of two categories and three questions, written to a folder."""
    categories = {
        "05_text_generation": ("Text Generation", [(12, "What is the nucleus?", "nucleus"),
                                                   (6, "What is the thermostat?", "thermostat")]),
        "11_fine_tuning_methods": ("Fine-Tuning", [(4, "What is the adapter?", "adapter")]),
    }  # fmt: skip
    for folder, (title, questions) in categories.items():
        (root / folder).mkdir(parents=True)
        text = CATEGORY.format(title=title) + "".join(question_text(*q) for q in questions)
        (root / folder / "README.md").write_text(text, encoding="utf-8")
    return root


@cache
def real_guide() -> Guide:
    """The real guide, read once: it is frozen."""
    return read_guide(CORPUS)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The small guide on disk, a copy that a test may change."""
    return write_corpus(tmp_path / "corpus")


# What follows is frozen or only read, and shared: an index for every test took a third of the time.


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    """The small guide, read."""
    return read_guide(write_corpus(tmp_path_factory.mktemp("guide") / "corpus"))


@pytest.fixture(scope="session")
def embedder() -> HashingEmbedder:
    """Vectors that follow from the words alone."""
    return HashingEmbedder(512)


@pytest.fixture(scope="session")
def retriever(
    guide: Guide,
    embedder: HashingEmbedder,
    reader: PlainReader,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Retriever]:
    """Search over the small guide in a real Chroma index."""
    chunks = cut_guide(guide, embedder.count, embedder.window)
    index = open_or_build(tmp_path_factory.mktemp("home"), chunks, embedder)
    yield Retriever(index, embedder, chunks, reader)
    index.close()


@pytest.fixture(scope="session")
def reader(embedder: HashingEmbedder) -> PlainReader:
    """Reads a turn by a word in it."""
    return PlainReader(embedder, KINDS)


@pytest.fixture
def make_tutor(guide: Guide, retriever: Retriever) -> Callable[..., Tutor]:
    """make_tutor(*lines): a tutor whose model says these lines; without lines, no model."""

    def make(*lines: str, constrains: bool = False) -> Tutor:
        llm = None
        if lines:
            engine = ScriptedEngine(lines, constrains=constrains)
            llm = EngineLLM(engine, 2048, Sampling())
        return Tutor(guide, retriever, llm, "scripted")

    return make


@pytest.fixture
def settings(tmp_path: Path, corpus: Path) -> Settings:
    """Settings for the small guide, without a model."""
    return read_settings(home=tmp_path / "home", corpus=corpus, model="none")
