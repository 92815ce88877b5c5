"""Numbers that are written out: thirty-two, two hundred thousand, a dozen, nine tenths, twice."""

import re

UP_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
SMALL = {word: value for value, word in enumerate(UP_TO_NINETEEN.split())}
TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SINGLE = {"dozen": 12, "twice": 2}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "eighth": 8, "tenth": 10}

_SMALL, _TENS, _LARGE = "|".join(SMALL), "|".join(TENS), "|".join(LARGE)
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_BELOW_100 = rf"(?:(?:{_TENS})(?:[\s-](?:{_UNITS}))?|{_SMALL})"
_BELOW_1000 = rf"(?:(?:(?:a|{_SMALL})\s)?hundred(?:\s(?:and\s)?{_BELOW_100})?|{_BELOW_100})"
_FRACTION = rf"(?:a|{_UNITS})[\s-](?:{'|'.join(PARTS)})s?"
SPELLED = rf"(?:{_FRACTION}|(?:a\s)?(?:{_LARGE})|{_BELOW_1000}(?:\s(?:{_LARGE}))?|dozen|twice)"


def spelled(text: str) -> float:
    """What a number that is written out is worth. Raises ValueError where it is none.

    >>> spelled("thirty-two"), spelled("two hundred and six thousand"), spelled("nine tenths")
    (32.0, 206000.0, 0.9)
    """
    if not re.fullmatch(SPELLED, text, re.IGNORECASE):
        raise ValueError(text)
    words = re.split(r"[\s-]+", text.lower())
    part = words[-1].removesuffix("s")
    if part in PARTS and len(words) == 2:
        return SMALL.get(words[0], 1) / PARTS[part]
    whole, value = 1.0, 0.0
    for word in words:
        if word in LARGE:
            whole = LARGE[word]
        elif word == "hundred":
            value = 100 * (value or 1)
        else:
            value += SMALL.get(word, 0) + TENS.get(word, 0) + SINGLE.get(word, 0)
    return whole * (value or (1.0 if whole > 1 else 0.0))
