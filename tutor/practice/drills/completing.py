"""The code drills: one line of an implementation is missing, and any line that works is right.

Right is what gives the same values as the implementation itself on inputs drawn anew, so that many
completions pass and no list of answers can be learned. The line runs elsewhere (`running.py`), the
implementation here.
"""

import ast
import inspect
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tutor.practice.drills import implementations as code
from tutor.practice.drills.answers import Verdict
from tutor.practice.drills.lines import fenced, problem_of
from tutor.practice.drills.running import Runner

MARK = "  # missing"
HOLE = "_" * 24
CASES = 6
NEAR = 1e-6  # relative; what the order of additions may change
LONGEST_SHOWN = 160  # characters of a value

Case = tuple[Any, ...]


@dataclass(frozen=True)
class Completing:
    """A function with a line to hide; `case` draws its arguments, `number` is a guide question."""

    title: str
    number: int
    function: Callable[..., Any]
    case: Callable[[Random], Case]
    edges: tuple[Case, ...] = ()  # tried each time, after what is drawn

    @property
    def _lines(self) -> list[str]:
        return inspect.getsource(self.function).rstrip().split("\n")

    @property
    def model(self) -> str:
        """The hidden line."""
        return next(line for line in self._lines if MARK in line).replace(MARK, "").strip()

    def filled(self, line: str) -> str:
        """The function with a line in the place of the hidden one."""
        return "\n".join(
            own[: len(own) - len(own.lstrip())] + line if MARK in own else own
            for own in self._lines
        )

    @property
    def shown(self) -> str:
        """The function as it is asked about."""
        return self.filled(HOLE)

    @property
    def head(self) -> str:
        """What stands before the value in the hidden line, such as `powers = ` or `return `."""
        (statement,) = ast.parse(self.model).body
        value = getattr(statement, "value", None)
        return self.model[: value.col_offset] if isinstance(value, ast.expr) else ""

    def check(self, line: str, visitor: str, runner: Runner, rng: Random) -> Verdict:
        """What a visitor's line is worth. Raises nothing of the visitor's.

        A bare value is tried as the value of the hidden line too: who types what comes behind
        `return` has understood.
        """
        text = line.strip()
        if problem := problem_of(text):
            return Verdict(False, problem, read=False)
        cases = [*(self.case(rng) for _ in range(CASES)), *self.edges]
        verdict = self._run(text, visitor, runner, cases)
        if not verdict.right and isinstance(ast.parse(text).body[0], ast.Expr):
            verdict = self._run(self.head + text, visitor, runner, cases)
        return verdict

    def _run(self, line: str, visitor: str, runner: Runner, cases: list[Case]) -> Verdict:
        ran = runner.run(visitor, self.filled(line), self.function.__name__, cases)
        for case, value in zip(cases, ran.values, strict=False):
            right = self.function(*case)
            if not same(right, value):
                example = f"{self._call(case)}\nyours: {short(value)}\nright: {short(right)}"
                none = " Does the line return its value?" if value is None else ""
                return Verdict(False, f"It gives something else here.{none}\n\n{fenced(example)}")
        if not ran.problem:
            return Verdict(True)
        said = ran.said
        if said and len(ran.values) < len(cases):
            said = f"{self._call(cases[len(ran.values)])}\n{said}"
        note = f"{ran.problem}\n\n{fenced(said)}" if said else ran.problem
        return Verdict(False, note, read=not ran.outside)

    def _call(self, case: Case) -> str:
        return f"{self.function.__name__}({', '.join(short(part) for part in case)})"


def same(right: Any, value: Any) -> bool:
    """Whether two values are equal but for rounding; tuples and lists are the same thing here."""
    if isinstance(right, (list, tuple)):
        return (
            isinstance(value, (list, tuple))
            and len(right) == len(value)
            and all(same(a, b) for a, b in zip(right, value, strict=True))
        )
    if isinstance(right, dict):
        return (
            isinstance(value, dict)
            and right.keys() == value.keys()
            and all(same(right[key], value[key]) for key in right)
        )
    if isinstance(right, (int, float)):
        try:
            return type(value) in (int, float) and math.isclose(
                right, value, rel_tol=NEAR, abs_tol=1e-9
            )
        except OverflowError:  # an integer too large to be a float
            return False
    return type(right) is type(value) and bool(right == value)


def short(value: Any) -> str:
    """A value on one line, numbers to four digits, cut where it gets long."""
    try:
        text = "None" if value is None else json.dumps(rounded(value))
    except RecursionError:  # lists within lists, more than Python goes down
        return "…"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} …"


def rounded(value: Any) -> Any:
    """A value with its numbers to four significant digits."""
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.4g}")
    if isinstance(value, (list, tuple)):
        return [rounded(part) for part in value]
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return value


def numbers(rng: Random, count: int, low: float = -3, high: float = 3) -> list[float]:
    """Numbers of one decimal."""
    return [round(rng.uniform(low, high), 1) for _ in range(count)]


def shares(rng: Random, count: int) -> list[float]:
    """Probabilities that add up to 1."""
    parts = [rng.uniform(0.05, 1) for _ in range(count)]
    return [part / sum(parts) for part in parts]


def matrix(rng: Random, rows: int, columns: int) -> list[list[float]]:
    """A matrix of numbers of one decimal."""
    return [numbers(rng, columns) for _ in range(rows)]


def square_case(rng: Random) -> Case:
    """Scores of three or four tokens for each other."""
    count = rng.randint(3, 4)
    return (matrix(rng, count, count),)


def nucleus_case(rng: Random) -> Case:
    """Sorted probabilities, and a p that no sum of them meets."""
    ranked = sorted(shares(rng, rng.randint(4, 6)), reverse=True)
    cut = rng.randint(1, len(ranked) - 2)
    return ranked, sum(ranked[:cut]) + rng.uniform(0.2, 0.8) * ranked[cut]


def lora_case(rng: Random) -> Case:
    """A layer from three numbers to two, an adapter of rank 1 or 2, an alpha that is not it."""
    rank = rng.randint(1, 2)
    return (
        numbers(rng, 3), matrix(rng, 2, 3), matrix(rng, rank, 3), matrix(rng, 2, rank),
        float(rng.choice((4, 8, 16))),
    )  # fmt: skip


def beam_case(rng: Random) -> Case:
    """Two or three beams, and logarithms of next tokens' probabilities."""
    count = rng.randint(2, 3)
    beams = [
        ([rng.randint(0, 9) for _ in range(2)], -round(rng.uniform(0.5, 3), 3))
        for _ in range(count)
    ]
    logs = [[math.log(share) for share in shares(rng, 3)] for _ in range(count)]
    return beams, logs, count


WORDS = ("l o w", "l o w e r", "n e w e s t", "w i d e s t", "b a n a n a", "h u g s")


def words_case(rng: Random) -> Case:
    """Words in pieces, with how often they occur."""
    return ({word: rng.randint(2, 9) for word in rng.sample(WORDS, 4)},)


def merge_case(rng: Random) -> Case:
    """A word in pieces, and a pair that stands in it."""
    pieces = rng.choice(WORDS).split()
    place = rng.randrange(len(pieces) - 1)
    return pieces, pieces[place], pieces[place + 1]


def padded_case(rng: Random) -> Case:
    """Vectors of which the last ones are padding."""
    count, padding = rng.randint(2, 3), rng.randint(1, 2)
    return matrix(rng, count + padding, 3), [1] * count + [0] * padding


DRILLS: Mapping[str, Completing] = {
    "softmax": Completing(
        "Stable softmax",
        23,
        code.softmax,
        lambda rng: (numbers(rng, rng.randint(2, 5)),),
        (([1000.0, 1001.0],), ([-1000.0, -1002.0],)),  # whose powers overflow and vanish
    ),
    "scaled_scores": Completing(
        "Scaled dot-product scores",
        32,
        code.scaled_scores,
        lambda rng: (numbers(rng, 4), matrix(rng, 3, 4)),
    ),
    "causal_weights": Completing(
        "Attention with a causal mask", 9, code.causal_weights, square_case
    ),
    "nucleus": Completing("Top-p filter", 12, code.nucleus, nucleus_case),
    "min_p": Completing(
        "Min-p filter",
        12,
        code.min_p_filter,
        lambda rng: (shares(rng, 5), round(rng.uniform(0.2, 0.7), 2)),
    ),
    "cross_entropy": Completing(
        "Cross-entropy from scores",
        25,
        code.cross_entropy,
        lambda rng: (numbers(rng, 4), rng.randrange(4)),
    ),
    "perplexity": Completing(
        "Perplexity", 25, code.perplexity, lambda rng: (shares(rng, rng.randint(2, 5)),)
    ),
    "divergence": Completing(
        "KL divergence",
        29,
        code.divergence,
        lambda rng: (shares(rng, 3), shares(rng, 3)),
        (([0.0, 0.5, 0.5], [0.2, 0.3, 0.5]),),
    ),
    "lora": Completing("Forward pass of LoRA", 4, code.lora, lora_case),
    "beam_step": Completing("One step of beam search", 5, code.beam_step, beam_case),
    "count_pairs": Completing("Pairs counted for BPE", 1, code.count_pairs, words_case),
    "merge": Completing(
        "One merge of BPE", 1, code.merge, merge_case, ((list("banana"), "a", "n"),)
    ),
    "mean_pool": Completing("Mean pooling with padding", 10, code.mean_pool, padded_case),
}
