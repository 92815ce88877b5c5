"""Figures about adapting a trained model: LoRA, forgetting, few parameters, distillation."""

import numpy as np
from matplotlib.figure import Figure

from figures.catalog import figure
from figures.style import (
    BODY,
    HEAD,
    SMALL,
    Ink,
    box,
    cell,
    charts,
    label,
    quiet,
    sheet,
    softmax,
)


@figure(
    4,
    "A 4096 by 4096 matrix, frozen, plus B (4096 by 16) times A (16 by 4096), 0.78% of its size. "
    "Below, memory for a 7B model: full fine-tuning 107.81 GB, LoRA 14.12 GB, QLoRA 4.51 GB.",
    "LoRA removes most of the training state, QLoRA then shrinks the frozen weights; activations "
    "come on top.",
)
def lora_memory(ink: Ink) -> Figure:
    """Draw W + BA for r = 16, and the guide's memory table for the shapes of Llama 2 7B."""
    fig, ax = sheet(392)
    box(ax, ink, 36, 40, 150, 150, "W, frozen", ink.muted, HEAD)
    label(ax, 111, 24, "4096", ink.muted, ha="center")
    label(ax, 111, 142, "16,777,216", ink.muted, ha="center")
    label(ax, 212, 115, "+", size=24, ha="center")
    box(ax, ink, 306, 40, 22, 150, "B", ink.orange, HEAD, 0.35)
    label(ax, 317, 24, "16", ink.muted, ha="center")
    label(ax, 297, 115, "4096", ink.muted, ha="right")
    label(ax, 350, 115, "×", size=22, ha="center")
    box(ax, ink, 372, 104, 150, 22, "A", ink.orange, HEAD, 0.35)
    label(ax, 447, 88, "4096", ink.muted, ha="center")
    label(ax, 530, 115, "16", ink.muted)
    label(ax, 372, 152, "131,072 trained: 0.78%", ink.orange, BODY)
    label(ax, 16, 224, "memory without activations, 7B model (GB)", size=BODY, bold=True)
    methods = (("full", 0.0, 107.81), ("LoRA", 13.48, 0.64), ("QLoRA", 3.87, 0.64))
    for row, (name, base, state) in enumerate(methods):
        y, scale = 244 + row * 38, 4.3
        label(ax, 76, y + 14, name, size=BODY, ha="right")
        cell(ax, ink, 84, y, base * scale, 28, "", ink.blue)
        cell(ax, ink, 84 + base * scale, y, max(state * scale, 5), 28, "", ink.orange)
        label(ax, 94 + (base + state) * scale, y + 14, f"{base + state:.2f}", size=BODY)
    cell(ax, ink, 84, 364, 16, 16, "", ink.blue)
    label(ax, 106, 372, "frozen weights")
    cell(ax, ink, 240, 364, 16, 16, "", ink.orange)
    label(ax, 262, 372, "training state, 16 bytes per parameter")
    return fig


@figure(
    14,
    "Two weights, old optimum (1, 1), new optimum (3, 3). Plain fine-tuning ends at (3, 3), a "
    "uniform penalty at (1.36, 1.36), EWC at (1.2, 2.6), along the valley of the old task.",
    "EWC moves the weight that the old task hardly uses, and leaves the important one nearly where "
    "it was.",
)
def ewc_valley(ink: Ink) -> Figure:
    """Draw the old loss ½ΣF(θ − 1)² with F = (9, 0.25), and where three methods end."""
    fig, (ax,) = charts(370, left=70, right=150, top=40)
    first, second = np.meshgrid(np.linspace(0, 3.6, 61), np.linspace(0, 3.6, 61))
    old = (9 * (first - 1) ** 2 + 0.25 * (second - 1) ** 2) / 2
    ax.contour(first, second, old, levels=[0.1, 0.5, 2, 5, 10, 18.5],
               colors=[ink.muted], linewidths=1.0, alpha=0.7)  # fmt: skip
    ax.plot(1, 1, "s", color=ink.text, ms=9)
    label(ax, 1.0, 0.72, "old optimum", ink.text, SMALL, "center", back=ink.paper)
    for at, color, text, dx, dy in (
        ((3, 3), ink.orange, "plain: old loss + 18.50\nnew loss 0.00", 0.12, 0.0),
        ((1.356, 1.356), ink.purple, "uniform: old loss + 0.58\nnew loss 2.70", 0.16, -0.12),
        ((1.2, 2.6), ink.blue, "EWC: old loss + 0.50\nnew loss 1.70", 0.12, 0.22),
    ):
        ax.plot([1, at[0]], [1, at[1]], color=color, lw=1.6)
        ax.plot(*at, "o", color=color, ms=10)
        label(ax, at[0] + dx, at[1] + dy, text, color, SMALL, back=ink.paper)
    ax.set(
        xlim=(0, 3.6),
        ylim=(0, 3.6),
        xlabel="weight 1, important (F = 9)",
        title="lines of equal old loss: 0.1, 0.5, 2, 5, 10, 18.5",
    )
    ax.set_ylabel("weight 2 (F = 0.25)")
    ax.set_xticks([0, 1, 2, 3])
    ax.set_yticks([0, 1, 2, 3])
    quiet(ax, None)
    return fig


@figure(
    35,
    "Trained parameters of five methods on a 6.7 billion model, log scale: prompt tuning 81,920; "
    "IA3 614,400; prefix tuning 5.2 million; LoRA 8.4 million; adapters 33.8 million, 0.50%.",
    "The methods span a factor of 400, yet all stay at or below half a percent of the model.",
)
def peft_sizes(ink: Ink) -> Figure:
    """Count the parameters of each method with the guide's formulas (Llama 2 7B's shapes)."""
    fig, (ax,) = charts(310, left=126, right=24, top=16)
    d, layers, wide, total = 4096, 32, 11008, 6738415616
    sizes = {
        "prompt tuning": 20 * d,
        "IA3": layers * (2 * d + wide),
        "prefix tuning": 20 * 2 * d * layers,
        "LoRA, r = 16": layers * 2 * 16 * 2 * d,
        "adapters": layers * 2 * (2 * d * 64 + 64 + d),
        "full model": total,
    }
    colors = [ink.blue] * 5 + [ink.muted]
    ax.barh(list(sizes), list(sizes.values()), color=colors, height=0.66, left=1e4)
    for row, size in enumerate(sizes.values()):
        text = f"{size:,} = {size / total:.4%}" if row < 5 else "6,738,415,616"
        inside = row == 5
        label(ax, size * (0.75 if inside else 1.3) + 1e4, row, text,
              ink.paper if inside else ink.text, SMALL, "right" if inside else "left")  # fmt: skip
    ax.set_xscale("log")
    ax.set(xlim=(1e4, 1e10), xlabel="trained parameters")
    ax.set_xticks([1e4, 1e6, 1e8, 1e10], ["10⁴", "10⁶", "10⁸", "10¹⁰"])
    ax.minorticks_off()
    ax.invert_yaxis()
    quiet(ax, None)
    ax.tick_params(axis="y", labelcolor=ink.text)
    return fig


@figure(
    15,
    "Probabilities for cat, dog, car. Teacher at temperature 1: 0.867, 0.117, 0.016; at 2: 0.665, "
    "0.245, 0.090. Student at 2: 0.629, 0.140, 0.231, with dog and car in the wrong order.",
    "The softened teacher shows that dog is nearer to right than car; the hard label cat would "
    "never say so.",
)
def soft_targets(ink: Ink) -> Figure:
    """Soften the guide's teacher (5, 3, 1) and student (4, 1, 2) logits."""
    fig, axes = charts(290, (1, 1, 1), left=46, gap=34)
    panels = (
        ("teacher, T = 1", (5.0, 3.0, 1.0), 1, ink.blue),
        ("teacher, T = 2", (5.0, 3.0, 1.0), 2, ink.blue),
        ("student, T = 2", (4.0, 1.0, 2.0), 2, ink.orange),
    )
    for ax, (name, logits, heat, color) in zip(axes, panels, strict=True):
        chances = softmax(np.array(logits) / heat)
        bars = ax.bar(["cat", "dog", "car"], chances, color=color, width=0.7)
        ax.bar_label(bars, [f"{p:.3f}" for p in chances], padding=3, fontsize=SMALL)
        ax.set(title=name, ylim=(0, 1))
        ax.set_yticks([0, 0.5, 1])
        quiet(ax)
        ax.tick_params(axis="x", labelcolor=ink.text, labelsize=BODY)
        if ax is not axes[0]:
            ax.set_yticklabels([])
    axes[1].set_xlabel("KL(teacher ‖ student) at T = 2 is 0.089; times T² it is 0.356")
    return fig
