"""Recomputes the numbers printed in the worked examples of category 16."""

import math
from fractions import Fraction
from statistics import NormalDist

TEXTS = {"+": ["great fun", "great fun", "slow"], "-": ["boring slow", "boring"]}
VOCABULARY = sorted({word for texts in TEXTS.values() for text in texts for word in text.split()})


def words_of(label):
    return [word for text in TEXTS[label] for word in text.split()]


def prior(label):
    return Fraction(len(TEXTS[label]), sum(len(texts) for texts in TEXTS.values()))


def likelihood(word, label):
    words = words_of(label)
    return Fraction(words.count(word) + 1, len(words) + len(VOCABULARY))


def joint(text, label):
    return prior(label) * math.prod(likelihood(word, label) for word in text.split())


def posterior(text):
    return float(joint(text, "+") / (joint(text, "+") + joint(text, "-")))


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def test_q19_counts(worked):
    text = worked(19)
    quoted = {label: ", ".join(f'"{t}"' for t in texts) for label, texts in TEXTS.items()}
    assert f"positive {quoted['+']}; negative {quoted['-']}." in text
    assert f"vocabulary has {len(VOCABULARY)} words" in text
    assert f"Priors are {prior('+')} and {prior('-')}." in text
    assert f"positive texts have {len(words_of('+'))} words" in text
    assert f"negative texts have {len(words_of('-'))} words" in text
    assert "(2+1)/(5+4) = 3/9$" in text
    assert words_of("+").count("great") == 2
    assert likelihood("great", "+") == Fraction(3, 9)
    assert likelihood("slow", "+") == Fraction(2, 9)
    assert r"p(\text{slow} \mid +) = 2/9$" in text
    assert f"these are ${likelihood('great', '-')}$ and ${likelihood('slow', '-')}$." in text


def test_q19_bayes_rule(worked):
    text = worked(19)
    plus, minus = (float(joint("great slow", label)) for label in "+-")
    assert rf"0.6 \times 3/9 \times 2/9 = {plus:.4f}$" in text
    assert rf"0.4 \times 1/7 \times 2/7 = {minus:.4f}$" in text
    assert f"p(x) = {plus + minus:.4f}$" in text
    p = posterior("great slow")
    assert f"{plus:.4f}/{plus + minus:.4f} = {p:.3f}$" in text
    parts = [
        prior("+") / prior("-"),
        likelihood("great", "+") / likelihood("great", "-"),
        likelihood("slow", "+") / likelihood("slow", "-"),
    ]
    assert " + ".join(rf"\ln({part})" for part in parts) in text
    a, b, c = (math.log(part) for part in parts)
    assert f"= {a:.3f} + {b:.3f} - {-c:.3f} = {a + b + c:.3f}$" in text
    assert f"sigmoid of {a + b + c:.3f} is {sigmoid(a + b + c):.3f}." in text
    assert all(("fun" in t) == ("great" in t) for texts in TEXTS.values() for t in texts)
    assert f'"great fun slow" gets {posterior("great fun slow"):.3f}' in text


def test_q39_two_normal_groups(worked):
    text = worked(39)
    a, b = NormalDist(4, 2), NormalDist(8, 2)
    assert f"A has mean {a.mean:g} kg, group B mean {b.mean:g} kg" in text
    assert f"standard deviation {a.stdev:g}, and" in text
    assert "An animal weighs 4 kg." in text
    assert "a standard normal draw of 0.5" in text
    middle = (a.mean + b.mean) / 2
    assert f"m = {middle:g}$" in text

    def log_odds(x):
        return (a.mean - b.mean) * (x - middle) / a.variance

    p = sigmoid(log_odds(4))
    assert f"$(4 - 8)(4 - 6)/4 = {log_odds(4):g}$" in text
    assert f"sigmoid of {log_odds(4):g} is {p:.3f}, so A with {p:.1%}." in text
    at_a, at_b = a.pdf(4), b.pdf(4)
    assert f"${at_a:.4f}$ for A and ${at_b:.4f}$ for B" in text
    assert f"{at_a:.4f}/({at_a:.4f} + {at_b:.4f}) = {at_a / (at_a + at_b):.3f}$" in text
    assert rf"8 + 0.5 \times 2 = {b.mean + 0.5 * b.stdev:g}$ kg" in text
    assert f"log-odds are ${log_odds(30):g}$" in text
    assert f"30 kg lies {b.zscore(30):g} standard deviations" in text
