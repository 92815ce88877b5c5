"""One head's numbers in words: the text beside its pictures."""

import numpy as np

from demos.attention.forward import Attention
from demos.attention.habits import habits
from demos.attention.sinks import visible
from demos.shared.arrays import Array, entropy
from demos.shared.grids import written


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
