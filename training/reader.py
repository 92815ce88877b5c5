"""Trains the reader: python -m training.reader (make train).

Conversational dense retrieval (Yu et al. 2021, ConvDR, arXiv:2105.04166): a turn, read in its
conversation, is to land near the passages that answer it, among all passages of the guide, while
the passages stay where the index has them; and, as with ConvDR's teacher, where MiniLM itself
places the turn's standalone wording, because written answers are found by what they were asked.
Two heads learn the guide question and what the turn is. After every epoch the state is kept below
TUTOR_HOME, so an interrupted training goes on where it was.

Tried and left: to land near the question of the written answer, too. Turns of other conversations
then found worse answers, as if the pairs were learned by heart.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.conversations import FIT, TRAIN, Conversation, Place, read_conversations
from training.course import Course, Figures, Plan, digest_of, save
from training.examples import WEIGHTS, Example, particular, phrased, spoken, varied
from tutor.engine.adapted import HIDDEN, read_weights
from tutor.engine.embed import Embedder, MiniLM, has_bf16
from tutor.engine.models import embedder_dir
from tutor.guide.answers import read_answers
from tutor.guide.chunks import Chunk, cut_guide
from tutor.guide.read import PITFALLS, Guide, read_guide
from tutor.search.index import embed_all
from tutor.search.recalled import Recalling
from tutor.settings import read_settings
from tutor.turn.kinds import KINDS
from tutor.turn.layout import Laid, Wordpieces, lay_out
from tutor.turn.network import Network, batch_of
from tutor.turn.reader import NAME, BertWordpieces

DESCRIPTION = "Train the reader of turns; an interrupted training goes on where it was."
HEADS = ("topics", "kinds")
KIND_WEIGHT = 4.0
MEANT_WEIGHT = 10.0  # of the distance to the standalone wording
ANEW, AGAIN = Plan.rate, 3e-4  # the rate of an adapter that starts, of one that goes on
SCALE = 20.0  # of cosines before the softmax over passages


@dataclass(frozen=True)
class Targets:
    """Where the index has everything: one row per text, grouped by passage."""

    vectors: Tensor  # (entry, 384)
    place: Tensor  # (entry,) which passage a row belongs to
    places: dict[Place, int]
    topic: Tensor  # (passage,) place of its guide question among `numbers`
    numbers: tuple[int, ...]
    pitfalls: dict[int, list[int]]  # guide question → its pitfalls
    row_of: dict[str, int]  # a phrasing's text → its row
    meant: dict[str, Tensor] = field(default_factory=dict)  # a standalone wording → its vector

    def targets(self, place: Place) -> list[int]:
        """The passages that a label names: one, or all pitfalls of a guide question."""
        number, heading = place
        if place in self.places:
            return [self.places[place]]
        claims = self.pitfalls.get(number, [])
        if heading != PITFALLS or not claims:
            raise KeyError(place)
        return claims


def targets_of(guide: Guide, chunks: Sequence[Chunk], embedder: Embedder) -> Targets:
    """Embed every chunk and every question that it answers."""
    texts: list[str] = []
    owner: list[int] = []
    places: dict[Place, int] = {}
    row_of: dict[str, int] = {}
    numbers = tuple(sorted(guide.questions))
    topic: list[int] = []
    pitfalls: dict[int, list[int]] = {}
    for chunk in chunks:
        key = (chunk.number, chunk.heading or chunk.section)
        if key not in places:
            places[key] = len(places)
            topic.append(numbers.index(chunk.number))
            if chunk.section == PITFALLS:
                pitfalls.setdefault(chunk.number, []).append(places[key])
        for text in (chunk.embedded, *chunk.questions):
            row_of[text] = len(texts)
            texts.append(text)
            owner.append(places[key])
    return Targets(
        torch.from_numpy(embed_all(texts, embedder)),
        torch.tensor(owner),
        places,
        torch.tensor(topic),
        numbers,
        pitfalls,
        row_of,
    )


@dataclass(frozen=True)
class Batch:
    """Examples laid out, with their targets."""

    laid: list[Laid]
    passages: Tensor  # (batch, passage) weights that add up to 1, or 0 where nothing answers
    kinds: Tensor  # (batch, kind) 0 or 1
    known: Tensor  # (batch,) 1 where the kinds were labelled
    own: list[int]  # row of the index that is the example itself, or -1
    meant: Tensor  # (batch, 384) its standalone wording as MiniLM has it, or 0 where there is none


def batches(
    examples: Sequence[Example], held: Targets, wordpieces: Wordpieces, size: int
) -> list[Batch]:
    """The examples in batches of similar length."""
    laid = [(lay_out(wordpieces, e.turn, e.history), e) for e in examples]
    laid.sort(key=lambda pair: len(pair[0].ids))
    return [batch([*laid[start : start + size]], held) for start in range(0, len(laid), size)]


def batch(pairs: list[tuple[Laid, Example]], held: Targets) -> Batch:
    """One batch with its targets."""
    passages = torch.zeros(len(pairs), len(held.places))
    kinds = torch.zeros(len(pairs), len(KINDS))
    for row, (_, example) in enumerate(pairs):
        for place, weight in zip(example.passages, WEIGHTS, strict=False):
            targets = held.targets(place)
            passages[row, targets] += weight / len(targets)
        for kind in example.kinds:
            kinds[row, KINDS.index(kind)] = 1
    passages /= passages.sum(1, keepdim=True).clamp(min=1e-6)
    known = torch.tensor([float(e.known) for _, e in pairs])
    own = [held.row_of.get(e.source, -1) if e.source else -1 for _, e in pairs]
    nowhere = torch.zeros(HIDDEN)
    meant = torch.stack([held.meant.get(e.source, nowhere) for _, e in pairs])
    return Batch([one for one, _ in pairs], passages, kinds, known, own, meant)


def passage_logits(vectors: Tensor, held: Targets, own: Sequence[int]) -> Tensor:
    """Each passage by its nearest text: (batch, passage). An example does not find itself."""
    cosines = vectors @ held.vectors.T  # (batch, entry)
    rows = [(row, entry) for row, entry in enumerate(own) if entry >= 0]
    if rows:
        hidden = torch.zeros_like(cosines)
        hidden[tuple(torch.tensor(rows).T)] = -2.0
        cosines = cosines + hidden
    best = torch.full((len(vectors), len(held.places)), -1.0)
    index = held.place.expand(len(vectors), -1)
    return SCALE * best.scatter_reduce(1, index, cosines, "amax", include_self=False)


def loss_of(network: Network, one: Batch, held: Targets) -> Tensor:
    """Cross-entropies over passages and guide questions, binary ones over kinds, and one minus the
    cosine to the standalone wording."""
    vectors, topics, kinds = network(*batch_of(one.laid))
    vectors, topics, kinds = vectors.float(), topics.float(), kinds.float()
    asked = one.passages.sum(1)  # 1 where something answers
    with torch.autocast("cpu", enabled=False):
        logits = passage_logits(vectors, held, one.own)
    found = -(one.passages * logits.log_softmax(1)).sum(1)
    by_topic = torch.zeros_like(topics).index_add_(1, held.topic, one.passages)
    topic = -(by_topic * topics.log_softmax(1)).sum(1)
    kind = nn.functional.binary_cross_entropy_with_logits(kinds, one.kinds, reduction="none")
    each = found + topic + KIND_WEIGHT * one.known * kind.sum(1) / 4
    weighed = each * (0.3 + 0.7 * torch.maximum(asked, one.known))
    away = one.meant.norm(dim=1) - (vectors * one.meant).sum(1)
    loss: Tensor = (weighed + MEANT_WEIGHT * away).mean()
    return loss


def meant_by(
    conversations: Sequence[Conversation], phrasings: Sequence[Example], embedder: Embedder
) -> dict[str, Tensor]:
    """Where MiniLM places every standalone wording."""
    texts = {turn.standalone for c in conversations for turn in c.turns if turn.standalone}
    named = sorted(texts | {one.source for one in phrasings if one.source})
    return dict(zip(named, torch.from_numpy(embed_all(named, embedder)), strict=True))


def measured(
    network: Network, examples: Sequence[Example], held: Targets, wordpieces: Any
) -> Figures:
    """How often the right kind, topic and passage come first on turns that were not trained on."""
    kinds, topics, dense, places, meant = [], [], [], [], []
    network.eval()
    with torch.inference_mode():
        for one in batches(examples, held, wordpieces, 64):
            vectors, topic, kind = network(*batch_of(one.laid))
            logits = passage_logits(vectors, held, one.own)
            meant += (vectors * one.meant).sum(1)[one.meant.norm(dim=1) > 0].tolist()
            for row, right in enumerate(one.passages > 0):
                kinds.append(bool(one.kinds[row, int(kind[row].argmax())]))
                if right.any():
                    numbers = set(held.topic[right].tolist())
                    best = int(logits[row].argmax())
                    topics.append(int(topic[row].argmax()) in numbers)
                    dense.append(int(held.topic[best]) in numbers)
                    places.append(bool(right[best]))
    named = {"kind": kinds, "topic by head": topics, "topic by vector": dense, "passage": places}
    named["cosine to what is meant"] = meant
    return {name: round(sum(hits) / len(hits), 3) for name, hits in named.items() if hits}


def main(argv: Sequence[str] | None = None) -> None:
    """Train, measure on conversations by other authors, write the adapter."""
    parser = argparse.ArgumentParser(prog="python -m training.reader", description=DESCRIPTION)
    parser.add_argument("--epochs", type=int, default=Plan.epochs)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--start", type=Path, help="a folder with an adapter to go on from")
    parser.add_argument("--out", type=Path, default=Path(str(files("tutor.turn"))) / "adapter")
    options = parser.parse_args(argv)
    rate = AGAIN if options.start else ANEW
    plan = Plan(epochs=options.epochs, seed=options.seed, rate=rate, bf16=has_bf16())
    settings = read_settings()
    guide = read_guide(settings.corpus)
    folder, base = embedder_dir(settings.home)
    embedder = Recalling(MiniLM(folder, base), settings.corpus)
    chunks = cut_guide(guide, embedder.count, embedder.window)
    conversations, others = read_conversations(TRAIN), read_conversations(FIT)
    data = digest_of([*sorted(TRAIN.glob("*.jsonl")), *sorted(settings.corpus.rglob("*.*"))])
    print(f"{len(conversations)} conversations; embedding the guide")
    held = targets_of(guide, chunks, embedder)
    torch.manual_seed(plan.seed)
    network = Network(folder, len(held.numbers), len(KINDS), plan.rank, plan.alpha, plan.dropout)
    if options.start:
        network.load_state_dict(read_weights(options.start, NAME), strict=False)
    kept = settings.home / "training" / f"reader-{data[:12]}-{plan.seed}-{plan.epochs}.pt"
    course = Course[Batch](network, lambda one: loss_of(network, one, held), HEADS, plan, kept)
    wordpieces = BertWordpieces(folder)
    phrasings = phrased(guide) + particular(read_answers(guide.categories), conversations)
    by_place = {(chunk.number, chunk.heading or chunk.section): chunk for chunk in reversed(chunks)}
    held.meant.update(meant_by([*conversations, *others], phrasings, embedder))
    dev = spoken(others)
    while course.epoch < plan.epochs:
        dice = random.Random(plan.seed * 1000 + course.epoch)
        examples = list(varied(conversations, phrasings, by_place, dice))
        made = batches(examples, held, wordpieces, plan.batch)
        dice.shuffle(made)
        loss = course.run_epoch(made)
        figures = measured(network, dev, held, wordpieces)
        print(f"\repoch {course.epoch} of {plan.epochs}: loss {loss:.3f}  {figures}{' ' * 20}")
    manifest = {
        "base_sha256": base,
        "data_sha256": data,
        "settings": asdict(plan),
        "started": digest_of([options.start / f"{NAME}.safetensors"]) if options.start else None,
        "questions": held.numbers,
        "kinds": KINDS,
        "turns": sum(len(c.turns) for c in conversations),
        "figures": measured(network, dev, held, wordpieces),
    }
    save(network, options.out, NAME, manifest)
    kept.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
