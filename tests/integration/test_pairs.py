"""The trained pair reader on claims in everyday words, none of which it was trained on."""

import pytest

from tutor.choose.choice import choose
from tutor.choose.pairs import TrainedPairReader
from tutor.engine.models import embedder_dir
from tutor.errors import ModelError
from tutor.settings import read_settings
from tutor.turn.understand import understand

CLAIMS = [
    ("hm so attention heads multiply the weights, 16 heads means 16 times the matrices?", "wrong"),
    (
        "temperature zero never makes mistakes, so we use it for contracts, correct?",
        "wrong",
    ),
    ("with LoRA the base weights stay frozen the whole time, right?", "right"),
    ("RAG means the model is retrained on my documents every night, no?", "wrong"),
]


@pytest.mark.parametrize(("claim", "verdict"), CLAIMS)
def test_the_likeliest_verdict_is_the_right_one(library, claim, verdict):
    retriever = library.retriever
    ask = understand(claim, retriever.reader)
    found = retriever.search(ask).written
    choice = choose(ask, found, library.pairs, retriever.fitted.choice)
    assert choice.verdict.word == verdict, choice.verdict
    assert sorted(p.chunk.id for p in choice.written) == sorted(p.chunk.id for p in found)


def test_nothing_to_read_is_no_trouble(library):
    assert library.pairs.read("anything", (), []) == []


def test_an_adapter_of_another_base_is_refused():
    folder, _ = embedder_dir(read_settings().home)
    with pytest.raises(ModelError, match="make train"):
        TrainedPairReader(folder, "0" * 64)
