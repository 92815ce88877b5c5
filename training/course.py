"""How every reader is trained: AdamW, warmup and cosine, kept between epochs, then saved.

After every epoch the state is kept below TUTOR_HOME, so an interrupted training goes on where it
was.
"""

import hashlib
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from tutor.engine.adapted import AdaptedBert

WARMUP = 0.04  # share of the training in which the rates rise
Figures = dict[str, float]
B = TypeVar("B")


@dataclass(frozen=True)
class Plan:
    """How a training goes."""

    epochs: int = 7
    batch: int = 64
    rate: float = 6e-4
    head_rate: float = 1e-3
    decay: float = 0.05
    dropout: float = 0.1
    rank: int = 32
    alpha: float = 64.0
    seed: int = 0
    bf16: bool = False  # in 16 bits: more than twice as fast where the processor has AVX-512 BF16


class Course(Generic[B]):
    """A training under way: network, optimizer, and where it is kept between epochs."""

    def __init__(
        self,
        network: AdaptedBert,
        loss: Callable[[B], Tensor],
        heads: tuple[str, ...],
        plan: Plan,
        kept: Path,
    ):
        """`loss` of one batch, `heads` how the names of parameters begin that are not adapters; go
        on from the file `kept`, if there is one."""
        self.network, self.loss, self.plan, self.kept = network, loss, plan, kept
        parts = network.trained()
        on_top = [part for name, part in parts.items() if name.startswith(heads)]
        rest = [part for name, part in parts.items() if not name.startswith(heads)]
        self.parameters = [*rest, *on_top]
        self.optimizer = torch.optim.AdamW(
            [{"params": rest}, {"params": on_top}], lr=plan.rate, weight_decay=plan.decay
        )
        self.epoch = 0
        if kept.exists():
            state = torch.load(kept, weights_only=True)
            network.load_state_dict(state["network"], strict=False)
            self.optimizer.load_state_dict(state["optimizer"])
            self.epoch = state["epoch"]

    def run_epoch(self, made: Sequence[B]) -> float:
        """One pass over the batches, with progress on the screen; the mean loss."""
        total = 0.0
        report = reporter(self.epoch, self.plan.epochs)
        self.network.train()
        for step, one in enumerate(made):
            self._set_rates((self.epoch + step / len(made)) / self.plan.epochs)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.plan.bf16):
                loss = self.loss(one)
            self.optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.parameters, 1.0)
            self.optimizer.step()
            total += loss.item()
            report((step + 1) / len(made), total / (step + 1))
        self.epoch += 1
        self._keep()
        return total / len(made)

    def _set_rates(self, share: float) -> None:
        """Linear warmup, then a cosine to zero (Loshchilov & Hutter 2017, arXiv:1608.03983)."""
        factor = min(1.0, share / WARMUP) * 0.5 * (1 + math.cos(math.pi * share))
        for group, rate in zip(
            self.optimizer.param_groups, (self.plan.rate, self.plan.head_rate), strict=True
        ):
            group["lr"] = rate * factor

    def _keep(self) -> None:
        """Write the state beside its place, then move it there."""
        state = {
            "network": self.network.trained(),
            "optimizer": self.optimizer.state_dict(),
            "epoch": self.epoch,
        }
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        beside = self.kept.with_suffix(".new")
        torch.save(state, beside)
        beside.replace(self.kept)


def digest_of(paths: Sequence[Path]) -> str:
    """The SHA-256 of files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def save(network: AdaptedBert, folder: Path, name: str, manifest: dict[str, Any]) -> None:
    """Write the adapter in 16 bits and its manifest, each beside its place first."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {key: part.detach().half().contiguous() for key, part in network.trained().items()}
    adapter, described = folder / f"{name}.safetensors", folder / f"{name}.json"
    save_file(weights, adapter.with_suffix(".new"))
    described.with_suffix(".next").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    adapter.with_suffix(".new").replace(adapter)
    described.with_suffix(".next").replace(described)
    for path in (adapter, described):
        path.chmod(0o644)


def reporter(epoch: int, epochs: int) -> Callable[[float, float], None]:
    """Shows an epoch's share, the loss and the minutes left, now and then."""
    start = last = time.monotonic()

    def report(share: float, loss: float) -> None:
        nonlocal last
        if time.monotonic() - last > 5:
            last = time.monotonic()
            left = (last - start) / share * (epochs - epoch - share) / 60
            text = f"epoch {epoch + 1} of {epochs}: {share:4.0%}, loss {loss:.3f}"
            print(f"\r{text}, {left:.0f} min left   ", end="", flush=True)

    return report
