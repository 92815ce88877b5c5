"""Writes the README's tables from the code: python -m tests.docs. A test sees that they agree."""

import json
import re

from demos.catalog import DEMOS
from tests.conftest import ROOT
from tutor.catalog import CATALOG
from tutor.settings import Settings

README = ROOT / "README.md"
RESULTS = ROOT / "tests" / "eval" / "results.json"


def settings_table() -> str:
    """Every setting with its variable, default and description."""
    rows = ["| option | variable | default | what it is |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if field.default != "" else ""
        if name in MACHINE:
            default = MACHINE[name]
        option = f"--{name.replace('_', '-')}"
        rows.append(f"| `{option}` | `TUTOR_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


# Defaults that differ from machine to machine.
MACHINE = {
    "home": "the user's cache folder",
    "corpus": "`corpus/` of this repository",
    "threads": "the cores at hand, at most 8",
}


def models_table() -> str:
    """The catalog of models."""
    rows = ["| name | size | license | for |", "|---|---|---|---|"]
    for model in CATALOG:
        size = f"{model.bytes / 1e6:,.0f} MB"
        rows.append(f"| `{model.name}` | {size} | {model.licence} | {model.purpose} |")
    return "\n".join(rows)


def demos_table() -> str:
    """The demos with their guide questions."""
    rows = ["| command | what it shows | questions |", "|---|---|---|"]
    for demo in DEMOS:
        questions = ", ".join(f"Q{number}" for number in demo.questions)
        rows.append(f"| `python -m demos.{demo.name}` | {demo.shows} | {questions} |")
    return "\n".join(rows)


def figures_table() -> str:
    """What the last `make eval` measured, next to LlamaIndex's defaults in the same run."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    baseline = results.get("baseline", {})
    rows = [f"| {results['model']} | this tutor | LlamaIndex's defaults |", "|---|---|---|"]
    for name, value in results["tutor"].items():
        rows.append(f"| {name} | {value} | {baseline.get(name, '')} |")
    return "\n".join(rows)


TABLES = {
    "settings": settings_table,
    "models": models_table,
    "demos": demos_table,
    "figures": figures_table,
}


def with_tables(text: str) -> str:
    """The README with its generated parts as they should be."""
    for name, table in TABLES.items():
        pattern = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = pattern.sub(lambda m, table=table: f"{m[1]}{table()}\n{m[2]}", text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
