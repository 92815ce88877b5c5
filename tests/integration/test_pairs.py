"""The trained pair reader on claims by a stranger, none of which it was trained on."""

import pytest

from tests.eval.claims import figures_of, read_claims, verdicts
from tutor.choose.pairs import TrainedPairReader
from tutor.engine.models import embedder_dir
from tutor.errors import ModelError
from tutor.settings import read_settings


@pytest.mark.slow
def test_verdicts_on_the_claims_of_a_stranger_hold(library):
    claims = read_claims()
    figures = figures_of(claims, verdicts(library, claims))
    assert len(claims) == 540
    assert figures["verdict"] >= 0.66, figures
    assert figures["said"] >= 0.3, figures
    assert figures["right if said"] >= 0.82, figures


def test_nothing_to_read_is_no_trouble(library):
    assert library.pairs.read("anything", (), []) == []


def test_an_adapter_of_another_base_is_refused():
    folder, _ = embedder_dir(read_settings().home)
    with pytest.raises(ModelError, match="make train"):
        TrainedPairReader(folder, "0" * 64)
