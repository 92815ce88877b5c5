"""A line of Python as a visitor types it: whether it may be run, before anything runs it.

Nothing but computing on the values at hand: no imports, no definitions, no names or attributes that
lead to Python's insides. Which is why attributes are listed here, not forbidden ones: `gi_frame`
has no underscore.
"""

import ast
import math

LONGEST = 300  # characters

STATEMENTS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr, ast.If, ast.For,
              ast.Pass, ast.Break, ast.Continue)  # fmt: skip
PARTS = (
    ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.comprehension,
    ast.arguments, ast.arg, ast.keyword,
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.IfExp, ast.Lambda,
    ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice, ast.Starred, ast.NamedExpr,
    ast.List, ast.Tuple, ast.Set, ast.Dict,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr, ast.FormattedValue,
)  # fmt: skip
KINDS = (list, dict, set, tuple, str, int, float)
# `format` reaches attributes by a text, which no look at the line can see.
ATTRIBUTES = {
    name
    for source in (math, *KINDS)
    for name in dir(source)
    if not name.startswith("_") and name not in ("format", "format_map")
}
MODULES = ("np", "numpy", "torch", "random", "os", "sys")


def problem_of(line: str) -> str:
    """Why a line cannot be run, as Markdown; empty if it can. Raises nothing."""
    text = line.strip()
    if not text:
        return "Type the missing line."
    if len(text) > LONGEST or "\n" in text or "\r" in text:
        return f"One line of up to {LONGEST} characters is missing."
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return syntax_problem(error, text)
    except (ValueError, MemoryError, RecursionError):
        return "Python cannot read this line."
    if not tree.body:
        return "Type the missing line."
    for node in ast.walk(tree):
        if problem := node_problem(node):
            return problem
    return ""


def syntax_problem(error: SyntaxError, text: str) -> str:
    """The line with a mark where Python stopped reading, and what it said."""
    said = " ".join((error.msg or "invalid syntax").split())
    place = min(max(error.offset or 1, 1), len(text) + 1)
    return "Python cannot read the line from the mark on:\n\n" + fenced(
        f"{text}\n{' ' * (place - 1)}^\n{said}"
    )


def fenced(text: str) -> str:
    """Text that is not ours as a code block, which no line of it can end."""
    return "~~~~~~~~\n" + text.replace("~~~", "~~ ~") + "\n~~~~~~~~"


def node_problem(node: ast.AST) -> str:
    """Why a part of the line cannot be run; empty if it can."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return "Nothing needs to be imported: `math` is there, the rest is plain Python."
    if isinstance(node, ast.Name) and node.id in MODULES:
        return f"`{node.id}` is not there: `math` is, the rest is plain Python."
    if isinstance(node, (ast.Name, ast.arg)):
        name = node.id if isinstance(node, ast.Name) else node.arg
        return f"Names such as `{name}` cannot be used here." if name.startswith("__") else ""
    if isinstance(node, ast.Attribute):
        if node.attr not in ATTRIBUTES or not isinstance(node.ctx, ast.Load):
            return f"`.{node.attr}` cannot be used here."
        return ""
    if isinstance(node, (ast.Module, *STATEMENTS, *PARTS)):
        return ""
    return f"{type(node).__name__} cannot be used here: one line that computes is missing."
