"""Where one token looks when all heads of a model are averaged, against what a person expects.

SmolLM2 on "The cat drank the milk because it was thirsty": people expect "it" to look at "cat",
and one head does, but the mean over 270 heads rests on "The", the first token. Xiao et al. 2023,
"Efficient Streaming Language Models with Attention Sinks", section 3.1, named it an attention sink.
"""

from dataclasses import dataclass

import numpy as np

from demos.attention.forward import Pass


@dataclass(frozen=True)
class Strongest:
    """Where one query looks, all heads averaged. Keys, layers and heads count from 0."""

    means: tuple[float, ...]  # per key
    top: int  # the key with most weight
    beyond: int  # the same, first token and query left aside, if another is visible
    best: tuple[tuple[int, int, float], ...]  # per key: layer, head and weight of its keenest head


def strongest(seen: Pass, query: int) -> Strongest:
    """The mean row of a query over all layers and heads, and each key's keenest head."""
    rows = seen.weights[:, :, query, :]  # (layer, head, key)
    means = rows.mean(axis=(0, 1), dtype=np.float64)
    aside = means.copy()
    aside[[0, query]] = -1.0
    best = []
    for key in range(len(seen.tokens)):
        layer, head = np.unravel_index(int(rows[:, :, key].argmax()), rows.shape[:2])
        best.append((int(layer), int(head), float(rows[layer, head, key])))
    return Strongest(
        tuple(float(mean) for mean in means), int(means.argmax()), int(aside.argmax()), tuple(best)
    )


def visible(seen: Pass, query: int) -> range:
    """The positions a query may look at."""
    return range(query + 1 if seen.causal else len(seen.tokens))


def verdict(seen: Pass, query: int, guess: int) -> str:
    """The guess beside the model's mean weights, in words."""
    found = strongest(seen, query)
    asker, guessed, top = (seen.tokens[n] for n in (query, guess, found.top))
    layer, head, weight = found.best[guess]
    text = (
        f"{'Right' if guess == found.top else 'Not quite'}. Averaged over all "
        f"{seen.layers * seen.heads} heads, {asker} gives most weight to {top}: "
        f"{found.means[found.top]:.0%}. Your choice {guessed} gets {found.means[guess]:.0%} on "
        f"average and {weight:.0%} in the head that attends to it most, layer {layer + 1}, head "
        f"{head + 1}."
    )
    if found.top == 0 and len(visible(seen, query)) > 2:
        text += (
            " The first token is an attention sink: weights must add up to 1, and a head that "
            f"finds nothing parks them there. That token and {asker} itself left aside, "
            f"{seen.tokens[found.beyond]} leads with {found.means[found.beyond]:.0%}."
        )
    return text
