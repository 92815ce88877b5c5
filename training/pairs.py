"""Trains the pair reader: python -m training.pairs (make train).

From what judges said of written answers below turns it learns whether one answers and whether it
misleads; from claims, each beside what was written for others, what that says of it. The right, the
wrong and the half right claim of one fact decide each other; what lies farther off is silent. No
claim is read beside its own answer, so that the verdict has to be found by comparing. After every
epoch the state is kept below TUTOR_HOME.
"""

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.conversations import TRAIN, read_conversations
from training.course import Course, Figures, Plan, digest_of, save
from training.examples import slipped
from training.judged import FOLDER, Judged, read_judged
from tutor.choose.choice import verdict_of
from tutor.choose.layout import lay_pair, lay_turn
from tutor.choose.network import SAID, SILENT, PairNetwork
from tutor.choose.pairs import NAME, opinions_of
from tutor.engine.adapted import padded, read_weights
from tutor.engine.embed import Embedder, MiniLM, has_bf16
from tutor.engine.generate import Message
from tutor.engine.models import embedder_dir
from tutor.guide.answers import VERDICTS, Written, read_answers
from tutor.guide.read import read_guide
from tutor.reply.close import SURE
from tutor.search.index import embed_all
from tutor.search.recalled import Recalling
from tutor.settings import read_settings
from tutor.turn.layout import Laid, Wordpieces
from tutor.turn.reader import BertWordpieces

DESCRIPTION = "Train the pair reader; an interrupted training goes on where it was."
ANSWERS = {3: 1.0, 2: 0.8, 1: 0.15, 0: 0.0, -1: 0.0}  # by worth: the chance that it would do
MISLEADING = -1
HELD_OUT = 16  # every so many-th judged turn and fact only measures
ALONE = 0.3  # share of judged turns that are read in their standalone wording
NEIGHBORS = 24  # looked at for a claim
JUDGED = 0.3  # share of the judged turns that are read in an epoch
OFF_TOPIC = 0.3  # share of their offers about something else that are read
SAME = 0.97  # cosine from which a neighbor is the claim itself
DECIDES = 0.75  # from which a neighbor of another fact is taken to decide a claim
READ = 6  # answers that a held-out claim is read beside
OWN = 0.8  # share of the claims of a fact that are read beside another of its claims
QUIET = 0.68  # below which it is taken to say nothing of it
FAR = 0.4  # below which it teaches nothing
ANEW, AGAIN = Plan.rate, 4e-4  # the rate of an adapter that starts, of one that goes on
# How the three claims of a fact begin their answers, which stand one below the other.
LEADS = (("right", "Yes: "), ("wrong", "Not so: "), ("half", "Half right: "))


@dataclass(frozen=True)
class Pair:
    """A turn and an answer, with what is known of the two: None is unknown."""

    turn: str
    history: tuple[Message, ...]
    question: str
    answer: str
    answers: float | None
    misleads: float | None
    verdict: str = ""


@dataclass(frozen=True)
class Claim:
    """A claim with its verdict, its fact's number, and places of written answers: those to the
    fact's other claims, those near that decide it as well, and those that are silent on it."""

    wordings: tuple[str, ...]
    verdict: str
    fact: int
    siblings: tuple[int, ...]
    deciding: tuple[int, ...]
    silent: tuple[int, ...]


@dataclass(frozen=True)
class Batch:
    """Pairs laid out, with their targets; -1 where nothing is known."""

    laid: list[Laid]
    answers: Tensor  # (pair,)
    misleads: Tensor  # (pair,)
    verdicts: Tensor  # (pair,) place in SAID


def pairs_of(judged: Judged, by_ask: Mapping[str, Written], alone: bool) -> Iterator[Pair]:
    """A judged turn with each of its offers that are still written so."""
    turn, history = (judged.standalone, ()) if alone else (judged.turn, judged.history)
    for ask, worth in zip(judged.offers, judged.worth, strict=True):
        if one := by_ask.get(ask):
            decides = worth in (2, 3, MISLEADING)
            verdict = judged.verdict and (judged.verdict if decides else SILENT)
            misleads = float(worth == MISLEADING)
            yield Pair(turn, history, ask, one.answer, ANSWERS[worth], misleads, verdict)


def facts_of(written: Sequence[Written]) -> list[int]:
    """A number for each written answer, the same for the three claims of one fact."""
    facts = list(range(len(written)))
    for place in range(len(written) - 2):
        three = written[place : place + 3]
        if all(
            one.verdict == word and one.answer.startswith(lead)
            for one, (word, lead) in zip(three, LEADS, strict=True)
        ):
            facts[place + 1] = facts[place + 2] = place
    return facts


def claims_of(written: Sequence[Written], embedder: Embedder) -> list[Claim]:
    """Every claim that has a verdict, with its neighbors."""
    vectors = embed_all([one.ask for one in written], embedder)
    facts = facts_of(written)
    found = []
    for place, one in enumerate(written):
        if not one.verdict:
            continue
        cosines = vectors @ vectors[place]
        siblings = [r for r in range(place - 2, place + 3) if r != place and 0 <= r < len(facts)]
        siblings = [row for row in siblings if facts[row] == facts[place]]
        near = [int(row) for row in np.argsort(-cosines)[:NEIGHBORS]]
        near = [
            row
            for row in near
            if FAR <= cosines[row] < SAME
            and facts[row] != facts[place]
            and written[row].answer != one.answer
        ]
        deciding = tuple(row for row in near if cosines[row] >= DECIDES)
        silent = tuple(row for row in near if cosines[row] < QUIET)
        wordings = (one.ask, *one.again)
        found.append(Claim(wordings, one.verdict, facts[place], tuple(siblings), deciding, silent))
    return found


def beside(claim: Claim, written: Sequence[Written], dice: random.Random) -> Iterator[Pair]:
    """A claim with one that decides it, of its own fact more often, and with one that does not."""
    own = claim.siblings and (not claim.deciding or dice.random() < OWN)
    deciding = claim.siblings if own else claim.deciding
    for rows, verdict in ((deciding, claim.verdict), (claim.silent, SILENT)):
        if rows:
            other = written[dice.choice(rows)]
            turn = slipped(dice.choice(claim.wordings), dice)
            yield Pair(turn, (), other.ask, other.answer, None, None, verdict)


def batches(
    pairs: Sequence[Pair], wordpieces: Wordpieces, size: int, dice: random.Random
) -> list[Batch]:
    """The pairs in batches of similar length, shuffled."""
    laid = [
        (lay_pair(wordpieces, lay_turn(wordpieces, p.turn, p.history), p.question, p.answer), p)
        for p in pairs
    ]
    laid.sort(key=lambda one: len(one[0].ids))
    made = [batch(laid[start : start + size]) for start in range(0, len(laid), size)]
    dice.shuffle(made)
    return made


def batch(some: Sequence[tuple[Laid, Pair]]) -> Batch:
    """One batch with its targets."""

    def known(value: float | None) -> float:
        return -1.0 if value is None else value

    return Batch(
        [laid for laid, _ in some],
        torch.tensor([known(pair.answers) for _, pair in some]),
        torch.tensor([known(pair.misleads) for _, pair in some]),
        torch.tensor([SAID.index(p.verdict) if p.verdict else -1 for _, p in some]),
    )


def loss_of(network: PairNetwork, one: Batch) -> Tensor:
    """Binary cross-entropies of the two judgments, and that of the verdict."""
    answers, misleads, verdicts = network(*padded([(x.ids, x.types) for x in one.laid]))
    parts = [
        judged_loss(answers.float(), one.answers),
        judged_loss(misleads.float(), one.misleads),
        nn.functional.cross_entropy(
            verdicts.float(), one.verdicts, ignore_index=-1, reduction="sum"
        ),
    ]
    return torch.stack(parts).sum() / len(one.laid)


def judged_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """The sum over what is known of the binary cross-entropies with soft targets."""
    known = targets >= 0
    return nn.functional.binary_cross_entropy_with_logits(
        logits[known], targets[known], reduction="sum"
    )


def measured(
    network: PairNetwork,
    judged: Sequence[Judged],
    by_ask: Mapping[str, Written],
    claims: Sequence[Claim],
    written: Sequence[Written],
    wordpieces: Wordpieces,
) -> Figures:
    """How often the best of a turn's offers is one that would do (and so for the nearest, and if
    one may pick), and how often the verdict over a claim's nearest neighbors is right."""
    network.eval()
    picked, nearest, any_of, verdicts, sure = [], [], [], [], []
    with torch.inference_mode():
        for turn in judged:
            pairs = list(pairs_of(turn, by_ask, False))
            if not pairs:
                continue
            answers, misleads, _ = scored(network, pairs, wordpieces)
            good = [(pair.answers or 0) >= ANSWERS[2] for pair in pairs]
            picked.append(good[int((answers.sigmoid() * (1 - misleads.sigmoid())).argmax())])
            nearest.append(good[0])
            any_of.append(any(good))
        for claim in claims:
            rows = [*claim.siblings, *claim.deciding, *claim.silent][:READ]
            asked = [(written[row].ask, written[row].answer) for row in rows]
            pairs = [Pair(claim.wordings[0], (), *both, None, None) for both in asked]
            opinions = opinions_of(*scored(network, pairs, wordpieces))
            verdict = verdict_of(opinions)
            right = verdict.word == claim.verdict
            verdicts.append(right)
            if verdict.certainty >= SURE:
                sure.append(right)
    named = {"picked": picked, "nearest": nearest, "any": any_of, "verdict": verdicts, "sure": sure}
    figures = {name: round(sum(hits) / len(hits), 3) for name, hits in named.items() if hits}
    return {**figures, "share sure": round(len(sure) / max(1, len(verdicts)), 3)}


def scored(
    network: PairNetwork, pairs: Sequence[Pair], wordpieces: Wordpieces
) -> tuple[Tensor, Tensor, Tensor]:
    """The network's logits for the pairs."""
    laid = [
        lay_pair(wordpieces, lay_turn(wordpieces, p.turn, p.history), p.question, p.answer)
        for p in pairs
    ]
    answers, misleads, said = network(*padded([(x.ids, x.types) for x in laid]))
    return answers, misleads, said


def main(argv: Sequence[str] | None = None) -> None:
    """Train, measure on what was held out, write the adapter."""
    parser = argparse.ArgumentParser(prog="python -m training.pairs", description=DESCRIPTION)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--start", type=Path, help="a folder with an adapter to go on from")
    parser.add_argument("--out", type=Path, default=Path(str(files("tutor.choose"))) / "adapter")
    options = parser.parse_args(argv)
    rate = AGAIN if options.start else ANEW
    plan = Plan(epochs=options.epochs, batch=32, rate=rate, bf16=has_bf16())
    settings = read_settings()
    guide = read_guide(settings.corpus)
    folder, base = embedder_dir(settings.home)
    written = read_answers(guide.categories)
    by_ask = {one.ask: one for one in written}
    judged = read_judged(read_conversations(TRAIN))
    claims = claims_of(written, Recalling(MiniLM(folder, base), settings.corpus))
    held, train = judged[::HELD_OUT], [j for i, j in enumerate(judged) if i % HELD_OUT]
    kept_back = [claim for claim in claims if claim.fact % HELD_OUT == 0]
    learned = [claim for claim in claims if claim.fact % HELD_OUT]
    answers = sorted(settings.corpus.glob("*/answers.jsonl"))
    data = digest_of([*sorted(FOLDER.glob("*.jsonl")), *sorted(TRAIN.glob("*.jsonl")), *answers])
    print(f"{len(train)} judged turns, {len(learned)} claims")
    torch.manual_seed(plan.seed)
    network = PairNetwork(folder, plan.rank, plan.alpha, plan.dropout)
    if options.start:
        network.load_state_dict(read_weights(options.start, NAME), strict=False)
    kept = settings.home / "training" / f"pairs-{data[:12]}-{plan.seed}-{plan.epochs}.pt"
    course = Course[Batch](network, lambda one: loss_of(network, one), ("heads",), plan, kept)
    wordpieces = BertWordpieces(folder)
    figures: Figures = {}
    while course.epoch < plan.epochs:
        dice = random.Random(plan.seed * 1000 + course.epoch)
        some = [one for one in train if dice.random() < JUDGED]
        offered = [p for one in some for p in pairs_of(one, by_ask, dice.random() < ALONE)]
        pairs = [p for p in offered if p.answers or p.misleads or dice.random() < OFF_TOPIC]
        pairs += [pair for claim in learned for pair in beside(claim, written, dice)]
        loss = course.run_epoch(batches(pairs, wordpieces, plan.batch, dice))
        figures = measured(network, held, by_ask, kept_back, written, wordpieces)
        print(f"\repoch {course.epoch} of {plan.epochs}: loss {loss:.3f}  {figures}{' ' * 20}")
    manifest = {
        "base_sha256": base,
        "data_sha256": data,
        "started": digest_of([options.start / f"{NAME}.safetensors"]) if options.start else None,
        "settings": asdict(plan),
        "verdicts": VERDICTS,
        "turns": len(train),
        "claims": len(learned),
        "figures": figures,
    }
    save(network, options.out, NAME, manifest)
    kept.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
