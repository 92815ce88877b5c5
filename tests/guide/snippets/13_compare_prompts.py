"""Write a test that tells whether a new prompt is really better"""

import itertools

assert round(sign_test(9, 2), 3) == 0.065 and round(sign_test(36, 8), 5) == 0.00003
assert sign_test(5, 5) == 1.0 and sign_test(0, 0) == 1.0
assert sign_test(2, 9) == sign_test(9, 2)
for n in range(1, 12):
    for f in range(n + 1):  # all outcomes of n fair coins at least as uneven
        far = abs(2 * f - n)
        hits = sum(abs(2 * sum(c) - n) >= far
                   for c in itertools.product([0, 1], repeat=n))
        assert abs(sign_test(f, n - f) - hits / 2 ** n) < 1e-12
cases = [(str(i), i) for i in range(50)]


def model(prompt):
    kind, i = prompt.split(":")
    i = int(i)
    wrong_old, wrong_new = set(range(14)), set(range(5)) | {20, 21}
    return i if i not in (wrong_old if kind == "old" else wrong_new) else -1


r = compare_prompts(model, lambda a, b: a == b, "old:{input}", "new:{input}", cases)
assert (r["old"], r["new"], r["fixed"], r["broken"]) == (0.72, 0.86, 9, 2)
assert round(r["p"], 3) == 0.065
