"""Write self-consistency: sample several chains of thought and vote"""

import random
from itertools import product

chain = "48 - 15 = 33, then 33 + 9 = 42, then 42 / 6 = 7. The answer is 7."
assert extract_answer(chain) == 7 and extract_answer(chain[:-17]) is None
for text, want in {
    "so the answer is 42 / 6 = 7.": 7,
    "First, 48 - 15 = 33. Then 33 + 9 = 4": None,  # cut off
    "The answer is unclear; step 2 fails.": None,
    "The answer is unclear.\nStep 2 fails.": None,
    "The answer is not 6; the answer is 7.": 7,
    "The answer is:\n\n**7**": 7,
    "The answer is 7 books on each of 6 shelves.": None,  # which of the two?
    "The answer is between 10 and 12.": None, "The answer is 3 out of 4": None,
    "The answer is 5 apples (2 + 3).": 5, "The answer is 7, because 10 - 3 leaves 7.": 7,
    "The answer is 1.5e3.": 1500,
    "The answer is 7. Check: 6 * 7 = 42.": 7,
    "The answer is -5": -5, "The answer is \u22125.": -5, "the answer is x=-3": -3,
    "The answer is -$5.": -5, "The answer is .5": 0.5, "The answer is $1,234.": 1234,
    "The answer is 3/4.": None, "The answer is 1 1/2": None, "The answer is 3 / -4": None,
    r"The answer is $\frac{3}{4}$.": None, r"The answer is $\boxed{7}$.": 7,
    "The answer is 10-12.": None, "The answer is 10\u201312.": None, "The answer is": None,
}.items():
    assert extract_answer(text) == want, text
assert extract_answer("so the answer is $1,250.50") == 1250.5
assert extract_answer("The answer is -3.") == -3 and extract_answer("no idea") is None
texts = iter([chain, "The answer is 8", "hmm, 8", "The answer is 7.", "answer is: 7.0 books"])
assert self_consistency(lambda p: next(texts), "?", n=5) == (7.0, 0.6)
assert self_consistency(lambda p: "??", "?", n=3) == (None, 0.0)
for p, want in ((0.6, 0.683), (0.4, 0.317)):  # five chains, two possible answers
    exact = sum((p ** sum(o)) * (1 - p) ** (5 - sum(o))
                for o in product([0, 1], repeat=5) if sum(o) >= 3)
    assert abs(exact - want) < 1e-3
    rng = random.Random(0)
    draw = lambda _: f"The answer is {1 if rng.random() < p else 2}"
    wins = sum(self_consistency(draw, "?", 5)[0] == 1 for _ in range(4000)) / 4000
    assert abs(wins - exact) < 0.025
