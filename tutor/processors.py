"""How many processors this process may use, which in a container is not how many the host has.

A container with 2 of 64 processors sees all 64; libraries that count them start 64 threads, which
then wait for each other in a quota of 2. What counts is the least of: the processors the process is
bound to, the control group's quota (of either version, its own and those above it), and CPU_CORES
where a host states it (a Hugging Face Space does).

    cgroup 2, own group /app:   /sys/fs/cgroup/app/cpu.max             "150000 100000"  -> 2
    cgroup 1, own group /app:   /sys/fs/cgroup/cpu/app/cpu.cfs_quota_us  "-1"           -> no limit
"""

import math
import os
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path

# Read by OpenMP (PyTorch), OpenBLAS (NumPy) and Rayon (tokenizers, Chroma) as they start.
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
V1_FOLDERS = ("cpu", "cpu,cpuacct")


def processors(
    root: Path = Path("/"), environment: Mapping[str, str] = os.environ, bound: int | None = None
) -> int:
    """Processors at hand, 1 at least; part of one counts as one.

    Rounded up, because threads beyond the quota are held up together, and those below it leave
    paid time unused. `root` is where /proc and /sys are, `bound` what the process is bound to.
    """
    limits = [float(bound or bound_to()), *quotas(root)]
    try:
        stated = float(environment.get("CPU_CORES", ""))
    except ValueError:
        stated = 0.0
    if stated > 0:
        limits.append(stated)
    return max(1, math.ceil(min(limits)))


def bound_to() -> int:
    """The processors that the scheduler may put this process on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def quotas(root: Path) -> Iterator[float]:
    """The processor quotas of this process's control groups, in processors; none where unlimited.

    In a container with a namespace of its own the group is /; without one it is the host's name of
    the group, which is not to be found inside: then the folder that is there holds the limit.
    """
    for controllers, group in own_groups(root):
        if not controllers:
            for folder in upwards(root / "sys/fs/cgroup", group):
                yield from quota(words_of(folder / "cpu.max"))
        elif "cpu" in controllers:
            for name in V1_FOLDERS:
                for folder in upwards(root / "sys/fs/cgroup" / name, group):
                    limit = words_of(folder / "cpu.cfs_quota_us")
                    yield from quota([*limit, *words_of(folder / "cpu.cfs_period_us")])


def own_groups(root: Path) -> Iterator[tuple[list[str], str]]:
    """Controllers and path of each of this process's groups; cgroup 2 has no controllers there."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        yield [name for name in controllers.split(",") if name], group


def upwards(top: Path, group: str) -> Iterator[Path]:
    """A group's folder and those above it, up to `top`."""
    parts = [part for part in group.split("/") if part not in ("", "..")]
    for count in range(len(parts), -1, -1):
        yield top.joinpath(*parts[:count])


def words_of(path: Path) -> list[str]:
    """The words of a small file; none if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return []


def quota(words: list[str]) -> Iterator[float]:
    """What quota and period in microseconds give; nothing for "max", -1 and what is no quota."""
    if len(words) == 2 and words[0].isdigit() and words[1].isdigit():
        time, period = int(words[0]), int(words[1])
        if time and period:
            yield time / period


def limit_threads(environment: MutableMapping[str, str], count: int) -> None:
    """Have libraries that are imported later start `count` threads, unless told otherwise."""
    for name in VARIABLES:
        environment.setdefault(name, str(count))
