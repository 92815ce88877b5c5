"""Pictures of a next-token distribution: bars before and after, draws, the outcome of a search."""

import html
from collections import Counter
from collections.abc import Sequence

import numpy as np

from demos.sampling.decoding import Guess, Searched, nucleus
from demos.sampling.distribution import NAMED, Distribution
from demos.sampling.tree import draw_tree
from demos.shared.arrays import Array, entropy
from demos.shared.markup import bar, bar_table, percent, said
from demos.shared.style import ACCENT, GRAY
from demos.shared.tokens import colored, visible
from demos.shared.warp import Warp

SHOWN = 12  # tokens


def revealed(
    distribution: Distribution, best: str, guess: Guess | None, size: float | None, total: int
) -> str:
    """The most probable token and the nucleus, and the guesses beside them, of `total` tokens.

    An empty box of numbers may arrive as None or 0. A distribution that was cut says what is known
    already, and that the rest is being read.
    """
    parts = [
        f"The model's first choice is <code>{html.escape(best)}</code>, "
        f"{np.exp(distribution.logprobs[0]):.1%}."
    ]
    if guess:
        verdict = "the same" if guess.rank == 1 else f"number {guess.rank:,}"
        parts.append(
            f"Your guess <code>{html.escape(guess.token)}</code> is {verdict} of "
            f"{total:,}, with {percent(guess.probability)}."
        )
    if len(distribution.ids) < total:
        parts.append("Reading the rest of the vocabulary …")
    else:
        held = nucleus(distribution)
        parts.append(f"90% of the probability lies in {held:,} token{'s' if held > 1 else ''}")
        parts[-1] += f"; you guessed {int(size):,}." if size else "."
    return said(" ".join(parts))


def bars(distribution: Distribution, warp: Warp, after: Array) -> str:
    """The most probable tokens with their probability before (gray) and after (color)."""
    before = np.exp(distribution.logprobs)
    left = int((after > 0).sum())
    kept = before[after > 0].sum() / before.sum()
    text = (
        f"{left:,} of {len(after):,} tokens can be drawn; the model gave them {percent(kept)}. "
        f"Entropy {entropy(before / before.sum()):.2f} → {entropy(after):.2f} bits."
    )
    return said(text) + token_bars(distribution, warp, after)


def token_bars(distribution: Distribution, warp: Warp, after: Array) -> str:
    """The bars alone, which a cut distribution has too."""
    before = np.exp(distribution.logprobs)
    seen = distribution.seen if warp.repetition_penalty > 1 else np.zeros(len(after), dtype=bool)
    shown = places(after)[:SHOWN]
    largest = float(max(before[shown].max(), after[shown].max()))
    rows = [
        token_row(
            visible(distribution.pieces[place]) or "[control]",
            (float(before[place]), float(after[place])),
            largest,
            bool(seen[place]),
        )
        for place in shown
    ]
    return bar_table(rows, ("Token", "", "Model", "After"))


def places(after: Array) -> list[int]:
    """The named tokens by their probability after the settings, then as the model ranks them."""
    named = after[:NAMED]
    return [int(place) for place in np.argsort(-named, kind="stable")]


def token_row(
    name: str, pair: tuple[float, float], largest: float, penalized: bool
) -> tuple[str, ...]:
    """One token: its probabilities before and after as bars, scaled to the largest, and numbers."""
    mark = ' <small title="already in the prompt">(penalized)</small>' if penalized else ""
    before, after = pair
    bars = bar(before / largest, GRAY) + bar(after / largest, ACCENT)
    rest = percent(after) if after else '<span style="opacity:0.6">cut</span>'
    return f"<code>{html.escape(name)}</code>{mark}", bars, percent(before), rest


def draws(tokens: Sequence[str], seed: int) -> str:
    """The tokens drawn, in their order, and how often each came."""
    counts = Counter(tokens)
    times = [f"{counts[token]}×" if counts[token] > 1 else "" for token in tokens]
    different = f"{len(tokens)} draws with seed {seed}: {len(counts)} different tokens."
    return said(different) + colored(tokens, times, tokens)


def describe_search(searched: Searched) -> str:
    """What greedy and beam search found, in a sentence and as a tree."""
    greedy, beam = searched.greedy.best, searched.beam.best
    if beam.score > greedy.score + 1e-6:
        verdict = f"Beam search found a text {beam.probability / greedy.probability:.1f} times as"
        verdict += " probable, whose beginning greedy search had passed over."
    elif beam.tokens == greedy.tokens:
        verdict = "Both found the same text."
    else:
        verdict = "Beam search dropped the greedy text on the way and found a less probable one."
    lines = [
        f"{kind}: <code>{html.escape(searched.text(found))}</code>, probability "
        f"{percent(found.best.probability)}, score {found.best.score:.2f}."
        for kind, found in (
            ("Greedy", searched.greedy),
            (f"{searched.beam.width} beams", searched.beam),
        )
    ]
    legend = "Score: sum of the tokens' ln p. Colored: the winner; dashed: greedy; pale: dropped."
    tree = draw_tree(searched.beam, searched.greedy, searched.names.__getitem__)
    return f"{said('<br>'.join([*lines, verdict]))}{tree}<small>{legend}</small>"
