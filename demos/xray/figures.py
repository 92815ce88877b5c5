"""Pictures of a judged answer: tokens shaded by surprise, one token's alternatives, a new end."""

import html
import math
from collections.abc import Callable, Sequence

from demos.shared.markup import bar, bar_table, percent, said
from demos.shared.style import ACCENT, BLUE, GRAY, tint
from demos.shared.tokens import span, visible
from demos.xray.scoring import BEST, Judged, Read, parting, perplexity
from tutor.engine.llama import Candidate

MODEL = BLUE  # the color of what the model wrote
FULL = 10.0  # bits of surprise that are shaded fully
ALTERNATIVES = 6

# A click or the Enter key on a token selects it.
PICK = """
const pick = (event) => {
  const token = event.target.closest("[data-place]");
  if (token) trigger("select", {index: Number(token.dataset.place), value: ""});
};
element.addEventListener("click", pick);
element.addEventListener("keydown", (event) => { if (event.key === "Enter") pick(event); });
"""
LEGEND = (
    "<small>Below each token: its probability. The stronger the color, the greater the surprise. "
    f'<span style="border-bottom:3px solid {GRAY}">authored</span> '
    f'<span style="border-bottom:3px solid {MODEL}">added by the model</span> '
    '<span style="opacity:0.55">not judged</span>. Click a token for what else it could have been.'
    "</small>"
)


def shaded(read: Read, tokens: Sequence[Judged], chosen: int | None = None) -> str:
    """The answer: tokens not judged are pale, the others shaded by their surprise.

    A gray line below a token says that it was authored, a blue one that the model wrote it.
    """
    known = {token.place: token for token in tokens}
    parts = []
    for place, (_, piece) in enumerate(read.tokens):
        line = f"border-bottom:3px solid {GRAY if place < read.border else MODEL};"
        if token := known.get(place):
            parts.append(judged_span(token, line, place == chosen))
        else:
            parts.append(span(visible(piece), style=f"{line}opacity:0.55;"))
    return f'<div style="line-height:1.9">{"".join(parts)}</div>{LEGEND}'


def judged_span(token: Judged, line: str, chosen: bool) -> str:
    """One judged token, which can be selected."""
    share = min(token.surprise / FULL, 1) * 75
    style = f"{line}cursor:pointer;background:{tint(ACCENT, share)};"
    if chosen:
        style += "outline:2px solid var(--body-text-color);"
    p = percent(token.probability)
    title = f"{token.surprise:.1f} bits of surprise, entropy {token.bits:.1f} bits"
    more = f'data-place="{token.place}" role="button" tabindex="0"'
    return span(visible(token.piece), p, title, style, more)


def summary(read: Read, tokens: Sequence[Judged], model: str, note: bool, guess: str | None) -> str:
    """Perplexity of both parts, who judged, and the guess beside the outcome."""
    parts = {
        "authored": [token for token in tokens if token.authored],
        "added": [token for token in tokens if not token.authored],
    }
    told = " ".join(
        f"{name.capitalize()}: {len(part)} tokens, perplexity {perplexity(part):.2f}."
        for name, part in parts.items()
        if part
    )
    known = "with its study note" if note else "without the study note"
    text = f"{told} Judged by {html.escape(model)}, {known}."
    left = len(read.tokens) - len(tokens)
    if len(tokens) < read.end - read.start:
        text = f"Judging token {len(tokens) + 1} of {read.end - read.start} … {text}"
    elif left:
        text += f" {left} more tokens were not judged."
    elif not tokens:
        text = "The answer has no tokens."
    done = len(tokens) == read.end - read.start
    if done and guess and parts["authored"] and parts["added"]:
        larger = max(parts, key=lambda name: perplexity(parts[name]))
        text = (
            f"{'Right' if guess == larger else 'No'}: the part {larger} surprised it more. {text}"
        )
    return said(text)


def alternatives(token: Judged, name: Callable[[Candidate], str]) -> str:
    """What the model would have said at a token's place, with probabilities; `name` shows one."""
    listed = list(token.best[:ALTERNATIVES])
    if token.rank is None or token.rank > ALTERNATIVES:
        listed.append(Candidate(token.id, token.piece, token.logprob))
    rows = [alternative_row(one, one.id == token.id, name(one)) for one in listed]
    rank = f"number {token.rank}" if token.rank else f"beyond the {BEST} best"
    text = (
        f"Token {token.place + 1}, <code>{html.escape(visible(token.piece))}</code>, "
        f"{'authored' if token.authored else 'added by the model'}: "
        f"{percent(token.probability)}, {rank}, {token.surprise:.1f} bits of surprise. "
        f"Entropy here: {token.bits:.2f} bits (the {BEST} best, all others as one)."
    )
    return said(text) + bar_table(rows)


def alternative_row(one: Candidate, own: bool, name: str) -> tuple[str, str, str]:
    """One alternative's name, bar and probability; the text's own token is marked."""
    p = math.exp(one.logprob)
    shown = f"<code>{html.escape(name)}</code>" + (" <small>(the text)</small>" if own else "")
    return shown, bar(p, ACCENT if own else GRAY), percent(p)


def diverged(read: Read, place: int, again: Sequence[Judged], settings: str) -> str:
    """The text and its new end from a place on, shaded from where they part."""
    at = parting(read, place, again)
    if at is None:
        where = f"The same for {len(again)} tokens."
    else:
        where = f"They part at token {place + at + 1}, after {at} equal ones."
    lead = "".join(span(visible(piece)) for _, piece in read.tokens[max(0, place - 6) : place])
    was = "".join(
        span(visible(piece), style=mark(step, at, GRAY))
        for step, (_, piece) in enumerate(read.tokens[place : place + max(len(again), 8)])
    )
    now = "".join(
        span(visible(token.piece), percent(token.probability), style=mark(step, at, MODEL))
        for step, token in enumerate(again)
    )
    return (
        said(f"{where} {html.escape(settings)}")
        + f"<div><b>Was</b> … {lead}{was}</div><div><b>Now</b> … {lead}{now}</div>"
    )


def mark(step: int, at: int | None, color: str) -> str:
    """A background from the parting on."""
    if at is None or step < at:
        return ""
    return f"background:{tint(color, 30)};"
