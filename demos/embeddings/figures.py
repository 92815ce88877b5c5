"""How the embeddings demo draws its results: HTML tables and plotly figures, with the text beside.

Each function takes a result and returns HTML or a figure. What a person typed is escaped here.
"""

import html
import itertools
from collections.abc import Sequence

from demos.embeddings.neighbors import Compared, Match
from demos.embeddings.senses import Senses
from demos.embeddings.word_vectors import Analogy, Neighbor
from demos.shared.charts import SERIES, Figure, figure
from demos.shared.markup import table
from tutor.guide.text import plain

SHORT = 24  # characters of a text on an axis
EXCERPT = 160  # characters of a passage in a table


def cut(text: str, most: int) -> str:
    """The beginning of a text, escaped."""
    return html.escape(text if len(text) <= most else f"{text[: most - 1].rstrip()}…")


def describe_matrix(found: Compared) -> str:
    """The most and the least alike of the texts, as a sentence."""
    size = len(found.texts)
    pairs = [(float(found.matrix[a, b]), a, b) for a in range(size) for b in range(a)]
    if not pairs:
        return "<p>One text: its nearest entries in the guide are below.</p>"
    (low, c, d), (high, a, b) = min(pairs), max(pairs)
    words = f"Most alike: {b + 1} and {a + 1}, cosine <b>{high:.2f}</b>."
    return f"<p>{words} Least: {d + 1} and {c + 1}, <b>{low:.2f}</b>.</p>"


def heat_map(found: Compared) -> Figure:
    """The cosine of every two texts."""
    names = [f"{n} {cut(text, SHORT)}" for n, text in enumerate(found.texts, 1)]
    drawn = figure(130 + 42 * len(names))
    drawn.add_heatmap(
        z=found.matrix,
        x=[str(n + 1) for n in range(len(names))],
        y=names,
        zmin=0,
        zmax=1,
        colorscale="Blues",
        texttemplate="%{z:.2f}",
        showscale=False,
        hovertemplate="%{y}<br>and text %{x}: %{z:.3f}<extra></extra>",
    )
    drawn.update_yaxes(autorange="reversed")
    drawn.update_xaxes(type="category", side="top")
    return drawn


def neighbor_tables(found: Compared) -> str:
    """For each text the nearest questions of the guide and the nearest answers."""
    parts = []
    for n, text in enumerate(found.texts):
        rows = [match_row("question", match) for match in found.questions[n]]
        rows += [match_row("answer", match) for match in found.answers[n]]
        parts.append(f"<p><b>{n + 1}</b> {cut(text, EXCERPT)}</p>")
        parts.append(table(("cosine", "nearest in the guide"), rows, wide=-1))
    return "".join(parts)


def match_row(side: str, match: Match) -> tuple[str, ...]:
    """One entry of the index as a table row."""
    link = f'<a href="#ask-{match.number}">Q{match.number}</a>'
    return f"{match.cosine:.2f}", f"{side} of {link}: {cut(plain(match.text), EXCERPT)}"


def analogy_table(found: Analogy, guess: str = "") -> str:
    """Three searches side by side, and how the guess did."""
    parts = [f"<p><b>{html.escape(found.expression)}</b> in the table of {found.table}.</p>"]
    if guess.strip():
        parts.append(f"<p>{judge_guess(found, guess.strip())}</p>")
    rows = [
        (str(rank), *(f"{html.escape(n.word)} {n.cosine:.2f}" if n else "" for n in three))
        for rank, three in enumerate(
            itertools.zip_longest(found.everything, found.others, found.first_alone), 1
        )
    ]
    head = ("rank", "all words", "inputs left out", "first word alone, no arithmetic")
    parts.append(table(head, rows, wide=-1))
    first = found.everything[0].word.lower()
    returned = first in found.expression.lower().split()
    parts.append(
        f"<p>The word nearest to the sum is <b>{html.escape(found.everything[0].word)}</b>"
        + (
            ", one of the words put in: the famous examples leave those out."
            if returned
            else ", a word that was not put in."
        )
        + " Compare with the last column before crediting the arithmetic.</p>"
    )
    return "".join(parts)


def judge_guess(found: Analogy, guess: str) -> str:
    """Where the guessed word came."""

    def place(words: Sequence[Neighbor]) -> int:
        names = [neighbor.word.lower() for neighbor in words]
        return names.index(guess.lower()) + 1 if guess.lower() in names else 0

    every, rest = place(found.everything), place(found.others)
    name = html.escape(guess)
    if every == 1:
        return f"Your guess '{name}' is the nearest word of all."
    if rest:
        return f"Your guess '{name}' is number {rest} once the inputs are left out."
    return f"Your guess '{name}' is not among the first {len(found.others)}."


def describe_senses(found: Senses, guess: float | None = None) -> str:
    """The numbers of every pair, and how far the guess was off."""
    word, first = html.escape(found.word), found.pairs[0]
    pieces = sorted({" ".join(names) for names in found.pieces})
    text = f"MiniLM's pieces for <b>{word}</b>: {html.escape(' or '.join(pieces))}. "
    if guess is not None:
        off = abs(guess - first.layers[-1])
        text += (
            f"You guessed {guess:.2f} for sentences 1 and 2: it is <b>{first.layers[-1]:.2f}</b>"
        )
        text += ", well guessed. " if off < 0.05 else f", {off:.2f} away. "
    rows = [
        (
            f"{p.first + 1} and {p.second + 1}",
            f"{p.table:.2f}",
            f"{p.layers[0]:.2f}",
            f"{p.layers[-1]:.2f}",
        )
        for p in found.pairs
    ]
    head = ("sentences", "cosine in the table", "with its position", "after the last layer")
    return f"<p>{text}</p>{table(head, rows, wide=-1)}"


def layer_plot(found: Senses) -> Figure:
    """The cosine of each pair from the table through the layers."""
    names = ["table", "+ position", *map(str, range(1, len(found.pairs[0].layers)))]
    drawn = figure(legend=True)
    for pair, color in zip(found.pairs, SERIES, strict=False):
        drawn.add_scatter(
            x=names,
            y=[pair.table, *pair.layers],
            mode="lines+markers",
            name=f"{pair.first + 1} and {pair.second + 1}",
            line={"color": color},
        )
    drawn.update_xaxes(title="layer", type="category")
    drawn.update_yaxes(title="cosine")
    return drawn
