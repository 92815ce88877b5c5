"""Keeps a small training on one core: shared among threads, tiny tensors only wait for each other.

A step of the tiny models takes some 15 ms on one core. Split over two threads it gains nothing on
an idle machine, and where another program is busy every part waits for the slower thread: measured
at ten times as long and more. The limit holds for the calling thread alone; torch's own setting,
which other demos use for large models, stays as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_core() -> Iterator[None]:
    """Inside, tensor operations called from this thread use one core (OpenMP, threadpoolctl).

    Leave it before handing a result back from an iterator: whoever asks next may be on another
    thread.
    """
    import torch  # noqa: F401  its thread pool has to be loaded to be found
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    with ThreadpoolController().limit(limits=1, user_api="openmp"):
        yield
