"""Pictures of a next-token distribution: bars before and after, draws, the outcome of a search."""

import html
from collections import Counter
from collections.abc import Sequence

import numpy as np

from demos.decoding import Guess, Searched, nucleus
from demos.distribution import NAMED, Distribution
from demos.panel import ACCENT, GRAY
from demos.spans import colored, visible
from demos.tree import draw_tree
from demos.warp import Array, Warp, entropy

SHOWN = 12  # tokens
STATUS = '<p role="status">{}</p>'


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
    return STATUS.format(" ".join(parts))


def bars(distribution: Distribution, warp: Warp, after: Array) -> str:
    """The most probable tokens with their probability before (gray) and after (color)."""
    before = np.exp(distribution.logprobs)
    left = int((after > 0).sum())
    kept = before[after > 0].sum() / before.sum()
    said = (
        f"{left:,} of {len(after):,} tokens can be drawn; the model gave them {percent(kept)}. "
        f"Entropy {entropy(before / before.sum()):.2f} → {entropy(after):.2f} bits."
    )
    return STATUS.format(said) + bar_table(distribution, warp, after)


def bar_table(distribution: Distribution, warp: Warp, after: Array) -> str:
    """The bars alone, which a cut distribution has too."""
    before = np.exp(distribution.logprobs)
    seen = distribution.seen if warp.repetition_penalty > 1 else np.zeros(len(after), dtype=bool)
    shown = places(after)[:SHOWN]
    largest = float(max(before[shown].max(), after[shown].max()))
    rows = [
        bar_row(
            visible(distribution.pieces[place]) or "[control]",
            (float(before[place]), float(after[place])),
            largest,
            bool(seen[place]),
        )
        for place in shown
    ]
    cell = '<th scope="col" style="border:0;padding:0 0.6rem;text-align:{}">{}</th>'
    columns = (("left", "Token"), ("left", ""), ("right", "Model"), ("right", "After"))
    head = "".join(cell.format(side, name) for side, name in columns)
    none = 'style="border:0"'
    style = "border:0;border-collapse:collapse;width:100%;font-size:0.85rem"
    return (
        f'<table style="{style}"><thead {none}><tr {none}>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def places(after: Array) -> list[int]:
    """The named tokens by their probability after the settings, then as the model ranks them."""
    named = after[:NAMED]
    return [int(place) for place in np.argsort(-named, kind="stable")]


def bar_row(name: str, pair: tuple[float, float], largest: float, penalized: bool) -> str:
    """One token: its probabilities before and after as bars, scaled to the largest, and numbers."""
    mark = ' <small title="already in the prompt">(penalized)</small>' if penalized else ""
    bars = "".join(
        f'<div style="height:7px;margin:1px 0;width:{100 * share / largest:.2f}%;'
        f'background:{color};border-radius:2px"></div>'
        for share, color in zip(pair, (GRAY, ACCENT), strict=True)
    )
    before, after = pair
    rest = percent(after) if after else '<span style="opacity:0.6">cut</span>'
    cells = (
        ("left", f"<code>{html.escape(name)}</code>{mark}"),
        ("left;width:60%", bars),
        ("right", percent(before)),
        ("right", rest),
    )
    style = "border:0;padding:0.1rem 0.6rem;white-space:nowrap;text-align:"
    row = "".join(f'<td style="{style}{side}">{text}</td>' for side, text in cells)
    return f'<tr style="border:0">{row}</tr>'


def percent(share: float) -> str:
    """A probability for people.

    >>> percent(0.9051), percent(0.00012), percent(3e-9)
    ('90.5%', '0.012%', '<0.001%')
    """
    if share >= 0.001 or share == 0:
        return f"{share:.1%}"
    return f"{share:.3%}" if share >= 1e-5 else "<0.001%"


def draws(tokens: Sequence[str], seed: int) -> str:
    """The tokens drawn, in their order, and how often each came."""
    counts = Counter(tokens)
    times = [f"{counts[token]}×" if counts[token] > 1 else "" for token in tokens]
    different = f"{len(tokens)} draws with seed {seed}: {len(counts)} different tokens."
    return STATUS.format(different) + colored(tokens, times, tokens)


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
    return f"{STATUS.format('<br>'.join([*lines, verdict]))}{tree}<small>{legend}</small>"
