"""How the fine-tuning demo draws ranks and four-bit weights: HTML tables and plotly figures."""

import numpy as np

from demos.fine_tuning.low_rank import NF4_BITS, TRAINING_BYTES, Cost, memory, rank_for
from demos.fine_tuning.quantization import (
    Matrix,
    Scheme,
    bits,
    int4_levels,
    nf4_levels,
    scaled_histogram,
)
from demos.shared.arrays import Array
from demos.shared.charts import Figure, figure
from demos.shared.markup import NARROW, fitted, note, table
from demos.shared.style import ACCENT, BLUE, GRAY

RANKS = (1, 2, 4, 8, 16, 32, 64, 128)


def rank_plot(kept: Array, random: Array, rank: int) -> Figure:
    """The error at every rank of a real matrix and of a random one."""
    drawn = figure(legend=True)
    for name, values, color in (("real", kept, BLUE), ("random numbers", random, GRAY)):
        drawn.add_scatter(
            x=np.arange(1, len(values)), y=values[1:], name=name, line={"color": color}
        )
    drawn.add_scatter(
        x=[rank],
        y=[kept[rank]],
        mode="markers",
        showlegend=False,
        marker={"size": 12, "color": ACCENT},
    )
    drawn.update_xaxes(title="rank r", type="log")
    drawn.update_yaxes(title="error left", tickformat=".0%", range=[0, 1.02])
    return drawn


def describe_rank(kept: Array, cost: Cost, guess: float | None = None) -> str:
    """Parameters, memory and error at the chosen rank and at others."""
    said = ""
    if guess is not None:
        off = abs(guess - 100 * kept[cost.rank])
        said = f"You guessed {guess:.0f}%: {'close' if off < 5 else f'{off:.0f} points away'}. "
    said += (
        f"Of this {cost.rows} × {cost.columns} matrix, the best approximation of rank {cost.rank} "
        f"leaves an error of <b>{kept[cost.rank]:.0%}</b>; for 10% it takes rank "
        f"{rank_for(0.1, kept)}. LoRA does not approximate the weights, only what training adds to "
        "them; the training tab measures how low the rank of that is. An adapter of rank "
        f"{cost.rank} has {cost.adapter:,} parameters, {cost.share:.1%} of the matrix's "
        f"{cost.full:,}; beyond rank {cost.break_even} it would be larger."
    )
    return f"<p>{said}</p>{fitted(cost_table(kept, cost))}"


def cost_table(kept: Array, cost: Cost) -> str:
    """Rank against error, parameters and memory while training."""
    rows = []
    for rank in sorted({*(rank for rank in RANKS if rank < len(kept)), cost.rank}):
        one = Cost(rank, cost.rows, cost.columns)
        name = f"<b>{rank}</b>" if rank == cost.rank else str(rank)
        lora, qlora = (memory(one.full, one.adapter, bits) for bits in (16, NF4_BITS))
        rows.append((name, f"{kept[rank]:.1%}", f"{one.adapter:,}", f"{lora:.2f}", f"{qlora:.2f}"))
    rows.append(("full", "0.0%", f"{cost.full:,}", f"{memory(0, cost.full):.2f}", ""))
    return table(("rank", "error", "trained", "LoRA", "QLoRA"), rows, NARROW) + (
        note(
            "Memory in MB to train this matrix, activations apart: "
            f"{TRAINING_BYTES} bytes for each trained number; the frozen matrix takes 16 bits a "
            f"weight with LoRA, {NF4_BITS:.3f} with QLoRA."
        )
    )


def describe_schemes(schemes: tuple[Scheme, ...], wins: tuple[int, int], guess: str | None) -> str:
    """Each scheme's bits and errors, and who is better how often."""
    nf4, int4, coarse = schemes
    better = "NF4" if nf4.error < int4.error else "int4"
    said = f"You guessed {guess}: {'right' if guess == better else 'no'}. " if guess else ""
    said += (
        f"{better} has the smaller error here, NF4 <b>{nf4.error:.1%}</b> and int4 "
        f"<b>{int4.error:.1%}</b>; NF4 is better on {wins[0]} of MiniLM's {wins[1]} matrices. For "
        f"its worst single weight NF4 is off by {nf4.largest:.3f}, int4 by {int4.largest:.3f}: "
        f"NF4's levels are sparse far out. With one scale for all weights the largest of them "
        f"sets the steps and int4's error is {coarse.error:.0%}. Double quantization brings "
        f"{bits(nf4.block):.3f} bits per weight to {bits(nf4.block, double=True):.3f}."
    )
    rows = [
        (
            one.name,
            f"{one.bits:.3f}",
            f"{one.error:.2%}",
            f"{one.largest:.4f}",
            str(one.levels_used),
        )
        for one in schemes
    ]
    head = ("stored as", "bits", "error", "worst weight", "levels used")
    return f"<p>{said}</p>{fitted(table(head, rows, NARROW))}"


def level_plot(weights: Matrix, block: int) -> Figure:
    """The weights divided by their block's largest, with the levels of both schemes."""
    shares, centers = scaled_histogram(weights, block)
    drawn = figure(bargap=0, legend=True)
    drawn.add_bar(x=centers, y=shares, marker_color=GRAY, opacity=0.6, name="weights")
    top = float(shares.max())
    for name, levels, color, height in (
        ("NF4 levels", nf4_levels(), ACCENT, -0.07 * top),
        ("int4 levels", int4_levels(), BLUE, -0.16 * top),
    ):
        drawn.add_scatter(
            x=levels,
            y=[height] * len(levels),
            mode="markers",
            name=name,
            marker={"symbol": "line-ns-open", "size": 11, "color": color},
        )
    drawn.update_xaxes(title="weight / largest of its block")
    tick = 0.01 if top < 0.05 else 0.02
    drawn.update_yaxes(title="share", tickformat=".0%", tickvals=np.arange(0, top, tick))
    return drawn
