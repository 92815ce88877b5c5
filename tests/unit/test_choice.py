"""Sentences to pick from: the grammar that bounds the model, and when its pick is settled."""

from tutor.engine.choice import grammar_of, settled

CHOICES = ["Top-k keeps k tokens.", "Top-p keeps a share.", "Top-p keeps a share of all."]


def test_a_grammar_escapes_what_it_quotes():
    assert 'c0 ::= "The token \\"a\\\\b\\" is kept."' in grammar_of(['The token "a\\b" is kept.'])


def test_only_a_reply_that_has_begun_may_end():
    assert grammar_of(CHOICES).startswith('root ::= " " (c0 | c1 | c2)')
    assert grammar_of(CHOICES, begun=True).startswith('root ::= "" | " " (c0 | c1 | c2)')


def test_a_pick_is_settled_by_the_first_word_that_differs():
    assert settled("", CHOICES) is None
    assert settled(" Top-", CHOICES) is None
    assert settled(" Top-k", CHOICES) == CHOICES[0]
    assert settled(" Top-p keeps a share", CHOICES) is None
    assert settled(" Top-p keeps a share.", CHOICES) == CHOICES[1]
    assert settled(" Top-p keeps a share o", CHOICES) == CHOICES[2]
    assert settled("", CHOICES[:1]) is None
