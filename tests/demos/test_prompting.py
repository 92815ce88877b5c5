"""The prompting demo: exact prompts, answers and grammars, the sign test by scipy, trials."""

import re

import pytest

from demos.prompting import figures
from demos.prompting import run as demo
from demos.prompting.__main__ import main, report
from demos.prompting.comparison import (
    LONGEST_ANSWER,
    LONGEST_CHAIN,
    Answer,
    Comparison,
    Score,
    chosen_items,
    compare,
    own_item,
)
from demos.prompting.prompts import (
    CHAIN,
    FEW,
    LONGEST_PROBLEM,
    LONGEST_STEPS,
    STYLES,
    ZERO,
    build,
    grammar,
    is_right,
    read_answer,
)
from demos.prompting.sign_test import changes, sign_test
from demos.prompting.tasks import ARITHMETIC, LABELS, MARK, OPEN, TASKS, TICKETS, Item, task_named
from demos.prompting.view import kind, prompts, trial
from demos.prompting.view import view as build_tab
from demos.shared.panel import Running
from demos.shared.weights import Weights, quietly
from tutor.engine.generate import ScriptedEngine, Usage, Waiting
from tutor.errors import EngineError, InputError
from tutor.settings import read_settings

EVIL = "<script>alert(1)</script> 1"


def refuse():
    raise AssertionError("the model was asked for")


@pytest.fixture
def no_model(settings):
    return Weights(settings, quietly, engine=refuse)


def last_of(engine, task, items, **options):
    *_, found = compare(engine, task, items, **options)
    return found


# Prompts


def test_a_zero_shot_prompt_word_by_word():
    assert [(m.role, m.content) for m in build(TICKETS, ZERO, "  I was charged twice. ")] == [
        ("system",
         "Label the message of a customer: billing, delivery, login or defect. "
         "Answer with the label and nothing else."),
        ("user", "I was charged twice."),
    ]  # fmt: skip


def test_a_few_shot_prompt_word_by_word():
    assert [(m.role, m.content) for m in build(ARITHMETIC, FEW, "1 + 1?")] == [
        ("system", "Solve the problem. Answer with one whole number and nothing else."),
        ("user",
         "A tree has 14 birds. 6 fly away and 3 come back. How many birds are on the tree?"),
        ("assistant", "11"),
        ("user", "Sam buys 2 bags with 7 oranges each. He eats 4. How many oranges are left?"),
        ("assistant", "10"),
        ("user",
         "A team of 5 people splits 35 dollars evenly. Each spends 2 dollars. "
         "How many dollars has each left?"),
        ("assistant", "5"),
        ("user", "1 + 1?"),
    ]  # fmt: skip


def test_a_chain_prompt_word_by_word():
    system, *turns = build(ARITHMETIC, CHAIN, "1 + 1?")
    assert system.content == (
        "Solve the problem. Work step by step, then write #### and the answer as one whole number."
    )
    assert turns[1].content == "14 - 6 = 8. 8 + 3 = 11.\n#### 11"
    few = build(ARITHMETIC, FEW, "1 + 1?")
    assert [t.content for t in turns if t.role == "user"] == [
        t.content for t in few if t.role == "user"
    ]


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST_PROBLEM + 1)])
def test_problems_are_bounded(text):
    with pytest.raises(InputError, match="Type a problem"):
        build(ARITHMETIC, ZERO, text)


def test_names_are_checked():
    with pytest.raises(InputError, match="no style 'loud'"):
        build(ARITHMETIC, "loud", "x")
    with pytest.raises(InputError, match="arithmetic, tickets, open"):
        task_named("cooking")
    assert [task_named(task.name) for task in TASKS] == list(TASKS)


# Tasks


def test_the_steps_of_the_arithmetic_examples_come_out():
    for example in ARITHMETIC.examples:
        results = []
        for left, right in re.findall(r"([\d +*/-]+) = (\d+)\.", example.steps):
            a, sign, b = left.split()
            value = {"+": int(a) + int(b), "-": int(a) - int(b), "*": int(a) * int(b),
                     "/": int(a) / int(b)}[sign]  # fmt: skip
            assert value == int(right), example.steps
            results.append(right)
        assert results[-1] == example.answer


def test_the_answers_of_the_arithmetic_items():
    computed = [12 - 5 + 8, 3 * 4 - 5, 20 - 7 + 4, 50 - 6 * 5, 20 - 3 * 4, 24 / 6 - 1, 9 + 2 * 9,
                3 * 7 - 7, 48 - 15 + 9, 30 - 2 * 8, 4 * 10 + 3 - 6, 5 * 18 - 72]  # fmt: skip
    assert [int(item.answer) for item in ARITHMETIC.items] == computed


def test_no_example_gives_an_item_away():
    for task in TASKS:
        assert not {e.question for e in task.examples} & {i.question for i in task.items}
    assert not {e.answer for e in ARITHMETIC.examples} & {i.answer for i in ARITHMETIC.items}
    counts = [sum(i.answer == label for i in TICKETS.items) for label in LABELS]
    assert counts == [3, 3, 3, 3]


# Replies


@pytest.mark.parametrize(
    ("task", "style", "reply", "answer"),
    [
        (ARITHMETIC, ZERO, "15", "15"),
        (ARITHMETIC, ZERO, "It has 15 apples.", "15"),
        (ARITHMETIC, FEW, "12 - 5 = 7, 7 + 8 = 15", "15"),
        (ARITHMETIC, CHAIN, "12 - 5 = 7. 7 + 8 = 15.\n#### 15", "15"),
        (ARITHMETIC, CHAIN, "#### 3 steps\n9 + 1\n#### 10", "10"),
        (ARITHMETIC, CHAIN, "7 + 8 = 15", "15"),
        (ARITHMETIC, CHAIN, "7 + 8 = 15\n####", ""),
        (ARITHMETIC, ZERO, "-4", "-4"),
        (ARITHMETIC, ZERO, "1,200", "1200"),
        (ARITHMETIC, ZERO, "none", ""),
        (ARITHMETIC, ZERO, "", ""),
        (TICKETS, ZERO, "Billing.", "Billing"),
        (TICKETS, CHAIN, "Not about login.\n#### DEFECT", "DEFECT"),
        (TICKETS, ZERO, "refund", ""),
        (OPEN, ZERO, " Mercury \n", "Mercury"),
        (OPEN, CHAIN, "Near the sun.\n#### Mercury", "Mercury"),
    ],
)
def test_answers_are_read(task, style, reply, answer):
    assert read_answer(task, style, reply) == answer


@pytest.mark.parametrize(
    ("answer", "truth", "right"),
    [("15", "15", True), ("Billing", "billing", True), (" Mercury. ", "mercury", True),
     ("15", "5", False), ("", "5", False), ("1200", "1200", True)],
)  # fmt: skip
def test_answers_are_judged(answer, truth, right):
    assert is_right(answer, Item("?", truth)) is right


def test_grammars_word_by_word():
    assert grammar(ARITHMETIC, ZERO) == 'root ::= "-"? [0-9]{1,6}'
    assert grammar(TICKETS, FEW) == 'root ::= "billing" | "delivery" | "login" | "defect"'
    assert grammar(ARITHMETIC, CHAIN) == (
        'root ::= [^\\n#]{1,200} "\\n#### " ("-"? [0-9]{1,6})'
    )  # fmt: skip


# The sign test


@pytest.mark.parametrize("fixed", range(8))
@pytest.mark.parametrize("broken", range(8))
def test_the_sign_test_is_scipys(fixed, broken):
    from scipy.stats import binomtest

    expected = binomtest(fixed, fixed + broken).pvalue if fixed + broken else 1.0
    assert sign_test(fixed, broken) == pytest.approx(expected)


def test_the_sign_test_by_hand():
    assert sign_test(9, 2) == 134 / 2048
    assert sign_test(9, 0) == 2 / 2**9
    assert changes([True, False, False], [False, True, True]) == (2, 1)
    assert changes([True, False], [False]) == (0, 1)


# Trials


def test_every_item_meets_every_style_in_turn():
    items = ARITHMETIC.items[:2]
    engine = ScriptedEngine(["15", "3", "steps\n#### 15", "7", "7", "steps\n#### 8"])
    found = last_of(engine, ARITHMETIC, items)
    assert [score.right for score in found.scores] == [2, 1, 1]
    expected = [build(ARITHMETIC, style, item.question) for item in items for style in STYLES]
    assert engine.asked == expected
    assert found.finished
    assert found.known
    assert (found.done, found.calls, found.tried) == (6, 6, 2)
    words = sum(len(m.content.split()) for m in expected[0] + expected[3])
    assert (found.scores[0].prompt, found.scores[0].generated) == (words, 2)
    assert not found.constrained  # this engine obeys no grammar


def test_replies_are_bounded_and_held_to_the_grammar():
    class Watching(ScriptedEngine):
        def stream(self, messages, sampling, stopped=None):
            seen.append(sampling)
            yield from super().stream(messages, sampling, stopped)

    seen = []
    engine = Watching(["1"], constrains=True)
    last_of(engine, ARITHMETIC, ARITHMETIC.items[:1])
    assert [s.grammar for s in seen] == [grammar(ARITHMETIC, style) for style in STYLES]
    assert [s.max_tokens for s in seen] == [LONGEST_ANSWER, LONGEST_ANSWER, LONGEST_CHAIN]
    assert {s.temperature for s in seen} == {0.0}
    seen.clear()
    last_of(engine, ARITHMETIC, ARITHMETIC.items[:1], constrained=False)
    assert {s.grammar for s in seen} == {""}


def test_a_comparison_stops_when_asked_and_when_time_is_up():
    running = Running()
    trials = compare(
        ScriptedEngine(["1"]), ARITHMETIC, ARITHMETIC.items, stopped=lambda: running.stopped
    )
    for _ in range(3):
        found = next(trials)
    assert found.done == 2
    running.stopped = True
    assert list(trials) == []
    early = last_of(ScriptedEngine(["1"]), ARITHMETIC, ARITHMETIC.items, seconds=-1)
    assert [len(score.answers) for score in early.scores] == [1, 1, 1]
    assert demo.conclusions(early)[-1] == "Ended after 3 of 36 replies."


def test_a_reply_that_waited_for_others_is_the_same():
    class Busy(ScriptedEngine):
        def stream(self, messages, sampling, stopped=None):
            yield Waiting(1)
            yield from super().stream(messages, sampling, stopped)

    items = ARITHMETIC.items[:1]
    waited, free = (last_of(engine(["7"]), ARITHMETIC, items) for engine in (Busy, ScriptedEngine))
    replies = [[answer.reply for answer in score.answers] for score in waited.scores]
    assert replies == [[answer.reply for answer in score.answers] for score in free.scores]
    assert replies[0] == ["7"]


def test_a_failing_model_says_so_on_the_page():
    class Failing(ScriptedEngine):
        def stream(self, messages, sampling, stopped=None):
            yield "1"
            raise EngineError("The model failed: cold.")

    with pytest.raises(EngineError):
        last_of(Failing(["x"]), ARITHMETIC, ARITHMETIC.items)
    pages = list(shown(Failing(["x"]), lambda: ARITHMETIC.items))
    assert "The model failed: cold." in pages[-1]


def test_an_own_problem_is_judged_only_with_its_answer():
    open_ended = last_of(ScriptedEngine(["16"]), ARITHMETIC, (own_item(ARITHMETIC, "8 + 8?"),))
    assert {score.answers[0].right for score in open_ended.scores} == {None}
    assert not open_ended.known
    known = last_of(ScriptedEngine(["16"]), ARITHMETIC, (own_item(ARITHMETIC, "8 + 8?", "16"),))
    assert [score.right for score in known.scores] == [1, 1, 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"task": "cooking"}, "no task 'cooking'"),
        ({"items": 0}, "items cannot be 0. Choose from 1 to 12"),
        ({"items": 13}, "items cannot be 13"),
        ({"task": "open"}, "no items to score"),
        ({"problem": " "}, "Type a problem"),
        ({"problem": "x" * 301}, "1 to 300"),
    ],
)
def test_what_cannot_be_used_is_refused_before_the_model_is_loaded(change, words, no_model):
    with pytest.raises(InputError, match=words):
        demo.run(**change, weights=no_model)
    assert chosen_items(TICKETS, 12) == TICKETS.items


def scored_by_hand(*rights):
    """A comparison with these right answers (style, item); 10, 20 and 40 tokens read, 1, 1 and 4
    written."""
    tokens = (Usage(10, 5, 1), Usage(20, 5, 1), Usage(40, 30, 4))
    items = tuple(Item(f"q{n}", "1") for n in range(len(rights[0])))
    scores = tuple(
        Score(style, tuple(Answer(i, "1", "1", r, usage, 0.5)
                           for i, r in zip(items, row, strict=True)))
        for style, row, usage in zip(STYLES, rights, tokens, strict=True)
    )  # fmt: skip
    return Comparison(ARITHMETIC, "m", items, True, scores)


def test_conclusions_by_hand():
    found = scored_by_hand([0, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 0])
    assert demo.conclusions(found) == (
        "Few-shot against zero-shot: 0 fixed, 1 broken; by chance alone a split so uneven has "
        "probability 1.000.",
        "Chain of thought against few-shot: 3 fixed, 0 broken; by chance alone a split so uneven "
        "has probability 0.250.",
        "Chain of thought reads 4.0 times the tokens of zero-shot and writes 4.0 times as many; "
        "75% of what it reads was kept from earlier prompts.",
    )
    assert figures.verdict(found, CHAIN).count("Right, with 3 of 4.") == 1
    assert "You said few-shot; it is chain of thought" in figures.verdict(found, FEW)
    assert figures.verdict(found, None) == ""
    early = last_of(ScriptedEngine(["15"]), ARITHMETIC, ARITHMETIC.items, seconds=-1)
    assert "Right, with 1 of 1." in figures.verdict(early, CHAIN)
    tie = scored_by_hand([1], [1], [0])
    assert "it is zero-shot and few-shot" in figures.verdict(tie, CHAIN)
    assert demo.conclusions(scored_by_hand([1, 0], [1, 0], [1, 0]))[0] == (
        "Few-shot against zero-shot: the same problems right."
    )
    text = report(found)
    assert "zero-shot              1/4      40      20        4      2.0" in text
    assert "  + chain of thought  1" in text


# The tab


def test_pictures_escape_what_was_typed_and_said():
    item = own_item(ARITHMETIC, EVIL, EVIL)
    found = last_of(ScriptedEngine([EVIL]), ARITHMETIC, (item,))
    pages = [figures.asked(found), figures.scored(found), figures.prompts(ARITHMETIC, EVIL)]
    for page in pages:
        assert "<script" not in page
        assert "&lt;script" in page
    assert "Type a problem" in prompts("", "arithmetic")


def shown(engine, items, picture=figures.scored, guess=None):
    """What the tab shows, page after page."""

    class Own(Weights):
        def engine(self):
            return engine

    weights = Own(read_settings(model="none"), quietly)
    return trial(weights, ARITHMETIC, items, False, Running(), picture, guess)


def test_the_tab_shows_progress_and_marks():
    items = (Item("8 + 8?", "16"),)
    pages = list(shown(ScriptedEngine(["16"]), lambda: items, guess=CHAIN))
    assert "Reading the tutor" in pages[0]
    assert "0 of 3 replies" in pages[1]
    assert pages[-1].startswith('<p class="said" role="status">Right, with 1 of 1.')
    assert pages[-1].count("✓") == 3
    assert "no reply" in figures.reply_cell(Answer(items[0], "", "", False, Usage(), 0.0))
    wrong = list(shown(ScriptedEngine(["16"]), lambda: (own_item(ARITHMETIC, " "),)))
    assert "Type a problem" in wrong[-1]


def test_a_text_without_a_number_is_an_open_question():
    import gradio as gr

    assert kind("What is RoPE?", "arithmetic", demo.ANSWER) == ("open", "")
    assert kind("What is RoPE?", "tickets", "mine") == (gr.skip(), gr.skip())
    assert kind(demo.PROBLEM, "arithmetic", demo.ANSWER) == (gr.skip(), gr.skip())


def test_the_view_loads_nothing(no_model):
    import gradio as gr

    with gr.Blocks():
        boxes = [build_tab(no_model) for _ in range(2)]
    assert boxes[0] is not boxes[1]
    assert boxes[0].value == demo.PROBLEM


@pytest.mark.parametrize("wrong", [["--problem", " "], ["--task", "x"], ["--items", "-3"]])
def test_bad_input_is_one_line(wrong, capsys):
    assert main(wrong) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1


# A real model


@pytest.mark.model
@pytest.mark.slow
def test_a_real_model_obeys_the_grammar_and_repeats():
    weights = Weights(read_settings(model="smollm2-135m"), quietly)
    shapes = {
        "arithmetic": (r"-?\d{1,6}", rf"[^\n#]{{1,{LONGEST_STEPS}}}\n{MARK} -?\d{{1,6}}"),
        "tickets": ("|".join(LABELS), rf"[^\n#]{{1,{LONGEST_STEPS}}}\n{MARK} ({'|'.join(LABELS)})"),
    }
    for task, (short, long) in shapes.items():
        found = demo.run(task, items=2, seconds=600, weights=weights)
        assert found.finished
        assert found.constrained
        for score in found.scores:
            for answer in score.answers:
                if answer.usage.generated < LONGEST_CHAIN:  # a chain may be cut at its limit
                    assert re.fullmatch(long if score.style == CHAIN else short, answer.reply)
        again = demo.run(task, items=2, seconds=600, weights=weights)
        said, repeated = ([[a.reply for a in s.answers] for s in f.scores] for f in (found, again))
        assert said == repeated
        zero, few, chain = found.scores
        assert zero.prompt < few.prompt < chain.prompt
        assert zero.generated < chain.generated
        second = chain.answers[1].usage
        assert second.cached > second.prompt / 2
    weights.engine().close()
