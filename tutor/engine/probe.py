"""Whether llama.cpp can run a model on this machine, tried in a process of its own.

    python -m tutor.engine.probe FILE THREADS CONTEXT      loads it and generates two tokens

Native code that meets an instruction which the processor lacks, or a file that it trips over, ends
its whole process without a word: it must not be the one that serves the page. What went well is
remembered with the file's stamp and the machine's, so that later starts need not try again.
"""

import contextlib
import hashlib
import json
import logging
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from tutor.engine.generate import Message, Sampling
from tutor.engine.models import models_dir
from tutor.errors import EngineError

log = logging.getLogger(__name__)

LONGEST = 600.0  # seconds: a large model over a slow disk
LOOK = 0.2  # seconds between looks at the process
SAID = 2  # exit status after an error that was no crash: loading again will say it
CPUINFO = Path("/proc/cpuinfo")
FACTS = ("model name", "flags", "Features", "CPU implementer", "CPU part")  # lines of CPUINFO
REASONS = {
    signal.SIGILL: "the processor lacks instructions that it was built for; most often AVX2",
    signal.SIGKILL: "it was killed; most often because memory ran out",
}


def probe(
    path: Path,
    home: Path,
    threads: int,
    context: int,
    going: Callable[[], None] = lambda: None,
    command: Sequence[str] = (sys.executable, "-m", "tutor.engine.probe"),
) -> None:
    """Return once it is known that the model runs here; EngineError if trying it ended in a crash.

    `going` is called now and then; what it raises ends the trial.
    """
    record = models_dir(home) / f"{path.name}.probed.json"
    mark = mark_of(path)
    with contextlib.suppress(OSError, ValueError):
        if json.loads(record.read_text(encoding="utf-8")) == mark:
            return
    status = run([*command, str(path.resolve()), str(threads), str(context)], going)
    if status == 0:
        with contextlib.suppress(OSError):  # a home that cannot be written: tried at each start
            record.parent.mkdir(parents=True, exist_ok=True)
            record.write_text(json.dumps(mark), encoding="utf-8")
    elif status != SAID:
        message = f"llama.cpp cannot run {path.name} on this machine: {reason(status)}."
        raise EngineError(f"{message} Set TUTOR_MODEL to another model, an address, or none.")


def mark_of(path: Path) -> dict[str, object]:
    """What the outcome depends on: exactly this file, this machine and this llama.cpp."""
    facts = path.stat()
    return {
        "size": facts.st_size,
        "mtime_ns": facts.st_mtime_ns,
        "machine": machine(),
        "xllamacpp": version("xllamacpp"),
    }


def machine(cpuinfo: Path = CPUINFO) -> str:
    """Sixteen hex digits for a kind of processor and what it can do."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = [platform.processor()]
    known = sorted({line for line in lines if line.startswith(FACTS)}) or lines
    text = "\n".join([platform.machine(), *known])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def run(command: Sequence[str], going: Callable[[], None]) -> int | None:
    """Run it without a terminal; its exit status, negative for a signal, None if it took too long.

    What it wrote on its standard error goes into the log.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            list(command), cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip
        try:
            status = wait_for(process, going)
        finally:
            process.kill()
            process.wait()
        if status:
            errors.seek(0)
            said = errors.read()[-2000:].decode(errors="replace").strip()
            log.warning("trying the model ended with status %s: %s", status, said or "no word")
    return status


def wait_for(process: "subprocess.Popen[bytes]", going: Callable[[], None]) -> int | None:
    """The exit status of a process, None after the longest time."""
    for _ in range(int(LONGEST / LOOK)):
        going()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(LOOK)
    return None


def reason(status: int | None) -> str:
    """Why a process ended as it did, in words."""
    if status is None:
        return f"it did not answer within {LONGEST:.0f} s"
    try:
        name = signal.Signals(-status)
    except ValueError:
        return f"it ended with status {status}"
    return REASONS.get(name, f"it crashed with {name.name}; the file may be damaged")


def main(arguments: Sequence[str]) -> int:
    """Load a model and generate two tokens; SAID and one line if it says that it cannot."""
    from tutor.engine.llama import LlamaEngine

    path, threads, context = arguments
    try:
        engine = LlamaEngine(Path(path), Path(path).stem, int(threads), int(context), LONGEST)
        for _ in engine.stream([Message("user", "Say yes.")], Sampling(max_tokens=2)):
            pass
        engine.close()
    except EngineError as error:
        print(error, file=sys.stderr)
        return SAID
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
