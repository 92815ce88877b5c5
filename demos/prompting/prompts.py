"""The prompts of three styles for a task, the grammar of a reply, and what a reply answers.

The styles differ in what stands before the question, and in nothing else:

    zero-shot           the instruction
    few-shot            the instruction, then solved examples, answers only
    chain of thought    the same examples with their steps before the answer

A prompt for the task "tickets", zero-shot:

    system  Label the message of a customer: billing, delivery, login or defect. Answer with the
            label and nothing else.
    user    I was charged twice for the same order.
"""

import re

from demos.prompting.tasks import MARK, Item, Task
from demos.shared.choices import check_choice
from tutor.engine.generate import Message
from tutor.errors import InputError

ZERO, FEW, CHAIN = STYLES = ("zero-shot", "few-shot", "chain of thought")
LONGEST_PROBLEM = 300  # characters
LONGEST_STEPS = 200  # characters of a chain that the grammar allows


def build(task: Task, style: str, question: str) -> tuple[Message, ...]:
    """The conversation for one question; examples are turns of it.

    Few-shot: Brown and others, arXiv:2005.14165, section 2. Chain of thought: Wei and others,
    arXiv:2201.11903, section 2. InputError for an unknown style or an empty or long problem.
    """
    check_choice("style", style, STYLES)
    if not question.strip() or len(question) > LONGEST_PROBLEM:
        raise InputError(f"Type a problem of 1 to {LONGEST_PROBLEM} characters.")
    order = task.stepwise if style == CHAIN else task.direct
    turns = [Message("system", f"{task.instruction} {order}")]
    for example in task.examples if style != ZERO else ():
        shown = f"{example.steps}\n{MARK} {example.answer}" if style == CHAIN else example.answer
        turns += [Message("user", example.question), Message("assistant", shown)]
    return (*turns, Message("user", question.strip()))


def grammar(task: Task, style: str) -> str:
    """A GBNF grammar for the reply: an answer, after a line of steps in a chain of thought."""
    if style != CHAIN:
        return f"root ::= {task.answers}"
    return f'root ::= [^\\n#]{{1,{LONGEST_STEPS}}} "\\n{MARK} " ({task.answers})'


def read_answer(task: Task, style: str, reply: str) -> str:
    """The answer in a reply; empty if there is none.

    A chain answers after its mark. Without one, or in the other styles, the last thing that looks
    like an answer counts, in any case of letters. "1,200" is read as 1200.
    """
    tail = reply.rpartition(MARK)[2] if style == CHAIN else reply
    found = re.findall(task.pattern, tail, re.IGNORECASE)
    return re.sub(r"(?<=\d),(?=\d{3})", "", found[-1]).strip() if found else ""


def is_right(answer: str, item: Item) -> bool:
    """Whether an answer is the item's, apart from case, spaces at the ends and a full stop."""
    return answer.strip(" .").casefold() == item.answer.strip(" .").casefold()
