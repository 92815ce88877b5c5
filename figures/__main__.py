"""Draw the figures: `python -m figures [NAME…] [--check] [--png FOLDER]`."""

import argparse
import sys
from pathlib import Path

from figures import CATALOG, Entry
from figures.catalog import ROOT, png, svg
from figures.style import DARK, LIGHT


def chosen(names: list[str]) -> list[Entry]:
    """The figures named, by name or file stem; all of them where none is named."""
    known = {**CATALOG, **{entry.stem: entry for entry in CATALOG.values()}}
    missing = [name for name in names if name not in known]
    if missing:
        sys.exit(f"No such figure: {', '.join(missing)}. Known: {', '.join(sorted(CATALOG))}")
    picked = [known[name] for name in names] if names else list(CATALOG.values())
    return sorted(picked, key=lambda entry: entry.question)


def write(entries: list[Entry]) -> int:
    """Write both files of every figure."""
    for entry in entries:
        for path, ink in entry.files().items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(svg(entry, ink), encoding="utf-8", newline="\n")
        print(f"Q{entry.question} {entry.stem}")
    return 0


def check(entries: list[Entry]) -> int:
    """Say which files are not what the code draws, and which files no code draws."""
    wanted = {path: svg(entry, ink) for entry in entries for path, ink in entry.files().items()}
    wrong = [
        path
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    if len(entries) == len(CATALOG):
        wrong += [p for p in sorted(ROOT.glob("corpus/*/figures/*.svg")) if p not in wanted]
    for path in wrong:
        print(f"not what the code draws: {path.relative_to(ROOT)}")
    return 1 if wrong else 0


def main() -> int:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m figures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="figures to draw (all)")
    parser.add_argument("--check", action="store_true", help="compare the files, write nothing")
    parser.add_argument("--png", type=Path, metavar="FOLDER", help="write PNG files to look at")
    arguments = parser.parse_args()
    entries = chosen(arguments.names)
    if arguments.png is not None:
        arguments.png.mkdir(parents=True, exist_ok=True)
        for entry in entries:
            for ink in (LIGHT, DARK):
                png(entry, ink, arguments.png / f"{entry.stem}.{ink.name}.png")
        return 0
    return check(entries) if arguments.check else write(entries)


if __name__ == "__main__":
    sys.exit(main())
