"""What the model may add to a lead: the guide's own sentences, from which it picks and orders.

Small models invent when they speak freely, and choose well among sentences that all belong to the
question. So the candidates are found by retrieval, and the model produces nothing else. A candidate
opens its passage: what comes later may be about a thing named before it, and would be false of
another ("the number of candidates is the same at every step"). Which one comes first, which second,
and whether there is a second at all is decided by the model's own probabilities, given the
conversation and the lead; see `tutor.engine.choice`.
"""

import re
from collections.abc import Sequence

import numpy as np

from tutor.engine.embed import Embedder, dots
from tutor.guide.chunks import Chunk
from tutor.guide.read import FOLLOW_UPS, ONE_MINUTE, PITFALLS
from tutor.guide.text import plain, sentences
from tutor.reply.lead import Lead

CANDIDATES = 5
WORDS = (6, 40)  # of a sentence that can stand alone
LOOKED_AT = 40  # sentences embedded for one reply
# Maximal marginal relevance (Carbonell & Goldstein 1998): near the question, far from the lead.
NOVELTY = 0.5
RELEVANT = 0.3  # cosine to the question below which a sentence would be a change of subject
REPETITION = 0.86  # cosine to a sentence of the lead from which it says the same again

# Sections whose passages open with a statement that is complete by itself.
SELF_CONTAINED = {ONE_MINUTE, FOLLOW_UPS, PITFALLS}
# A sentence that begins like this leans on the one before it.
LEANING = re.compile(
    r"(it|its|this|that|these|those|they|their|them|he|she|so|but|and|or|then|there|here|such|both|"
    r"neither|either|each|all|most|some|one|two|another|other|others|also|too|again|instead|"
    r"otherwise|hence|thus|therefore|however|still|yet|similarly|conversely|because|for|in the|"
    r"the (first|second|third|former|latter|last|other|rest|result|same|difference|reason|price|"
    r"cost|effect|answer)|yes|no|not|rarely|often|only|nothing|everything)\b",
    re.IGNORECASE,
)


def candidates(
    asked: str, lead: Lead, chunks: Sequence[Chunk], embedder: Embedder
) -> tuple[str, ...]:
    """Up to CANDIDATES sentences (Markdown) that answer `asked` and that the lead has not said.

    `chunks` are searched in order, best first; only those of the lead's guide question count.
    """
    number = lead.chunks[0].number
    used = {chunk.id for chunk in lead.chunks}
    found = [
        opening
        for chunk in chunks
        if chunk.number == number and chunk.id not in used and chunk.section in SELF_CONTAINED
        for opening in sentences(chunk.stated)[:1]
        if stands_alone(opening)
    ]
    found = list(dict.fromkeys(found))[:LOOKED_AT]
    if not found:
        return ()
    said = [plain(sentence) for sentence in sentences(lead.text)]
    vectors = embedder.embed([asked, *said, *map(plain, found)])
    question, spoken, offered = np.split(vectors, [1, 1 + len(said)])
    relevance = dots(offered, question[0])  # (sentence,)
    overlap = np.max([dots(offered, said) for said in spoken], axis=0)  # (sentence,)
    order = np.argsort(-(relevance - NOVELTY * overlap), kind="stable")
    chosen: list[int] = []
    for i in order:
        fresh = all(offered[i] @ offered[j] < REPETITION for j in chosen)
        if relevance[i] >= RELEVANT and overlap[i] < REPETITION and fresh:
            chosen.append(int(i))
    return tuple(found[i] for i in chosen[:CANDIDATES])


def stands_alone(sentence: str) -> bool:
    """Whether a sentence can be read without the one before it.

    >>> stands_alone("Temperature rescales all probabilities and removes no token.")
    True
    >>> stands_alone("It removes no token from the distribution at all.")
    False
    """
    fewest, most = WORDS
    return (
        fewest <= len(sentence.split()) <= most
        and sentence.endswith((".", '."'))
        and not LEANING.match(sentence)
        and not re.search(r"\$\$|\||```|\]\(|^\*\*|:$", sentence)
    )
