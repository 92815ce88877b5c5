"""Figures about gradients: activations, the chain rule, embeddings, Jacobians, learning rates."""

import math

import numpy as np
from matplotlib.figure import Figure

from figures.catalog import figure
from figures.style import (
    BODY,
    SMALL,
    Ink,
    arrow,
    blend,
    box,
    cell,
    charts,
    label,
    quiet,
    sheet,
    softmax,
)


@figure(
    30,
    "Four activations and their derivatives from -4 to 4. ReLU's derivative is 0 below zero and 1 "
    "above; GELU's and SiLU's are smooth, 1.085 and 1.091 at 2; sigmoid's is at most 0.25.",
    "ReLU passes the gradient on unchanged or not at all; the sigmoid always shrinks it to a "
    "quarter or less.",
)
def activations(ink: Ink) -> Figure:
    """Draw ReLU, GELU, SiLU and the sigmoid with their exact derivatives."""
    fig, (value, slope) = charts(330, (1, 1), left=44, right=14, gap=44, top=66)
    x = np.linspace(-4, 4, 121)
    gate = 1 / (1 + np.exp(-x))
    normal = np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    curves = {
        "ReLU": (np.maximum(x, 0), np.where(x > 0, 1.0, 0.0), ink.blue, "-"),
        "GELU": (x * normal, normal + x * density, ink.orange, "-"),
        "SiLU": (x * gate, gate + x * gate * (1 - gate), ink.green, "--"),
        "sigmoid": (gate, gate * (1 - gate), ink.purple, "-"),
    }
    for place, (name, (y, derivative, color, dash)) in enumerate(curves.items()):
        value.plot(x, y, color=color, ls=dash)
        if name == "ReLU":
            slope.plot([-4, 0], [0, 0], color=color)
            slope.plot([0, 4], [1, 1], color=color)
        else:
            slope.plot(x, derivative, color=color, ls=dash)
        value.text(0.02 + place * 0.52, 1.22, f"━ {name}" if dash == "-" else f"╌ {name}",
                   color=color, fontsize=BODY, transform=value.transAxes)  # fmt: skip
    value.set(title="activation", xlabel="x", ylim=(-0.5, 4))
    slope.set(title="derivative", xlabel="x", ylim=(-0.2, 1.25))
    for ax in (value, slope):
        ax.set_xticks([-4, -2, 0, 2, 4])
        quiet(ax, "both")
    return fig


@figure(
    31,
    "A chain x=2, z=0.8, a=0.690, y=1.135, L=0.374. Backward the derivatives are -0.865 at y, "
    "-1.298 at a, -0.278 at z; the weights get -0.555 (w1) and -0.597 (w2).",
    "Each backward value is the one to its right times one local derivative; a weight's gradient "
    "multiplies it by the value that the weight met on the way forward.",
)
def chain_rule(ink: Ink) -> Figure:
    """Compute the guide's one-unit network forward and backward."""
    x, w1, b1, w2, b2, target = 2.0, 0.5, -0.2, 1.5, 0.1, 2.0
    z = w1 * x + b1
    a = 1 / (1 + math.exp(-z))
    y = w2 * a + b2
    dy = y - target
    da, slope = dy * w2, a * (1 - a)
    dz = da * slope
    fig, ax = sheet(292)
    nodes = [f"x = {x:g}", f"z = {z:.1f}", f"a = {a:.3f}", f"y = {y:.3f}",
             f"L = {(y - target) ** 2 / 2:.3f}"]  # fmt: skip
    backward = ["", f"{dz:.3f}", f"{da:.3f}", f"{dy:.3f}", "1"]
    local = ["", "× σ′ = 0.214", "× w₂ = 1.5", "× (y − t)"]
    forward = ["w₁x + b₁", "σ", "w₂a + b₂", "½(y − t)²"]
    for place, node in enumerate(nodes):
        left = 14 + place * 128
        box(ax, ink, left, 52, 98, 44, node, ink.blue, SMALL)
        if place < 4:
            arrow(ax, ink, (left + 99, 74), (left + 127, 74), ink.blue)
            label(ax, left + 113, 36, forward[place], ink.blue, 12, "center")
        if place:
            box(ax, ink, left, 136, 98, 44, backward[place].replace("-", "−"), ink.orange, SMALL)
        if 0 < place < 4:
            arrow(ax, ink, (left + 127, 158), (left + 99, 158), ink.orange)
            label(ax, left + 113, 196, local[place], ink.orange, 12, "center")
    label(ax, 14, 14, "forward: values", ink.blue, BODY, bold=True)
    label(ax, 14, 150, "backward:", ink.orange, BODY, bold=True)
    label(ax, 14, 170, "∂L/∂ …", ink.orange, BODY, bold=True)
    for left, text in (
        (142, f"∂L/∂w₁ = {dz:.3f} × x = {dz * x:.3f}"),
        (394, f"∂L/∂w₂ = {dy:.3f} × a = {dy * a:.3f}"),
    ):
        box(ax, ink, left, 228, 236, 44, text.replace("-", "−"), ink.green, SMALL)
    arrow(ax, ink, (170, 182), (170, 226), ink.green)
    arrow(ax, ink, (440, 182), (440, 226), ink.green)
    return fig


@figure(
    26,
    "Sequence 3, 1, 3 sends its gradients to a table of five rows. Row 3 gets the sum of two, "
    "(0.1, 0.4); row 1 gets (0.4, 0.3); rows 0, 2 and 4 get zero.",
    "A row collects the gradients of all places where its token stood; rows of absent tokens get "
    "nothing.",
)
def embedding_rows(ink: Ink) -> Figure:
    """Scatter-add the guide's three gradients into five rows."""
    fig, ax = sheet(300)
    ids = (3, 1, 3)
    arriving = np.array([[0.2, -0.1], [0.4, 0.3], [-0.1, 0.5]])
    rows = np.zeros((5, 2))
    np.add.at(rows, list(ids), arriving)
    label(ax, 16, 22, "positions of the input", size=BODY, bold=True)
    label(ax, 398, 22, "rows of the table", size=BODY, bold=True)

    def pair(v: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
        return f"({v[0]:.1f}, {v[1]:.1f})".replace("-", "−")

    for place, token in enumerate(ids):
        y = 68 + place * 68
        color = ink.blue if token == 3 else ink.orange
        box(ax, ink, 16, y, 82, 42, f"token {token}", color, SMALL)
        label(ax, 110, y + 21, pair(arriving[place]), color, BODY)
        arrow(ax, ink, (206, y + 21), (392, 61 + 50 * token), color, 2)
    for row in range(5):
        y = 40 + row * 50
        hue = {3: ink.blue, 1: ink.orange}.get(row)
        box(ax, ink, 398, y, 74, 42, f"row {row}", hue, SMALL)
        text = pair(rows[row]) if hue else "0"
        label(ax, 484, y + 21, text, hue or ink.muted, BODY)
        if row == 3:
            label(ax, 566, y + 21, "a sum", ink.blue, SMALL)
    return fig


@figure(
    27,
    "Jacobians of the softmax. For logits 2, 1, 0 the diagonal is 0.2227, 0.1848, 0.0819 and the "
    "rest negative; for 20, 10, 0 the largest entry is 0.00005, and the map is blank.",
    "Every row sums to zero, and a saturated softmax has a Jacobian of almost nothing: no gradient "
    "passes.",
)
def softmax_jacobian(ink: Ink) -> Figure:
    """Draw diag(p) − p pᵀ for the guide's logits and for ten times larger ones."""
    fig, ax = sheet(306)
    for side, scale in enumerate((1, 10)):
        p = softmax(scale * np.array([2.0, 1.0, 0.0]))
        jacobian = np.diag(p) - np.outer(p, p)
        left = 92 + side * 312
        name = f"logits {2 * scale}, {scale}, 0"
        label(ax, left, 20, name, size=BODY, bold=True)
        for row in range(3):
            label(ax, left - 8, 94 + row * 62, f"output {row + 1}", ink.muted, 12, "right")
            label(ax, left + 37 + 74 * row, 50, f"logit {row + 1}", ink.muted, 12, "center")
            for column in range(3):
                value = jacobian[row, column]
                hue = ink.blue if value > 0 else ink.orange
                face = blend(hue, ink.soft, min(abs(value) / 0.25, 1.0))
                text = f"{value:.4f}" if side == 0 else f"{value:.5f}"
                if float(text) == 0:
                    text = "0"
                text = text.replace("-", "−")
                cell(ax, ink, left + 74 * column, 63 + 62 * row, 74, 62, text, face)
    label(ax, 92, 276, "blue: positive, orange: negative, the same scale in both", ink.muted)
    return fig


@figure(
    48,
    "Left: gradient descent on 5w² from w = 1: rate 0.05 shrinks to 0.031, 0.15 jumps across zero "
    "but shrinks, 0.25 diverges to -7.6. Right: warmup to 0.0003 by step 2,000, then cosine decay.",
    "Above 2 divided by the curvature, here 0.2, every step lands farther out than the last.",
)
def learning_rate(ink: Ink) -> Figure:
    """Iterate w ← (1 − 10η)w, and draw the guide's warmup and cosine schedule."""
    fig, (steps, schedule) = charts(310, (1.1, 1), left=50, right=24, gap=66)
    for place, (rate, color) in enumerate(
        ((0.05, ink.blue), (0.15, ink.green), (0.25, ink.orange))
    ):
        w = (1 - 10 * rate) ** np.arange(6)
        steps.plot(range(6), w, "o-", color=color, ms=6)
        text = f"η = {rate}: {w[-1]:.3f}".replace("-", "−")
        label(steps, 0, -4.7 - 1.35 * place, text, color, SMALL)
    steps.set(title="weight w", xlabel="step", ylim=(-8.4, 6))
    n = np.r_[0, np.linspace(2000, 100000, 60)]
    turn = np.cos(np.pi * (n - 2000) / 98000)
    rate_at = np.where(n < 2000, 0, 3e-5 + (3e-4 - 3e-5) * (1 + turn) / 2)
    schedule.plot(n / 1000, rate_at * 1e4, color=ink.blue)
    schedule.plot([2, 51, 100], [3, 1.65, 0.3], "o", color=ink.orange, ms=7)
    label(schedule, 8, 3.15, "peak 3", size=BODY)
    label(schedule, 56, 1.75, "1.65", size=BODY)
    label(schedule, 99, 0.62, "0.3", size=BODY, ha="right")
    schedule.set(title="learning rate (10⁻⁴)", xlabel="step (thousands)", ylim=(0, 3.5))
    for ax in (steps, schedule):
        quiet(ax)
    return fig


@figure(
    18,
    "Polynomial fits of degree 0 to 14 to 18 noisy points of a sine. Training error falls all the "
    "way; validation error on 200 new points is smallest at degree 3 and rises steeply after 12.",
    "The two curves part where the model starts to fit the noise: stop there.",
)
def overfitting(ink: Ink) -> Figure:
    """Fit polynomials by least squares to sin(3x) + noise (deviation 0.3, fixed seed)."""
    fig, (ax,) = charts(320, right=120, top=22)
    random = np.random.default_rng(18)
    x = np.linspace(-1, 1, 18)
    fresh = random.uniform(-1, 1, 200)
    y = np.sin(3 * x) + 0.3 * random.standard_normal(18)
    truth = np.sin(3 * fresh) + 0.3 * random.standard_normal(200)
    train, valid = [], []
    for degree in range(15):
        fit = np.polynomial.Legendre.fit(x, y, degree, domain=[-1, 1])
        train.append(float(((fit(x) - y) ** 2).mean()))
        valid.append(float(((fit(fresh) - truth) ** 2).mean()))
    best = int(np.argmin(valid))
    ax.semilogy(train, "o-", color=ink.blue, ms=5)
    ax.semilogy(valid, "o-", color=ink.orange, ms=5)
    ax.axvline(best, color=ink.muted, lw=1.2, ls="--")
    label(ax, best + 0.2, 1.5, f"lowest validation error: degree {best}", ink.text, SMALL)
    label(ax, 14.3, valid[-1], "validation", ink.orange, BODY)
    label(ax, 14.3, train[-1], "training", ink.blue, BODY)
    ax.set(xlabel="degree of the polynomial", ylim=(0.008, 3))
    ax.set_ylabel("mean squared error")
    ax.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    ax.minorticks_off()
    quiet(ax)
    return fig
