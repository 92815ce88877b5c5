"""What every demo has in common: loops over all of them, so that none is forgotten."""

import csv
import importlib
import inspect
import itertools
import subprocess
import sys

import pytest

from demos import catalog
from demos.shared.weights import Weights, quietly
from tests.conftest import CORPUS, ROOT
from tutor.errors import ModelError

NAMES = [demo.name for demo in catalog.DEMOS]
EVERYONE = [*NAMES, "xray"]  # has no category: it shows an answer
WITHOUT_MODEL = {"architecture", "gradients", "objectives", "regularization"}
FEWEST_LINES = 10
LONGEST_RUN = 600  # seconds, on a machine that does other things as well

# What each refuses, before it loads a model.
WRONG = {
    "tokenization": ["--merges", "-1"],
    "attention": ["--text", " "],
    "sampling": ["--temperature", "-1"],
    "architecture": ["--blocks", "0"],
    "objectives": ["--steps", "1"],
    "embeddings": ["--expression", " "],
    "losses": ["--target", "9"],
    "gradients": ["--rate", "nan"],
    "fine_tuning": ["--rank", "0"],
    "prompting": ["--problem", " "],
    "regularization": ["--dropout", "2"],
    "retrieval": ["--question", " "],
    "dimensionality": ["--share", "2"],
    "xray": ["--budget", "0"],
}


class NoModels(Weights):
    """Weights that hand out nothing: whoever asks while a page is built has broken the contract."""

    def _once(self, name, load):
        raise AssertionError(f"{name} was asked for")

    def model_path(self, name):
        raise AssertionError(f"{name} was asked for")


@pytest.fixture
def no_models(settings):
    return NoModels(settings, quietly)


def module(name, part=""):
    return importlib.import_module(f"demos.{name}{part and '.'}{part}")


def table(name):
    """The rows of one of the guide's tables."""
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_catalog_loads_nothing_heavy():
    code = "import sys, demos.catalog; print({'gradio', 'torch', 'numpy'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "set()"


def test_every_name_and_title_is_its_own():
    assert len(set(NAMES)) == len({demo.title for demo in catalog.DEMOS}) == len(NAMES)


@pytest.mark.parametrize("demo", catalog.DEMOS, ids=lambda demo: demo.name)
def test_the_catalog_agrees_with_the_module_and_the_guide(demo):
    assert demo.title
    with_demo = {row["category"] for row in table("categories.csv") if row["code_demo"] == "yes"}
    assert demo.category in with_demo
    home = {int(row["q"]): row["category"] for row in table("questions.csv")}
    assert {home[number] for number in demo.questions} == {demo.category}
    assert demo.shows


@pytest.mark.parametrize("name", EVERYONE)
def test_the_docstring_says_what_it_shows_and_how_to_run_it(name):
    first, *rest = inspect.getdoc(module(name)).splitlines()
    assert first.endswith(".")
    assert len(first) > 40
    assert f"    python -m demos.{name}" in rest


@pytest.mark.parametrize("name", EVERYONE)
def test_run_has_a_default_and_a_type_for_everything(name):
    signature = inspect.signature(module(name, "run").run)
    for parameter in signature.parameters.values():
        assert parameter.default is not parameter.empty, parameter.name
        assert parameter.annotation is not parameter.empty, parameter.name
    assert signature.return_annotation not in (signature.empty, None)


@pytest.mark.parametrize("name", EVERYONE)
def test_help_ends_well(name, capsys):
    with pytest.raises(SystemExit) as ended:
        module(name, "__main__").main(["--help"])
    assert ended.value.code == 0
    assert f"python -m demos.{name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", EVERYONE)
def test_bad_input_is_refused_in_one_line_before_loading(name, capsys, monkeypatch, tmp_path):
    # Nothing to be loaded from anywhere: whoever tries is refused for another reason.
    nowhere = str(tmp_path / "nowhere")
    for variable in ("TUTOR_HOME", "TUTOR_CORPUS", "TUTOR_MODEL"):
        monkeypatch.setenv(variable, nowhere)
    monkeypatch.setenv("TUTOR_HUB", "false")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert name in WRONG, "say here what the demo refuses"
    assert module(name, "__main__").main(WRONG[name]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert nowhere not in told.err
    assert "fetched" not in told.err


def seen_at_once(block):
    """Whether a component stands outside of tabs, or in the first of them, all the way up."""
    from gradio.layouts import Tab, Tabs

    while block.parent is not None:
        inside = isinstance(block, Tab) and isinstance(block.parent, Tabs)
        if inside and block.parent.children[0] is not block:
            return False
        block = block.parent
    return True


@pytest.mark.parametrize("name", EVERYONE)
def test_the_view_is_built_twice_without_a_model(name, no_models):
    import gradio as gr

    for _ in range(2):
        with gr.Blocks() as page:
            first = module(name, "view").view(no_models)
            again = module(name, "view").view(no_models)
        box, other = (found[0] if isinstance(found, tuple) else found for found in (first, again))
        assert box is not other
        text_boxes = [block for block in page.blocks.values() if isinstance(block, gr.Textbox)]
        assert text_boxes[0] is box, "See it fills the first text box of the tab"
        assert seen_at_once(box), "See it fills a box that is on the page"
        # One without a text sends none at all, which nobody typed.
        assert all(isinstance(block.value, str) for block in text_boxes)
        labels = [block.label for block in page.blocks.values() if isinstance(block, gr.Accordion)]
        assert labels.count("How it works") >= 2


class Unavailable(Weights):
    """Weights of which none can be had: every event has to say so in words."""

    def _once(self, name, load):
        raise ModelError(f"{name} cannot be had.")


@pytest.mark.parametrize("name", EVERYONE)
def test_every_event_fills_its_outputs_even_if_no_model_can_be_had(name, settings):
    import gradio as gr

    with gr.Blocks() as page:
        module(name, "view").view(Unavailable(settings, quietly))
    ran = 0
    for event in page.fns.values():
        function = getattr(event.fn, "func", event.fn)  # of a partial
        if not getattr(function, "__module__", "").startswith("demos."):
            continue  # stops others, or is Gradio's own
        values = [getattr(block, "value", None) for block in event.inputs]
        states = [block for block in event.inputs if isinstance(block, gr.State)]
        nothing_yet = any(state.value is None for state in states)
        if "event" in inspect.signature(event.fn).parameters or nothing_yet:
            continue  # wants a click, or cannot be reached before another event
        found = event.fn(*values)  # raises nothing: what is wrong is said in its first output
        for outputs in itertools.islice(found, 3) if inspect.isgenerator(found) else [found]:
            ran += 1
            if len(event.outputs) > 1:
                assert len(outputs) == len(event.outputs), event.fn
    assert ran


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.model] * (name not in WITHOUT_MODEL))
     for name in EVERYONE],
)  # fmt: skip
def test_the_command_runs_with_its_defaults(name):
    done = subprocess.run(
        [sys.executable, "-m", f"demos.{name}"],
        capture_output=True, text=True, cwd=ROOT, timeout=LONGEST_RUN,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    assert len(lines) >= FEWEST_LINES
