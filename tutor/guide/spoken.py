r"""Markdown as it is read aloud: short formulas in words, long ones, code and tables left out.

For the browser's own voice, which would spell every backslash.

>>> aloud("The score is $q \cdot k / \sqrt{d_k}$, for **each** pair.")
'The score is q times k divided by the square root of d k, for each pair.'
"""

import re

from tutor.guide.text import plain

LONGEST_FORMULA = 60  # characters of TeX that one can follow by ear
FORMULA = "a formula"
LEFT_OUT = re.compile(r"```.*?```|<figure.*?</figure>|^\|[^\n]*$", re.DOTALL | re.MULTILINE)
DISPLAY = re.compile(r"\$\$.*?\$\$", re.DOTALL)
INLINE = re.compile(r"\$([^$\n]+)\$")
HTML = re.compile(r"<[^>]+>")
# From the inside out: an argument of \frac or \sqrt has no braces of its own.
TEX: tuple[tuple[str, str], ...] = (
    (r"\\(?:text|mathrm|mathbf|mathcal|operatorname|hat|bar|tilde|boldsymbol)\{([^{}]*)\}", r"\1"),
    (r"\\[,;:! ]|\\(?:left|right|big|Big)(?![a-z])|~", " "),
    (r"_\{([^{}]*)\}|_(\w)", r" \1\2 "),
    (r"\\mid(?![a-z])", " given "),
    (r"\\pm(?![a-z])", " plus or minus "),
    (r"\\var(?=[a-z])", r"\\"),
    (r"\^2\b|\^\{2\}", " squared "),
    (r"\^\{?\\top\}?|\^T\b", " transposed "),
    (r"\^\{([^{}]*)\}|\^(\w)", r" to the power \1\2 "),
    (r"\\sqrt\{([^{}]*)\}", r" the square root of \1 "),
    (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r" \1 divided by \2 "),
    (r"\\(?:cdot|times)(?![a-z])", " times "),
    (r"\\approx(?![a-z])", " is about "),
    (r"\\leq?(?![a-z])", " is at most "),
    (r"\\geq?(?![a-z])", " is at least "),
    (r"\\(?:ll|lt)(?![a-z])|<", " is less than "),
    (r"\\(?:gg|gt)(?![a-z])|>", " is greater than "),
    (r"\\neq?(?![a-z])", " is not "),
    (r"\\in(?![a-z])", " in "),
    (r"\\(?:to|rightarrow)(?![a-z])", " to "),
    (r"\\infty(?![a-z])", " infinity "),
    (r"\\sum(?![a-z])", " the sum of "),
    (r"\\(?:ldots|dots|cdots)(?![a-z])", " and so on "),
    (r"\\%", " percent "),
    (r"\\(log|exp|max|min|softmax|ln|alpha|beta|gamma|delta|epsilon|theta|lambda|mu|sigma|tau|pi|"
     r"rho|eta|phi|omega|ell|tanh)(?![a-z])", r" \1 "),
    (r"=", " equals "),
    (r"\+", " plus "),
    (r"(?<![a-z])-|−", " minus "),
    (r"/", " divided by "),
    (r"[()\[\],|]|\\[{}]", " "),
)  # fmt: skip


def aloud(markdown: str) -> str:
    """A passage of the guide as a voice should say it, in one line."""
    text = LEFT_OUT.sub(" ", markdown)
    text = DISPLAY.sub(f" {FORMULA}. ", text)
    text = INLINE.sub(lambda match: formula(match[1]), text)
    text = re.sub(r"^#+\s*(.*)$", r"\1.", HTML.sub(" ", text), flags=re.MULTILINE)
    text = " ".join(plain(text).replace("_", " ").replace("*", "").split())
    return re.sub(r"\s+([,.;:?!])", r"\1", re.sub(r",([.,;:])", r"\1", text))


def formula(tex: str) -> str:
    r"""A formula in words, if it is short and all of it is known.

    >>> formula(r"\frac{1}{n}")
    '1 divided by n'
    """
    if len(tex) > LONGEST_FORMULA:
        return FORMULA
    for pattern, words in TEX:
        tex = re.sub(pattern, words, tex)
    return FORMULA if re.search(r"[\\{}^&]", tex) else " ".join(tex.split())
