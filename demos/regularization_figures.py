"""Pictures of the regularization demo: loss curves, their table, a sentence under every network.

Everything a person typed is escaped here.
"""

import html
from collections.abc import Sequence
from typing import Any

import numpy as np

from demos.bags import Problem, read_sentence
from demos.grids import grid, sums
from demos.overfitting import REMEDIES, Course, chances
from demos.panel import GRAY, figure
from demos.regularization import lowest_point

# Readable on white and on black; the first is the network without a remedy.
COLORS = (GRAY, "#e8590c", "#2f9e44", "#4c8dff", "#b15ee0", "#c2a000")
DASHES = ("solid", "dash", "dashdot", "longdash", "solid", "dot")
FEW = 2  # courses; of more only the validation curves are drawn, or nothing can be told apart
MOST_WORDS = 6  # of a sentence, named below its probabilities
HIGHEST = 2.2  # nats; guessing costs ln 6 = 1.79


def status(text: str) -> str:
    """A line that a screen reader announces."""
    return f'<p class="said" role="status">{html.escape(text)}</p>'


def curves(courses: Sequence[Course]) -> Any:
    """Losses against steps; a circle is the lowest validation loss of a course."""
    drawn = figure(330)
    few = len(courses) <= FEW
    for course, color, dash in zip(courses, COLORS, DASHES, strict=False):
        steps = [check.step for check in course.checks]
        sides = [("validation", [check.validation for check in course.checks])]
        if few:
            sides.append(("training", [check.training for check in course.checks]))
        for side, losses in sides:
            name = f"{course.name}: {side}" if few else course.name
            line = {"color": color, "width": 2}
            line["dash"] = ("dot" if side == "training" else "solid") if few else dash
            drawn.add_scatter(
                x=steps, y=losses, mode="lines", name=name, line=line,
                hovertemplate=f"{name}, step %{{x}}: %{{y:.3f}}<extra></extra>",
            )  # fmt: skip
        drawn.add_scatter(
            x=[course.best.step], y=[course.best.validation], mode="markers", showlegend=False,
            marker={"color": color, "size": 9, "symbol": "circle-open", "line": {"width": 2}},
            hovertemplate=f"{course.name}, lowest: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    drawn.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    )
    drawn.update_xaxes(title="steps", rangemode="tozero")
    drawn.update_yaxes(title="loss (nats)" if few else "validation loss (nats)",
                       range=[0 if few else 0.6, HIGHEST])  # fmt: skip
    return drawn


def losses_table(courses: Sequence[Course]) -> str:
    """The curves in numbers."""
    lines = [
        [
            html.escape(course.name), f"{course.result.training:.2f}",
            f"{course.result.validation:.2f}", f"{course.result.gap:.2f}",
            f"{course.result.validation_accuracy:.0%}",
            f"{course.best.validation:.2f} at {course.best.step}",
        ]
        for course in courses
    ]  # fmt: skip
    head = ["remedy", "training", "validation", "gap", "right", "lowest validation"]
    return sums(head, lines) + (
        '<p class="note">Losses in nats of the weights taken: the last ones, with early stopping '
        "the best. Right: share of the 600 validation sentences. Guessing: 1.79 nats, 17%.</p>"
    )


def verdict(courses: Sequence[Course], guess: str | None) -> str:
    """The guess beside what came out; empty without a guess or before each remedy was trained."""
    single = [course for course in courses if course.name in REMEDIES]
    if not guess:
        return ""
    if len(single) < len(REMEDIES):
        return status("“Compare all” shows whether you are right.")
    found = lowest_point(single)
    points = ", ".join(f"{course.name} {course.best.validation:.2f}" for course in single)
    right = "Right" if guess == found.name else f"You said {guess}; it is {found.name}"
    return status(f"{right}. Lowest points: {points}; no remedy {courses[0].best.validation:.2f}.")


def sentence_grid(problem: Problem, courses: Sequence[Course], text: str) -> str:
    """Each network's probabilities for a person's sentence; InputError if it cannot be read."""
    features, known = read_sentence(problem, text)
    values = np.concatenate([chances(course, features) for course in courses])
    weight = dict(zip(problem.bags.words, problem.bags.counts, strict=True))
    rarest = sorted(known, key=lambda word: -weight[word])[:MOST_WORDS]
    return grid(
        values,
        [course.name for course in courses],
        [title.split()[0] for title in problem.titles],
        "Probability of each category for your sentence, by the first word of its title. The words "
        f"that count most, because they are rare: {', '.join(rarest)}.",
        most=1.0,
    )
