"""Processors at hand: made-up control groups, as containers have them."""

from pathlib import Path

import pytest

from tutor.processors import VARIABLES, limit_threads, processors

HOST = 64  # processors that the process is bound to


def machine(root: Path, own: str, files: dict[str, str]) -> Path:
    """A root folder with /proc/self/cgroup and files below /sys/fs/cgroup."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(own, encoding="utf-8")
    for name, text in files.items():
        path = root / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("own", "files", "count"),
    [
        ("0::/\n", {"cpu.max": "200000 100000\n"}, 2),
        ("0::/\n", {"cpu.max": "max 100000\n"}, HOST),
        ("0::/\n", {"cpu.max": "150000 100000\n"}, 2),
        ("0::/\n", {"cpu.max": "10000 100000\n"}, 1),
        ("0::/\n", {}, HOST),
        # The least of the own group and those above it.
        ("0::/pod/app\n", {"pod/app/cpu.max": "800000 100000", "pod/cpu.max": "400000 100000"}, 4),
        ("0::/pod/app\n", {"pod/app/cpu.max": "max 100000", "pod/cpu.max": "300000 100000"}, 3),
        # A name of the host's that is not to be found inside the container.
        ("0::/../docker/0123abcd\n", {"cpu.max": "200000 100000\n"}, 2),
        ("4:cpu,cpuacct:/docker/0123abcd\n",
         {"cpu,cpuacct/cpu.cfs_quota_us": "300000\n", "cpu,cpuacct/cpu.cfs_period_us": "100000\n"},
         3),
        ("1:cpu:/\n", {"cpu/cpu.cfs_quota_us": "50000", "cpu/cpu.cfs_period_us": "100000"}, 1),
        ("1:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, HOST),
        ("2:cpuset:/\n1:memory:/\n", {"cpu/cpu.cfs_quota_us": "100000"}, HOST),
        ("0::/\n", {"cpu.max": "nonsense"}, HOST),
        ("0::/\n", {"cpu.max": "0 0"}, HOST),
        ("", {"cpu.max": "200000 100000"}, HOST),
    ],
)  # fmt: skip
def test_the_quota_counts_and_not_the_host(tmp_path, own, files, count):
    assert processors(machine(tmp_path, own, files), {}, HOST) == count


@pytest.mark.parametrize(
    ("stated", "count"),
    [("2", 2), ("2.0", 2), ("0.5", 1), ("96", 8), ("", 8), ("many", 8), ("-3", 8), ("0", 8),
     ("nan", 8)],
)  # fmt: skip
def test_a_host_may_state_its_processors(tmp_path, stated, count):
    root = machine(tmp_path, "0::/\n", {"cpu.max": "800000 100000"})
    assert processors(root, {"CPU_CORES": stated}, HOST) == count


def test_the_processors_that_the_process_is_bound_to_are_the_most(tmp_path):
    assert processors(machine(tmp_path, "0::/\n", {"cpu.max": "800000 100000"}), {}, 3) == 3
    assert processors(tmp_path / "no such root", {}, 5) == 5


def test_what_the_environment_says_already_stays():
    environment = {"OMP_NUM_THREADS": "7"}
    limit_threads(environment, 3)
    assert environment == {name: "7" if name.startswith("OMP") else "3" for name in VARIABLES}
