"""`python -m demos.architecture`: options in, lines of text out."""

import sys
from collections.abc import Sequence
from typing import Any

from demos import architecture
from demos.architecture import depth, recurrence
from demos.architecture.depth import ACTIVATIONS
from demos.architecture.run import SOURCE, TARGET, Architecture, run
from demos.shared.command import parser_of, run_command
from demos.shared.weights import open_weights


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of(architecture)
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
    return run_command(parser, show, argv)


def show(trained: bool, **chosen: Any) -> None:
    """Run and print; SmolLM2 is loaded only if its blocks are asked for."""
    print(report(run(**chosen, weights=open_weights() if trained else None)))


def report(found: Architecture) -> str:
    """The same for a terminal."""
    lines = ["Sinusoidal encoding of width 4: sin p, cos p, sin 0.01p, cos 0.01p"]
    lines += [
        f"  p {place}: " + "  ".join(f"{number:6.3f}" for number in row)
        for place, row in enumerate(found.waves)
    ]
    lines.append("\nRoPE with SmolLM2's frequencies: a random query and key moved along together")
    lines += [
        f"  query at {o.query_at:>4}, key at {o.key_at:>4}: product {o.product:.6f}"
        for o in found.offsets
    ]
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


if __name__ == "__main__":
    sys.exit(main())
