"""How fresh and trained embedding tables are drawn: tables and the first loss."""

from collections.abc import Sequence

from demos.embeddings.initialization import Learned, Start, first_losses
from demos.shared.charts import Figure, figure
from demos.shared.markup import table
from demos.shared.style import ACCENT, BLUE, GRAY


def describe_start(start: Start) -> str:
    """What was measured of a fresh table beside what the formulas say."""
    formula = start.uniform_loss + start.expected_norm**2 / 2
    small = start.expected_norm**2 < start.uniform_loss
    rows = [
        ("length of a row", f"{start.norm:.3f}", f"s √d = {start.expected_norm:.3f}"),
        (
            "cosine of two rows, spread",
            f"{start.cosine_spread:.3f}",
            f"1/√d = {start.expected_cosine_spread:.3f}",
        ),
        ("logit, spread", f"{start.logit_spread:.3f}", f"s √d = {start.expected_norm:.3f}"),
        (
            "first loss, nats",
            f"{start.loss:.2f}",
            f"log V + s²d/2 = {formula:.2f}" if small else "the formula holds for small s only",
        ),
        ("likeliest token", f"{start.top:.4f}", f"1/V = {1 / start.vocabulary:.4f} if all equal"),
    ]
    verdict = f"A blind guess among {start.vocabulary} tokens costs {start.uniform_loss:.2f} nats; "
    verdict += f"this start costs {start.loss:.2f}."
    return f"<p>{verdict}</p>{table(('quantity', 'measured', 'formula'), rows, wide=2)}"


def loss_plot(start: Start, scales: Sequence[float]) -> Figure:
    """The first loss at every scale, the chosen one marked."""
    losses = first_losses(scales, start.dimension, start.vocabulary)
    drawn = figure()
    drawn.add_scatter(
        x=list(scales),
        y=losses,
        mode="lines+markers",
        line={"color": BLUE},
        hovertemplate="s = %{x}: %{y:.2f} nats<extra></extra>",
    )
    drawn.add_scatter(
        x=[start.scale],
        y=[start.loss],
        mode="markers",
        marker={"size": 14, "color": ACCENT},
        hoverinfo="skip",
    )
    drawn.add_scatter(
        x=[min(scales), max(scales)],
        y=[start.uniform_loss] * 2,
        mode="lines",
        line={"dash": "dot", "color": GRAY},
        hovertemplate="log V<extra></extra>",
    )
    drawn.update_xaxes(type="log", title="scale s", tickvals=list(scales))
    drawn.update_yaxes(
        type="log", title="first loss, nats (dotted: log V)", tickvals=[7, 10, 20, 50]
    )
    return drawn


def learned_table(found: Sequence[Learned]) -> str:
    """Trained tables: nothing of the random start is left."""
    rows = [
        (
            one.name,
            str(one.dimension),
            f"{one.entry_spread:.3f}",
            f"{one.norm:.2f} ({one.shortest:.2f} to {one.longest:.2f})",
            f"{one.cosine_mean:.3f} ± {one.cosine_spread:.3f}",
        )
        for one in found
    ]
    head = ("table", "d", "entries, spread", "row length", "cosine of two rows")
    means = ", ".join(f"{one.cosine_mean:.2f} in {one.name}" for one in found)
    fresh = ", ".join(f"{one.dimension**-0.5:.3f}" for one in found)
    text = (
        f"Two random rows of a fresh table have a cosine of 0 with a spread of {fresh}. After "
        f"training the mean is {means}: where it is far above 0, all rows share a direction, and "
        "a high cosine alone says little."
    )
    return f"{table(head, rows, wide=-1)}<p>{text}</p>"
