"""Pictures of the regularization demo: loss curves, their table, a sentence under every network.

Everything a person typed is escaped here.
"""

import html
from collections.abc import Sequence

import numpy as np

from demos.regularization.bag_of_words import Problem, read_sentence
from demos.regularization.run import lowest_point
from demos.regularization.training import REMEDIES, Training, chances
from demos.shared.charts import DASHES, SERIES, Figure, figure
from demos.shared.grids import grid
from demos.shared.markup import note, status, sums
from demos.shared.style import GRAY

# The first is the network without a remedy.
COLORS = (GRAY, *SERIES)
FEW = 2  # trainings; of more only the validation curves are drawn, or nothing can be told apart
MOST_WORDS = 6  # of a sentence, named below its probabilities
HIGHEST = 2.2  # nats; guessing costs ln 6 = 1.79


def curves(trainings: Sequence[Training]) -> Figure:
    """Losses against steps; a circle is the lowest validation loss of a training."""
    drawn = figure(legend=True)
    few = len(trainings) <= FEW
    for training, color, dash in zip(trainings, COLORS, DASHES, strict=False):
        steps = [check.step for check in training.checks]
        sides = [("validation", [check.validation for check in training.checks])]
        if few:
            sides.append(("training", [check.training for check in training.checks]))
        for side, losses in sides:
            name = f"{training.name}: {side}" if few else training.name
            line = {"color": color, "width": 2}
            line["dash"] = ("dot" if side == "training" else "solid") if few else dash
            drawn.add_scatter(
                x=steps,
                y=losses,
                mode="lines",
                name=name,
                line=line,
                hovertemplate=f"{name}, step %{{x}}: %{{y:.3f}}<extra></extra>",
            )
        drawn.add_scatter(
            x=[training.best.step],
            y=[training.best.validation],
            mode="markers",
            showlegend=False,
            marker={"color": color, "size": 9, "symbol": "circle-open", "line": {"width": 2}},
            hovertemplate=f"{training.name}, lowest: %{{y:.3f}}<extra></extra>",
        )
    drawn.update_xaxes(title="steps", rangemode="tozero")
    drawn.update_yaxes(
        title="loss (nats)" if few else "validation loss (nats)", range=[0 if few else 0.6, HIGHEST]
    )
    return drawn


def losses_table(trainings: Sequence[Training]) -> str:
    """The curves in numbers."""
    lines = [
        [
            html.escape(training.name),
            f"{training.result.training:.2f}",
            f"{training.result.validation:.2f}",
            f"{training.result.gap:.2f}",
            f"{training.result.validation_accuracy:.0%}",
            f"{training.best.validation:.2f} at {training.best.step}",
        ]
        for training in trainings
    ]
    head = ["remedy", "training", "validation", "gap", "right", "lowest validation"]
    return sums(head, lines) + (
        note(
            "Losses in nats of the weights taken: the last ones, with early stopping "
            "the best. Right: share of the 600 validation sentences. Guessing: 1.79 nats, 17%."
        )
    )


def verdict(trainings: Sequence[Training], guess: str | None) -> str:
    """The guess beside what came out; empty without a guess or before each remedy was trained."""
    single = [training for training in trainings if training.name in REMEDIES]
    if not guess:
        return ""
    if len(single) < len(REMEDIES):
        return status("“Compare all” shows whether you are right.")
    found = lowest_point(single)
    points = ", ".join(f"{training.name} {training.best.validation:.2f}" for training in single)
    right = "Right" if guess == found.name else f"You said {guess}; it is {found.name}"
    return status(
        f"{right}. Lowest points: {points}; no remedy {trainings[0].best.validation:.2f}."
    )


def sentence_grid(problem: Problem, trainings: Sequence[Training], text: str) -> str:
    """Each network's probabilities for a person's sentence; InputError if it cannot be read."""
    features, known = read_sentence(problem, text)
    values = np.concatenate([chances(training, features) for training in trainings])
    weight = dict(zip(problem.bag.words, problem.bag.counts, strict=True))
    rarest = sorted(known, key=lambda word: -weight[word])[:MOST_WORDS]
    return grid(
        values,
        [training.name for training in trainings],
        [title.split()[0] for title in problem.titles],
        "Probability of each category for your sentence, by the first word of its title. The words "
        f"that count most, because they are rare: {', '.join(rarest)}.",
        most=1.0,
    )
