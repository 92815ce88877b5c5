"""Pictures of gradients: embedding rows, the softmax's Jacobian."""

import numpy as np

from demos.gradients.embedding_rows import MOST_WORDS, RowGradients, split_words
from demos.gradients.jacobian import Jacobian, read_numbers, softmax_jacobian
from demos.shared.arrays import Array
from demos.shared.grids import grid, label, written
from demos.shared.markup import fitted, note, said, table
from demos.shared.style import ACCENT, tint


def rows_shown(found: RowGradients, guess: float | None, text: str) -> str:
    """Gradient norms of three tables, a line per word."""
    norms = [np.linalg.norm(g, axis=1) for g in (found.embedding, found.output, found.tied)]
    most = max(float(values.max()) for values in norms)
    lines = []
    for word, *values in zip(found.vocabulary, *norms, strict=True):
        count = found.inputs.count(word)
        role = f"{count} ×" if count else "target" if word in found.targets else "–"
        lines.append([label(word), role, *(shade(float(v), most) for v in values)])
    head = ["row", "read", "input table", "output table", "one shared table"]
    touched = len(found.touched)
    own = ""
    if guess:  # an empty box reads 0
        own = f"You said {guess:.0f}: {'right. ' if guess == touched else 'no. '}"
    cut = f" The first {MOST_WORDS} words count." if len(split_words(text)) > MOST_WORDS else ""
    return (
        said(
            f"{own}{touched} of {len(found.vocabulary)} rows of the input table get a gradient: "
            f"{', '.join(map(label, found.touched))}. The output table, and a table shared by "
            f"both, get one in all {len(found.vocabulary)}.{cut}"
        )
        + fitted(table(head, lines))
        + note(
            "Cells: norm of the row’s gradient. A word read several times gets the "
            "sum. In the output table the target’s row is pulled to the hidden vector, every other "
            "row pushed away by its probability, even of words the text does not hold. Largest "
            f"difference between autograd and the formulas: {found.difference:.1g}."
        )
    )


def shade(value: float, most: float) -> str:
    """A number on a background as strong as it is large; zero is a plain 0."""
    if not value:
        return '<span style="opacity:0.5">0</span>'
    strength = 10 + 75 * value / most
    color = tint("var(--color-accent)", strength)
    return f'<span style="background:{color};padding:0 0.2rem;border-radius:3px">{value:.3f}</span>'


def matrix_grid(matrix: Array, caption: str) -> str:
    """A Jacobian (output, logit) as a shaded table."""
    n = range(1, len(matrix) + 1)
    rows, columns = ([f"{name} {i}" for i in n] for name in ("output", "logit"))
    drawn = grid(matrix, rows, columns, caption, decimals=4)
    return f'<div style="--color-accent:{ACCENT}">{drawn}</div>'  # the theme's is close to blue


def matrix_shown(logits: str, arriving: str, scale: float) -> str:
    """Softmax, its Jacobian by formula and the passed gradient; InputError for odd numbers."""
    given = read_numbers(logits, "logits")
    g = read_numbers(arriving, "gradients") if arriving.strip() else None
    found = softmax_jacobian(given, scale, g)
    p, passed = ([written(float(v), 4) for v in row] for row in (found.chances, found.passed))
    through = found.matrix.T @ found.arriving
    difference = float(np.abs(through - found.passed).max())
    return (
        said(
            f"p = ({', '.join(p)}). Largest entry {written(float(found.matrix.max()), 5)}; every "
            "row adds up to zero."
        )
        + matrix_grid(found.matrix, "diag(p) − p pᵀ: positive orange, negative blue")
        + said(
            f"Passed back without the matrix, p ⊙ (g − p·g): ({', '.join(passed)}). With the "
            f"matrix, Jᵀg, the same: they differ by {difference:.1g}."
        )
    )


def autograd_shown(formula: Jacobian, matrix: Array) -> str:
    """The matrix that autograd gives, and how far it is from the formula's."""
    difference = float(np.abs(matrix - formula.matrix).max())
    return said(
        f"Autograd’s matrix, one backward pass per row. Largest difference from the formula: "
        f"{difference:.1g}."
    ) + matrix_grid(matrix, "torch.autograd.functional.jacobian of softmax")


def saturation_said(logits: str, guess: str) -> str:
    """The largest entry at the logits and at ten times the logits, after a guess."""
    given = read_numbers(logits, "logits")
    once, tenfold = (softmax_jacobian(given, scale).matrix.max() for scale in (1, 10))
    truth = "stays" if np.isclose(once, tenfold) else "shrinks" if tenfold < once else "grows"
    right = "Right" if guess == truth else "No"
    why = "The nearer to one-hot, the less gradient passes." if truth == "shrinks" else ""
    return said(f"{right}: from {once:.5f} to {tenfold:.5f}. {why}")
