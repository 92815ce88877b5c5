"""What runs a visitor's line: a program of its own, started without the tutor's packages.

    python -I -S -B confined.py < job > answer

The job is JSON: {"source": a function, "name": its name, "cases": [its arguments, …]}; the answer
is {"values": [what it returned, …]}, with "error": what Python said where it came to one, or
{"refused": …} where this machine cannot be made safe. It says nothing of right or wrong: the
process that started it compares with values of its own, so there is no verdict here to forge.

The limits are set before the line is read and cannot be lifted from inside:
 - processor time, memory, the size of what is written, no further files or sockets, no processes;
 - on Linux the kernel itself refuses every call but those that computing needs (seccomp);
 - an audit hook, which Python cannot remove, ends the process on anything but computing;
 - of Python's own functions the line sees the few in `NAMES`, and of modules `math`.
"""

import ctypes
import json
import math
import os
import platform
import struct
import sys
from typing import Any

SECONDS = 1  # of processor time
MEMORY = 512 * 2**20  # bytes of address space
WRITTEN = 64 * 2**10  # bytes of the answer
LONGEST_ERROR = 300  # characters
NAMES = (
    "abs all any bool dict divmod enumerate float int isinstance len list map max min pow range "
    "reversed round set sorted str sum tuple zip"
)
REFUSED = 3  # exit status of a process that did something else than computing

# Kernel calls that computing needs, by machine: read write close fstat lseek mmap mprotect munmap
# brk rt_sigreturn mremap madvise exit futex clock_gettime exit_group getrandom.
ALLOWED = {
    "x86_64": (0xC000003E, (0, 1, 3, 5, 8, 9, 10, 11, 12, 15, 25, 28, 60, 202, 228, 231, 318)),
    "aarch64": (
        0xC00000B7,
        (63, 64, 57, 80, 62, 222, 226, 215, 214, 139, 216, 233, 93, 98, 113, 94, 278),
    ),
}


def limit() -> None:
    """Set the limits. Raises OSError or ValueError where the system does not take them."""
    import resource  # Windows has none, and this file is imported there for its constants

    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))


def filter_calls() -> None:
    """Let the kernel refuse all other calls of this process for good (Linux, seccomp(2)).

    Raises OSError if the machine is unknown or the kernel does not do it.
    """
    if platform.machine() not in ALLOWED:
        raise OSError(f"no list of kernel calls for {platform.machine()}")
    machine, numbers = ALLOWED[platform.machine()]
    load, equal, give = 0x20, 0x15, 0x06  # instructions of the kernel's packet filter
    kill, refuse, allow = 0x80000000, 0x00050001, 0x7FFF0000
    program = [(load, 0, 0, 4), (equal, 1, 0, machine), (give, 0, 0, kill), (load, 0, 0, 0)]
    for place, number in enumerate(numbers):
        program.append((equal, len(numbers) - place, 0, number))
    program += [(give, 0, 0, refuse), (give, 0, 0, allow)]
    code = b"".join(struct.pack("=HBBI", *one) for one in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    packed = struct.pack("@HP", len(program), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, seccomp, by_filter = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(seccomp, by_filter, packed, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter")


def watch(event: str, _: object) -> None:
    """End the process on whatever Python reports that is not computing."""
    if event not in ("compile", "exec"):
        os._exit(REFUSED)


def answer(job: dict[str, Any]) -> dict[str, object]:
    """The function's values for all cases, or what went wrong."""
    builtins = vars(sys.modules["builtins"])
    seen: dict[str, object] = {"math": math}
    seen["__builtins__"] = {name: builtins[name] for name in NAMES.split()}
    values: list[object] = []
    try:
        exec(compile(job["source"], "<line>", "exec"), seen)
        function: Any = seen[job["name"]]
        for case in job["cases"]:
            values.append(json.loads(json.dumps(function(*case))))
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
        return {"values": values, "error": said}
    return {"values": values}


def main() -> None:
    """Read the job, give up every right, compute, answer."""
    text = sys.stdin.read()
    try:
        json.loads("[0]")
        compile("0", "<line>", "eval")
        limit()
        if sys.platform == "linux":
            filter_calls()
    except (OSError, ValueError) as error:
        print(json.dumps({"refused": str(error)[:LONGEST_ERROR]}), flush=True)
        return
    job = json.loads(text)
    sys.addaudithook(watch)
    said = json.dumps(answer(job))
    sys.stdout.write(said)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
