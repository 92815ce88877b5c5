"""What a transformer needs besides attention: positions, residuals and norms, short paths, masks.

    python -m demos.architecture
    python -m demos.architecture --blocks 48 --gain 1.2 --activation tanh
    python -m demos.architecture --source "the white house" --target "la maison blanche"

RoPE turns a query at position 12 and a key at 10 by other angles than at 2 and 0, but their
product stays: only the offset counts. Through 24 untrained blocks a gradient shrinks to about
4e-9 without residuals; with residuals and pre-norm it arrives at full strength. A recurrence that
keeps 0.9 per step has 0.9^50 = 0.005 of a gradient left after 50 steps; attention takes one step.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demos import architecture_tabs as tabs
from demos import depth, masks, positions, recurrence
from demos.depth import ACTIVATIONS, Depth
from demos.forward import MAX_CHARACTERS
from demos.heads import Array
from demos.masks import Mask
from demos.panel import guide_links
from demos.positions import Offset, Shuffle
from demos.recurrence import Cost, Reach
from demos.weights import Weights, open_weights
from tutor.errors import InputError, TutorError

TITLE = "Architecture"
QUESTIONS = (17, 21, 43, 46)
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
    numbers = {"offset": offset, "blocks": blocks, "gain": gain, "length": length, "factor": factor}
    for name, number in numbers.items():
        low, high = RANGES[name]
        if not low <= number <= high:
            raise InputError(f"{name} cannot be {number}. Choose from {low} to {high}.")
    if activation not in ACTIVATIONS:
        raise InputError(f"No activation {activation!r}. Choose one of: {', '.join(ACTIVATIONS)}.")
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


def view(weights: Weights) -> Any:
    """A sentence over four tabs; returns its box."""
    import gradio as gr

    guide_links("What a transformer needs besides attention, measured.", QUESTIONS)
    box = gr.Textbox(SOURCE, label="A sentence, for the trained blocks and the masks",
                     max_length=MAX_CHARACTERS, max_lines=3)  # fmt: skip
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Positions"):
            tabs.positions_tab()
        with gr.Tab("Depth"):
            tabs.depth_tab(weights, box)
        with gr.Tab("Sequence"):
            tabs.sequence_tab()
        with gr.Tab("Masks"):
            tabs.masks_tab(box, TARGET)
    return box


def report(found: Architecture) -> str:
    """The same for a terminal."""
    lines = ["Sinusoidal encoding of width 4: sin p, cos p, sin 0.01p, cos 0.01p"]
    lines += [
        f"  p {place}: " + "  ".join(f"{number:6.3f}" for number in row)
        for place, row in enumerate(found.waves)
    ]
    lines.append("\nRoPE with SmolLM2's frequencies: a random query and key moved along together")
    lines += [f"  query at {o.query_at:>4}, key at {o.key_at:>4}: product {o.product:.6f}"
              for o in found.offsets]  # fmt: skip
    lines += [
        "\nA text reversed: largest change of any token's attention output",
        f"  without positions {found.shuffled.without:.0e}, with sine waves "
        f"{found.shuffled.sinusoidal:.2f}, with RoPE {found.shuffled.rotary:.2f}",
        f"\n{depth.describe(found.stacks)}",
        f"\n{recurrence.describe(found.nets)}",
        "\nMultiplications of one layer of width 512",
    ]
    lines += [
        f"  {c.tokens:>5} tokens: attention {c.attention:>13,}, recurrence {c.recurrent:>13,}; "
        f"steps that wait: 1 and {c.waits:,}"
        for c in found.costs
    ]
    if found.trained:
        source = " ".join(found.masks[0].rows)
        lines.append(f"\n{depth.describe_trained(found.trained, source)}")
    for mask in found.masks:
        lines.append(f"\n{mask.name}: {mask.pairs} pairs, - is masked")
        for name, row, allowed in zip(mask.rows, mask.weights, mask.allowed, strict=True):
            cells = (f"{w:.2f}" if ok else "  - " for w, ok in zip(row, allowed, strict=True))
            lines.append(f"{name:>14} {' '.join(cells)}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.architecture",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--source", default=SOURCE, help="what an encoder reads")
    parser.add_argument("--target", default=TARGET, help="what a decoder writes")
    parser.add_argument("--offset", type=int, default=2, help="query minus key, in tokens")
    parser.add_argument("--blocks", type=int, default=24, help="transformer blocks in a stack")
    parser.add_argument("--gain", type=float, default=1.0, help="size of the weights")
    parser.add_argument("--activation", default="gelu", choices=ACTIVATIONS)
    parser.add_argument("--length", type=int, default=64, help="tokens of the sequence")
    parser.add_argument("--factor", type=float, default=0.9, help="kept per recurrent step")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trained", action="store_true", help="measure SmolLM2's blocks as well")
    chosen = vars(parser.parse_args(argv))
    weights = open_weights() if chosen.pop("trained") else None
    try:
        print(report(run(**chosen, weights=weights)))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
