"""One head's arithmetic to look at: the matrix at every step, one query's row, what sqrt(d) does.

HTML for the page and lines for a terminal. The numbers come from `demos.forward` and
`demos.heads`; a token, which is part of what a person typed, is escaped here.
"""

import html

import numpy as np

from demos.forward import Attention
from demos.grids import grid, label, sums, written
from demos.heads import Array, entropy, habits, random_spread
from demos.sinks import strongest, verdict, visible

STEPS = ("1 scores QKᵀ", "2 divide by √d", "3 mask", "4 softmax", "5 weighted values")
MEASURES = {
    "entropy": "Entropy in bits: how spread out the weights are",
    "first": "Share of the weight on the first token",
    "previous": "Share of the weight on the token before",
    "own": "Share of the weight on the token itself",
}


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


def describe(found: Attention) -> str:
    """The main numbers of a head in words: the text alternative of its picture."""
    seen, at, row = found.seen, found.at, found.row
    top = int(row.argmax())
    sees = len(visible(seen, at.query))
    means = {name: float(value) for name, value in habits(found.head.weights).items()}
    return (
        f"{seen.model}, layer {at.layer + 1} of {seen.layers}, head {at.head + 1} of {seen.heads}: "
        f"{seen.tokens[at.query]} gives its largest weight, {row[top]:.2f}, to {seen.tokens[top]}. "
        f"The entropy of its row is {entropy(row):.2f} bits; spread evenly over the {sees} tokens "
        f"it may see it would be {np.log2(sees):.2f}. Over all rows the head gives "
        f"{means['first']:.0%} to the first token, {means['previous']:.0%} to the one before and "
        f"{means['own']:.0%} to the token itself."
    )


def origin(found: Attention) -> str:
    """Where keys and values come from, and how far the weights are from the model's own."""
    seen = found.seen
    shared, kept = seen.shared(found.at.head), seen.keys.shape[1]
    group = seen.heads // kept
    served = (
        f"Its keys and values are those of key-value head {shared + 1} of {kept}, which serves "
        f"query heads {shared * group + 1} to {shared * group + group}."
        if group > 1
        else "It has keys and values of its own."
    )
    return f"{served} Largest difference from the weights the model itself used: {found.apart:.0e}."


def product(found: Attention, key: int, terms: int = 3) -> str:
    """The dot product of the query with one key: its first terms, their number, the sum."""
    seen, at = found.seen, found.at
    query = seen.queries[at.layer, at.head, at.query]
    other = seen.keys[at.layer, seen.shared(at.head), key]
    first = " + ".join(
        f"({written(a)})({written(b)})" for a, b in zip(query[:terms], other[:terms], strict=True)
    )
    total = found.head.products[at.query, key]
    return (
        f"q({seen.tokens[at.query]}) · k({seen.tokens[key]}) = {first} + … "
        f"({len(query)} products) = {written(total)}, "
        f"and {written(total)} / √{len(query)} = {written(total / np.sqrt(len(query)))}"
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
        f'<p class="said">The row of <b>{html.escape(seen.tokens[at.query])}</b>, from scores to '
        f"output: {html.escape(product(found, int(found.row.argmax())))}.</p>"
        + sums(["key", "q·k", f"÷√{width}", "e^(s−max)", "weight", *names], lines, len(lines) - 1)
        + f'<p class="note">Weight = e^(s−max) / {powers.sum():.3f}. Under v: the first '
        f"{components} of {values.shape[1]} numbers of each value; their sum, each times its "
        "weight, is the output.</p>"
    )


def scaling_table(found: Attention) -> str:
    """The same scores through the softmax with and without the division."""
    rows = zip(found.seen.tokens, found.row, found.raw.weights[found.at.query], strict=True)
    lines = [[label(token), f"{a:.3f}|bar", f"{b:.3f}|bar"] for token, a, b in rows]
    table = sums(["key", "weight with ÷√d", "without"], lines)
    return f'<p class="said">{html.escape(scaling(found))}</p>{table}'


def spread_table() -> str:
    """Random queries and keys: why the divisor is the square root of the width."""
    lines = [
        [str(s.width), f"{s.deviation:.2f}", f"{np.sqrt(s.width):.0f}", f"{s.top_raw:.3f}|bar",
         f"{s.top_scaled:.3f}|bar"]
        for s in random_spread()
    ]  # fmt: skip
    return (
        '<p class="said">Why the root of d: random queries and keys with components of variance '
        "1, ten keys each. The deviation of q·k grows like √d.</p>"
        + sums(["d", "deviation", "√d", "largest weight, raw", "after ÷√d"], lines)
    )


def scaling(found: Attention) -> str:
    """What the division changes for one row: entropy, largest weight, room for a gradient."""

    def numbers(row: Array) -> str:
        top = float(row.max())
        return (
            f"entropy {entropy(row):.2f} bits, largest weight {top:.3f}, "
            f"its gradient factor a(1−a) {top * (1 - top):.1e}"
        )

    return (
        f"With the division by √d: {numbers(found.row)}. Without: "
        f"{numbers(found.raw.weights[found.at.query])}. Large scores push the softmax toward a "
        "single token, where it can hardly learn any more."
    )


def report(found: Attention) -> str:
    """Everything that counts about a head, as lines for a terminal."""
    seen, query, head = found.seen, found.at.query, found.head
    means = strongest(seen, query).means
    top = int(found.row.argmax())
    lines = [
        f"{'key':>14} {'q.k':>9} {'scaled':>8} {'weight':>7} {'unscaled':>9} {'all heads':>10}"
    ]
    lines += [
        f"{seen.tokens[key]:>14} {head.products[query, key]:>9.2f} {head.scores[query, key]:>8.2f} "
        f"{found.row[key]:>7.3f} {found.raw.weights[query, key]:>9.3f} {means[key]:>10.3f}"
        for key in visible(seen, query)
    ]
    spread = [
        f"  d {s.width:>4}: deviation of q.k {s.deviation:5.2f}, largest of ten weights "
        f"{s.top_raw:.3f}, after division by sqrt(d) {s.top_scaled:.3f}"
        for s in random_spread()
    ]
    return "\n".join(
        [describe(found), origin(found), "", product(found, top), *lines, "", scaling(found),
         "Random queries and keys of variance 1:", *spread, "",
         f"If you had guessed {seen.tokens[top]}: {verdict(seen, query, top)}"]
    )  # fmt: skip
