"""How the losses demo draws its results: HTML tables and plotly figures, with the text beside.

Each function takes a result and returns HTML or a figure. What a person typed is escaped here.
"""

import html
import math

import numpy as np

from demos.losses.cross_entropy import CrossEntropy
from demos.losses.divergence import Divergence
from demos.losses.perplexity import Perplexity, Scored
from demos.shared.arrays import Array
from demos.shared.charts import Figure, figure
from demos.shared.markup import NARROW, table
from demos.shared.style import ACCENT, BLUE, ORANGE, tint
from demos.shared.tokens import span, visible

WORST = 10.0  # nats at which a token's color is full


def apart(by_hand: Array | float, auto: Array | float) -> str:
    """The largest difference between two ways of computing the same."""
    return f"{float(np.max(np.abs(np.asarray(by_hand) - np.asarray(auto)))):.0e}"


def cross_entropy_table(found: CrossEntropy, guess: float | None = None) -> str:
    """Logits, exponentials, probabilities and gradients, and the loss in words."""
    rows = [
        (
            f"<b>{n + 1} (right)</b>" if n == found.target else str(n + 1),
            f"{found.logits[n]:g}",
            f"{found.exponentials[n]:.4f}",
            f"{found.probabilities[n]:.4f}",
            f"{found.gradient[n]:+.4f}",
            f"{found.auto_gradient[n]:+.4f}",
        )
        for n in range(len(found.logits))
    ]
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
        (
            str(n + 1),
            f"{found.p[n]:.4f}",
            f"{found.q[n]:.4f}",
            number(found.forward_terms[n]),
            number(found.reverse_terms[n]),
        )
        for n in range(len(found.p))
    ]
    rows.append(
        (
            "<b>sum</b>",
            "1",
            "1",
            f"<b>{number(found.forward)}</b>",
            f"<b>{number(found.reverse)}</b>",
        )
    )
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
        (
            str(n + 1),
            f"{first[n]:+.4f}",
            f"{auto_first[n]:+.4f}",
            f"{second[n]:+.4f}",
            f"{auto_second[n]:+.4f}",
        )
        for n in range(len(first))
    ]
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


def distribution_plot(found: Divergence) -> Figure:
    """P and Q as bars side by side."""
    drawn = figure(barmode="group", legend=True)
    names = [str(n + 1) for n in range(len(found.p))]
    for name, values, color in (("P", found.p, BLUE), ("Q", found.q, ACCENT)):
        drawn.add_bar(x=names, y=values, name=name, marker_color=color)
    drawn.update_xaxes(title="entry", type="category")
    drawn.update_yaxes(title="probability", rangemode="tozero")
    return drawn


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
        style = f"background:{tint(ORANGE, 85 * share)};"
        label = visible(token.token.encode())
        parts.append(span(label, f"{token.probability:.2g}", title, style))
    return f'<div style="margin:0.4rem 0">{"".join(parts)}</div>'


def scored_table(found: Perplexity) -> str:
    """Every token: probability, loss, rank, what was likeliest, the perplexity so far."""
    rows = [
        (
            html.escape(visible(token.token.encode())),
            f"{token.probability:.4f}",
            f"{token.loss:.2f}",
            f"{token.rank:,}",
            f"{html.escape(visible(token.likeliest.encode()))} {token.likeliest_probability:.2f}",
            f"{token.perplexity:.1f}",
        )
        for token in found.tokens
    ]
    return table(
        ("token", "probability", "loss", "rank", "likeliest", "perplexity so far"), rows, NARROW
    )
