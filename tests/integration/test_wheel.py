"""The wheel is whole: installed on its own, it finds its own guide and answers from it."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.conftest import CORPUS, ROOT

pytestmark = pytest.mark.slow

BUILD_TIMEOUT = 120  # seconds
RUN_TIMEOUT = 300  # seconds; the first run on a machine builds the index


def run(folder: Path, *command: str | Path, timeout: int = BUILD_TIMEOUT) -> str:
    """What a command prints, run in `folder` with nothing that names this checkout."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "TUTOR_CORPUS")}
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=timeout, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built with the hatchling that is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "-m pip wheel --quiet --no-deps --no-build-isolation --disable-pip-version-check"
    # With this process's environment: it is where hatchling is.
    command = [sys.executable, *build.split(), "--wheel-dir", folder, ROOT]
    subprocess.run(command, cwd=folder, timeout=BUILD_TIMEOUT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment that holds the wheel and can import its dependencies."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home)
    python = home / "bin" / "python"
    own = Path(run(home, python, "-c", "import sysconfig as s; print(s.get_path('purelib'))")[:-1])
    # A path file adds that one folder; the path files within it, with the editable install of this
    # checkout among them, are not read.
    places = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (own / "dependencies.pth").write_text("\n".join(places), encoding="utf-8")
    importable = "import importlib.util as u; print(u.find_spec('demos'), u.find_spec('app'))"
    assert run(home, python, "-c", importable).split() == ["None", "None"]
    install = "-m pip --python PYTHON install --quiet --no-deps --no-index"
    words = [str(python) if word == "PYTHON" else word for word in install.split()]
    run(home, sys.executable, *words, wheel)
    return python


def test_the_guide_that_is_found_is_the_wheels(installed, tmp_path):
    code = "from tutor.settings import read_settings; print(read_settings().corpus)"
    found = Path(run(tmp_path, installed, "-c", code).strip())
    assert found.is_relative_to(installed.parents[1])
    files = {path.relative_to(CORPUS) for path in CORPUS.rglob("*") if path.is_file()}
    assert {path.relative_to(found) for path in found.rglob("*") if path.is_file()} == files
    assert all((found / name).read_bytes() == (CORPUS / name).read_bytes() for name in files)


def test_info_counts_the_whole_guide(installed, tmp_path):
    text = run(tmp_path, installed, *"-m tutor info --json".split(), timeout=RUN_TIMEOUT)
    facts = json.loads(text)
    assert (facts["categories"], facts["questions"]) == (21, 50)
    assert list(tmp_path.iterdir()) == []


def test_search_finds_a_passage(installed, tmp_path):
    question = "What is LoRA?"
    text = run(tmp_path, installed, *"-m tutor search".split(), question, timeout=RUN_TIMEOUT)
    assert "Q4" in text
    assert "LoRA" in text
