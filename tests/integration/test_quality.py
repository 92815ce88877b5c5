"""Quality does not fall: the figures of tests/eval that need no language model, with their floors.

Each floor is a little under what was measured when it was set (`make eval`), so that a change
which costs more than a few questions fails. The test conversations and the reporting half of the
sets were not used to fit anything.
"""

from collections.abc import Mapping

import pytest

from tests.eval.run import answering, routing
from tests.eval.sets import read
from tests.eval.turns import figures_of, outcomes
from tutor.reply.tutor import Tutor
from tutor.start import make_tutor

pytestmark = [pytest.mark.model, pytest.mark.slow]

AT_LEAST = {
    "hit@1": 0.92,
    "hit@3": 0.985,
    "follow-up hit@1": 0.935,
    "refused far": 0.98,
    "refused near": 0.85,
    "turns that fit": 0.71,
    "turn hit@1": 0.845,
    "turn hit@3": 0.945,
    "turns refused, far": 0.875,
    "turns refused, near": 0.76,
    "core facts": 0.76,
}
AT_MOST = {
    "false refusals": 0.035,
    "turns falsely refused": 0.015,
    "answers with a forbidden claim": 0.02,
}


@pytest.fixture(scope="module")
def figures(library, real_settings) -> Mapping[str, float]:
    """What the tutor reaches without a model: search, plan, and the facts of the leads."""
    tutor = make_tutor(library, None, real_settings)
    searched, _ = routing(tutor)
    stated, _ = answering(read("graded"), lambda case: whole(tutor, case.question, case.history))
    return searched | figures_of(list(outcomes(tutor))) | stated


def whole(tutor: Tutor, question, history) -> str:
    """The text of a complete reply."""
    *_, reply = tutor.reply(question, history)
    return reply.text


@pytest.mark.parametrize("name", AT_LEAST)
def test_a_share_does_not_fall(figures, name):
    assert figures[name] >= AT_LEAST[name]


@pytest.mark.parametrize("name", AT_MOST)
def test_a_fault_does_not_grow(figures, name):
    assert figures[name] <= AT_MOST[name]
