"""Pictures of depth, sequence and masks: gradient norms, costs, who sees whom."""

import html
from collections.abc import Sequence

from demos.architecture import recurrence
from demos.architecture.depth import Depth
from demos.architecture.masks import MOST_WORDS, Mask, describe, masks, sees
from demos.architecture.recurrence import Reach
from demos.shared.charts import DASHES, SERIES, Figure, figure
from demos.shared.grids import grid
from demos.shared.markup import note, sentence, sums


def costs_said() -> str:
    """Operations and waiting steps of both kinds of layer, as a table."""
    lines = [
        [
            f"{c.tokens:,}",
            f"{c.attention:,}",
            f"{c.recurrent:,}",
            f"{c.attention / c.recurrent:g}",
            f"1 / {c.waits:,}",
        ]
        for c in recurrence.costs()
    ]
    head = ["n", "attention n²d", "recurrence nd²", "ratio", "steps that wait"]
    return sentence(
        "Multiplications of one layer of width 512, and steps that must wait for "
        "each other (attention / recurrence):"
    ) + sums(head, lines)


def mask_grids(source: str, target: str, at: int) -> str:
    """All three masks and their words, the target's word `at` (from 1) framed.

    InputError if one side has no word.
    """
    encoder, decoder, cross = masks(source, target)
    row = min(at, len(decoder.rows)) - 1
    cut = max(len(source.split()), len(target.split())) > MOST_WORDS
    words = f"{describe(encoder, decoder, cross)} {sees(encoder, decoder, row)}"
    return (
        (note(f"The first {MOST_WORDS} words are shown.") if cut else "")
        + sentence(
            f"{html.escape(words)} The weights come from random scores, the same "
            "for encoder and decoder, so only the mask makes the difference."
        )
        + mask_grid(encoder, None)
        + mask_grid(decoder, row)
        + mask_grid(cross, row)
    )


def mask_grid(mask: Mask, chosen: int | None) -> str:
    """One mask with its weights, one of its rows framed."""
    caption = f"{mask.name}: {mask.pairs} pairs; each row adds up to 1."
    return grid(
        mask.weights,
        mask.rows,
        mask.columns,
        caption,
        blocked=~mask.allowed,
        most=1.0,
        chosen_row=chosen,
    )


def depth_curves(stacks: Sequence[Depth]) -> Figure:
    """Gradient norms against the block whose entry they were measured at, on a log scale."""
    drawn = lines([(stack.kind, stack.norms) for stack in stacks])
    drawn.update_xaxes(title="entry of block; the loss is on the right")
    drawn.update_yaxes(title="norm of the gradient")
    return drawn


def reach_curves(nets: Sequence[Reach]) -> Figure:
    """Gradient norms against the distance from the output, on a log scale."""
    drawn = lines([(net.net, net.norms) for net in nets], start=0)
    drawn.update_xaxes(title="distance from the output in tokens")
    drawn.update_yaxes(title="norm of the gradient")
    return drawn


def lines(series: Sequence[tuple[str, Sequence[float]]], start: int = 1) -> Figure:
    """Several falling or rising lines over a logarithmic axis, told apart by color and dash."""
    drawn = figure(legend=True)
    for (name, values), color, dash in zip(series, SERIES, DASHES, strict=False):
        drawn.add_scatter(
            x=list(range(start, start + len(values))),
            y=list(values),
            mode="lines",
            name=name,
            line={"color": color, "dash": dash, "width": 2},
            hovertemplate=f"{name}, %{{x}}: %{{y:.2e}}<extra></extra>",
        )
    drawn.update_yaxes(type="log", exponentformat="power")
    return drawn
