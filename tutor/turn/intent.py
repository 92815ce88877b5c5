"""What kind of reply a turn asks for, read from its wording.

Patterns, not a model: they answer in microseconds, can be read, and fail in ways one can fix.
What the turn is about is the concern of `tutor.turn.understand` and `tutor.search.retrieve`.
"""

import re
from enum import StrEnum


class Intent(StrEnum):
    """The kinds of reply. EXPLAIN is the ordinary one: the passage that answers best."""

    EXPLAIN = "explain"
    INTERVIEW = "interview"
    SIMPLE = "simple"
    EXAMPLE = "example"
    FORMULA = "formula"
    PITFALLS = "pitfalls"
    CLAIM = "claim"
    COMPARE = "compare"
    KEY_POINTS = "key points"
    READING = "reading"
    QUIZ = "quiz"
    SHORTER = "shorter"
    LONGER = "longer"
    GREETING = "greeting"
    THANKS = "thanks"
    HOSTILE = "hostile"


# First match wins, so the order is from the most to the least specific wording.
PATTERNS: tuple[tuple[Intent, str], ...] = (
    (
        Intent.HOSTILE,
        r"\b(ignore|disregard|forget|override)\b.{0,40}\b(instruction|prompt|rule|guideline|above|"
        r"previous|polic)|\b(system|hidden|initial) prompt\b.{0,30}\b(show|reveal|print|repeat)|"
        r"\b(show|reveal|print|repeat|leak|tell me)\b.{0,40}\b(system|hidden|initial) (prompt|"
        r"instruction|message)|\b(repeat|print|show|output|translate)\b.{0,30}\b(text|words|"
        r"everything|messages?|lines?|instructions?) (above|before)\b|\bwere you told\b|"
        r"\bjailbreak (yourself|mode)|\bdeveloper mode\b|\byou are now\b|"
        r"^\s*(system|assistant|developer)\s*:|\bfrom now on,? (every|all|your|you)\b|"
        r"\b(you('re| are)|u r|ur) (a |an |so |such |really |just |completely |totally )*"
        r"(stupid|useless|dumb|idiot|garbage|trash|worthless|moron)|"
        r"^\s*(fuck|screw|shut up|stfu)\b",
    ),
    (
        Intent.GREETING,
        r"^\s*(hi|hello|hey|hiya|howdy|good (morning|afternoon|evening)|greetings)"
        r"( there| tutor| everyone)?[\s!.,:)]*"
        r"(how are you( doing)?( today)?|how('s| is) it going|what's up|nice to meet you)?"
        r"[\s!?.]*$|"
        r"^\s*(how are you|who are you|what (can|do) you do|what are you|help)[\s?!.]*$",
    ),
    (
        Intent.THANKS,
        r"^\s*((ok(ay)?|great|cool|perfect|nice|awesome|super|got it|i see|alright)[\s,.!]*)*"
        r"(thanks|thank you|thx|ty|cheers|much appreciated|bye|goodbye|see you)\b.{0,40}$|"
        r"^\s*(ok(ay)?|great|cool|perfect|nice|awesome|got it|i see|alright)[\s,.!]*$",
    ),
    (
        Intent.QUIZ,
        r"\b(quiz|test|examine|grill) me\b|\bask me (a|some|another) question|"
        r"\bmock interview\b|\bpractice question",
    ),
    (
        Intent.SHORTER,
        r"\b(shorter|briefer|more concise(ly)?|condense (it|that)|tl;?dr)\b|"
        r"^\s*((can you|could you|please)\s+)*(summari[sz]e|sum)( (it|that|this)( up)?)?"
        r"( please)?[\s.?!]*$|\bin (one|a single) sentence\b|\bin short\?",
    ),
    (
        Intent.LONGER,
        r"\b(longer|more detail(s|ed)?|go deeper|elaborate|in depth|dig deeper|expand on)\b|"
        r"^\s*(tell|show) me more\b|^\s*(go on|continue|more)[\s.!?]*$",
    ),
    (
        Intent.SIMPLE,
        r"\b(explain|say|put|describe)\b.{0,60}\b(simpl[ey]|simpler|plain|layman|five|5)\b|"
        r"\b(eli5|in simple (terms|words)|in plain (english|terms)|like i('m| am) (five|5|a child)|"
        r"simpler|dumb (it|this) down|analog(y|ies)|metaphor|intuition|intuitively)\b|"
        r"\bi (still )?(don't|do not) (get|understand) (it|this|that)\b",
    ),
    (
        Intent.INTERVIEW,
        r"\b(in|for|during|at) (an? |the |my |your )?(job )?interview|\binterview (answer|style)|"
        r"\b(one|1)[- ]minute\b|\b(60|sixty) seconds\b|\belevator pitch\b",
    ),
    (
        Intent.READING,
        r"\b(further reading|read more|papers?|sources?|references?|citations?|"
        r"where can i (read|learn|find))\b.{0,60}(\?|$)(?<!context)",
    ),
    (
        Intent.EXAMPLE,
        r"\b(give|show|walk|have|see|got|need|want|with|by|work|through|another|any|some|a|an|"
        r"concrete|worked|numeric(al)?|numbers?|practical|real|simple) (me )?(through )?"
        r"(an? |another |some |any |the )?(concrete |worked |numeric(al)? |practical |real[- ]"
        r"(world|life) |simple |quick |small )*examples?\b|^\s*(for )?example[\s?.]*$|"
        r"\bwith (actual |real |concrete )?numbers\b",
    ),
    (
        Intent.KEY_POINTS,
        r"\bkey (points?|takeaways?|ideas?)\b|\bmain points?\b|\bcheat ?sheet\b|\bbullet points?\b",
    ),
    (
        Intent.PITFALLS,
        r"\b(pitfalls?|misconceptions?|common (mistakes?|errors?)|gotchas?|"
        r"what (do|should) (people|candidates|i) (get wrong|avoid|watch out))\b|"
        r"\bmistakes? (do|that) (people|candidates)\b|\bwhere do (people|candidates) go wrong\b",
    ),
    (
        Intent.FORMULA,
        r"\b(formulas?|formulae|equations?|derivation|derive|the math(s)?|mathematically)\b",
    ),
    (
        Intent.COMPARE,
        r"\b(vs\.?|versus|compared? (to|with)|comparison|differ(s|ences?|ent)?)\b|"
        r"\bbetween .+ and\b|\b(better|faster|slower|cheaper|worse) than\b",
    ),
    (
        Intent.CLAIM,
        r"\b(right|correct|true|isn't it|doesn't it|aren't they|don't they|is that so|no)\s*\?+"
        r"\s*$|^\s*(so|i (thought|think|heard|read|believe)|isn't|aren't|doesn't|don't|"
        r"someone (said|told)|"
        r"is it (true|correct|right)|am i (right|correct))\b",
    ),
)
# What is only quoted is talked about, not asked for.
QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’")
COMPILED = tuple((intent, re.compile(pattern, re.IGNORECASE)) for intent, pattern in PATTERNS)


def read_intent(turn: str) -> Intent:
    """The intent of one turn.

    >>> read_intent("So top-p 0.9 keeps 90% of the vocabulary, right?")
    <Intent.CLAIM: 'claim'>
    >>> read_intent("Why would top-p keep only one token?")
    <Intent.EXPLAIN: 'explain'>
    """
    spoken = QUOTED.sub(" ", turn)
    for intent, pattern in COMPILED:
        if pattern.search(spoken if intent is Intent.HOSTILE and spoken.strip() else turn):
            return intent
    return Intent.EXPLAIN
