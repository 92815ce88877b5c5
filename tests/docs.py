"""Writes the tables of README and docs from the code: python -m tests.docs; a test compares."""

import json
from pathlib import Path

from demos.catalog import DEMOS
from tests.conftest import ROOT
from tutor.engine.catalog import CATALOG
from tutor.settings import Settings

README = ROOT / "README.md"
SETTINGS = ROOT / "docs" / "settings.md"
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
    SETTINGS: {"settings": settings_table},
    README: {"models": models_table, "demos": demos_table, "figures": figures_table},
}


def with_tables(path: Path) -> str:
    """A page with its generated parts as they should be. Raises KeyError where one is missing."""
    text = path.read_text(encoding="utf-8")
    for name, table in TABLES[path].items():
        before, opening, rest = text.partition(f"<!-- {name} -->\n")
        _, closing, after = rest.partition(f"<!-- /{name} -->")
        if not closing:
            raise KeyError(f"{path.name} has no place for {name}")
        text = f"{before}{opening}{table()}\n{closing}{after}"
    return text


if __name__ == "__main__":
    for page in TABLES:
        page.write_text(with_tables(page), encoding="utf-8")
