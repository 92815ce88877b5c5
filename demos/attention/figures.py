"""One head's arithmetic to look at: the matrix at every step, one query's row, what sqrt(d) does.

A token, which is part of what a person typed, is escaped here.
"""

import html

import numpy as np

from demos.attention.forward import Attention, Pass
from demos.attention.habits import habits, random_spread
from demos.attention.in_words import describe, origin, product, scaling
from demos.attention.sinks import strongest, verdict, visible
from demos.shared.grids import grid, label, written
from demos.shared.markup import note, said, sentence, sums
from demos.shared.token_ids import MAX_TOKENS

STEPS = ("1 scores QKᵀ", "2 divide by √d", "3 mask", "4 softmax", "5 weighted values")
MEASURES = {
    "entropy": "Entropy in bits: how spread out the weights are",
    "first": "Share of the weight on the first token",
    "previous": "Share of the weight on the token before",
    "own": "Share of the weight on the token itself",
}


def read_line(seen: Pass) -> str:
    """What was read, and politely what was not."""
    cut = f" Only the first {MAX_TOKENS} tokens were read, so that the picture fits." * seen.cut
    looks = "only at itself and the past" if seen.causal else "at the whole sentence"
    return said(
        f"{html.escape(seen.model)} read {len(seen.tokens)} tokens; each looks "
        f"{looks}.{cut}{' A · is a space.' * seen.causal}"
    )


def draw(found: Attention, step: int, measure: str) -> list[str]:
    """The four pictures: all heads, the chosen head at one step, its row, and the scaling."""
    words = html.escape(f"{describe(found)} {origin(found)}")
    return [
        head_map(found, measure),
        step_grid(found, step) + sentence(words),
        row_table(found),
        scaling_table(found),
    ]


def reveal(seen: Pass, query: int, guess: int) -> str:
    """The verdict and every visible key's mean weight and keenest head, as HTML."""
    found = strongest(seen, query)
    keys = visible(seen, query)
    lines = []
    for key in keys:
        layer, head, weight = found.best[key]
        where = f"layer {layer + 1}, head {head + 1}"
        lines.append(
            [label(seen.tokens[key]), f"{found.means[key]:.3f}|bar", f"{weight:.3f}|bar", where]
        )
    table = sums(["key", "mean of all heads", "highest in one head", "which"], lines, guess)
    words = html.escape(verdict(seen, query, guess))
    return said(words) + table


def head_map(found: Attention, measure: str) -> str:
    """All heads of the model, a row per head and a column per layer, shaded by one habit."""
    seen = found.seen
    values = habits(seen.weights)[measure].T  # (head, layer)
    return grid(
        values,
        [f"head {number + 1}" for number in range(seen.heads)],
        [str(number + 1) for number in range(seen.layers)],
        f"Layers are columns. Mean over tokens, from {values.min():.2f} to {values.max():.2f}. "
        "Click a head to look at it.",
        most=None if measure == "entropy" else 1.0,
        pick=True,
        chosen=(found.at.head, found.at.layer),
    )


def step_grid(found: Attention, step: int) -> str:
    """The matrix (query, key) after a step 0-3, or the output (query, component) of step 4."""
    seen, head = found.seen, found.head
    width = seen.queries.shape[-1]
    caption = (
        "Every query (row) times every key (column).",
        f"The same divided by √{width} = {np.sqrt(width):.2f}.",
        "Hatched: −∞, the future." if seen.causal else "No mask here: every token may be seen.",
        "Weights: every row adds up to 1.",
        f"The output of the head, {head.output.shape[1]} numbers for each token (row).",
    )[step]
    if step == 4:
        names = [str(number + 1) for number in range(head.output.shape[1])]
        return grid(head.output, seen.tokens, names, caption, chosen_row=found.at.query)
    return grid(
        (head.products, head.scores, head.masked, head.weights)[step],
        seen.tokens,
        seen.tokens,
        f"{caption} Click a row to choose its query.",
        blocked=~np.isfinite(head.masked) if step > 1 else None,
        most=1.0 if step == 3 else None,
        decimals=2 if step == 3 else 1,
        pick=True,
        chosen_row=found.at.query,
    )


def row_table(found: Attention, components: int = 3) -> str:
    """One query against every key, column by column, down to the first numbers of the output."""
    seen, at, head = found.seen, found.at, found.head
    values = seen.values[at.layer, seen.shared(at.head)]  # (key, width)
    masked = head.masked[at.query]
    powers = np.exp(masked - masked.max())  # (key,)
    lines = []
    for key, token in enumerate(seen.tokens):
        power = f"{powers[key]:.3f}" if np.isfinite(masked[key]) else "−∞ → 0"
        scores = [written(head.products[at.query, key]), written(head.scores[at.query, key])]
        parts = [written(number) for number in values[key, :components]]
        lines.append([label(token), *scores, power, f"{found.row[key]:.3f}|bar", *parts])
    output = [written(number) for number in head.output[at.query, :components]]
    lines.append(["sum", "", "", f"{powers.sum():.3f}", "1.000", *output])
    names = [f"v<sub>{number + 1}</sub>" for number in range(components)]
    width = seen.queries.shape[-1]
    return (
        sentence(
            f"The row of <b>{html.escape(seen.tokens[at.query])}</b>, from scores to "
            f"output: {html.escape(product(found, int(found.row.argmax())))}."
        )
        + sums(["key", "q·k", f"÷√{width}", "e^(s−max)", "weight", *names], lines, len(lines) - 1)
        + note(
            f"Weight = e^(s−max) / {powers.sum():.3f}. Under v: the first "
            f"{components} of {values.shape[1]} numbers of each value; their sum, each times its "
            "weight, is the output."
        )
    )


def scaling_table(found: Attention) -> str:
    """The same scores through the softmax with and without the division."""
    rows = zip(found.seen.tokens, found.row, found.raw.weights[found.at.query], strict=True)
    lines = [[label(token), f"{a:.3f}|bar", f"{b:.3f}|bar"] for token, a, b in rows]
    table = sums(["key", "weight with ÷√d", "without"], lines)
    return sentence(html.escape(scaling(found))) + table


def spread_table() -> str:
    """Random queries and keys: why the divisor is the square root of the width."""
    lines = [
        [
            str(s.width),
            f"{s.deviation:.2f}",
            f"{np.sqrt(s.width):.0f}",
            f"{s.top_raw:.3f}|bar",
            f"{s.top_scaled:.3f}|bar",
        ]
        for s in random_spread()
    ]
    return sentence(
        "Why the root of d: random queries and keys with components of variance "
        "1, ten keys each. The deviation of q·k grows like √d."
    ) + sums(["d", "deviation", "√d", "largest weight, raw", "after ÷√d"], lines)
