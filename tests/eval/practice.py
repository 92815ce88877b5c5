"""The grader on labelled answers: python -m tests.eval.practice [--misses].

`answers.jsonl` has six answers to each question by two authors who saw neither code nor training
data and wrote none of that. A point that its author called half made counts neither way.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import spearmanr

from tests.conftest import CORPUS
from tutor.engine.embed import Embedder, MiniLM
from tutor.engine.models import embedder_dir
from tutor.guide.read import Guide, read_guide
from tutor.practice.feedback import Feedback, assess
from tutor.practice.grader import Grader, TrainedGrader
from tutor.settings import read_settings

ANSWERS = Path(__file__).parent / "answers.jsonl"
WORTHLESS = {"nonsense", "copied", "off", "wish", "thin"}


@dataclass(frozen=True)
class Labelled:
    """An answer with what its author says of it: indices of key points and of wrong claims."""

    number: int
    kind: str
    spoken: bool
    text: str
    points: frozenset[int]
    half: frozenset[int]
    wrong: frozenset[int]


@dataclass(frozen=True)
class Graded:
    """A labelled answer with the grader's feedback."""

    answer: Labelled
    feedback: Feedback

    @property
    def made(self) -> set[int]:
        """Points that the grader ticks, half made ones left out."""
        return {one.statement.index for one in self.feedback.made} - self.answer.half

    @property
    def stated(self) -> set[int]:
        """Wrong claims that the grader finds."""
        return {one.statement.index for one in self.feedback.mistakes}


def read_labelled(path: Path = ANSWERS) -> list[Labelled]:
    """All labelled answers."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [
        Labelled(
            row["q"], row["kind"], row["spoken"], row["answer"],
            *(frozenset(row[key]) for key in ("points", "half", "wrong")),
        )
        for row in rows
    ]  # fmt: skip


def graded(
    guide: Guide, grader: Grader, embedder: Embedder, answers: Sequence[Labelled]
) -> list[Graded]:
    """Each answer with its feedback."""
    return [
        Graded(one, assess(guide.questions[one.number], one.text, grader, embedder))
        for one in answers
    ]


def figures(rows: Sequence[Graded]) -> dict[str, float]:
    """Precision and recall over key points, rank correlation of the shares of points, wrong claims
    found, answers without one that are said to have one, worthless answers with a point."""
    hits = sum(len(row.made & row.answer.points) for row in rows)
    ticked = sum(len(row.made) for row in rows)
    made = sum(len(row.answer.points) for row in rows)
    shares = [len(row.feedback.made) / len_points(row) for row in rows]
    labels = [(len(row.answer.points) + len(row.answer.half) / 2) / len_points(row) for row in rows]
    wrong = sum(len(row.answer.wrong) for row in rows)
    clean = [row for row in rows if not row.answer.wrong]
    worthless = [row for row in rows if row.answer.kind in WORTHLESS and not row.answer.points]
    return {
        "precision": hits / max(1, ticked),
        "recall": hits / max(1, made),
        "rank correlation": float(spearmanr(shares, labels).statistic),
        "mistakes found": sum(len(row.stated & row.answer.wrong) for row in rows) / max(1, wrong),
        "false alarms": sum(bool(row.stated) for row in clean) / max(1, len(clean)),
        "worthless with a point": sum(bool(row.made) for row in worthless) / max(1, len(worthless)),
    }


def len_points(row: Graded) -> int:
    """How many key points the question has."""
    return len(row.feedback.made) + len(row.feedback.missing)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures of all answers and of the spoken ones."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.practice", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="show what was ticked wrongly")
    parser.add_argument("--adapter", type=Path, help="a folder with another grader")
    options = parser.parse_args(argv)
    base = embedder_dir(read_settings().home)
    grader = TrainedGrader(*base, options.adapter)
    rows = graded(read_guide(CORPUS), grader, MiniLM(*base), read_labelled())
    for name, some in (("all", rows), ("spoken", [row for row in rows if row.answer.spoken])):
        told = "  ".join(f"{key} {value:.3f}" for key, value in figures(some).items())
        print(f"{name} ({len(some)}): {told}")
    if options.misses:
        show_misses(rows)


def show_misses(rows: Sequence[Graded]) -> None:
    """Each answer with points ticked or missed against its label."""
    for row in rows:
        extra, missed = row.made - row.answer.points, row.answer.points - row.made
        if extra or missed or row.stated != row.answer.wrong:
            sys.stdout.write(
                f"Q{row.answer.number} {row.answer.kind}: ticked {sorted(extra)}, missed "
                f"{sorted(missed)}, claims {sorted(row.stated)} of {sorted(row.answer.wrong)}\n"
                f"    {row.answer.text}\n"
            )


if __name__ == "__main__":
    main()
