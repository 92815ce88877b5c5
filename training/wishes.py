"""Trains the reader of wishes about the form of an answer: python -m training.wishes (make train)

`wishes.jsonl` has turns by eight authors with the form that they wish and what they wish it of;
turns of the training conversations that are no wish are the rest. It goes on from the reader of
turns, which has learnt what people say, and takes minutes. One author's turns are held out for the
figures.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from training.conversations import TRAIN, read_conversations
from training.course import Course, Figures, Plan, digest_of, save
from tutor.engine.adapted import read_weights
from tutor.engine.embed import has_bf16
from tutor.engine.models import embedder_dir
from tutor.settings import read_settings
from tutor.turn import reader
from tutor.turn.kinds import WISHES
from tutor.turn.layout import Laid, lay_out
from tutor.turn.network import WishNetwork, batch_of
from tutor.turn.reader import BertWordpieces
from tutor.turn.wish import NAME, About, Form

DESCRIPTION = "Train the reader of wishes about form; an interrupted training goes on."
WRITTEN = Path(__file__).parent / "wishes.jsonl"
HELD_OUT = 3  # the author whose turns are not trained on
OTHERS = 0.3  # the share of turns that are no wish, of the conversations', in an epoch
FORMS, ABOUTS = tuple(Form), tuple(About)


@dataclass(frozen=True)
class Row:
    """A turn, laid out, with the wish that it has, and its author; -1 for the conversations."""

    laid: Laid
    form: Form
    about: About
    author: int = -1


def read_rows(wordpieces: BertWordpieces) -> list[Row]:
    """What was written, and turns that are no wish."""
    written = map(json.loads, WRITTEN.read_text(encoding="utf-8").splitlines())
    rows = [
        Row(lay_out(wordpieces, one["turn"]), Form(one["form"]), About(one["about"]), one["author"])
        for one in written
    ]
    return rows + [
        Row(lay_out(wordpieces, turn.learner), Form.NONE, About.NONE)
        for conversation in read_conversations(TRAIN)
        for turn in conversation.turns
        if not WISHES & set(turn.kinds)
    ]


def batches(rows: Sequence[Row], size: int, dice: random.Random) -> Iterator[list[Row]]:
    """The rows in a chance order, in batches of about one length."""
    ordered = sorted(rows, key=lambda row: len(row.laid.ids) + 4 * dice.random())
    made = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    dice.shuffle(made)
    yield from made


def loss_of(network: WishNetwork, some: Sequence[Row]) -> Tensor:
    """Cross-entropy of both heads."""
    form, about = network(*batch_of([row.laid for row in some]))
    forms = torch.tensor([FORMS.index(row.form) for row in some])
    abouts = torch.tensor([ABOUTS.index(row.about) for row in some])
    return cross_entropy(form, forms) + cross_entropy(about, abouts)


def measured(network: WishNetwork, held: Sequence[Row]) -> Figures:
    """The shares of held-out turns whose form, and what it is wished of, are read rightly."""
    network.eval()
    with torch.inference_mode():
        form, about = network(*batch_of([row.laid for row in held]))
    right = {
        "form": [FORMS[i] is row.form for i, row in zip(form.argmax(-1), held, strict=True)],
        "about": [ABOUTS[i] is row.about for i, row in zip(about.argmax(-1), held, strict=True)],
    }
    return {name: round(sum(hits) / len(hits), 3) for name, hits in right.items()}


def main(argv: Sequence[str] | None = None) -> None:
    """Train, measure on what was held out, write the adapter."""
    parser = argparse.ArgumentParser(prog="python -m training.wishes", description=DESCRIPTION)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--out", type=Path, default=Path(str(files("tutor.turn"))) / "adapter")
    options = parser.parse_args(argv)
    plan = Plan(epochs=options.epochs, batch=32, rate=4e-4, bf16=has_bf16())
    settings = read_settings()
    folder, base = embedder_dir(settings.home)
    rows = read_rows(BertWordpieces(folder))
    held = [row for row in rows if row.author == HELD_OUT]
    written = [row for row in rows if row.author not in (-1, HELD_OUT)]
    others = [row for row in rows if row.author == -1]
    data = digest_of([WRITTEN, *sorted(TRAIN.glob("*.jsonl"))])
    print(f"{len(written)} turns, {len(held)} held out")
    torch.manual_seed(plan.seed)
    network = WishNetwork(folder, len(FORMS), len(ABOUTS), plan.rank, plan.alpha, plan.dropout)
    started = Path(str(files("tutor.turn"))) / "adapter"
    network.load_state_dict(read_weights(started, reader.NAME), strict=False)
    kept = settings.home / "training" / f"wish-{data[:12]}-{plan.seed}-{plan.epochs}.pt"
    course = Course[list[Row]](
        network, lambda some: loss_of(network, some), ("form", "about"), plan, kept
    )
    figures: Figures = {}
    while course.epoch < plan.epochs:
        dice = random.Random(plan.seed * 1000 + course.epoch)
        some = dice.sample(others, int(OTHERS * len(others)))
        loss = course.run_epoch(list(batches([*written, *some], plan.batch, dice)))
        figures = measured(network, held)
        print(f"\repoch {course.epoch} of {plan.epochs}: loss {loss:.3f}  {figures}{' ' * 20}")
    manifest = {
        "base_sha256": base,
        "data_sha256": data,
        "started": digest_of([started / f"{reader.NAME}.safetensors"]),
        "settings": asdict(plan),
        "turns": len(written),
        "figures": figures,
    }
    save(network, options.out, NAME, manifest)
    kept.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
