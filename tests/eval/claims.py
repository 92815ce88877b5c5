"""Verdicts on claims:   python -m tests.eval.claims --misses

`claims.jsonl` has 180 facts of the guide by authors who saw neither code nor training data, each
as three people put it: `right`, `wrong` and `half` right, about the guide question `q`. What is
measured is the verdict of the pair reader over the written answers that the search finds, and how
often it is right where it is sure enough to be said.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass

from tests.eval.sets import FOLDER
from tutor.choose.choice import Verdict, choose
from tutor.guide.answers import VERDICTS
from tutor.reply.close import SURE
from tutor.settings import read_settings
from tutor.start import Library, open_library
from tutor.turn.understand import understand

FILE = FOLDER / "claims.jsonl"


@dataclass(frozen=True)
class Claim:
    """What somebody says, and whether it is right, wrong or half right."""

    text: str
    word: str


def read_claims() -> list[Claim]:
    """All claims, three to a fact."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [Claim(row[word], word) for row in rows for word in VERDICTS]


def verdicts(library: Library, claims: Sequence[Claim]) -> list[Verdict]:
    """What the pair reader says of each."""
    assert library.pairs
    retriever, found = library.retriever, []
    for claim in claims:
        ask = understand(claim.text, retriever.reader)
        written = retriever.search(ask).written
        choice = choose(ask, written, library.pairs, retriever.fitted.choice)
        found.append(choice.verdict or Verdict((1.0, 0.0, 0.0)))
    return found


def figures_of(claims: Sequence[Claim], found: Sequence[Verdict]) -> dict[str, float]:
    """The share of right verdicts, of those that would be said, and how many of those are right."""
    right = [one.word == claim.word for claim, one in zip(claims, found, strict=True)]
    sure = [ok for ok, one in zip(right, found, strict=True) if one.certainty >= SURE]
    figures = {
        "verdict": sum(right) / len(right),
        "said": len(sure) / len(right),
        "right if said": sum(sure) / max(1, len(sure)),
    }
    for word in VERDICTS:
        some = [ok for ok, claim in zip(right, claims, strict=True) if claim.word == word]
        figures[word] = sum(some) / len(some)
    return {name: round(value, 3) for name, value in figures.items()}


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures, and with --misses what was wrong and would be said."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.claims")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args(argv)
    library = open_library(read_settings(), lambda *_: None)
    claims = read_claims()
    found = verdicts(library, claims)
    library.index.close()
    print(json.dumps(figures_of(claims, found), indent=1))
    for claim, one in zip(claims, found, strict=True):
        if options.misses and one.certainty >= SURE and one.word != claim.word:
            print(f"{claim.word} taken for {one.word} ({one.certainty:.2f}): {claim.text}")


if __name__ == "__main__":
    main()
