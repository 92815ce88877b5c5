"""What the fine-tuning demo teaches a model, what it watches meanwhile, and within which bounds.

learned     four sentences about a place that does not exist
watched     four everyday sentences and a prompt: their loss says what was forgotten
rehearsed   eight other everyday sentences, shown again during rehearsal, never measured
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.errors import InputError

NEW = (
    "Snails of Morrow Bay vote every winter.",
    "Each snail casts one pebble at the north gate.",
    "The mayor of Morrow Bay is a snail named Odile.",
    "The lighthouse of Morrow Bay burns blue salt.",
)
OLD = (
    "The capital of France is Paris, a city on the river Seine.",
    "Water boils at one hundred degrees Celsius at sea level.",
    "She opened the door and walked into the kitchen.",
    "Photosynthesis lets plants turn light into chemical energy.",
)
REHEARSED = (
    "London is the largest city of England.",
    "Ice melts when it is warmed above zero degrees.",
    "He sat down at the table and opened his book.",
    "The moon goes around the earth in about a month.",
    "They drank coffee and talked about the weather.",
    "Animals need oxygen to turn food into energy.",
    "The train to Berlin leaves at nine in the morning.",
    "Iron is a metal that rusts in wet air.",
)
PROMPT = "The capital of France is"
MOST_SENTENCES = 12
DEEPEST = 6  # layers
HIGHEST_RANK = 192  # the smallest side of a matrix of SmolLM2
MOST_STEPS = 200


@dataclass(frozen=True)
class Task:
    """What is learned, what is watched, and how. `rate` is Adam's for full fine-tuning.

    Each method ends at the goal (mean loss on the new text, in nats), after `steps`, or after a
    third of `seconds` of computing. Where other programs keep the cores busy that takes longer: to
    end at the clock would then show a model that has learned nothing.
    """

    new: tuple[str, ...] = NEW
    old: tuple[str, ...] = OLD
    prompt: str = PROMPT
    rank: int = 8
    rate: float = 7e-4
    goal: float = 0.5
    depth: int = 4
    steps: int = 24
    seconds: float = 12.0
    seed: int = 0


def check_task(task: Task) -> None:
    """InputError for what cannot be trained, before any model is loaded."""
    check_sentences(task.new, "New text")
    check_sentences(task.old, "Old text")
    check_sentences((task.prompt,), "Prompt")
    if not 1 <= task.rank <= HIGHEST_RANK:
        raise InputError(f"The rank must lie between 1 and {HIGHEST_RANK}.")
    if not 1 <= task.depth <= DEEPEST:
        raise InputError(f"Train 1 to {DEEPEST} layers.")
    if not 1e-6 <= task.rate <= 1e-2:
        raise InputError("The learning rate must lie between 0.000001 and 0.01.")
    if not 0 < task.goal < 20:
        raise InputError("The goal is a loss in nats: choose one above 0 and below 20.")
    if not (1 <= task.steps <= MOST_STEPS and 0 < task.seconds <= 3600):
        raise InputError(f"Choose 1 to {MOST_STEPS} steps, and at most 3600 seconds.")
    if not 0 <= task.seed < 2**63:
        raise InputError("The seed is a whole number from 0 on.")


def check_sentences(sentences: Sequence[str], what: str) -> None:
    """InputError for no sentences, too many, or an empty one."""
    if not 1 <= len(sentences) <= MOST_SENTENCES:
        raise InputError(f"{what}: give 1 to {MOST_SENTENCES} sentences, one on each line.")
    if not all(sentence.strip() for sentence in sentences):
        raise InputError(f"{what}: there is nothing to read. Type a sentence.")
