"""Particular turns: does the reply hold what a right one must?   python -m tests.eval.particulars

`particulars.jsonl` holds turns by authors who have seen neither the code nor what it is trained on:
what a right reply cannot do without (`must`: of each list one), what it may not hold, the number
that has to come out, the verdict on a claim. Patterns are a rough measure: a reply in other words
may fail, a rambling one may pass. What is reported is the share by kind, and the misses with
`--misses`.
"""

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.eval.sets import FOLDER
from tutor.calls.quantity import NUMBER, SUFFIXES, scalar
from tutor.engine.generate import Message
from tutor.guide.text import plain
from tutor.reply.tutor import Reply, Tutor
from tutor.settings import read_settings
from tutor.start import open_tutor

FILE = FOLDER / "particulars.jsonl"
TOLERANCE = 0.03
# How replies begin that carry a verdict.
VERDICTS = {
    "right": r"(yes|right|correct|true|exactly|you were right|that is right|that's right)\b",
    "wrong": r"(no|not quite|not|wrong|that was wrong|that is wrong|incorrect|false)\b",
    "half": r"(half|partly|almost|mostly|nearly|partially|only partly|in part|yes and no)\b",
}
NOT_GIVEN = re.compile(
    r"guide (does not|doesn't|gives no|has no|says nothing|leaves|names no|stops|only|never)"
    r"|not (in|cover|given|part of)|does not (cover|give|say|name)|no (figure|number)s? (for|in)",
    re.IGNORECASE,
)
QUANTITY = re.compile(rf"({NUMBER})\s?({'|'.join(map(re.escape, SUFFIXES))})?(?![A-Za-z])")


@dataclass(frozen=True)
class Particular:
    """One turn with what a right reply holds."""

    id: str
    q: int
    kind: str
    question: str
    history: tuple[Message, ...]
    must: tuple[tuple[str, ...], ...]
    must_not: tuple[str, ...]
    number: dict[str, Any] | None
    verdict: str


def read_particulars() -> list[Particular]:
    """All of them."""
    return [particular(json.loads(line)) for line in FILE.read_text("utf-8").splitlines()]


def particular(row: dict[str, Any]) -> Particular:
    """One row of the file."""
    return Particular(
        row["id"],
        row["q"],
        row["kind"],
        row["question"],
        tuple(Message(m["role"], m["content"]) for m in row["history"]),
        tuple(map(tuple, row["must"])),
        tuple(row["must_not"]),
        row.get("number"),
        row.get("verdict", ""),
    )


def fits(one: Particular, reply: Reply) -> bool:
    """Whether the reply holds what it must, and nothing that it must not."""
    text = plain(reply.text)
    lowered = text.lower().replace("−", "-").replace("’", "'")
    if one.kind == "beyond":
        return reply.lead.refused or bool(NOT_GIVEN.search(text))
    if any(word.lower() in lowered for word in one.must_not):
        return False
    if one.verdict and not re.match(VERDICTS[one.verdict], lowered):
        return False
    if one.number and not holds_number(text, one.number):
        return False
    return all(any(word.lower() in lowered for word in words) for words in one.must)


def holds_number(text: str, wanted: dict[str, Any]) -> bool:
    """Whether one of the text's numbers, alone or with what multiplies it, is the wanted one."""
    value, tolerance = float(wanted["value"]), float(wanted.get("tolerance", TOLERANCE))
    for match in QUANTITY.finditer(text):
        found = {scalar(match[1])}
        if match[2]:
            found.add(scalar(match[0].strip()))
        found |= {number * factor for number in found for factor in (0.01, 100)}
        if any(abs(number - value) <= abs(value) * tolerance + 1e-9 for number in found):
            return True
    return False


def figures_of(seen: Sequence[tuple[Particular, bool, float]]) -> dict[str, float]:
    """The share that fits over all and by kind, and the median time of what needs no model."""
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for one, ok, _ in seen:
        by_kind[f"{one.kind} {one.verdict}".strip()].append(ok)
    shares = {kind: sum(hits) / len(hits) for kind, hits in sorted(by_kind.items())}
    times = sorted(ms for _, _, ms in seen)
    whole = sum(ok for _, ok, _ in seen) / len(seen)
    rounded = {kind: round(value, 3) for kind, value in {"all": whole, **shares}.items()}
    return rounded | {"p50 ms": round(times[len(times) // 2], 1)}


def run(tutor: Tutor, part: str = "") -> list[tuple[Particular, bool, float, str]]:
    """Every turn answered without the model; `part` chooses ids that begin with it."""
    found = []
    for one in read_particulars():
        if one.id.startswith(part):
            start = time.perf_counter()
            reply = tutor.look_up(tutor.understand(one.question, one.history), one.history)
            ms = 1000 * (time.perf_counter() - start)
            found.append((one, fits(one, reply), ms, plain(reply.text)))
    return found


def main() -> None:
    """Print the figures, and the misses if asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.particulars")
    parser.add_argument("--part", default="", help="ids that begin with this, all by default")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    library, _, tutor = open_tutor(read_settings(model="none"), lambda *_: None)
    seen = run(tutor, options.part)
    if options.misses:
        for one, ok, _, text in seen:
            if not ok:
                print(f"[{one.id} {one.kind} {one.verdict}] {one.question}\n    {text[:300]}\n")
    print(json.dumps(figures_of([row[:3] for row in seen]), indent=1))
    library.index.close()


if __name__ == "__main__":
    main()
