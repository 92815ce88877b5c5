"""How the losses demo draws its results: HTML tables and plotly figures, with the text beside.

Each function takes a result and returns HTML or a figure. What a person typed is escaped here.
"""

import html
import math
from typing import Any

import numpy as np

from demos.activations import Chain, Derivative, Function
from demos.derivatives import Array, CrossEntropy, Divergence
from demos.panel import ACCENT, GRAY, figure, table
from demos.perplexity import Perplexity, Scored
from demos.spans import span, visible

BLUE = "#1c7ed6"
NARROW = -1  # no column of a table takes the space
WORST = 10.0  # nats at which a token's color is full


def apart(by_hand: Array | float, auto: Array | float) -> str:
    """The largest difference between two ways of computing the same."""
    return f"{float(np.max(np.abs(np.asarray(by_hand) - np.asarray(auto)))):.0e}"


def cross_entropy_table(found: CrossEntropy, guess: float | None = None) -> str:
    """Logits, exponentials, probabilities and gradients, and the loss in words."""
    rows = [
        (f"<b>{n + 1} (right)</b>" if n == found.target else str(n + 1), f"{found.logits[n]:g}",
         f"{found.exponentials[n]:.4f}", f"{found.probabilities[n]:.4f}",
         f"{found.gradient[n]:+.4f}", f"{found.auto_gradient[n]:+.4f}")
        for n in range(len(found.logits))
    ]  # fmt: skip
    head = ("token", "logit z", "e^(z − max)", "probability", "gradient by hand", "autograd")
    right = found.probabilities[found.target]
    text = (
        f"Loss = −ln {right:.4f} = <b>{found.loss:.4f} nats</b> = {found.loss / math.log(2):.4f} "
        f"bits; autograd says {found.auto_loss:.4f}. A blind guess among {len(found.logits)} would "
        f"cost {math.log(len(found.logits)):.4f} nats. The gradient is the probabilities minus 1 "
        f"at the right token; its entries add up to {abs(found.gradient.sum()):.0f} (largest "
        f"difference from autograd {apart(found.gradient, found.auto_gradient)})."
    )
    return f"<p>{judged(guess, found.loss, ' nats')}{text}</p>{table(head, rows, NARROW)}"


def judged(guess: float | None, truth: float, unit: str = "") -> str:
    """A sentence on a guessed number; an empty box may arrive as None or 0."""
    if not guess:
        return ""
    near = abs(guess - truth) <= 0.1 * max(abs(truth), 0.1)
    verdict = "within a tenth" if near else f"{abs(guess - truth):.2f} away"
    return f"You guessed {guess:g}{unit}: {verdict}. "


def divergence_table(found: Divergence) -> str:
    """Term by term in both directions, the gradients, and what the sums say."""
    rows = [
        (str(n + 1), f"{found.p[n]:.4f}", f"{found.q[n]:.4f}",
         number(found.forward_terms[n]), number(found.reverse_terms[n]))
        for n in range(len(found.p))
    ]  # fmt: skip
    rows.append(("<b>sum</b>", "1", "1", f"<b>{number(found.forward)}</b>",
                 f"<b>{number(found.reverse)}</b>"))  # fmt: skip
    head = ("entry", "P", "Q", "P ln(P/Q)", "Q ln(Q/P)")
    text = (
        f"KL(P‖Q) = <b>{number(found.forward)}</b> nats, KL(Q‖P) = <b>{number(found.reverse)}</b>. "
        f"Check: the cross-entropy {number(found.cross_entropy)} minus the entropy of P, "
        f"{found.entropy:.4f}, is {number(found.cross_entropy - found.entropy)}."
    )
    return f"<p>{text}</p>{table(head, rows, NARROW)}{gradient_table(found)}"


def gradient_table(found: Divergence) -> str:
    """The gradients of both directions on the logits of Q, or why there are none."""
    pairs = (
        (found.forward_gradient, found.auto_forward_gradient),
        (found.reverse_gradient, found.auto_reverse_gradient),
    )
    (first, auto_first), (second, auto_second) = pairs
    if first is None or second is None or auto_first is None or auto_second is None:
        return (
            "<p>A probability of exactly 0 cannot come out of a softmax: where one distribution "
            "gives 0 to what the other expects, the divergence is infinite and has no gradient.</p>"
        )
    rows = [
        (str(n + 1), f"{first[n]:+.4f}", f"{auto_first[n]:+.4f}", f"{second[n]:+.4f}",
         f"{auto_second[n]:+.4f}")
        for n in range(len(first))
    ]  # fmt: skip
    head = ("logit of Q", "∂KL(P‖Q) by hand", "autograd", "∂KL(Q‖P) by hand", "autograd")
    text = (
        "On the logits of Q the first gradient is Q − P, the same as cross-entropy's; the second "
        f"is Q (ln(Q/P) − KL(Q‖P)). Largest differences from autograd: {apart(first, auto_first)} "
        f"and {apart(second, auto_second)}."
    )
    return f"<p>{text}</p>{table(head, rows, NARROW)}"


def number(value: float) -> str:
    """Four decimals, or ∞."""
    return f"{value:.4f}" if math.isfinite(value) else "∞"


def distribution_plot(found: Divergence) -> Any:
    """P and Q as bars side by side."""
    import plotly.graph_objects as go

    drawn = figure(220, barmode="group", legend={"orientation": "h", "y": 1.2})
    drawn.update_layout(showlegend=True)
    names = [str(n + 1) for n in range(len(found.p))]
    for name, values, color in (("P", found.p, BLUE), ("Q", found.q, ACCENT)):
        drawn.add_trace(go.Bar(x=names, y=values, name=name, marker_color=color))
    drawn.update_xaxes(title="entry", type="category")
    drawn.update_yaxes(title="probability", rangemode="tozero")
    return drawn


def derivative_table(found: tuple[Derivative, ...]) -> str:
    """All activations at x: value, derivative three ways."""
    x = found[0].x
    rows = [
        (one.name, f"{one.value:.4f}", f"{one.by_hand:.4f}", f"{one.auto:.4f}",
         f"{one.difference:.4f}")
        for one in found
    ]  # fmt: skip
    head = ("f", "f(x)", "f′(x) by hand", "autograd", "(f(x+h) − f(x−h)) / 2h")
    slope = found[0].by_hand
    text = f"At x = {x:g} ReLU's derivative is <b>{slope:g}</b>: "
    text += "the gradient passes unchanged." if slope else "no gradient passes."
    if x == 0:
        text = (
            "At x = 0 ReLU has a kink and no derivative: from the left the slope is 0, from the "
            "right 1, and the difference quotient gives their mean. Autograd takes <b>0</b>."
        )
    ten = "Through ten such units a gradient is multiplied by "
    ten += ", ".join(f"{one.by_hand**10:.2g} ({one.name})" for one in found if one.name in TEN)
    return f"<p>{text} {ten}.</p>{table(head, rows, NARROW)}"


TEN = ("ReLU", "sigmoid")


def activation_plot(function: Function, x: float) -> Any:
    """One activation and its derivative from -4 to 4, and further if x lies outside."""
    import plotly.graph_objects as go

    reach = max(4.0, abs(x) * 1.1)
    grid = np.linspace(-reach, reach, 321)
    drawn = figure(280, legend={"orientation": "h", "y": 1.15})
    drawn.update_layout(showlegend=True)
    left, right = grid[grid < 0], grid[grid > 0]
    # The derivative of ReLU jumps at 0: a gap there instead of a slanted line.
    across = [*left, None, *right]
    slopes = [*(function.derivative(v) for v in left), None, *map(function.derivative, right)]
    drawn.add_trace(
        go.Scatter(x=grid, y=[function.value(v) for v in grid], name=f"{function.name}(x)",
                   line={"color": BLUE})
    )  # fmt: skip
    drawn.add_trace(
        go.Scatter(x=across, y=slopes, name="derivative", line={"color": ACCENT, "dash": "dash"})
    )
    drawn.add_trace(
        go.Scatter(x=[x, x], y=[function.value(x), function.derivative(x)], mode="markers",
                   marker={"size": 10, "color": [BLUE, ACCENT]}, showlegend=False)
    )  # fmt: skip
    drawn.update_xaxes(title="x")
    return drawn


def chain_graph(found: Chain) -> str:
    """The network as boxes in the order of the forward pass, gradients under the values."""
    by_name = {node.name: node for node in found.nodes}
    boxes = []
    for name, inputs in (("z", ("w1", "b1")), ("a", ()), ("y", ("w2", "b2")), ("L", ())):
        small = "".join(f'<div style="{FADED}">{cell(by_name[one])}</div>' for one in inputs)
        boxes.append(f'<div style="{BOX}">{cell(by_name[name])}{small}</div>')
    arrows = f'<span aria-hidden="true" style="align-self:center;color:{GRAY}">→</span>'.join(boxes)
    return f'<div style="display:flex;gap:0.4rem;flex-wrap:wrap">{arrows}</div>'


BOX = (
    "border:1px solid var(--border-color-primary);border-radius:6px;padding:0.3rem 0.5rem;"
    "font-size:0.8rem;color:var(--body-text-color);flex:1 1 5.5rem;"
)
FADED = "opacity:0.8;border-top:1px dashed var(--border-color-primary);margin-top:0.2rem"


def cell(node: Any) -> str:
    """A node's value and gradient."""
    return (
        f"<b>{node.name}</b> = {node.value:.4g}<br>"
        f'<span style="color:{ACCENT}">∂L/∂{node.name} = {node.by_hand:.4g}</span>'
    )


def chain_table(found: Chain) -> str:
    """Backward through the graph, product by product, and the step downhill."""
    rows = [
        (f"∂L/∂{node.name}", node.factor, f"{node.by_hand:.4f}", f"{node.auto:.4f}")
        for node in reversed(found.nodes)
    ]
    head = ("gradient", "chain rule", "by hand", "autograd")
    auto = np.array([node.auto for node in found.nodes])
    by_hand = np.array([node.by_hand for node in found.nodes])
    verdict = "falls" if found.new_loss < found.loss else "does not fall: too large a step"
    if found.new_w1 == found.nodes[0].value and found.loss == found.new_loss:
        verdict = "stays: no gradient reaches the weights"
    text = (
        f"Loss {found.loss:.4f}. After one step with learning rate {found.learning_rate:g}, w1 = "
        f"{found.new_w1:.4f} and w2 = {found.new_w2:.4f}, it is <b>{found.new_loss:.4f}</b>; it "
        f"{verdict}. Largest difference from autograd: {apart(by_hand, auto)}."
    )
    return f"<p>{text}</p>{table(head, rows, 1)}"


def describe_perplexity(found: Perplexity, guess: float | None = None) -> str:
    """The perplexity in words."""
    worst = max(found.tokens, key=lambda token: token.loss)
    best = min(found.tokens, key=lambda token: token.loss)
    cut = " Only the beginning was read." if found.cut else ""
    return (
        f"<p>{judged(guess, found.value)}Mean loss {found.loss:.3f} nats over "
        f"{len(found.tokens)} tokens, perplexity e^{found.loss:.3f} = <b>{found.value:.1f}</b>: as "
        f"unsure as among {found.value:.1f} equally likely tokens, of {found.vocabulary:,}. That "
        f"is {found.bits_per_character:.2f} bits per character. Most surprising: "
        f"{named(worst)}; least: {named(best)}.{cut}</p>"
    )


def named(token: Scored) -> str:
    """A token with its probability, escaped."""
    return f"<b>{html.escape(visible(token.token.encode()))}</b> ({token.probability:.2g})"


def scored_spans(found: Perplexity) -> str:
    """The text, each token the more colored the more surprising; its probability below."""
    parts = []
    for token in found.tokens:
        share = min(1.0, token.loss / WORST)
        title = (
            f"loss {token.loss:.2f} nats, rank {token.rank}; likeliest: "
            f"{visible(token.likeliest.encode())} ({token.likeliest_probability:.2f})"
        )
        style = f"background:rgba(232,89,12,{0.85 * share:.2f});"
        label = visible(token.token.encode())
        parts.append(span(label, f"{token.probability:.2g}", title, style))
    return f'<div style="margin:0.4rem 0">{"".join(parts)}</div>'


def scored_table(found: Perplexity) -> str:
    """Every token: probability, loss, rank, what was likeliest, the perplexity so far."""
    rows = [
        (html.escape(visible(token.token.encode())), f"{token.probability:.4f}",
         f"{token.loss:.2f}", f"{token.rank:,}",
         f"{html.escape(visible(token.likeliest.encode()))} {token.likeliest_probability:.2f}",
         f"{token.perplexity:.1f}")
        for token in found.tokens
    ]  # fmt: skip
    return table(
        ("token", "probability", "loss", "rank", "likeliest", "perplexity so far"), rows, NARROW
    )
