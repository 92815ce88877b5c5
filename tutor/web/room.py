"""What an interview shows: its question, what came of an answer, and what it adds up to.

All of it is Markdown; the learner's own words are shown as they were typed.
"""

import html
from collections import Counter
from collections.abc import Sequence

from tutor.guide.read import KEY_POINTS, ONE_MINUTE, Guide, Question
from tutor.practice.feedback import FAST, SLOW, Delivery, Feedback
from tutor.practice.interview import Interview
from tutor.practice.record import Record
from tutor.web.reading import anchor, escape, listen, reading_links
from tutor.web.typed import as_typed

ENOUGH, LONG = 40, 260  # words between which an answer of a minute or two lies
NOTHING = "Nothing has been answered in this interview yet."
# What to say to somebody who leaves out a part of the answer.
ADVICE = {
    "definition": "say first, in one sentence, what it is and what it is for",
    "mechanism": "say how it works, step by step or by its formula",
    "trade-off": "end with what it costs and when you would not use it",
    "example": "name a number, a model or a system",
}
UNHEARD = "“um” and “uh” are rarely written down, and so not counted"


def question_text(question: Question, interview: Interview, guide: Guide) -> str:
    """The question, with where in the interview it is."""
    category = guide.category(question.category)
    place = f"Question {interview.place + 1} of {len(interview.numbers)} · "
    place = place if len(interview.numbers) > 1 else ""
    return f"<small>{place}{escape(category.title)}</small>\n\n## {question.title}"


def tools_html(question: Question, interview: Interview, hears: bool) -> str:
    """The clock, and the buttons that need the browser's own voice and microphone."""
    clock = ""
    if interview.clock:
        clock = (
            f'<span class="clock" role="timer" data-seconds="{interview.clock}" '
            f'data-question="{question.number}-{interview.place}"></span>'
        )
    title = html.escape(question.title, quote=True)
    aloud = '<button type="button" data-answer>Answer aloud</button>' if hears else ""
    return (
        f'{clock}{aloud}<button type="button" data-say="{title}">Read the question aloud</button>'
        '<button type="button" data-record>Rehearse aloud</button>'
        '<span class="going" role="timer" hidden><span class="level" aria-hidden="true"></span>'
        '<span class="elapsed"></span></span><span class="recorded" aria-live="polite"></span>'
    )


def feedback_text(found: Feedback) -> str:
    """Feedback as Markdown: first what was right, in the learner's own words."""
    number = found.question.number
    points = len(found.made) + len(found.missing)
    told = f"{len(found.made)} of {points} points"
    bar = f'<progress value="{len(found.made)}" max="{points}" aria-label="{told}"></progress>'
    parts = [f"### {told} {bar}"]
    if found.structure and not found.copied:
        parts.append(structure_text(found))
    if found.copied:
        parts.append("That is the question itself. Say what you know of the answer.")
    if found.made:
        parts.append("**You said**")
        parts += [line("✓", "right", one.statement.markdown, one.words) for one in found.made]
    if found.mistakes:
        parts.append("**Not right**")
        parts += [line("✗", "wrong", one.statement.correction, one.words) for one in found.mistakes]
    if found.missing:
        address = f"guide?q={number}#{anchor(KEY_POINTS)}"
        parts.append(f"**Missing** ([in the guide]({address}))")
        parts += [line("○", "open", point.markdown) for point in found.missing]
    parts.append(delivery_text(found.delivery))
    if found.probe:
        parts += [
            "**They would ask next**",
            f"<details><summary>{escape(found.probe.question)}</summary>\n\n"
            f"{found.probe.answer}\n\n</details>",
        ]
    model = found.question.section(ONE_MINUTE)
    parts.append(
        f"<details><summary>A model answer</summary>\n\n{listen(model)}\n\n{model}\n\n</details>"
    )
    return reading_links("\n\n".join(parts))


def structure_text(found: Feedback) -> str:
    """Which parts of an answer there were: definition, mechanism, trade-off, example."""
    signs = [
        f'<span class="{kind}"><b>{sign}</b> {part} {made} of {points}</span>'
        for part, made, points in found.structure
        for sign, kind in [("✓", "right") if made else ("○", "open")]
    ]
    return f'<p class="structure">{" ".join(signs)}</p>'


def habit_text(results: Sequence[Feedback]) -> str:
    """The part of an answer that was left out most often, if one was in half of the answers."""
    left_out = Counter(part for one in results for part, made, _ in one.structure if not made)
    asked = Counter(part for one in results for part, _, _ in one.structure)
    for part, count in left_out.most_common(1):
        if count > 1 and 2 * count >= asked[part]:
            return f"**A habit to change:** {ADVICE[part]} ({count} of {asked[part]} answers)."
    return ""


def line(sign: str, kind: str, text: str, words: str = "") -> str:
    """A statement with its sign, and the learner's words for it."""
    own = f'  \n  <q class="own">{as_typed(words)}</q>' if words else ""
    return f'- <b class="{kind}">{sign}</b> {text}{own}'


def delivery_text(delivery: Delivery) -> str:
    """How long it was, and what to change about that."""
    time = f"{delivery.seconds:.0f} seconds"
    if not delivery.timed:
        told = f"{delivery.words} words, about {time} aloud"
    else:
        told = f"{delivery.words} words in {time}, {delivery.pace:.0f} a minute"
    advice = []
    if delivery.timed and delivery.pace > FAST:
        advice.append("that is fast")
    elif delivery.timed and delivery.pace < SLOW:
        advice.append("that is slow")
    if delivery.words < ENOUGH:
        advice.append("an interviewer would wait for more")
    elif delivery.words > LONG:
        advice.append("longer than one listens without asking")
    if delivery.fillers > 2 or delivery.timed:
        count = "one filler" if delivery.fillers == 1 else f"{delivery.fillers or 'no'} fillers"
        advice.append(f"{count} such as “you know” or “basically”")
    if delivery.timed:
        advice.append(UNHEARD)
    return f"<small>{'; '.join([told, *advice])}.</small>"


def debrief_text(interview: Interview, record: Record) -> str:
    """What the interview adds up to: every question, what to look at, and when it comes again."""
    if not interview.results:
        return f"## Debrief\n\n{NOTHING}"
    made = sum(len(one.made) for one in interview.results)
    points = made + sum(len(one.missing) for one in interview.results)
    count = f"{len(interview.results)} answers" if interview.results[1:] else "one answer"
    parts = [f"## Debrief\n\n{made} of {points} points in {count}."]
    parts += [row_of(one, record) for one in interview.results]
    if habit := habit_text(interview.results):
        parts.append(habit)
    gaps = sorted((one for one in interview.results if one.missing), key=lambda one: one.share)
    if gaps:
        parts.append("**Look at these first**")
    for one in gaps[:3]:
        question = one.question
        parts.append(
            f"- [Q{question.number}](guide?q={question.number}) {question.title}: "
            + " ".join(point.markdown for point in one.missing[:2])
        )
    skipped = set(interview.numbers) - {one.question.number for one in interview.results}
    if skipped:
        links = ", ".join(f"[Q{number}](practice?q={number})" for number in sorted(skipped))
        parts.append(f"Not answered: {links}.")
    parts.append("[What is due, and how far you are](progress)")
    return reading_links("\n\n".join(parts))


def row_of(one: Feedback, record: Record) -> str:
    """A line of the debrief."""
    number, points = one.question.number, len(one.made) + len(one.missing)
    memory = record.memory.get(number)
    again = f", comes again on {memory.due.day} {memory.due:%B}" if memory else ""
    link = f"[Q{number}](practice?q={number}) {one.question.title}"
    return f"- {link}  \n  {len(one.made)} of {points} points{again}"
