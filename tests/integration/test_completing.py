"""Code drills: what passes, what does not, and what a hostile line gets done (nothing)."""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from scipy.special import rel_entr
from torch.nn import functional as F

from tests.conftest import CORPUS
from tutor.guide.read import read_guide
from tutor.practice.drills import confined, running
from tutor.practice.drills.completing import DRILLS, same, short
from tutor.practice.drills.lines import problem_of
from tutor.practice.drills.running import Runner, read_answer

SEEDS = range(30)


@pytest.fixture(scope="module")
def runner():
    return Runner()


@pytest.fixture
def check(runner):
    return lambda name, line: DRILLS[name].check(line, "me", runner, Random(11))


def causal(scores):
    scores = torch.tensor(scores, dtype=torch.float64)
    later = torch.ones_like(scores).triu(1).bool()
    return torch.softmax(scores.masked_fill(later, -math.inf), 1).tolist()


def top_p(ranked, p):
    count = int(np.searchsorted(np.cumsum(ranked), p)) + 1
    return (np.array(ranked[:count]) / sum(ranked[:count])).tolist()


def min_p(chances, share):
    chances = np.array(chances)
    chances[chances < share * chances.max()] = 0
    return (chances / chances.sum()).tolist()


def lora(x, frozen, a, b, alpha):
    x, frozen, a, b = (np.array(part) for part in (x, frozen, a, b))
    return ((frozen + alpha / a.shape[0] * b @ a) @ x).tolist()


def beam(beams, logs, width):
    scores = np.array([score for _, score in beams])[:, None] + np.array(logs)
    best = np.argsort(-scores, axis=None)[:width]
    places = [np.unravel_index(place, scores.shape) for place in best]
    return [([*beams[i][0], int(j)], float(scores[i, j])) for i, j in places]


def pairs(words):
    counts = {}
    for word, times in words.items():
        for match in zip(word.split()[:-1], word.split()[1:], strict=True):
            counts[" ".join(match)] = counts.get(" ".join(match), 0) + times
    return counts


def pooled(vectors, mask):
    return np.average(np.array(vectors), axis=0, weights=mask).tolist()


ORACLES = {
    "softmax": lambda scores: torch.softmax(torch.tensor(scores, dtype=torch.float64), 0).tolist(),
    "scaled_scores": lambda q, keys: (np.array(keys) @ q / len(q) ** 0.5).tolist(),
    "causal_weights": causal,
    "nucleus": top_p,
    "min_p": min_p,
    "cross_entropy": lambda scores, target: float(
        F.cross_entropy(torch.tensor([scores], dtype=torch.float64), torch.tensor([target]))
    ),
    "perplexity": lambda chances: float(np.prod(chances) ** (-1 / len(chances))),
    "divergence": lambda p, q: float(rel_entr(p, q).sum()),
    "lora": lora,
    "beam_step": beam,
    "count_pairs": pairs,
    "merge": lambda pieces, left, right: re.sub(
        rf"(?<!\S){left} {right}(?!\S)", left + right, " ".join(pieces)
    ).split(),
    "mean_pool": pooled,
}


@pytest.mark.parametrize("name", DRILLS)
def test_an_implementation_gives_what_a_library_gives(name):
    drill = DRILLS[name]
    for case in [*(drill.case(Random(seed)) for seed in SEEDS), *drill.edges]:
        value = ORACLES[name](*json.loads(json.dumps(case)))
        assert same(drill.function(*case), json.loads(json.dumps(value))), case


@pytest.mark.parametrize("name", DRILLS)
def test_the_hidden_line_passes_alone_and_as_its_value(name, check):
    drill = DRILLS[name]
    assert drill.model not in drill.shown
    assert "missing" not in drill.shown
    assert check(name, drill.model).right
    assert check(name, f"   {drill.model}  # mine").right
    assert drill.head
    assert check(name, drill.model.removeprefix(drill.head)).right
    assert not check(name, "pass").right


def test_every_code_drill_belongs_to_a_question():
    assert {drill.number for drill in DRILLS.values()} <= set(read_guide(CORPUS).questions)


RIGHT = [
    ("softmax", "powers = list(map(lambda s: math.exp(s - largest), scores))"),
    ("softmax", "powers = [math.e ** (s - largest) for s in scores]"),
    ("softmax", "powers = []; [powers.append(math.exp(s - largest)) for s in scores]"),
    ("softmax", "return [1 / sum(math.exp(b - a) for b in scores) if a > largest - 700 else 0.0 "
                "for a in scores]"),
    ("scaled_scores", "return [p * len(query) ** -0.5 for p in products]"),
    ("causal_weights", "row = row[: i + 1] + [-math.inf] * (len(row) - i - 1)"),
    ("causal_weights", "row = [row[j] if i >= j else float('-inf') for j in range(len(row))]"),
    ("causal_weights", "row[i + 1 :] = [-math.inf for _ in row[i + 1 :]]"),
    ("nucleus", "kept = ranked[: sum(1 for b in before if b < p)]"),
    ("nucleus", "kept = ranked[: len([b for b in before if b < p])]"),
    ("min_p", "floor = max(p * min_p for p in probabilities)"),
    ("cross_entropy", "return -(scores[target] - log_sum)"),
    ("cross_entropy", "return -math.log(math.exp(scores[target] - log_sum))"),
    ("perplexity", "return math.e ** (math.fsum(losses) / len(losses))"),
    ("perplexity", "return math.prod(chances) ** (-1 / len(chances))"),
    ("divergence", "return sum(a * (math.log(a) - math.log(b)) for a, b in zip(p, q) if a)"),
    ("divergence", "return sum(a * math.log(a / q[i]) if a else 0 for i, a in enumerate(p))"),
    ("lora", "return [base[i] + alpha * update[i] / len(b[0]) for i in range(len(base))]"),
    ("beam_step", "candidates.extend((tokens + [i], score + row[i]) for i in range(len(row)))"),
    ("beam_step", "for i, log in enumerate(row): candidates.append((tokens + [i], score + log))"),
    ("count_pairs", "counts[pair] = times + (counts[pair] if pair in counts else 0)"),
    ("count_pairs", "counts.setdefault(pair, 0); counts[pair] += times"),
    ("merge", "merged[-1] += right"),
    ("merge", "merged.append(merged.pop() + piece)"),
    ("mean_pool", "return [sum(v for m, v in zip(mask, c) if m) / count for c in columns]"),
]  # fmt: skip
WRONG = [
    ("softmax", "powers = [math.exp(score) for score in scores]"),
    ("softmax", "powers = [score - largest for score in scores]"),
    ("softmax", "return [1 / len(scores)] * len(scores)"),
    ("scaled_scores", "return products"),
    ("scaled_scores", "return [product / len(query) for product in products]"),
    ("scaled_scores", "return [product / math.sqrt(len(keys)) for product in products]"),
    ("causal_weights", "row = [s if j < i else -math.inf for j, s in enumerate(row)]"),
    ("causal_weights", "row = [s if j >= i else -math.inf for j, s in enumerate(row)]"),
    ("causal_weights", "row = [s if j <= i else 0.0 for j, s in enumerate(row)]"),
    ("causal_weights", "pass"),
    ("nucleus", "kept = [s for s, so_far in zip(ranked, before) if so_far + s <= p]"),
    ("nucleus", "kept = [s for s in ranked if s < p]"),
    ("min_p", "floor = min_p"),
    ("min_p", "floor = min(probabilities)"),
    ("cross_entropy", "return scores[target] - log_sum"),
    ("cross_entropy", "return log_sum"),
    ("perplexity", "return math.exp(sum(losses))"),
    ("perplexity", "return 2 ** (sum(losses) / len(losses))"),
    ("perplexity", "math.exp(1)"),
    ("divergence", "return sum(a * math.log(a / b) for a, b in zip(p, q))"),
    ("divergence", "return sum(b * math.log(b / a) for a, b in zip(p, q) if a > 0)"),
    ("lora", "return [h + u for h, u in zip(base, update)]"),
    ("lora", "return [h + alpha * u for h, u in zip(base, update)]"),
    ("beam_step", "candidates += [([*tokens, i], log) for i, log in enumerate(row)]"),
    ("beam_step", "candidates += [([*tokens, i], score * log) for i, log in enumerate(row)]"),
    ("count_pairs", "counts[pair] = counts.get(pair, 0) + 1"),
    ("count_pairs", "counts[pair] = times"),
    ("merge", "merged.append(left + right)"),
    ("mean_pool", "return [sum(column) / count for column in columns]"),
    ("mean_pool", "return [sum(c) / len(mask) for c in columns]"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line"), RIGHT)
def test_another_right_line_passes(name, line, check):
    assert check(name, line).right


@pytest.mark.parametrize(("name", "line"), WRONG)
def test_a_wrong_line_fails_and_is_shown_a_case(name, line, check):
    verdict = check(name, line)
    assert not verdict.right
    assert verdict.read
    assert f"{DRILLS[name].function.__name__}(" in verdict.note


def test_every_drill_has_right_and_wrong_lines_of_its_own():
    assert {name for name, _ in RIGHT} == set(DRILLS)
    assert {name for name, _ in WRONG} == set(DRILLS)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("powers = [math.exp(s) for s in scores", "'[' was never closed"),
        ("powers == = 3", "invalid syntax"),
        ("powers = 'x", "unterminated string"),
        ("x = 1 \\", "unexpected EOF"),
        ("", "Type the missing line"),
        ("# nothing", "Type the missing line"),
        ("import numpy as np", "Nothing needs to be imported"),
        ("powers = np.exp(scores)", "`np` is not there"),
        ("x = 1\ny = 2", "One line"),
        ("x" * 301, "One line"),
        ("while True: pass", "While cannot be used"),
        ("def f(): return 1", "FunctionDef cannot be used"),
        ("(" * 299, ""),
        ("-" * 299 + "1", ""),
        ("x = '\ud800'", ""),
        ("x = '\x00'", ""),
    ],
)
def test_a_line_that_cannot_be_read_is_told_why_and_counts_nothing(line, says, check):
    verdict = check("softmax", line)
    assert not verdict.right
    assert says in verdict.note
    assert len(verdict.note) < 1000


def test_a_syntax_error_is_marked_at_its_place():
    *_, text, mark, _, _ = problem_of("powers = [1, 2) + 3").split("\n")
    assert text[mark.index("^")] == ")"


HOSTILE = [
    "import os; os.system('touch /tmp/{flag}')",
    "__import__('os').system('touch /tmp/{flag}')",
    "open('/tmp/{flag}', 'w').write('x')",
    "eval('1')",
    "exec('x = 1')",
    "globals()['x'] = 1",
    "print('right')",
    "exit()",
    "quit()",
    "raise SystemExit(0)",
    "powers = scores.__class__.__base__.__subclasses__()",
    "powers = [x for x in ().__class__.__mro__]",
    "powers = (s for s in scores).gi_frame.f_back.f_globals",
    "powers = '{{0.__class__}}'.format(scores)",
    "powers = '%s'.format_map(scores)",
    "powers = f'{{scores.__class__}}'",
    "powers = getattr(scores, '__class__')",
    "powers = vars(math)",
    "math.exp = lambda x: 1",
    "math.isclose = lambda *a, **b: True",
    "global json; json = 1",
    "del scores",
    "lambda: (yield)",
    "powers = [__builtins__]",
    "powers = math.__loader__.load_module('os')",
    "try: pass\nexcept: pass",
    "powers = breakpoint()",
    "powers = input()",
    "powers = type('X', (), {{}})",
    "powers = 'x' * 10**12",
    "powers = [0] * 10**10",
    "powers = 10 ** 10 ** 10",
    "powers = sum(1 for _ in range(10**15))",
    "powers = [[0] * 10**6 for _ in range(10**6)]",
    "powers = 'x' * 10**7; return powers",
    "return [[[]]] * 10**5",
    "return (lambda f: f(f))(lambda f: f(f))",
    "return f'{{scores!r:{{10**9}}}}'",
    "scores.append(scores); return scores",
    "return {{'values': [[1]]}}",
    "return math.nan",
    "return math.inf",
    "return 10 ** 4299",
    "return True",
    "for _ in range(10**15): pass",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_line_gets_nothing_done(line, check):
    flag = f"tutor-flag-{os.getpid()}"
    before = set(processes())
    verdict = check("softmax", line.format(flag=flag))
    assert not verdict.right
    assert verdict.note
    assert not Path("/tmp", flag).exists()
    assert set(processes()) <= before


def processes() -> list[int]:
    """The confined processes of this tree that are there, where they can be listed."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if confined.__file__.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


# Past the look at the line: what such a line could reach if that look missed something.
MODULES = "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0]"
OS = f"{MODULES}.__init__.__globals__"
ESCAPES = [
    f"{OS}['system']('touch /tmp/FLAG')",
    f"{OS}['fork']()",
    f"{OS}['kill']({os.getpid()}, 9)",
    f"{OS}['execv']('/bin/sh', ['sh', '-c', 'touch /tmp/FLAG'])",
    f"{OS}['open']('/etc/passwd', 0)",
    f"{OS}['sys'].modules['builtins'].open('/tmp/FLAG', 'w')",
    f"{OS}['sys'].modules['builtins'].__import__('socket').create_connection(('127.0.0.1', 80))",
    f"{OS}['sys'].modules['builtins'].__import__('subprocess').run(['touch', '/tmp/FLAG'])",
    f"{OS}['sys'].modules['resource'].setrlimit(7, (100, 100))",
    f"{OS}['sys'].modules['ctypes'].string_at(0)",
    f"{OS}['_exit'](0)",
    f"{OS}['sys'].exit(0)",
    f"{OS}['close'](1)",
    f"{OS}['write'](1, b'{{\"values\": [[0.5, 0.5]]}}')",
    f"{OS}['sys'].stdout.write('x' * 10**6)",
    f"{OS}['listdir']('/')",
    f"{OS}['environ'].copy()",
]


@pytest.mark.parametrize("escape", ESCAPES)
def test_what_gets_past_the_look_at_a_line_reaches_nothing(escape, runner):
    flag = Path("/tmp", f"tutor-flag-{os.getpid()}")
    source = f"def f(x):\n    y = {escape.replace('FLAG', flag.name)}\n    return [repr(y), x]"
    ran = runner.run("me", source, "f", [(1,)])
    assert not flag.exists()
    assert "root:" not in str(ran)
    assert "PATH" not in str(ran)
    assert processes() == []


def test_a_forged_answer_is_worth_what_its_values_are(runner):
    """Whoever writes to the channel has to know the right values, and they are not there."""
    said = b'{"values": [[0.5, 0.5]], "right": true, "passed": true}'
    source = f"def f(x):\n    {OS}['write'](1, {said!r})\n    {OS}['_exit'](0)"
    ran = runner.run("me", source, "f", [(1,)])
    assert ran.values == ([0.5, 0.5],)
    seen = runner.run("me", "def f(x):\n    return sorted(" + OS + "['sys'].modules)", "f", [(1,)])
    assert [name for name in seen.values[0] if "tutor" in name or "implementations" in name] == []


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter is Linux's")
@pytest.mark.parametrize(
    "act",
    ["os.fork()", "open('/etc/passwd')", "open('x', 'w')", "socket.socket()", "os.kill(1, 0)",
     "os.execv('/bin/true', ['true'])", "os.setsid()", "os.listdir('/')", "os.pipe()",
     "resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))", "os.unlink('x')", "os.chmod('/', 0)",
     "threading.Thread(target=print).start()", "os.nice(-5)"],
)  # fmt: skip
def test_the_kernel_alone_refuses_everything_but_computing(act):
    """Without the look at the line and without the audit hook."""
    script = (
        f"import sys; sys.path.insert(0, {str(Path(confined.__file__).parent)!r})\n"
        "import confined, os, resource, socket, threading\n"
        "confined.limit(); confined.filter_calls()\n"
        "print(sum([1, 2]), flush=True)\n"
        f"try:\n    {act}\nexcept (OSError, RuntimeError, ValueError): print('refused')"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["3", "refused"], done.stderr


@pytest.mark.parametrize(
    "act",
    ["open('/etc/passwd')", "import csv", "os.system('true')", "os.fork()", "os.listdir('/')",
     "socket.socket()", "sys.settrace(print)", "sys._getframe()", "exec('import csv')"],
)  # fmt: skip
def test_the_audit_hook_alone_ends_what_is_not_computing(act):
    """Without the kernel's filter, which not every system has."""
    script = (
        f"import sys; sys.path.insert(0, {str(Path(confined.__file__).parent)!r})\n"
        "import confined, os, socket\n"
        f"sys.addaudithook(confined.watch)\neval('1')\n{act}\nprint('done')"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (confined.REFUSED, "")


def test_what_is_no_answer_is_no_answer():
    kill, crash = -9, -11
    assert read_answer(0, '{"values": [1]}', 1).values == (1,)
    assert read_answer(0, '{"values": [1]}', 2).problem == running.ELSE
    assert read_answer(0, '{"values": 1}', 1).problem == running.ELSE
    assert read_answer(0, '{"values": [1, 2], "error": "E: x"}', 1).values == ()
    assert read_answer(0, "[1]", 1).problem == running.ELSE
    assert read_answer(0, "", 1).problem == running.ELSE
    assert read_answer(0, "[" * 60_000, 1).problem == running.ELSE
    assert read_answer(0, "x" * confined.WRITTEN, 1).problem == running.MUCH
    assert read_answer(confined.REFUSED, '{"values": [1]}', 1).problem == running.ELSE
    assert read_answer(kill, '{"values": [1]}', 1).problem == running.ENDLESS
    assert read_answer(crash, "", 1).problem == running.ELSE
    refused = read_answer(0, '{"refused": "no\\nfilter"}', 1)
    assert (refused.problem, refused.said, refused.outside) == (running.REFUSED, "no filter", True)
    assert len(read_answer(0, json.dumps({"error": "E" * 5000}), 1).said) < 500


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them")
def test_one_line_at_a_time_for_a_visitor_and_a_few_for_all():
    runner, results = Runner(at_once=1, seconds=1.0), {}
    endless = "def f(x):\n    while True: pass"

    def run(who: str) -> None:
        results[who] = runner.run(who, endless, "f", [(1,)])

    threads = [threading.Thread(target=run, args=(who,)) for who in ("a", "b")]
    for thread in threads:
        thread.start()
    while not processes():
        time.sleep(0.01)
    assert runner.run("a", endless, "f", [(1,)]).problem == running.BUSY
    assert len(processes()) == 1
    for thread in threads:
        thread.join()
    assert {ran.problem for ran in results.values()} == {running.ENDLESS}
    assert runner.run("a", "def f(x): return x", "f", [(1,)]).values == (1,)


def test_nothing_is_left_behind(runner):
    left = lambda: list(Path(tempfile.gettempdir()).glob("tutor-line-*"))  # noqa: E731
    before = left()
    runner.run("me", "def f(x): return x", "f", [(1,)])
    runner.run("me", "def f(x): return 1 / 0", "f", [(1,)])
    assert left() == before
    assert processes() == []


def test_a_line_that_could_not_be_run_counts_nothing(check, runner, monkeypatch):
    monkeypatch.setattr(sys, "executable", "")
    verdict = check("softmax", DRILLS["softmax"].model)
    assert (verdict.right, verdict.read) == (False, False)
    assert verdict.note == running.REFUSED


def test_values_are_compared_by_what_they_are():
    assert same([(1, 2.0)], [[1.0, 2]])
    assert same(0.1 + 0.2, 0.3)
    assert not same(1.0, True)
    assert not same(0.5, 10**400)
    assert not same([1.0], 1.0)
    assert not same([1.0], [1.0, 2.0])
    assert not same({"a": 1}, {"b": 1})
    assert not same("a", 1)
    assert not same(1.0, math.nan)
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    assert not same([1.0], deep)
    assert short(deep) == "…"
    assert len(short("x" * 10_000)) < 200
