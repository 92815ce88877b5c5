"""The files in deploy/: what they name exists, and the image's command starts and says its health.

There need not be anything here that runs containers: the Dockerfile is read, and its command is
run from the wheel that it installs, with its environment, as far as that goes without an image.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.browser.conftest import end, free_port
from tests.conftest import ROOT, write_corpus
from tutor.cli import make_parser
from tutor.engine.catalog import CATALOG
from tutor.engine.models import models_dir
from tutor.settings import read_settings

DEPLOY = ROOT / "deploy"
ONCE = {"fetch"}  # services that end
OWN = "llm-interview-tutor"  # the image that is built here


def steps(path: Path = DEPLOY / "Dockerfile") -> list[tuple[str, str]]:
    """Instruction and arguments of each step, with continued lines joined."""
    text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split()[0], line.partition(" ")[2]) for line in lines if line.strip()]


def last(instruction: str) -> str:
    """The arguments of the last step of a kind."""
    return [rest for name, rest in steps() if name == instruction][-1]


def environment() -> dict[str, str]:
    """The variables that the image sets."""
    found = [word.partition("=") for n, rest in steps() if n == "ENV" for word in shlex.split(rest)]
    return {name: value for name, _, value in found}


def services() -> dict[str, dict]:
    """The services of compose.yaml."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]


def test_everything_that_is_copied_is_there_and_not_ignored():
    sources = [
        source
        for name, rest in steps()
        if name == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    ]
    assert {"corpus", "tutor", "demos", "pyproject.toml", "constraints.txt"} <= set(sources)
    sent = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in sent, source


def test_the_image_has_what_a_space_has_and_runs_as_nobody_special():
    apt = next(rest for name, rest in steps() if name == "RUN" and "apt-get" in rest)
    for package in (ROOT / "packages.txt").read_text(encoding="utf-8").split():
        assert f" {package} " in apt
    assert last("USER").split(":")[0] == "1000"
    (version,) = {re.match(r"python:(\d\.\d+)", rest)[1] for n, rest in steps() if n == "FROM"}
    front = (ROOT / "README.md").read_text(encoding="utf-8").split("---")[1]
    assert yaml.safe_load(front)["python_version"] == version


@pytest.mark.parametrize("name", services())
def test_a_service_is_confined_bounded_and_looked_after(name):
    service = services()[name]
    assert service["read_only"] is True
    assert not service["user"].startswith("0")
    assert service["cap_drop"] == ["ALL"]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert name in ONCE or "healthcheck" in service or service["image"] == OWN
    for other in service.get("depends_on", {}):
        assert other in services()


def test_what_services_are_told_is_understood(monkeypatch):
    for service in services().values():
        settings = service.get("environment", {})
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
            read = getattr(read_settings(), name.removeprefix("TUTOR_").lower())
            assert read == value
            if host := re.match(r"http://([a-z]+):", value):
                assert host[1] in services()
    pull = services()["fetch"]["command"]
    assert pull[:3] == ["python", "-m", "tutor"]
    options = make_parser().parse_args(pull[3:])
    (model,) = [one for one in CATALOG if one.name == options.name]
    served = services()["model"]["command"]
    assert served[served.index("--model") + 1] == str(models_dir(Path("/data")) / model.file)
    assert (Path(sys.executable).parent / services()["chroma"]["command"][0]).exists()


def test_the_proxy_leads_to_the_app():
    config = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "server app:7860" in config
    assert "app" in services()
    assert last("EXPOSE") == "7860"
    (published,) = services()["proxy"]["ports"]
    assert f"listen {published.partition(':')[2]};" in config
    assert f"location {services()['app']['environment']['TUTOR_ROOT_PATH']}/ " in config


@pytest.mark.slow
@pytest.mark.model
def test_the_command_of_the_image_starts_and_is_healthy(tmp_path):
    """From the files that the image is made of, and nothing else of this checkout."""
    for name, rest in steps():
        if name == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                os.symlink(ROOT / source, tmp_path / source)
    port = free_port()
    command = [sys.executable, *json.loads(last("CMD"))[1:]]
    check = [sys.executable, *json.loads(last("HEALTHCHECK").partition("CMD ")[2])[1:]]
    check[-1] = check[-1].replace(":7860/", f":{port}/")
    variables = {k: v for k, v in environment().items() if k not in ("PATH", "HOME")}
    variables |= {
        "TUTOR_HOME": str(tmp_path / "data"), "TUTOR_PORT": str(port), "TUTOR_MODEL": "none",
        "TUTOR_CORPUS": str(write_corpus(tmp_path / "small")),
    }  # fmt: skip
    process = subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | variables,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 300
        while subprocess.run(check, capture_output=True, timeout=60).returncode:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(1)
    finally:
        end(process)
    assert process.returncode == 0
    assert subprocess.run(check, capture_output=True, timeout=60).returncode != 0
