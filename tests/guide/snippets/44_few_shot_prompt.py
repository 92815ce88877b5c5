"""Write a function that builds a k-shot prompt within a token budget"""

import numpy as np

count = lambda s: len(s.split())
ex = [("good film", "positive"), ("dull and far too long", "negative"),
      ("fine", "positive")]
full = few_shot_prompt("Classify the review.", ex, "great fun", count, 100)
assert full == ("Classify the review.\n\nInput: fine\nOutput: positive\n\n"
                "Input: dull and far too long\nOutput: negative\n\n"
                "Input: good film\nOutput: positive\n\n"
                "Input: great fun\nOutput:")
assert full.endswith("Output:")  # no space after it: the model writes one
for budget in range(7, 40):
    out = few_shot_prompt("Classify the review.", ex, "great fun", count, budget)
    assert count(out) <= budget
    k = out.count("Input:") - 1
    sizes = [count(f"Input: {x} Output: {y}") for x, y in ex]
    assert k == max(j for j in range(4) if 7 + sum(sizes[:j]) <= budget)
    assert all(x in out for x, _ in ex[:k])
try:
    few_shot_prompt("Classify the review.", ex, "great fun", count, 6)
    raise SystemExit("no error")
except ValueError:
    pass
# instruction 150, query 40, eight examples of 60: 670 tokens
word = lambda n: " ".join(["w"] * n)
p = few_shot_prompt(word(150), [(word(57), "w")] * 20, word(38), count, 670)
assert count(p) == 670 and p.count("Input:") == 9
v = np.eye(3)
assert nearest_examples(np.array([0.1, 0.9, 0.3]), v, ex, 2) == [ex[1], ex[2]]
