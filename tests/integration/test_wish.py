"""The trained reader of wishes: what plain turns wish of the form, and of which answer."""

import json

import pytest

from tutor.engine.models import embedder_dir
from tutor.errors import ModelError
from tutor.settings import read_settings
from tutor.turn.wish import NAME, About, Form, TrainedWishReader

pytestmark = [pytest.mark.model, pytest.mark.slow]


@pytest.fixture(scope="module")
def reader():
    return TrainedWishReader(*embedder_dir(read_settings().home))


@pytest.mark.parametrize(
    ("turn", "about", "forms"),
    [
        ("shorter", About.LAST, {Form.SHORTER}),
        ("and dropout in one sentence, it goes on a slide", About.NAMED, {Form.SHORTER}),
        ("please summarize our whole conversation", About.TALK, {Form.SHORTER}),
        ("make flashcards of everything we covered", About.TALK, {Form.CARDS}),
        ("how would i say that aloud in 20 seconds", About.LAST, {Form.SPOKEN}),
        ("that was too hard, again in simple words please", About.LAST, {Form.SIMPLER}),
    ],
)
def test_a_wish_is_read(reader, turn, about, forms):
    found = reader.read(turn)
    assert found is not None
    assert found.about is about
    assert found.form in forms


@pytest.mark.parametrize(
    "turn",
    [
        "Why do models forget previous tasks during fine-tuning?",
        "Is a shorter context cheaper?",
        "What is the simplest tokenizer?",
        "7B, 32 layers, 32 heads, head dim 128, 8k tokens: how big is the cache?",
        "so LoRA freezes the base, right?",
        "thanks!",
    ],
)
def test_what_is_no_wish_is_none(reader, turn):
    assert reader.read(turn) is None


def test_another_base_is_refused(tmp_path):
    folder, base = embedder_dir(read_settings().home)
    (tmp_path / f"{NAME}.json").write_text(json.dumps({"base_sha256": "0" * 64}))
    with pytest.raises(ModelError):
        TrainedWishReader(folder, base, tmp_path)
