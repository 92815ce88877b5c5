"""A text read by one of two models, and one of its heads computed anew."""

from demos.attention.forward import Attention, Pass, Place, read_text, recompute
from demos.shared.choices import check_choice, index_of
from demos.shared.token_ids import checked_text
from demos.shared.weights import Weights, open_weights

TEXT = "The cat drank the milk because it was thirsty"
MODELS = {"smollm2": "SmolLM2 (causal)", "minilm": "MiniLM (bidirectional)"}
# A head of each, counted from 1, in which a pronoun finds its noun.
TELLING = {"smollm2": (14, 9), "minilm": (6, 12)}
PRONOUNS = frozenset("it he she they him her them its his their".split())


def run(
    text: str = TEXT,
    model: str = "smollm2",
    layer: int | None = None,
    head: int | None = None,
    query: int | None = None,
    weights: Weights | None = None,
) -> Attention:
    """Read the text with `smollm2` or `minilm` and compute one head of it.

    Layer, head and query token count from 1, as on the page. Without layer and head: one in which
    a pronoun finds its noun; without a query: the last pronoun, or else the last token.
    InputError for an empty text or a choice that does not exist.
    """
    check_choice("model", model, MODELS)
    checked_text(text)  # before a model is loaded
    weights = weights or open_weights()
    seen = read_text(text, weights.smollm2() if model == "smollm2" else weights.minilm())
    telling = TELLING[model]
    at = Place(
        index_of("layer", min(telling[0], seen.layers) if layer is None else layer, seen.layers),
        index_of("head", min(telling[1], seen.heads) if head is None else head, seen.heads),
        asking(seen) if query is None else index_of("token", query, len(seen.tokens)),
    )
    return recompute(seen, at)


def asking(seen: Pass) -> int:
    """The position of the last pronoun, or else of the text's last token."""
    found = [n for n, token in enumerate(seen.tokens) if token.strip("·").lower() in PRONOUNS]
    return found[-1] if found else seen.last
