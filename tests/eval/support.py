"""Measures the checker of sentences on planted errors: python -m tests.eval.support

Each row of `support.jsonl` is a sentence that a small model might have generated about guide
question `q`, with a `kind`: "supported" (in a `degree` of paraphrase: near, light or free),
"unsupported" (on topic, but not in the question's chapter, be it true or not), "contradicted" (the
opposite of what the chapter says), "number" and "negation" (what the chapter says with a number
changed, or with a negation, direction or quantifier turned around). `split` is "fit" for rows that
may be looked at while the checker is changed, "test" for those that only report.

A sentence is shown to a visitor if the checker calls it supported. Precision is the share of true
sentences among those shown, recall the share of the true ones that are shown. The last line counts
how many of the guide's own sentences pass: a model under a grammar chooses among those.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from tests.conftest import CORPUS, ROOT
from tutor.chunks import Chunk, cut_guide, plain, stated
from tutor.guide import read_guide
from tutor.lexical import Lexical
from tutor.support import Check, Support, Verdict, sentences

ROWS = ROOT / "tests" / "eval" / "support.jsonl"
SPLITS = ("fit", "test")
KINDS = ("supported", "unsupported", "contradicted", "number", "negation")
DEGREES = ("near", "light", "free")
WINDOW = 180  # words: about MiniLM's 256 wordpieces


@dataclass(frozen=True)
class Row:
    """A planted sentence and what the checker says about it."""

    id: str
    q: int
    kind: str
    split: str
    sentence: str
    check: Check
    degree: str = ""

    @property
    def shown(self) -> bool:
        """Whether a visitor would see the sentence."""
        return self.check.verdict is Verdict.SUPPORTED


def read_chunks() -> tuple[Chunk, ...]:
    """The guide in chunks, with tokens approximated by words so that no model is needed."""
    return cut_guide(read_guide(CORPUS), lambda text: len(text.split()), WINDOW)


def checkers(chunks: tuple[Chunk, ...]) -> dict[int, Support]:
    """A checker for every question of the guide."""
    stem = Lexical(chunks).stem
    return {
        number: Support([chunk for chunk in chunks if chunk.number == number], stem)
        for number in sorted({chunk.number for chunk in chunks})
    }


def read_rows(supports: dict[int, Support]) -> list[Row]:
    """The planted sentences, checked."""
    planted = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    return [Row(**row, check=supports[row["q"]].check(row["sentence"])) for row in planted]


def precision_recall(rows: Iterable[Row]) -> tuple[float, float]:
    """Of the sentences shown, the share that is true; of the true ones, the share shown."""
    rows = list(rows)
    right = sum(row.shown and row.kind == "supported" for row in rows)
    true = sum(row.kind == "supported" for row in rows)
    return right / max(sum(row.shown for row in rows), 1), right / max(true, 1)


def count(rows: Iterable[Row]) -> str:
    """How many of the rows are shown: "3 of 25"."""
    rows = list(rows)
    return f"{sum(row.shown for row in rows)} of {len(rows)}"


def own_lines(chunks: tuple[Chunk, ...], supports: dict[int, Support]) -> str:
    """How many of the guide's own sentences pass."""
    said = [(chunk.number, s) for chunk in chunks for s in sentences(plain(stated(chunk)))]
    passed = sum(supports[q].check(s).verdict is Verdict.SUPPORTED for q, s in said)
    return f"{passed} of {len(said)}"


def main() -> None:
    """Print the table."""
    chunks = read_chunks()
    supports = checkers(chunks)
    rows = read_rows(supports)
    groups = [(kind, [row for row in rows if row.kind == kind]) for kind in KINDS]
    groups[1:1] = [(f"  {degree}", [r for r in rows if r.degree == degree]) for degree in DEGREES]
    groups.append(("all not supported", [row for row in rows if row.kind != "supported"]))
    print(f"{'shown':20}" + "".join(f"{split:>12}" for split in SPLITS))
    for name, group in groups:
        cells = [count(row for row in group if row.split == split) for split in SPLITS]
        print(f"{name:20}" + "".join(f"{cell:>12}" for cell in cells))
    both = [precision_recall(row for row in rows if row.split == split) for split in SPLITS]
    for i, name in enumerate(("precision", "recall")):
        print(f"{name:20}" + "".join(f"{values[i]:12.3f}" for values in both))
    print(f"{'own sentences':20}{own_lines(chunks, supports):>12}")


if __name__ == "__main__":
    main()
