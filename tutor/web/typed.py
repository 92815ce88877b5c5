"""What a person typed, shown as it was typed: no HTML, no Markdown, no mathematics.

Without it "costs $1 or $2" is set as a formula, `__init__` is bold, and `<unk>` is gone.
"""

import html
import re

# Whatever means something in Markdown or in formulas, as HTML's entities by number: the browser
# shows the character, and no parser before it sees one.
SPECIAL = re.compile(r"[\\`*_{}\[\]()#+\-.!|$~^:>=]")
INDENTED = re.compile(r"^[ \t]+", re.MULTILINE)
SPACE = "\N{NO-BREAK SPACE}"


def as_typed(text: str) -> str:
    """Text as Markdown that shows it unchanged, line breaks and indentation included.

    >>> as_typed("$1 <b>")
    '&#36;1 &lt;b&gt;'
    """
    escaped = html.escape(text, quote=False)
    marked = SPECIAL.sub(lambda match: f"&#{ord(match[0])};", escaped)
    return INDENTED.sub(lambda match: SPACE * len(match[0].expandtabs(4)), marked)


def typed(shown: str) -> str:
    """What was typed, from how it is shown.

    >>> typed(as_typed("  if a_b < 2: # yes"))
    '  if a_b < 2: # yes'
    """
    return html.unescape(shown).replace(SPACE, " ")
