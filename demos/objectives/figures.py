"""Pictures of the objectives demo: who sees whom, what is hidden, loss curves, filled blanks.

Everything a person typed is escaped here.
"""

import html
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from demos.objectives.corruption import corrupt
from demos.objectives.pretraining import Pretrained
from demos.objectives.sentence_pairs import Reader
from demos.shared.charts import AXIS, Figure, figure
from demos.shared.markup import note, said, sentence, table
from demos.shared.prose import MASK, SPECIAL, build_vocabulary
from demos.shared.style import BLUE, GRAY, ORANGE

COLORS = {"masked": ORANGE, "causal": BLUE}
CELL = 13  # pixels of one square
LONGEST_LABEL = 12  # characters
# Words that a random replacement may be, beside the sentence's own.
STAND_INS = "matrix gradient banana token seven layer window prompt entropy teacher".split()


def chip(top: str, bottom: str, kind: str = "", title: str = "") -> str:
    """A word of the input, and below it what has to be predicted there."""
    return (
        f'<span class="{kind}" title="{html.escape(title)}"><b>{html.escape(top)}</b>'
        f"<small>{html.escape(bottom) or '&nbsp;'}</small></span>"
    )


def masked_chips(words: Sequence[str], rate: float, seed: int) -> str:
    """The sentence as the masked model gets it: hidden, swapped and kept words, and the targets."""
    vocabulary = build_vocabulary([words, STAND_INS], len(words) + len(STAND_INS))
    ids = np.array([vocabulary.encode(words)])
    draw = np.random.default_rng(seed)
    (corrupted,), (chosen,) = corrupt(ids, rate, len(vocabulary), draw)
    chips, counts = [], {"mask": 0, "random": 0, "kept": 0}
    for word, given, predict in zip(words, corrupted, chosen, strict=True):
        if not predict:
            chips.append(chip(word, ""))
            continue
        shown = vocabulary.words[given]
        kind = "mask" if shown == MASK else "kept" if shown == word else "random"
        counts[kind] += 1
        chips.append(chip(shown, f"→ {word}", kind, f"chosen, {kind}: predict {word}"))
    total = sum(counts.values())
    return (
        sentence(
            f"<b>Masked</b>: {total} of {len(words)} words are to be predicted ("
            f"{counts['mask']} behind {MASK}, {counts['random']} swapped for a random word, "
            f"{counts['kept']} left as they are); the rest gives no loss."
        )
        + f'<div class="chips">{"".join(chips)}</div>'
    )


def causal_chips(words: Sequence[str]) -> str:
    """The sentence as the causal model gets it: below every word the next one."""
    given = [SPECIAL[0], *words[:-1]]
    chips = "".join(chip(word, f"→ {target}") for word, target in zip(given, words, strict=True))
    return (
        sentence(
            f"<b>Causal</b>: all {len(words)} words are predicted, each from those "
            f"before it, the first from {SPECIAL[0]}."
        )
        + f'<div class="chips">{chips}</div>'
    )


def sights(words: Sequence[str]) -> str:
    """Both attention masks side by side: a filled square is a word that a position may read."""
    n = len(words)
    both = (
        ("causal", np.tri(n, dtype=bool), f"Causal: {n} × {n + 1} / 2 = {n * (n + 1) // 2} pairs."),
        ("masked", np.ones((n, n), bool), f"Masked: {n} × {n} = {n * n} pairs."),
    )
    drawn = "".join(sight(words, allowed, text, COLORS[name]) for name, allowed, text in both)
    return f'<div class="sights">{drawn}</div>' + note(
        "A row is a position, a filled square a word it may read. The lower triangle reads the "
        "past only."
    )


def sight(words: Sequence[str], allowed: NDArray[np.bool_], caption: str, color: str) -> str:
    """One mask (reader, read) as squares."""
    labels = [w if len(w) <= LONGEST_LABEL else w[: LONGEST_LABEL - 1] + "…" for w in words]
    left = 8 + max(len(label) for label in labels) * 6
    squares = []
    for row, label in enumerate(labels):
        y = row * CELL
        squares.append(
            f'<text x="{left - 6}" y="{y + 10}" text-anchor="end">{html.escape(label)}</text>'
        )
        for column in range(len(words)):
            paint = color if allowed[row, column] else "none"
            squares.append(
                f'<rect x="{left + column * CELL}" y="{y + 1}" width="{CELL - 2}" '
                f'height="{CELL - 2}" fill="{paint}" stroke="{GRAY}" stroke-width="0.4"/>'
            )
    width, height = left + len(words) * CELL, len(words) * CELL + 2
    return (
        f'<figure><svg role="img" aria-label="{html.escape(caption)}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">{"".join(squares)}</svg>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def pair_chips(first: Sequence[str], second: Sequence[str]) -> str:
    """BERT's input for a pair: [CLS] A [SEP] B [SEP], below every token its segment."""
    segments = ([SPECIAL[0], *first, "[SEP]"], [*second, "[SEP]"])
    chips = "".join(
        chip(token, str(number), kind)
        for number, (segment, kind) in enumerate(zip(segments, ("first", "second"), strict=True))
        for token in segment
    )
    n = sum(map(len, segments))
    return (
        sentence(
            f"<b>Sentence pair</b>: {n} tokens, below each its segment. Every token "
            f"reads all {n}; one answer for the whole input, at {SPECIAL[0]}: does B follow A?"
        )
        + f'<div class="chips">{chips}</div>'
    )


def curves(models: Sequence[Pretrained], unigram: float) -> Figure:
    """Held-out losses against steps (left) and against words that gave a loss (right)."""
    drawn = figure(legend=True)
    for model in models:
        loss = [point.held_out for point in model.curve]
        for axis, x in (
            ("x", [p.step for p in model.curve]),
            ("x2", [p.predicted for p in model.curve]),
        ):
            drawn.add_scatter(
                x=x,
                y=loss,
                xaxis=axis,
                mode="lines+markers",
                name=model.objective,
                showlegend=axis == "x",
                marker={"size": 4},
                line={
                    "color": COLORS[model.objective],
                    "dash": "solid" if model.objective == "masked" else "dash",
                },
                hovertemplate=f"{model.objective}, %{{x:,}}: %{{y:.2f}}<extra></extra>",
            )
    drawn.add_hline(
        y=unigram,
        line={"color": GRAY, "dash": "dot"},
        annotation_text="word frequencies alone",
        annotation_font_size=10,
    )
    drawn.update_layout(
        xaxis={"domain": [0, 0.47], "title": "steps"},
        xaxis2={"domain": [0.53, 1], "title": "words predicted", "type": "log", **AXIS, "dtick": 1},
    )
    drawn.update_yaxes(title="held-out loss (nats)")
    return drawn


def curves_said(models: Sequence[Pretrained], unigram: float) -> str:
    """The curves in numbers."""
    ends = [(m.objective, m.curve[-1], m.share) for m in models]
    steps = ends[0][1].step
    parts = [
        f"{name}: loss {p.held_out:.2f} after {p.predicted:,} predictions ({share:.0%} of words)"
        for name, p, share in ends
    ]
    return said(f"Step {steps}. {'; '.join(parts)}. Word frequencies alone: {unigram:.2f}.") + note(
        "Which model is better cannot be read from this: the masked one may see "
        "the words after the blank, which makes its task easier."
    )


def filled(rows: Sequence[tuple[str, Sequence[tuple[str, float]]]]) -> str:
    """Both models' words for the blank side by side, best first: (objective, words) each."""
    names = [name for name, _ in rows]
    cells = [
        [f"{html.escape(word)} <small>{chance:.3f}</small>" for word, chance in line]
        for line in zip(*(words for _, words in rows), strict=True)
    ]
    return table([f"{name} model" for name in names], cells)


def accuracies(reader: Reader) -> str:
    """The three accuracies of the sentence-pair reader as a table."""
    rows = [
        ["does B follow, or is it from another category?", f"{reader.other_category:.0%}"],
        ["does B follow, or is it from the same category?", f"{reader.same_category:.0%}"],
        ["right order, or swapped?", f"{reader.swapped:.0%}"],
    ]
    return said(
        f"Step {reader.step}, training loss {reader.loss:.2f} nats "
        "(guessing: 0.69). Right answers on pairs it was not trained on; guessing gives 50%:"
    ) + table(["task", "right"], rows)
