"""Numeric drills and sorting: answers against other computations, grading, the statements."""

import math
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
import torch

from tests.conftest import real_guide
from tutor.errors import GuideError
from tutor.practice.drills import numeric, sorting
from tutor.practice.drills.answers import BYTES, COUNT, NATS, PLAIN, Number, Pieces, Tokens
from tutor.practice.drills.draws import Shares, Spread, Vectors
from tutor.practice.drills.session import NUMBERS, TOPICS, Session, answer, number_of, pose, way_of

SEEDS = range(120)
LIST = re.compile(r"\[[^\[\]]*\]")


@pytest.fixture(scope="module")
def guide():
    return real_guide()


def numbers_in(text: str) -> list[float]:
    """Every number of a problem's text, in order."""
    return [float(n.replace(",", "")) for n in re.findall(r"-?\d[\d,]*(?:\.\d+)?", text)]


def lists_in(text: str) -> list[np.ndarray]:
    return [np.array(eval(found, {}), dtype=float) for found in LIST.findall(text)]


def rows_in(text: str) -> dict[str, str]:
    """The table of a problem, without its head."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return dict(rows[2:])


def softmax(text: str) -> float:
    scores, temperature = lists_in(text)[0], re.search(r"temperature ([\d.]+)", text)[1]
    return float(torch.softmax(torch.tensor(scores) / float(temperature), 0).max())


def scaled_score(text: str) -> float:
    query, key = lists_in(text)
    return float(query @ key) / math.sqrt(len(query))


def attention_weight(text: str) -> float:
    query, *keys = (torch.tensor(found) for found in lists_in(text))
    one = torch.eye(len(keys), dtype=torch.float64)  # as values, so that the output is the weights
    out = torch.nn.functional.scaled_dot_product_attention(
        query[None, None], torch.stack(keys)[None], one[None]
    )
    return float(out.max())


def cross_entropy(text: str) -> float:
    (chances,) = lists_in(text)
    return -float(np.mean(np.log(chances)))


def kl(text: str) -> float:
    p, q = (torch.tensor(found) for found in lists_in(text))
    return float(torch.nn.functional.kl_div(q.log(), p, reduction="sum"))


def lora(text: str) -> float:
    rank, matrices, rows, columns, layers = numbers_in(text)
    adapter = torch.nn.ModuleList(
        [torch.nn.Linear(int(columns), int(rank), bias=False, device="meta"),
         torch.nn.Linear(int(rank), int(rows), bias=False, device="meta")]
    )  # fmt: skip
    return layers * matrices * sum(weight.numel() for weight in adapter.parameters())


def kv_cache(text: str) -> float:
    layers, heads, dims, batch, context, bits = (int(n) for n in numbers_in(text))
    kind = {8: torch.int8, 16: torch.bfloat16, 32: torch.float32}[bits]
    keys = torch.empty(batch, heads, context, dims, dtype=kind, device="meta")
    return 2.0 * layers * keys.numel() * keys.element_size()


def variance(text: str) -> float:
    (values,) = lists_in(text)
    count = int(re.search(r"\*\*(\d)\*\*", text)[1])
    # Data with exactly these variances along their axes, put to an SVD.
    data = np.vstack([np.diag(np.sqrt(values)), -np.diag(np.sqrt(values))])
    found = np.linalg.svd(data, compute_uv=False) ** 2
    return float(found[:count].sum() / found.sum())


def singular(text: str) -> float:
    (values,) = lists_in(text)
    count = int(re.search(r"\*\*(\d)\*\*", text)[1])
    found = np.linalg.eigvalsh(np.diag(values).T @ np.diag(values))[::-1]
    return float(found[:count].sum() / found.sum())


ORACLES = {
    "softmax": softmax,
    "scaled_score": scaled_score,
    "attention_weight": attention_weight,
    "cross_entropy": cross_entropy,
    "perplexity": lambda text: math.exp(cross_entropy(text)),
    "kl": kl,
    "lora": lora,
    "kv_cache": kv_cache,
    "variance": variance,
    "singular": singular,
}


@pytest.mark.parametrize("name", ORACLES)
def test_a_numeric_answer_is_what_other_code_makes_of_the_text(name):
    for seed in SEEDS:
        problem = numeric.pose(name, Random(seed))
        value = ORACLES[name](problem.text)
        assert problem.answer.value == pytest.approx(value, rel=1e-6), problem.text
        assert problem.answer.judge(f"{value:.6g}").right
        assert not problem.answer.judge(f"{value * 1.06 + 0.001:.6g}").right


def test_the_nucleus_is_the_smallest_set_that_reaches_p():
    for seed in SEEDS:
        problem = numeric.pose("nucleus", Random(seed))
        p = float(re.search(r"p = ([\d.]+)", problem.text)[1])
        chances = {word: float(chance) for word, chance in rows_in(problem.text).items()}
        assert sum(chances.values()) == pytest.approx(1)
        kept = problem.answer.right
        weakest = min(kept, key=chances.get)
        assert min(chances[w] for w in kept) > max(chances[w] for w in chances if w not in kept)
        total = sum(chances[word] for word in kept)
        assert total - chances[weakest] < p <= total


def joined(pieces: str, left: str, right: str) -> str:
    return re.sub(rf"(?<!\S){left} {right}(?!\S)", left + right, pieces)


def merged(words: dict[str, int], steps: int) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The merges of BPE and how they cut, by replacing text: no code in common with the drills."""
    cut = {word: " ".join(word) for word in words}
    merges = []
    for _ in range(steps):
        pairs = Counter()
        for word, pieces in cut.items():
            for pair in pairwise(pieces.split()):
                pairs[pair] += words[word]
        best = pairs.most_common(1)[0][0]
        merges.append(best)
        cut = {word: joined(pieces, *best) for word, pieces in cut.items()}
    return merges, cut


def test_bpe_merges_the_most_frequent_pair_and_cuts_like_a_trained_one():
    for seed in SEEDS:
        problem = numeric.pose("first_merge", Random(seed))
        words = {w.replace(" ", ""): int(n) for w, n in rows_in(problem.text).items()}
        assert problem.answer.right == merged(words, 1)[0][0]
        problem = numeric.pose("cut_word", Random(seed))
        words = {w.replace(" ", ""): int(n) for w, n in rows_in(problem.text).items()}
        word = re.search(r"\*\*(\w+)\*\*", problem.text)[1]
        merges, _ = merged(words, 3)
        cut = " ".join(word)
        for left, right in merges:
            cut = joined(cut, left, right)
        assert list(problem.answer.right) == cut.split()


@pytest.mark.parametrize("name", numeric.DRILLS)
def test_every_numeric_drill_has_fresh_numbers_steps_and_a_question(name, guide):
    problems = [numeric.pose(name, Random(seed)) for seed in SEEDS]
    assert len({problem.text for problem in problems}) > 50
    assert numeric.pose(name, Random(7)).text == numeric.pose(name, Random(7)).text
    assert {problem.number for problem in problems} <= set(guide.questions)
    for problem in problems:
        assert len(problem.steps) >= 2
        assert not problem.answer.judge("").read
        assert problem.answer.example


@pytest.mark.parametrize("name", ORACLES)
def test_no_usual_mistake_is_taken_for_right_and_most_are_named(name):
    named = 0
    for seed in SEEDS:
        answer = numeric.pose(name, Random(seed)).answer
        for value, note in answer.slips:
            verdict = answer.judge(f"{value:.6g}")
            if abs(value - answer.value) > 0.03 * abs(answer.value):
                assert not verdict.right
                assert note in verdict.note
                named += 1
    assert named > 50


@pytest.mark.parametrize(
    ("value", "units", "right", "wrong"),
    [
        (1 / 3, PLAIN, ["1/3", "0.333", "33 %", ".33", "33.3%", "≈ 0.3333", "0,333", "33 percent"],
         ["0.34", "3", "-0.333", "1/4", "0.32", "33"]),
        (1.2e9, PLAIN, ["1.2e9", "1.2 billion", "1,200,000,000", "1.2 x 10^9", "1200M"],
         ["1.2e8", "1.3e9", "12e9"]),
        (4 * 2**30, BYTES,
         ["4 GiB", "4.29 GB", "4,294,967,296", "4.295e9 bytes", "4096 MiB", "34.36e9 bits", "4gib"],
         ["4 GB", "4", "4.5 GiB", "4.29 MB", "4 TiB"]),
        (math.log(2), NATS, ["0.693", "0.69 nats", "1 bit", "1.00 bits"], ["1", "0.7 bits"]),
        (294912, COUNT, ["294912", "294,912 parameters", "295k", "0.295 million"], ["294", "300k"]),
        (-0.5, PLAIN, ["-0.5", "−1/2", "-50 %"], ["0.5", "-0.6"]),
        (12.5, PLAIN, ["12,5", "12.5", "25/2"], ["125", "13.5"]),
    ],
)  # fmt: skip
def test_a_number_may_be_typed_as_people_write_it(value, units, right, wrong):
    answer = Number(value, units)
    assert [text for text in right if not answer.judge(text).right] == []
    assert [text for text in wrong if answer.judge(text).right] == []


def test_a_number_rounded_too_far_is_neither_right_nor_wrong():
    answer = Number(0.3456, PLAIN)
    assert answer.judge("0.3") == answer.judge(".3")
    assert not answer.judge("0.3").read
    assert "digit" in answer.judge("0.3").note
    assert answer.judge("0.35").right
    assert not answer.judge("0.36").right
    assert Number(0.66, PLAIN).judge("1").read


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "1/0", "1/", "nan", "inf", "1e999", "--1", "9" * 10_000, "%", "GiB", "1e-999999",
     "<b>1</b>", "1 2", "٣", "²", "\x00", "__import__('os')"],
)  # fmt: skip
def test_what_is_no_number_is_asked_for_again(text):
    verdict = Number(1 / 3, PLAIN).judge(text)
    assert not verdict.right
    assert "<b>" not in verdict.note


def test_sets_and_pieces_are_told_what_is_missing():
    tokens = Tokens(frozenset({"mat", "bed"}), frozenset({"mat", "bed", "roof"}))
    assert tokens.judge("Bed and mat").right
    assert tokens.judge("mat,bed").right
    assert tokens.judge("mat").note == "1 missing."
    assert tokens.judge("mat bed roof").note == "1 too many."
    assert not tokens.judge("mat, sofa").read
    assert Pieces(("e", "s"), joined=True).judge("es").right
    assert Pieces(("e", "s"), joined=True).judge("(e, s)").right
    assert not Pieces(("low", "est")).judge("lowest").right
    assert Pieces(("low", "est")).judge("low | est").right
    assert "differently" in Pieces(("low", "est")).judge("lo west").note


def test_draws_stay_within_their_bounds():
    for seed in SEEDS:
        shares = eval(Shares(5, 7).draw(Random(seed)))
        assert sum(shares) == pytest.approx(1)
        assert len(shares) == 5
        assert min(shares) >= 0.07
        spread = eval(Spread(4, -1, 1, 0.5).draw(Random(seed)))
        assert len(set(spread)) == 4
        assert set(spread) <= {-1, -0.5, 0, 0.5, 1}
        assert all(any(row) for row in eval(Vectors(3, 2, -1, 1).draw(Random(seed))))


def test_the_statements_rest_on_questions_and_both_sides_are_drawn(guide):
    pairs = sorting.read_pairs()
    assert len(pairs) == 7
    for pair in pairs.values():
        assert {one.number for one in pair.statements} <= set(guide.questions)
        assert len(pair.statements) >= 10
        drawn = [pair.draw(Random(seed)).side for seed in SEEDS]
        assert 0.3 < drawn.count(sorting.LEFT) / len(drawn) < 0.7
        assert all(one.why.endswith(".") and "\n" not in one.why for one in pair.statements)


def test_no_statement_comes_again_before_the_others():
    pair = sorting.read_pairs()["lora"]
    seen, rng = [], Random(1)
    for _ in pair.statements:
        seen.append(pair.draw(rng, seen).text)
    assert len(set(seen)) == len(pair.statements)
    assert pair.draw(rng, seen).text in seen


def broken(pair: sorting.Pair, **changes) -> sorting.Pair:
    """A pair whose first statement is another."""
    first, *others = pair.statements
    return replace(pair, statements=(replace(first, **changes), *others))


def test_statements_that_break_the_format_are_named():
    pair = sorting.read_pairs()["lora"]
    assert sorting.problem_of(pair) == ""
    assert "gives it away" in sorting.problem_of(broken(pair, text="QLoRA does it."))
    assert "left or on the right" in sorting.problem_of(broken(pair, side="middle"))
    assert "twice" in sorting.problem_of(replace(pair, statements=(*pair.statements,) * 2))
    assert "needed" in sorting.problem_of(replace(pair, statements=pair.statements[:8]))
    lopsided = tuple(replace(one, side="left") for one in pair.statements[:8])
    assert "on the left" in sorting.problem_of(
        replace(pair, statements=(*lopsided, *pair.statements[8:]))
    )
    assert "no reason" in sorting.problem_of(broken(pair, why=""))
    row = {"name": "x", "left": "a", "right": "b", "rule": "r", "words": [], "statements": []}
    with pytest.raises(GuideError, match="a or b"):
        sorting.read_pair(row)


def test_a_visit_counts_first_tries_and_ends_with_the_right_answer():
    pairs, rng = tuple(sorting.read_pairs().values()), Random(3)
    session = pose(NUMBERS, "lora", Session(), pairs, rng)
    wrong, verdict = answer(session, "1", "me", None, rng)
    assert not verdict.right
    assert (wrong.right, wrong.asked, wrong.done) == (0, 1, False)
    unread, verdict = answer(wrong, "?", "me", None, rng)
    assert unread == wrong
    assert not verdict.read
    typed = f"{session.task.answer.value:.0f}"
    right, verdict = answer(wrong, typed, "me", None, rng)
    assert verdict.right
    assert (right.right, right.asked, right.done) == (0, 1, True)
    assert answer(right, typed, "me", None, rng)[0] == right
    session = pose(TOPICS, "", right, pairs, rng)
    side = session.task.statement.side
    assert answer(session, side, "me", None, rng)[0].right == 1
    other = sorting.RIGHT if side == sorting.LEFT else sorting.LEFT
    after, verdict = answer(session, other, "me", None, rng)
    assert (after.asked, after.right, after.done) == (2, 0, True)
    assert session.task.pair.topic(side) in verdict.note


def test_any_drill_comes_and_none_twice_in_a_row(guide):
    pairs, rng, session = tuple(sorting.read_pairs().values()), Random(5), Session()
    names = []
    for _ in range(200):
        session = pose(NUMBERS, "", session, pairs, rng)
        names.append(session.seen[-1])
        assert number_of(session.task) in guide.questions
        assert way_of(session.task)
    assert set(names) == set(numeric.DRILLS)
    assert all(before != after for before, after in pairwise(names))
    assert answer(Session(), "1", "me", None, rng) == (
        Session(),
        answer(Session(), "", "", None, rng)[1],
    )
