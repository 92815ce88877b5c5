"""The JSON-lines contract: fields, and what becomes of lines that cannot be read."""

import json

import pytest

from tutor.terminal.jsonl import answer_lines, ask_result, search_result

SEARCH = {"id", "covered", "confidence", "topics", "passages", "ms"}
ASK = SEARCH | {
    "answer", "lead", "continuation", "citations", "unsupported", "suggestions", "model", "timings",
}  # fmt: skip
TIMINGS = {
    "evidence_ms", "first_token_ms", "total_ms", "prompt_tokens", "cached_tokens",
    "generated_tokens",
}  # fmt: skip


def ask(tutor, *lines):
    return list(answer_lines(lines, lambda asked: ask_result(tutor, asked)))


def test_search_fields(make_tutor):
    tutor = make_tutor()
    line = json.dumps({"id": "a", "question": "Why is the nucleus used?"})
    (result,) = answer_lines([line], lambda asked: search_result(tutor, asked))
    assert result.keys() == SEARCH
    assert result["id"] == "a"
    assert result["covered"] is True
    assert result["topics"][0] == 12
    assert len(set(result["topics"])) == len(result["topics"])
    assert result["passages"][0].keys() == {"q", "section", "text", "score"}
    json.dumps(result)


def test_ask_fields(make_tutor):
    tutor = make_tutor("In practice the nucleus holds forty tokens. It came from Paris.")
    (result,) = ask(tutor, json.dumps({"id": 7, "question": "Why is the nucleus used?"}))
    assert result.keys() == ASK
    assert result["timings"].keys() == TIMINGS
    assert result["answer"] == f"{result['lead']}\n\n{result['continuation']}"
    assert result["continuation"] == "In practice the nucleus holds forty tokens."
    assert result["unsupported"] == ["It came from Paris."]
    cited = [citation["sentence"] for citation in result["citations"] if citation["q"] == 12]
    assert "In practice the nucleus holds forty tokens." in cited
    assert result["timings"]["generated_tokens"] > 0


def test_history_and_category_are_used(make_tutor):
    history = [{"role": "user", "content": "What is the thermostat?"},
               {"role": "assistant", "content": "A rule."}]  # fmt: skip
    follow_up = {"id": 1, "question": "and how large is it?", "history": history}
    elsewhere = {"id": 2, "question": "nucleus", "category": "11_fine_tuning_methods"}
    first, second = ask(make_tutor(), json.dumps(follow_up), json.dumps(elsewhere))
    assert first["topics"][0] == 6
    assert set(second["topics"]) <= {4}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not json", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not an object"),
        ('{"id": 1}', "not an object with"),
        ('{"question": 5}', "not an object with"),
        ('{"question": "x", "history": "y"}', "not a list"),
        ('{"question": "x", "history": [{"role": "system", "content": "y"}]}', "A turn of"),
        ('{"question": "x", "category": 5}', "not the name"),
        ('{"question": "x", "category": "99_none"}', "no category '99_none'"),
        ('{"question": "   "}', "empty"),
        (json.dumps({"question": "x" * 3000}), "up to 2,000"),
        ('{"question": "' + "x" * 300_000 + '"}', "more than 200,000"),
    ],
)
def test_a_bad_line_is_its_own_result_and_the_rest_goes_on(make_tutor, line, message):
    good = json.dumps({"id": "good", "question": "Why is the nucleus used?"})
    bad, result = ask(make_tutor(), line, good)
    assert message in bad["error"]
    assert result["id"] == "good"


def test_empty_lines_are_skipped(make_tutor):
    assert ask(make_tutor(), "", "  \n") == []
