"""Positions, depth, sequence and masks at once, within the ranges a person may choose from."""

from dataclasses import dataclass

from demos.architecture import depth, masks, positions, recurrence
from demos.architecture.depth import ACTIVATIONS, Depth
from demos.architecture.masks import Mask
from demos.architecture.positions import Offset, Shuffle
from demos.architecture.recurrence import Cost, Reach
from demos.shared.arrays import Array
from demos.shared.choices import check_choice, check_ranges
from demos.shared.weights import Weights

SOURCE = "The black cat drank milk"
TARGET = "Le chat noir a bu du lait"
# Smallest and largest of what a person may choose.
RANGES = {
    "offset": (0, 1000),
    "blocks": (1, 64),
    "gain": (0.1, 2.0),
    "length": (2, 256),
    "factor": (0.0, 1.5),
}


@dataclass(frozen=True)
class Architecture:
    """Everything the demo computes."""

    waves: Array  # (position, component) of width 4
    offsets: tuple[Offset, ...]
    shuffled: Shuffle
    stacks: tuple[Depth, ...]
    nets: tuple[Reach, ...]
    costs: tuple[Cost, ...]
    masks: tuple[Mask, Mask, Mask]
    trained: Depth | None = None  # SmolLM2's blocks, if asked for


def run(
    source: str = SOURCE,
    target: str = TARGET,
    offset: int = 2,
    blocks: int = 24,
    gain: float = 1.0,
    activation: str = "gelu",
    length: int = 64,
    factor: float = 0.9,
    seed: int = 0,
    weights: Weights | None = None,
) -> Architecture:
    """Positions, depth, sequence and masks; the same seed, the same numbers.

    No model is needed. With `weights` the trained blocks of SmolLM2 are measured as well.
    InputError for an empty text, an unknown activation or a number outside RANGES.
    """
    check_ranges(RANGES, offset=offset, blocks=blocks, gain=gain, length=length, factor=factor)
    check_choice("activation", activation, ACTIVATIONS)
    return Architecture(
        positions.sinusoids(3, 4),
        positions.offset_products(offset, seed=seed),
        positions.shuffle(seed=seed),
        depth.depths(blocks, gain, activation, seed),
        recurrence.reaches(length, factor, seed),
        recurrence.costs(),
        masks.masks(source, target, seed),
        depth.trained_norms(source, weights.smollm2()) if weights else None,
    )
