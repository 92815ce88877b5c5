"""How the fine-tuning demo tells of the training: losses as a path, a table, words, the merge.

Each function takes a training and returns HTML or a figure. What a person typed is escaped here.
"""

import html
from collections.abc import Sequence

from demos.fine_tuning.forgetting import MATRIX
from demos.fine_tuning.last_layers import MAX_TOKENS
from demos.fine_tuning.low_rank import TRAINING_BYTES, memory
from demos.fine_tuning.student import LORA_RATE
from demos.fine_tuning.training_record import FULL, LORA, METHODS, REHEARSAL, Run, Training, Word
from demos.shared.charts import Figure, figure
from demos.shared.markup import NARROW, fitted, note, table
from demos.shared.style import ACCENT, BLUE, GRAY, GREEN
from demos.shared.tokens import visible

NOTICEABLE = 0.05  # nats per token: a perplexity 5% higher
COLORS = {FULL: BLUE, LORA: ACCENT, REHEARSAL: GREEN}
ENDED = {
    "goal": "to the goal",
    "steps": "and no goal",
    "time": "until time ran out",
    "diverged": "until it diverged",
    "": "so far",
}


def loss_plot(training: Training) -> Figure:
    """Old loss against new loss, a path for each method; learning goes from right to left."""
    drawn = figure(legend=True)
    for run in training.runs:
        color = COLORS[run.method]
        drawn.add_scatter(
            x=run.new,
            y=run.old,
            mode="lines+markers",
            name=run.method,
            line={"color": color},
            marker={"size": 5},
            hovertemplate="new %{x:.2f}, old %{y:.2f}<extra></extra>",
        )
    if training.runs:
        start = training.runs[0].old[0]
        drawn.add_hline(
            start,
            line={"dash": "dot", "color": GRAY},
            annotation_text="before",
            annotation_position="top left",
        )
    drawn.update_xaxes(title="loss on the new text, nats", autorange="reversed")
    drawn.update_yaxes(title="loss on the old text")
    return drawn


def progress(training: Training) -> str:
    """A line on where the training is; it changes with the method, not with every step."""
    return "Done." if training.done else f"Training by {training.runs[-1].method} …"


def describe_training(training: Training, guess: str = "") -> str:
    """What each method trained, learned and forgot, as a table, and the verdict."""
    shown = fitted(comparison(training))
    if not training.done:
        return shown
    return (
        f"<p>{verdict(training)}</p>{shown}{columns_explained(training)}"
        f"{word_table(training, guess)}{merge_text(training)}"
    )


def comparison(training: Training) -> str:
    """A table with a column for each method, narrow enough for a phone."""
    runs = training.runs
    names = (
        f'<span style="color:{COLORS[run.method]};font-size:0.9em">{run.method}</span>'
        for run in runs
    )
    used = [memory(0 if run.method == FULL else training.parameters, run.trained) for run in runs]
    before = '{}<br><span style="opacity:0.75">{:.2f} before</span>'
    rows = (
        ("trained", *(f"{run.trained:,}" for run in runs)),
        ("memory", *(f"{megabytes:.1f}\u00a0MB" for megabytes in used)),
        ("steps", *(f"{run.steps} {ENDED[run.ended]}" for run in runs)),
        (before.format("new loss", runs[0].new[0]), *(f"{run.new[-1]:.2f}" for run in runs)),
        (before.format("old loss", runs[0].old[0]), *(f"<b>{run.old[-1]:.2f}</b>" for run in runs)),
        ("moved", *("" if run.moved is None else f"{run.moved:.1%}" for run in runs)),
    )
    return table(("", *names), rows, NARROW)


def columns_explained(training: Training) -> str:
    """What the columns count, and whether a sentence was too long."""
    cut = f" Sentences are read to their {MAX_TOKENS}th token." if training.cut else ""
    return note(
        "Losses in nats per token. Memory without "
        f"activations: {TRAINING_BYTES} bytes for a trained weight, 2 for a frozen one. Moved: the "
        f"size of what was added to the weights, as a share of theirs.{cut}"
    )


def verdict(training: Training) -> str:
    """Who forgot more, from the numbers alone."""
    full, plain, kept = (training.run(method) for method in METHODS)
    if max(run.steps for run in training.runs) == 0:
        return "The new text is known already: its loss is below the goal before any step."
    changes = (
        f"The old loss changed by {full.forgotten:+.2f} nats with full fine-tuning, by "
        f"{plain.forgotten:+.2f} with LoRA and by {kept.forgotten:+.2f} with LoRA and rehearsal."
    )
    short = [
        f"{run.method} ({run.steps} steps {ENDED[run.ended]})"
        for run in training.runs
        if run.ended != "goal"
    ]
    if short:
        missed = " and ".join(short)
        return f"{changes} Not all reached the goal, so this compares unequal learning: {missed}."
    said = f"All three brought the new loss below the goal. {changes}"
    if max(run.forgotten for run in training.runs) < NOTICEABLE:
        return f"{said} Nothing noticeable was forgotten."
    if plain.forgotten > full.forgotten + NOTICEABLE and full.moved and plain.moved:
        said += (
            f" Here LoRA forgot more: at {LORA_RATE} times the rate its update became "
            f"{plain.moved / full.moved:.1f} times as large. Few numbers had to move far to learn "
            "a few sentences by heart. On large data Biderman and others (2024) measured that LoRA "
            "forgets less."
        )
    if kept.forgotten < plain.forgotten - NOTICEABLE:
        said += " Rehearsal helped, although none of its sentences are among those measured."
    return said


def word_table(training: Training, guess: str = "") -> str:
    """The likeliest words after the prompt before and after."""
    rows = [("before", words(training.before))]
    rows += [(run.method, words(run.words)) for run in training.runs]
    text = f"After <b>{html.escape(training.task.prompt)}</b> …"
    if guess.strip():
        text = f"{judged(training, guess.strip())} {text}"
    return f"<p>{text}</p>{fitted(table(('model', 'likeliest next tokens'), rows, 1))}"


def judged(training: Training, guess: str) -> str:
    """Whether LoRA's likeliest next token begins the guessed word."""
    run, said = training.run(LORA), f"You guessed '{html.escape(guess)}' for LoRA"
    if run.ended != "goal":
        return f"{said}, but it has not learned the new text."
    top = run.words[0].text
    hit = guess.lower().startswith(top.strip().lower()) and bool(top.strip())
    token = html.escape(visible(top.encode()))
    return f"{said}: {'right' if hit else 'not so'}, it is {token}."


def words(found: Sequence[Word]) -> str:
    """Tokens with their probabilities, escaped."""
    return ", ".join(f"{html.escape(visible(w.text.encode()))} {w.probability:.2f}" for w in found)


def merge_text(training: Training) -> str:
    """Merged against unmerged, the adapter taken off, and the rank of the full update."""
    run = training.run(LORA)
    parts = [merge_line(run)] if run.apart is not None else []
    if training.update_errors is not None and training.weight_errors is not None:
        rank = min(training.task.rank, len(training.update_errors) - 1)
        kept, own = (
            1 - float(e[rank]) ** 2 for e in (training.update_errors, training.weight_errors)
        )
        parts.append(
            f"Low rank, measured: rank {rank} holds {kept:.0%} of what full fine-tuning added to "
            f"one matrix ({MATRIX}, by squares), but only {own:.0%} of the matrix itself."
        )
    return "".join(f"<p>{part}</p>" for part in parts)


def merge_line(run: Run) -> str:
    """The sentence on merging and on taking the adapter off."""
    return (
        "Merged into the weights, LoRA gives the same logits as beside them: the largest is "
        f"{run.largest:.0f} and none differs by more than {run.apart:.6f}, which is rounding. With "
        f"the adapter taken off the old loss is {run.removed:.4f}; before the training it was "
        f"{run.old[0]:.4f}. After full fine-tuning there is nothing to take off."
    )
