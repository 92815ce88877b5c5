"""What only a process of its own shows: what it imports, how many threads its libraries take."""

import os
import subprocess
import sys

from tests.conftest import ROOT
from tutor.processors import VARIABLES


def test_importing_any_module_but_the_page_loads_nothing_heavy():
    folders = "guide engine turn calls search choose reply terminal".split()
    paths = [*ROOT.glob("tutor/*.py"), *(p for f in folders for p in ROOT.glob(f"tutor/{f}/*.py"))]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    # The networks are torch itself, imported when a reader is opened.
    lazy = ("__main__", "network", "engine.adapted")
    names = [name for name in names if not name.endswith(lazy)]
    assert len(names) > 40
    heavy = "gradio torch transformers sentence_transformers chromadb xllamacpp".split()
    code = (
        f"import sys, importlib\n[importlib.import_module(m) for m in {names}]\n"
        f"import demos.catalog\nprint([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_command_line_keeps_libraries_and_the_model_to_what_is_stated():
    lines = (
        "from tutor.cli import main",
        "main(['models'])",
        "import torch",
        "from tutor.settings import read_settings",
        "print('threads', torch.get_num_threads(), read_settings().threads)",
    )
    environment = {k: v for k, v in os.environ.items() if k not in (*VARIABLES, "TUTOR_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=ROOT, env=environment | {"CPU_CORES": "1"}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "threads 1 1", done.stderr
