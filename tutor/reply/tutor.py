"""The whole pipeline on one screen: a turn comes in, a growing reply goes out.

    read → retrieve → choose → work out, or a written answer, or lead → continue → check → suggest

The lead is the guide's own words and is there at once. The model goes on from it: an engine that
obeys a grammar picks among the guide's sentences, any other speaks freely. Either way a sentence
is shown only after the guide has been found to support it, with the passage that does.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tutor.calls.fill import Cut, compute
from tutor.calls.tagger import Tagger
from tutor.choose.choice import Verdict, choose
from tutor.choose.pairs import PairReader
from tutor.engine.generate import Message, Sampling, Stopped, Usage
from tutor.engine.llama_index import EngineLLM
from tutor.guide.chunks import Chunk
from tutor.guide.read import CODE, Guide
from tutor.guide.text import sentences
from tutor.reply.both import Found, both_lead
from tutor.reply.continuation import candidates
from tutor.reply.lead import (
    ANSWERING,
    Lead,
    choose_lead,
    greeted,
    key_points,
    own_words,
)
from tutor.reply.particular import (
    ANSWERS,
    JUST_THAT,
    SAME_CODE,
    code_lead,
    computed_lead,
    written_lead,
)
from tutor.reply.prompt import build_prompt, chat_messages
from tutor.reply.recap import recap
from tutor.reply.retold import Origins
from tutor.reply.suggest import suggest
from tutor.reply.support import Check, Support, words
from tutor.search.retrieve import Evidence, Retriever
from tutor.turn.ask import Ask
from tutor.turn.kinds import ASKING, Kind
from tutor.turn.understand import understand
from tutor.turn.wish import About, WishReader

ENOUGH_SENTENCES = 3  # added by the model to one reply
POINTS = "**A complete answer also says:**"
CODE_WANTED = 0.25  # probability of a wish for code from which a snippet is looked for
# Kinds of turn that may want something worked out: what the guide leaves out may be a sum, too.
CALCULATING = ASKING | {Kind.NEAR}
GIVE_UP = 4  # sentences dropped in one reply
BEAT = 1.0  # seconds
NAMED = 0.5  # probability of its best topic from which a wish names one
REPEATED = 0.8  # share of a sentence's words that makes it a repetition


@dataclass(frozen=True)
class Citation:
    """A sentence of a reply and the chunk it comes from; `number` is what the reader sees: [1]."""

    number: int
    sentence: str
    chunk: Chunk


@dataclass(frozen=True)
class Timings:
    """Milliseconds since the question came in, and token counts of the model's part."""

    evidence_ms: float = 0.0
    first_token_ms: float | None = None
    total_ms: float = 0.0
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Reply:
    """A reply so far. `done` is true in the last one; while the model's part has to wait, `waiting`
    is how many are before it."""

    ask: Ask
    evidence: Evidence | None
    lead: Lead
    points: tuple[Chunk, ...] = ()
    added: tuple[Check, ...] = ()
    dropped: tuple[Check, ...] = ()
    suggestions: tuple[str, ...] = ()
    timings: Timings = field(default_factory=Timings)
    waiting: int | None = None
    done: bool = False

    @property
    def continuation(self) -> str:
        """What the model added and the guide supports."""
        return " ".join(check.sentence for check in self.added)

    @property
    def text(self) -> str:
        """The reply as one Markdown text."""
        return self.marked(lambda _: "")

    def marked(self, mark: Callable[[int], str]) -> str:
        """The text with `mark(number)` behind what comes from each source.

        It consists of the lead, what the model added, and, in the last state, the points that a
        complete answer makes.
        """
        numbers = {chunk.id: number for number, chunk in enumerate(self.sources, 1)}

        def cite(text: str, *chunks: Chunk) -> str:
            return f"{text} {''.join(mark(numbers[chunk.id]) for chunk in chunks)}".strip()

        added = [cite(check.sentence, check.chunk) for check in self.added if check.chunk]
        behind = [quote.chunk for quote in self.lead.quotes]
        parts = [cite(self.lead.text, *self.lead.chunks, *behind), " ".join(added)]
        if self.done and self.points:
            parts += [cite(POINTS, *self.points), "\n".join(c.text for c in self.points)]
        return "\n\n".join(part for part in parts if part)

    @property
    def sources(self) -> tuple[Chunk, ...]:
        """The chunks cited, in the order of their numbers [1], [2] …"""
        cited = [*self.lead.chunks, *(quote.chunk for quote in self.lead.quotes)]
        cited += [check.chunk for check in self.added if check.chunk]
        cited += self.points if self.done else ()
        return tuple({chunk.id: chunk for chunk in cited}.values())

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every sentence with the source it rests on, in the order of the text."""
        numbers = {chunk.id: number for number, chunk in enumerate(self.sources, 1)}
        said = [(line, chunk) for chunk in self.lead.chunks for line in sentences(chunk.stated)]
        said += [(quote.sentence, quote.chunk) for quote in self.lead.quotes]
        said += [(check.evidence, check.chunk) for check in self.added if check.chunk]
        if self.done:
            said += [(line, chunk) for chunk in self.points for line in sentences(chunk.text)]
        return tuple(Citation(numbers[chunk.id], line, chunk) for line, chunk in said)


class Tutor:
    """Answers from one guide. Holds nothing of any visitor: history is passed in."""

    def __init__(
        self,
        guide: Guide,
        retriever: Retriever,
        llm: EngineLLM | None,
        model: str,
        tagger: Tagger | None = None,
        tokenizers: Mapping[str, Cut] | None = None,
        pairs: PairReader | None = None,
        wishes: WishReader | None = None,
    ):
        """Without an `llm` replies consist of what is written, without a `tagger` nothing is worked
        out, without `pairs` claims get no verdict but that of what is near, and without `wishes` a
        talk is not summed up; `tokenizers` by name cut the texts whose tokens are asked for."""
        self.wishes = wishes
        self.tagger = tagger
        self.pairs = pairs
        self.tokenizers = tokenizers or {}
        self.reader = retriever.reader
        self.guide = guide
        self.retriever = retriever
        self.passages = retriever.passages
        self.model = model
        self._origins = Origins((*self.passages, *retriever.written))
        self._llm = llm

    def reply(
        self,
        turn: str,
        history: Sequence[Message] = (),
        category: str | None = None,
        attempt: int = 0,
        stopped: Stopped | None = None,
    ) -> Iterator[Reply]:
        """The reply, first with its lead, then after every sentence, at last with `done`.

        `attempt` counts from 0; a further attempt at the same turn leads with another passage.
        Raises InputError for a turn that cannot be read and EngineError if the model fails, a
        BusyError if it has no room: what was yielded before is a whole reply without the model.
        """
        start = time.perf_counter()
        reply = self.look_up(self.understand(turn, history), history, category, attempt)
        yield reply
        if self._llm and reply.lead.continued:
            for continued in self._continue(self._llm, reply, history, stopped, start):
                reply = continued
                yield reply
        reply = replace(reply, waiting=None)
        yield replace(reply, done=True, timings=replace(reply.timings, total_ms=since(start)))

    def understand(self, turn: str, history: Sequence[Message] = ()) -> Ask:
        """The turn in its conversation. Raises InputError if it cannot be read."""
        titles = {number: question.title for number, question in self.guide.questions.items()}
        return understand(turn, self.reader, history, titles, self.wishes)

    def look_up(
        self,
        ask: Ask,
        history: Sequence[Message] = (),
        category: str | None = None,
        attempt: int = 0,
    ) -> Reply:
        """The part of a reply that needs no model: evidence, lead, suggestions."""
        start = time.perf_counter()
        if ask.wish and ask.wish.about is About.TALK:
            said = recap(ask.wish.form, history, self._origins, self.guide, self.passages)
            if said:
                return Reply(ask, None, greeted(ask, said), suggestions=suggest(self.guide))
        talked_about = self._talked_about(history) if ask.kind is Kind.PLAN else ()
        if words := own_words(ask, self.guide, talked_about):
            return Reply(ask, None, Lead(words, ()), suggestions=suggest(self.guide))
        found = self._find(ask, history, category, attempt)
        searched = since(start)

        def find(part: str, before: Sequence[Message]) -> Found:
            return self._find(self.understand(part, before), before, category)

        lead = (None if attempt else both_lead(found, history, find)) or found.lead
        return Reply(
            ask,
            found.evidence,
            lead,
            key_points(ask, lead, history, self.passages),
            suggestions=suggest(self.guide, found.evidence, lead),
            timings=Timings(evidence_ms=searched),
        )

    def _find(
        self, ask: Ask, history: Sequence[Message], category: str | None = None, attempt: int = 0
    ) -> Found:
        """What there is for a turn, and the lead that is chosen from it."""
        evidence = self.retriever.search(ask, category)
        verdict = None
        if self.pairs and ask.kind is Kind.CLAIM:
            weights = self.retriever.fitted.choice
            choice = choose(ask, evidence.written, self.pairs, weights)
            evidence, verdict = replace(evidence, written=choice.written), choice.verdict
        lead = self._particular(ask, evidence, category, attempt, verdict)
        if not lead:
            evidence, about = self._about(ask, evidence, history, category)
            lead = choose_lead(ask, evidence, self.guide, self.passages, history, attempt, about)
        return Found(ask, evidence, lead)

    def _about(
        self,
        ask: Ask,
        evidence: Evidence,
        history: Sequence[Message],
        category: str | None,
    ) -> tuple[Evidence, Chunk | None]:
        """What a wish about the form is about: what it names itself ("QLoRA in one line"), or what
        the last reply was taken from ("shorter"); None if that is not known, or a whole topic."""
        if ask.wish and ask.wish.about is About.NAMED:
            own = self.retriever.search(ask.text, category)
            if own.covered and own.shares[0] >= NAMED:
                answering = [p for p in own.passages if p.chunk.section in ANSWERING][:1]
                answering += [p for p in own.written if p.answers >= ANSWERS][:1]
                best = max(answering, key=lambda passage: passage.near, default=None)
                return own, best.chunk if best else None
        return evidence, self._origins.origin(history)

    def _particular(
        self,
        ask: Ask,
        evidence: Evidence,
        category: str | None,
        attempt: int,
        verdict: Verdict | None = None,
    ) -> Lead | None:
        """What answers this very turn: code, a calculation or a written answer, if one does."""
        embedder = self.retriever.embedder
        lead = None
        wanted = ask.reading.kinds.get(Kind.CODE, 0.0) >= CODE_WANTED
        if (wanted or not evidence.covered) and not attempt:
            snippets = self.retriever.rank(ask, category, CODE)
            lead = code_lead(snippets, evidence.topics, SAME_CODE if wanted else JUST_THAT)
        if not lead and self.tagger and not attempt and ask.kind in CALCULATING:
            computed = compute(self.tagger, ask.text, ask.before, self.tokenizers)
            if not (computed and computed.worked) and ask.kind is Kind.COMPUTE:
                # Talk of something else before it makes a calculation look like more talk.
                again = compute(self.tagger, ask.text, ask.before, self.tokenizers, True)
                computed = again if again and again.worked else computed or again
            if computed:
                lead = computed_lead(ask, computed, evidence, self.passages, embedder)
        lead = lead or written_lead(ask, evidence, self.passages, embedder, attempt, verdict)
        return greeted(ask, lead) if lead else None

    def cited(self, chunk_id: str) -> Chunk | None:
        """The passage or written answer of that id, as replies cite them; None if there is none."""
        return self.passages.get(chunk_id) or self.retriever.written.get(chunk_id)

    def _talked_about(self, history: Sequence[Message]) -> tuple[int, ...]:
        """The guide questions that the learner's turns were about, in order."""
        found: list[int] = []
        for place, message in enumerate(history):
            if message.role == "user" and message.content.strip():
                reading = self.reader.read(message.content, history[:place])
                best = max(reading.topics, key=lambda q: reading.topics[q], default=None)
                if best in self.guide.questions and reading.kind in ASKING:
                    found.append(best)
        return tuple(dict.fromkeys(found))

    def _continue(
        self,
        llm: EngineLLM,
        reply: Reply,
        history: Sequence[Message],
        stopped: Stopped | None,
        start: float,
    ) -> Iterator[Reply]:
        """The reply after every sentence that the model completes, and at least every second, so
        that whoever has gone is noticed."""
        question = self.guide.questions[reply.lead.number]
        support = Support(self.passages.of(question.number))
        sampling = self._sampling(llm, reply)
        if sampling is None:
            return
        # A model that picks among the guide's sentences need not read them first.
        note = None if llm.constrains else question
        prompt = build_prompt(note, history, reply.ask.text, reply.lead.text)
        stream = llm.stream_chat(chat_messages(prompt), sampling=sampling, stopped=stopped)
        seen = sentences(reply.lead.text)
        finished = 0
        beat = time.monotonic()
        try:
            for part in stream:
                text = part.message.content or ""
                waiting = part.additional_kwargs.get("waiting")
                reply = replace(reply, waiting=waiting.before if waiting else None)
                if waiting or time.monotonic() > beat + BEAT:
                    beat = time.monotonic()
                    yield reply
                if text and reply.timings.first_token_ms is None:
                    reply = timed(reply, first_token_ms=since(start))
                usage = part.additional_kwargs.get("usage")
                if usage:
                    reply = timed(reply, usage=usage)
                complete = completed(text, final=bool(usage) or llm.constrains)
                fresh = complete[finished:]
                for sentence in fresh:
                    reply = add_sentence(reply, sentence, seen, support)
                    yield reply
                if usage and not fresh:  # the counts may come when every sentence was shown
                    yield reply
                finished = max(finished, len(complete))
                if len(reply.added) >= ENOUGH_SENTENCES or len(reply.dropped) >= GIVE_UP:
                    return
        finally:
            stream.close()

    def _sampling(self, llm: EngineLLM, reply: Reply) -> Sampling | None:
        """How the model goes on; None if there is nothing it could choose from."""
        if not llm.constrains or not reply.evidence:
            return llm.sampling
        number = reply.lead.number
        near = [passage.chunk for passage in reply.evidence.passages]
        chunks = [*near, *self.passages.of(number)]
        chunks = [chunk for chunk in chunks if chunk not in reply.points]
        choices = candidates(reply.evidence.query, reply.lead, chunks, self.retriever.embedder)
        return replace(llm.sampling, choices=choices) if choices else None


def timed(reply: Reply, **measured: float | Usage) -> Reply:
    """The reply with some of its timings set."""
    return replace(reply, timings=replace(reply.timings, **measured))  # type: ignore[arg-type]


def add_sentence(reply: Reply, sentence: str, seen: list[str], support: Support) -> Reply:
    """The reply with a generated sentence added if the guide supports it, else noted as dropped."""
    check = support.check(sentence)
    if check.chunk and not repeats(sentence, seen):
        seen.append(sentence)
        return replace(reply, added=(*reply.added, check))
    return replace(reply, dropped=(*reply.dropped, check))


def completed(text: str, final: bool) -> list[str]:
    """The sentences of a growing text that will not change any more; what is picked, is whole."""
    found = sentences(text)
    if final and found and found[-1].endswith((".", "!", "?", '."')):
        return found
    return found[:-1]


def repeats(sentence: str, seen: list[str]) -> bool:
    """Whether most of a sentence's words stand in one that the reply already has."""
    own = set(words(sentence))
    return any(len(own & set(words(said))) >= REPEATED * len(own) for said in seen)


def since(start: float) -> float:
    """Milliseconds since a `time.perf_counter()` reading."""
    return (time.perf_counter() - start) * 1000
