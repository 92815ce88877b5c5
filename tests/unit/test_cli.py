"""The command line: one line and status 2 when something is wrong, help for every option."""

import json

import pytest

from tutor.cli import main, make_parser
from tutor.settings import Settings


def run(capsys, *arguments):
    status = main(arguments)
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask"], "Give a question or --jsonl FILE"),
        (["ask", "x", "--jsonl", "f"], "Give a question or --jsonl FILE"),
        (["ask", "x", "--model", "gpt-5"], "There is no model 'gpt-5'"),
        (["ask", "x", "--threads", "0"], "TUTOR_THREADS"),
        (["search", "x", "--corpus", "no-such-folder"], "No guide in"),
        (["pull", "gpt-5"], "There is no model 'gpt-5'"),
        (["pull", "http://127.0.0.1:1/v1"], "nothing to fetch"),
        (["serve", "--category", "99_none"], "no category '99_none'"),
    ],
)
def test_bad_input_is_one_line(capsys, monkeypatch, settings, arguments, message):
    monkeypatch.setenv("TUTOR_HOME", str(settings.home))
    monkeypatch.setenv("TUTOR_CORPUS", str(settings.corpus))
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert message in err.splitlines()[-1]
    assert "Traceback" not in err


def test_every_setting_is_an_option_of_serve(capsys):
    with pytest.raises(SystemExit):
        make_parser().parse_args(["serve", "--help"])
    text = capsys.readouterr().out
    for name in Settings.model_fields:
        assert f"--{name.replace('_', '-')}" in text
        assert f"TUTOR_{name.upper()}" in text


def test_models_lists_the_catalog(capsys, tmp_path):
    status, out, _ = run(capsys, "models", "--home", str(tmp_path))
    assert status == 0
    assert "qwen2.5-coder-0.5b" in out
    assert "not here" in out


def test_check_prints_findings(capsys, corpus):
    for name in ("categories.csv", "questions.csv"):
        (corpus / name).write_text("category,title,code_demo\n" if name[0] == "c" else
                                   "q,category,title\n", encoding="utf-8")  # fmt: skip
    status, out, err = run(capsys, "check", "--corpus", str(corpus))
    assert status == 2
    assert "README.md:" in out
    assert "findings" in err


def test_a_file_of_questions_that_is_not_there():
    from tutor import cli

    with pytest.raises(cli.InputError, match="cannot be read"):
        list(cli.lines_of("no-such-file"))


def test_json_lines_are_flushed_one_by_one(capsys):
    from tutor.cli import print_lines

    print_lines([{"a": "é"}, {"b": 1}])
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"a": "é"},
        {"b": 1},
    ]
