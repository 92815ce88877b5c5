"""Trains the tagger of calculations: python -m training.tagger (make train).

The turns are written by hand (`training/calls`), every argument marked `{slot:text}` where it
stands. In every epoch the numbers are changed for others of the same form, so that the words around
them are learned and not the numbers. Turns of the conversations that hold numbers and want nothing
worked out are examples of "none", and what was talked about in conversations stands before some of
the written turns, as a calculation often comes after something else.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.conversations import TRAIN, Conversation, read_conversations
from training.course import Course, Figures, Plan, digest_of, save
from tutor.calls.network import TaggerNetwork
from tutor.calls.published import model_named
from tutor.calls.slots import SLOTS
from tutor.calls.table import CALLS
from tutor.calls.tagger import NAME, NONE, LaidSpans, lay_spans
from tutor.engine.adapted import padded, read_weights
from tutor.engine.embed import has_bf16
from tutor.engine.models import embedder_dir
from tutor.settings import read_settings
from tutor.turn.kinds import Kind
from tutor.turn.layout import open_tokenizer

DESCRIPTION = "Train the tagger of calculations; an interrupted training goes on where it was."
WRITTEN = Path(__file__).parent / "calls"
MARK = re.compile(r"\{([a-z_0-9]+):([^{}]*)\}")
CHANGED = 0.7  # share of the examples whose numbers are changed
OTHERS = 0.5  # share of the conversations' turns with numbers that are read in an epoch
AFTER_TALK = 0.4  # share of the written turns that stand alone and come after other talk
HELD_OUT = 10  # every so many written turns measure instead of training
ANEW, AGAIN = 1e-3, 5e-4  # learning rate of the adapters, from nothing and from an adapter
NAMES = (NONE, *CALLS)
SLOT_NAMES = (NONE, *SLOTS)


@dataclass(frozen=True)
class Written:
    """A turn, the one before and the reply to that, each with its marks."""

    call: str
    turn: str
    before: str
    reply: str


@dataclass(frozen=True)
class Batch:
    """Turns laid out, with their targets."""

    laid: list[LaidSpans]
    calls: Tensor  # (batch,)
    places: list[tuple[int, int, int]]  # row, first piece, last + 1
    slots: Tensor  # (span,)


def read_written(folder: Path = WRITTEN) -> list[Written]:
    """All turns. Raises ValueError for a call or slot that the table does not have."""
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            written = Written(row["call"], row["turn"], row["before"], row["reply"])
            texts = (written.turn, written.before, written.reply)
            slots = {match[1] for text in texts for match in MARK.finditer(text)}
            if written.call not in NAMES or slots - set(SLOTS):
                raise ValueError(f"{path.name}:{place}: no such call or slot: {row}")
            rows.append(written)
    return rows


def spoken(conversations: Sequence[Conversation]) -> list[Written]:
    """Turns with numbers that want nothing worked out."""
    wants = {Kind.COMPUTE, Kind.CASE}
    return [
        Written(
            NONE, turn.learner, before.learner if before else "", before.tutor if before else ""
        )
        for conversation in conversations
        for before, turn in zip((None, *conversation.turns), conversation.turns, strict=False)
        if re.search(r"\d", turn.learner) and not wants & set(turn.kinds)
    ]


def after_talk(
    rows: Sequence[Written], conversations: Sequence[Conversation], dice: random.Random
) -> list[Written]:
    """The rows, some of those that stand alone after a turn of a conversation and its reply."""
    talk = [
        turn
        for conversation in conversations
        for turn in conversation.turns
        if not MARK.search(turn.learner + turn.tutor)  # what looks like a mark and is none
    ]
    made = []
    for row in rows:
        if not row.before and dice.random() < AFTER_TALK:
            turn = dice.choice(talk)
            made.append(replace(row, before=turn.learner, reply=turn.tutor))
        else:
            made.append(row)
    return made


def changed(text: str, dice: random.Random) -> str:
    """Every digit of a number but the first of 0.x changed, so that its form stays.

    >>> len(changed("[2, 1, 0.15]", random.Random(0)))
    12
    """

    def other(match: re.Match[str]) -> str:
        return dice.choice("123456789") if match[0] != "0" else "0"

    return re.sub(r"\d(?!\w*-?(?:bit|p)\b)", other, text)


def unmarked(text: str, dice: random.Random | None) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without marks, and (start, end, slot) of every argument in it."""
    made, places, last = "", [], 0
    for match in MARK.finditer(text):
        made += text[last : match.start()]
        value = changed(match[2], dice) if dice and match[1] not in ("model", "text") else match[2]
        places.append((len(made), len(made) + len(value), match[1]))
        made += value
        last = match.end()
    return made + text[last:], places


def example_of(
    written: Written, tokenizer: Any, dice: random.Random | None
) -> tuple[LaidSpans, int, list[int]]:
    """A turn laid out, its call, and the slot of each of its spans."""
    pairs = [unmarked(text, dice) for text in (written.turn, written.before, written.reply)]
    laid = lay_spans(tokenizer, *(text for text, _ in pairs))
    slots: list[int] = []
    for field, span, _, _ in laid.spans:
        inside = [s for start, end, s in pairs[field][1] if start < span.end and end > span.start]
        slots.append(SLOT_NAMES.index(slot_of(span.text, inside[0])) if inside else 0)
    return laid, NAMES.index(written.call), slots


def slot_of(text: str, marked: str) -> str:
    """The slot of a span inside a mark: the 9B of a model that the table has not is a size."""
    if marked == "model" and not model_named(text):
        return "params" if re.search(r"\d[bm]$", text.lower()) else NONE
    return marked


def batches(
    rows: Sequence[Written], tokenizer: Any, size: int, dice: random.Random | None = None
) -> Iterator[Batch]:
    """The rows in batches of similar length; their numbers changed if there are `dice`."""
    made = [
        example_of(row, tokenizer, dice if dice and dice.random() < CHANGED else None)
        for row in rows
    ]
    made.sort(key=lambda one: len(one[0].ids))
    for start in range(0, len(made), size):
        part = made[start : start + size]
        places = [(r, a, b) for r, (laid, _, _) in enumerate(part) for _, _, a, b in laid.spans]
        slots = torch.tensor([slot for _, _, found in part for slot in found], dtype=torch.long)
        calls = torch.tensor([call for _, call, _ in part])
        yield Batch([laid for laid, _, _ in part], calls, places, slots)


def loss_of(network: TaggerNetwork, one: Batch) -> Tensor:
    """Cross-entropies over calls and over the slots of spans."""
    calls, slots = network(*padded([(laid.ids, laid.types) for laid in one.laid]), one.places)
    loss: Tensor = nn.functional.cross_entropy(calls.float(), one.calls, label_smoothing=0.02)
    if len(one.slots):
        loss = loss + nn.functional.cross_entropy(slots.float(), one.slots, label_smoothing=0.02)
    return loss


def measured(network: TaggerNetwork, rows: Sequence[Written], tokenizer: Any) -> Figures:
    """Shares of turns with the right call, of spans with the right slot, of turns with both."""
    network.eval()
    calls: list[bool] = []
    slots: list[bool] = []
    both: list[bool] = []
    with torch.inference_mode():
        for one in batches(rows, tokenizer, 64):
            found, tagged = network(*padded([(x.ids, x.types) for x in one.laid]), one.places)
            right = (found.argmax(-1) == one.calls).tolist()
            spans = (tagged.argmax(-1) == one.slots).tolist() if len(one.slots) else []
            wrong = {row for (row, _, _), ok in zip(one.places, spans, strict=True) if not ok}
            calls += right
            slots += spans
            both += [ok and row not in wrong for row, ok in enumerate(right)]
    named = {"call": calls, "slot": slots, "turn": both}
    return {name: round(sum(hits) / len(hits), 3) for name, hits in named.items() if hits}


def started(folder: Path, network: TaggerNetwork) -> dict[str, Tensor]:
    """The weights of an adapter, the rows of its heads by the names that the tables have now: what
    is new among them begins untrained."""
    weights, own = read_weights(folder, NAME), network.trained()
    manifest = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
    for head, before, now in (
        ("calls", manifest["calls"], NAMES),
        ("slots.2", manifest["slots"], SLOT_NAMES),
    ):
        for part in ("weight", "bias"):
            rows = own[f"{head}.{part}"].detach().clone()
            for row, name in enumerate(now):
                if name in before:
                    rows[row] = weights[f"{head}.{part}"][before.index(name)]
            weights[f"{head}.{part}"] = rows
    return weights


def main(argv: Sequence[str] | None = None) -> None:
    """Train, measure on every tenth written turn, write the adapter."""
    parser = argparse.ArgumentParser(prog="python -m training.tagger", description=DESCRIPTION)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--out", type=Path, default=Path(str(files("tutor.calls"))) / "adapter")
    parser.add_argument("--start", type=Path, help="a folder with an adapter to go on from")
    options = parser.parse_args(argv)
    rate = AGAIN if options.start else ANEW
    plan = Plan(epochs=options.epochs, batch=32, rate=rate, bf16=has_bf16())
    settings = read_settings()
    folder, base = embedder_dir(settings.home)
    tokenizer = open_tokenizer(folder)
    rows = read_written()
    held, train = rows[::HELD_OUT], [r for i, r in enumerate(rows) if i % HELD_OUT]
    conversations = read_conversations(TRAIN)
    others = spoken(conversations)
    data = digest_of([*sorted(WRITTEN.glob("*.jsonl")), *sorted(TRAIN.glob("*.jsonl"))])
    print(f"{len(train)} written turns, {len(others)} of conversations, {len(held)} to measure")
    torch.manual_seed(plan.seed)
    network = TaggerNetwork(
        folder, len(NAMES), len(SLOT_NAMES), plan.rank, plan.alpha, plan.dropout
    )
    if options.start:
        network.load_state_dict(started(options.start, network), strict=False)
    kept = settings.home / "training" / f"tagger-{data[:12]}-{plan.seed}-{plan.epochs}.pt"
    course = Course[Batch](
        network, lambda one: loss_of(network, one), ("calls", "slots"), plan, kept
    )
    figures: Figures = {}
    while course.epoch < plan.epochs:
        dice = random.Random(plan.seed * 1000 + course.epoch)
        some = dice.sample(others, int(OTHERS * len(others)))
        written = after_talk(train, conversations, dice)
        made = list(batches([*written, *some], tokenizer, plan.batch, dice))
        dice.shuffle(made)
        loss = course.run_epoch(made)
        figures = measured(network, held, tokenizer)
        print(f"\repoch {course.epoch} of {plan.epochs}: loss {loss:.3f}  {figures}{' ' * 20}")
    manifest = {
        "base_sha256": base,
        "data_sha256": data,
        "settings": asdict(plan),
        "started": digest_of([options.start / f"{NAME}.safetensors"]) if options.start else None,
        "calls": NAMES,
        "slots": SLOT_NAMES,
        "turns": len(train),
        "figures": figures,
    }
    save(network, options.out, NAME, manifest)
    kept.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
