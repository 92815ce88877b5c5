"""Three small tasks for the prompting demo: instructions, solved examples, items to score.

    arithmetic    word problems of two steps, such as 14 - 6 = 8, 8 + 3 = 11
    tickets       which of four departments a customer's message is for
    open          any question; nothing to score, as a free answer cannot be checked by code

Examples and scored items are different, and no arithmetic example has the answer of an item.
"""

from dataclasses import dataclass

from demos.shared.choices import check_choice

MARK = "####"  # before the answer at the end of a chain, as in GSM8K (arXiv:2110.14168)
LABELS = ("billing", "delivery", "login", "defect")


@dataclass(frozen=True)
class Item:
    """A question and its one right answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class Example(Item):
    """A solved item to show, with the steps to its answer in one line."""

    steps: str


@dataclass(frozen=True)
class Task:
    """What is asked. `answers` is a GBNF rule for an answer, `pattern` the same to search for."""

    name: str
    instruction: str
    direct: str
    stepwise: str
    examples: tuple[Example, ...]
    items: tuple[Item, ...]
    answers: str
    pattern: str


ARITHMETIC = Task(
    name="arithmetic",
    instruction="Solve the problem.",
    direct="Answer with one whole number and nothing else.",
    stepwise=f"Work step by step, then write {MARK} and the answer as one whole number.",
    examples=(
        Example(
            "A tree has 14 birds. 6 fly away and 3 come back. How many birds are on the tree?",
            "11",
            "14 - 6 = 8. 8 + 3 = 11.",
        ),
        Example(
            "Sam buys 2 bags with 7 oranges each. He eats 4. How many oranges are left?",
            "10",
            "2 * 7 = 14. 14 - 4 = 10.",
        ),
        Example(
            "A team of 5 people splits 35 dollars evenly. Each spends 2 dollars. "
            "How many dollars has each left?",
            "5",
            "35 / 5 = 7. 7 - 2 = 5.",
        ),
    ),
    items=(
        Item("A shop has 12 apples. It sells 5 and then gets 8 more. How many does it have?", "15"),
        Item(
            "Ann has 3 boxes with 4 pens each. She gives away 5 pens. How many pens are left?", "7"
        ),
        Item(
            "A bus carries 20 people. At a stop 7 get off and 4 get on. How many are on the bus?",
            "17",
        ),
        Item("Tom reads 6 pages a day for 5 days. The book has 50 pages. How many are left?", "20"),
        Item(
            "A ticket costs 4 dollars. Lea buys 3 tickets and pays with 20 dollars. "
            "How much change does she get?",
            "8",
        ),
        Item(
            "24 cookies are shared by 6 children. Each child eats 1 at once. "
            "How many has each child left?",
            "3",
        ),
        Item("A farmer has 9 cows and twice as many sheep. How many animals does he have?", "27"),
        Item(
            "Ben is 7 years old. His sister is 3 times as old. How many years older is she?", "14"
        ),
        Item("A library has 48 books, lends out 15 and gets 9 back. How many does it have?", "42"),
        Item(
            "A rope is 30 meters long. Two pieces of 8 meters are cut off. "
            "How many meters are left?",
            "14",
        ),
        Item(
            "A box holds 10 eggs. Mia has 4 full boxes and 3 single eggs. She breaks 6 eggs. "
            "How many are left?",
            "37",
        ),
        Item("A train has 5 cars with 18 seats each. 72 seats are taken. How many are free?", "18"),
    ),
    answers='"-"? [0-9]{1,6}',
    pattern=r"-?\d+(?:,\d{3})*",
)

TICKETS = Task(
    name="tickets",
    instruction="Label the message of a customer: billing, delivery, login or defect.",
    direct="Answer with the label and nothing else.",
    stepwise=f"Say in a few words what it is about, then write {MARK} and the label.",
    examples=(
        Example(
            "Please refund the fee of five dollars.", "billing", "The customer wants money back."
        ),
        Example(
            "The package was sent to my old address.",
            "delivery",
            "It is about where a package went.",
        ),
        Example(
            "My account is locked after three tries.",
            "login",
            "It is about getting into an account.",
        ),
        Example(
            "The handle broke when I opened the drawer.", "defect", "A part of the product broke."
        ),
    ),
    items=(
        Item("I was charged twice for the same order.", "billing"),
        Item("My parcel has been at the depot for nine days.", "delivery"),
        Item("The reset link does not let me in.", "login"),
        Item("The screen stays black after an hour of use.", "defect"),
        Item("Where can I see the invoice for March?", "billing"),
        Item("The driver left the box at the wrong house.", "delivery"),
        Item("It says my password is unknown.", "login"),
        Item("One of the wheels came off on the first day.", "defect"),
        Item("You took the money, but I cancelled last week.", "billing"),
        Item("The tracking number shows nothing.", "delivery"),
        Item("I no longer have the phone that gets the code.", "login"),
        Item("The battery is empty after ten minutes.", "defect"),
    ),
    answers=" | ".join(f'"{label}"' for label in LABELS),
    pattern="|".join(LABELS),
)

OPEN = Task(
    name="open",
    instruction="Answer the question.",
    direct="Answer in at most ten words.",
    stepwise=f"Think step by step in one line, then write {MARK} and at most ten words of answer.",
    examples=(
        Example(
            "Which planet is closest to the sun?",
            "Mercury",
            "In order from the sun come Mercury, Venus and Earth. The first is Mercury.",
        ),
        Example(
            "Is a whale a fish?",
            "No, a mammal",
            "A whale breathes air and feeds its young with milk. Animals that do are mammals.",
        ),
        Example(
            "Which is heavier, a kilogram of iron or of cotton?",
            "Neither",
            "Both weigh one kilogram. Equal weights are equally heavy.",
        ),
    ),
    items=(),
    answers="[^\\n#]{1,100}",
    pattern=r"[^\n#]+",
)

TASKS = (ARITHMETIC, TICKETS, OPEN)


def task_named(name: str) -> Task:
    """A task; InputError for another name."""
    named = {task.name: task for task in TASKS}
    check_choice("task", name, named)
    return named[name]
