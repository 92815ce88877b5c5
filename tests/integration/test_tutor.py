"""Questions answered by the real parts."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = [pytest.mark.model, pytest.mark.slow]


def test_the_answer_leads_continues_and_cites(tutor, library):
    replies = list(tutor.reply("Why would top-p keep only one token?"))
    (follow_up,) = [
        f for f in library.guide.questions[12].follow_ups if "only one token" in f.question
    ]
    assert replies[0].lead.text == follow_up.answer
    last = replies[-1]
    assert last.done
    assert last.continuation
    assert {chunk.number for chunk in last.sources} == {12}
    guide = " ".join(chunk.text for chunk in library.chunks if chunk.number == 12)
    for check in last.added:
        assert check.sentence in guide


def test_odd_input_is_answered_or_refused_and_the_next_question_works(tutor):
    from tutor.errors import InputError

    odd = ["🦙" * 50, "注意力机制是什么?", "<script>alert(1)</script>", "' OR 1=1 --", "?",
           "\u202eabc", "a" * 1999, "../../etc/passwd", "{{7*7}} ${x}"]  # fmt: skip
    for turn in odd:
        *_, reply = tutor.reply(turn)
        assert reply.text
    with pytest.raises(InputError):
        next(tutor.reply("x" * 100_000))
    *_, reply = tutor.reply("What is beam search?")
    assert reply.evidence.topics[0] == 5


def test_json_lines_from_a_process_of_its_own(tmp_path):
    questions = tmp_path / "in.jsonl"
    questions.write_text(
        json.dumps({"id": 1, "question": "Why would top-p keep only one token?"}) + "\nbroken\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "ask", "--jsonl", str(questions)],
        capture_output=True, text=True, cwd=ROOT, timeout=300, check=True,
        env={**os.environ, "TUTOR_MODEL": "smollm2-135m"},
    )  # fmt: skip
    good, bad = map(json.loads, done.stdout.splitlines())
    assert good["topics"][0] == 12
    assert good["model"] == "smollm2-135m"
    assert good["timings"]["generated_tokens"] > 0
    assert "not JSON" in bad["error"]
