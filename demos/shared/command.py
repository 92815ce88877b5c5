"""The command line that every demo shares: help, one line on what cannot be used, the exit code."""

import argparse
import sys
from collections.abc import Callable, Sequence
from types import ModuleType

from tutor.errors import TutorError


def parser_of(demo: ModuleType) -> argparse.ArgumentParser:
    """A parser for `python -m demos.NAME` whose help shows the demo's docstring as it stands."""
    return argparse.ArgumentParser(
        prog=f"python -m {demo.__name__}",
        description=demo.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def run_command(
    parser: argparse.ArgumentParser, show: Callable[..., None], argv: Sequence[str] | None
) -> int:
    """Run and print by `show`, which takes every option by name; the exit code.

    2, and what to do in one line on stderr, when something cannot be used.
    """
    try:
        show(**vars(parser.parse_args(argv)))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
