"""How many planted faults the unit tests find: python -m tests.mutate

    --modules reply/lead.py turn/understand.py     only these, below tutor/
    --sample 12    mutants of each module, drawn with a fixed seed; 0 for all

A mutant is a module with one small change: a comparison turned, a constant moved, a condition
negated, an argument of `and` or `or` dropped, a sum made a difference, a returned value forgotten
(DeMillo, Lipton & Sayward 1978). A mutant that lets every test pass survives: a fault of that kind
would not be noticed. Each runs in a fork of this process, in which the libraries are loaded, and
meets those test files alone that enter a function of its module.
"""

import argparse
import ast
import contextlib
import copy
import importlib
import io
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType, ModuleType

import pytest

ROOT = Path(__file__).parents[1]
# What decides; the network, the engines and the page are the concern of integration tests.
DECIDING = ("turn/ask", "turn/layout", "turn/understand", "search/gate", "search/lexical",
            "search/retrieve", "search/spelling", "search/topics", "reply/continuation",
            "reply/lead", "reply/prompt", "reply/study", "reply/suggest", "reply/support",
            "reply/tutor")  # fmt: skip
# They read the tree, or enter every module without looking at what it decides.
BESIDE = ("test_tree", "test_arrows", "test_models", "test_readme")
LONGEST = 300  # seconds for one mutant; an endless loop counts as found
TURNED = {ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq,
          ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
          ast.IsNot: ast.Is}  # fmt: skip
SWAPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Every small change of one node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in TURNED:
            yield replaced(node, ops=[TURNED[type(op)]()])
        case ast.Constant(value=bool(value)):
            yield replaced(node, value=not value)
        case ast.Constant(value=int(value) | float(value)):
            yield replaced(node, value=value + 1)
        case ast.BoolOp(values=values):
            for place in range(len(values)):
                kept = [v for i, v in enumerate(values) if i != place]
                yield kept[0] if len(kept) == 1 else replaced(node, values=kept)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=op) if type(op) in SWAPPED:
            yield replaced(node, op=SWAPPED[type(op)]())
        case ast.IfExp(body=body, orelse=orelse):
            yield body
            yield orelse
        case ast.If(test=test):
            yield replaced(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=value) if value is not None:
            yield replaced(node, value=ast.Constant(None))


def replaced(node: ast.AST, **fields: object) -> ast.AST:
    """The node with some of its fields changed."""
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


class Plant(ast.NodeTransformer):
    """Puts one change in the place of one node, counted in the order of `ast.walk`."""

    def __init__(self, target: ast.AST, change: ast.AST):
        self.target, self.change = target, change

    def visit(self, node: ast.AST) -> ast.AST:
        """The change in place of its target; everything else as it was."""
        return self.change if node is self.target else self.generic_visit(node)


def mutants(source: str) -> list[tuple[int, str, str]]:
    """(line, the changed code, the whole mutated source) of every change of a module."""
    found = []
    count = sum(len(list(changes(node))) for node in ast.walk(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        every = [(node, change) for node in ast.walk(tree) for change in changes(node)]
        node, change = every[number]
        if skipped(tree, node):
            continue
        code = ast.unparse(ast.fix_missing_locations(ast.copy_location(change, node)))
        mutated = ast.fix_missing_locations(Plant(node, change).visit(tree))
        line = getattr(node, "lineno", 0)
        found.append((line, code.splitlines()[0], ast.unparse(mutated)))
    return found


def skipped(tree: ast.Module, node: ast.AST) -> bool:
    """Whether a node stands in a type, a decorator, a default or at a module's own level."""
    functions = [f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef)]
    return not any(node in ast.walk(part) for f in functions for part in f.body)


def survives(name: str, source: str, files: Sequence[str]) -> bool:
    """Whether the tests of some files pass with a module's source mutated; asked in a fork."""
    return forked(lambda: b"yes" if passes(name, source, files) else b"") == b"yes"


def forked(work: Callable[[], bytes]) -> bytes:
    """What a function returns in a fork of this process; nothing where it takes too long."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        signal.alarm(LONGEST)
        os.write(writes, work())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def passes(name: str, source: str, files: Sequence[str], *plugins: object) -> bool:
    """Run test files against the mutated module, quietly."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            plant(name, source)
            plainly = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider"]
            code = pytest.main([*plainly, *files], plugins=list(plugins))
        except Exception:  # a mutant that cannot even be imported is found
            return False
    return code == 0


class Witness:
    """Notes which test files enter a function of a module, the quickest first."""

    def __init__(self, name: str):
        self.path = str(ROOT / f"{name.replace('.', '/')}.py")
        self.entered: set[str] = set()
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test, with what it sets up."""
        file = str(item.path)

        def enter(frame: FrameType, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename == self.path:
                self.entered.add(file)

        started = time.monotonic()
        sys.setprofile(None if file in self.entered else enter)
        yield
        sys.setprofile(None)
        self.seconds[file] = self.seconds.get(file, 0.0) + time.monotonic() - started

    def files(self) -> list[str]:
        """The files that entered the module."""
        return sorted(self.entered, key=lambda file: self.seconds[file])


def entering(name: str, source: str) -> list[str]:
    """The test files that enter a module's functions; none if a unit test fails as it is."""
    witness = Witness(name)
    unit = ROOT / "tests" / "unit"
    files = [str(path) for path in sorted(unit.glob("test_*.py")) if path.stem not in BESIDE]

    def watched() -> bytes:
        passed = passes(name, source, files, witness)
        return "\n".join(witness.files()).encode() if passed else b""

    return forked(watched).decode().split()


def plant(name: str, source: str) -> None:
    """Make everything that is imported from now on see the mutated module."""
    for loaded in [m for m in sys.modules if m.startswith(("tutor", "tests.conftest"))]:
        del sys.modules[loaded]
    parent = importlib.import_module(name.rpartition(".")[0])
    path = ROOT / f"{name.replace('.', '/')}.py"
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module
    setattr(parent, name.rpartition(".")[2], module)
    exec(compile(source, module.__file__, "exec"), module.__dict__)


def main(argv: Sequence[str] | None = None) -> int:
    """Plant, test, count; 1 if fewer than four fifths are found."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate")
    parser.add_argument("--modules", nargs="*", default=[f"{name}.py" for name in DECIDING])
    parser.add_argument("--sample", type=int, default=12)
    options = parser.parse_args(argv)
    for heavy in ("chromadb", "numpy", "llama_index.core", "bm25s", "gradio", "scipy.optimize"):
        importlib.import_module(heavy)
    found = planted = 0
    for file in options.modules:
        name = f"tutor.{file.removesuffix('.py').replace('/', '.')}"
        source = (ROOT / "tutor" / file).read_text(encoding="utf-8")
        files = entering(name, source)
        if not files:
            sys.exit(f"The unit tests fail with {file} as it is, or enter none of it: make test")
        every = mutants(source)
        dice = random.Random(file)
        drawn = dice.sample(every, min(options.sample, len(every))) if options.sample else every
        left = [(line, code) for line, code, source in drawn if survives(name, source, files)]
        found, planted = found + len(drawn) - len(left), planted + len(drawn)
        print(f"{file:24} {len(drawn) - len(left):3} of {len(drawn):3} found", flush=True)
        for line, code in sorted(left):
            print(f"    line {line}: {code[:88]}", flush=True)
    print(f"{found} of {planted} found: {found / planted:.2f}")
    return 0 if found >= 0.8 * planted else 1


if __name__ == "__main__":
    sys.exit(main())
