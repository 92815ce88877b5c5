"""A reply that consists of sentences out of a list, picked by the model and written by us.

A grammar (llama.cpp's GBNF) lets the model produce nothing else, so that a few tokens settle which
sentence it is: the rest of it need not be generated, only read, which costs a tenth of the time.
"""

from collections.abc import Sequence


def grammar_of(choices: Sequence[str], begun: bool = False) -> str:
    r"""A GBNF grammar for one of the `choices`, led by a space; or none, if a reply has `begun`.

    >>> print(grammar_of(["A b.", "C \"d\"."]))
    root ::= " " (c0 | c1)
    c0 ::= "A b."
    c1 ::= "C \"d\"."
    >>> print(grammar_of(["A b."], begun=True))
    root ::= "" | " " (c0)
    c0 ::= "A b."
    """
    names = " | ".join(f"c{number}" for number in range(len(choices)))
    rules = [f'root ::= "" | " " ({names})' if begun else f'root ::= " " ({names})']
    for number, choice in enumerate(choices):
        literal = choice.replace("\\", "\\\\").replace('"', '\\"')
        rules.append(f'c{number} ::= "{literal}"')
    return "\n".join(rules)


def settled(text: str, choices: Sequence[str]) -> str | None:
    """The only choice that begins with what a grammar has let through; None while several do.

    >>> settled(" Top-k", ["Top-k keeps k tokens.", "Top-p keeps a share."])
    'Top-k keeps k tokens.'
    >>> settled(" Top", ["Top-k keeps k tokens.", "Top-p keeps a share."])
    """
    left = [choice for choice in choices if f" {choice}".startswith(text)]
    return left[0] if text and len(left) == 1 else None
