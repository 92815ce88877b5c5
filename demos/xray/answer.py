"""An answer of the tutor as the model met it: a question, authored words, words of its own."""

from dataclasses import dataclass

from demos.shared.weights import Weights
from tutor.errors import InputError
from tutor.guide.read import Guide, read_guide
from tutor.guide.text import plain
from tutor.reply.tutor import Reply
from tutor.start import make_tutor


@dataclass(frozen=True)
class Answer:
    """A reply of the tutor: the question, the authored lead, what the model added, and the number
    of the guide question whose study note it had read (0 for none)."""

    question: str
    lead: str
    continuation: str = ""
    number: int = 0


def ask_tutor(question: str, weights: Weights) -> tuple[Answer, Guide]:
    """The tutor's own answer to a question, and the guide it comes from."""
    library = weights.library()
    tutor = make_tutor(library, weights.engine(), weights.settings)
    *_, reply = tutor.reply(question)
    return answer_of(reply), library.guide


def answer_of(reply: Reply) -> Answer:
    """A reply of the tutor as it was put to the model: plain words, the lead's guide question."""
    number = reply.lead.chunks[0].number if reply.lead.chunks else 0
    return Answer(reply.ask.text, plain(reply.lead.text), plain(reply.continuation), number)


def guide_of(weights: Weights, number: int) -> Guide:
    """The guide; InputError if it has no question of that number (0 stands for none)."""
    guide = read_guide(weights.settings.corpus)
    if number and number not in guide.questions:
        raise InputError(f"The guide has no question {number}. Choose 1 to 50, or 0 for none.")
    return guide
