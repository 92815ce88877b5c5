"""Write the expected calibration error"""

assert np.isclose(expected_calibration_error([0.9] * 10, [1] * 9 + [0]), 0)
assert np.isclose(expected_calibration_error([0.9] * 10, [1] * 5 + [0] * 5), 0.4)
# two bins: 4 answers at 0.95 with 2 right, 6 at 0.65 with 5 right
conf = [0.95] * 4 + [0.65] * 6
right = [1, 1, 0, 0] + [1, 1, 1, 1, 1, 0]
want = 0.4 * 0.45 + 0.6 * abs(5 / 6 - 0.65)
assert np.isclose(expected_calibration_error(conf, right), want)
assert np.isclose(expected_calibration_error([0.0, 1.0], [0, 1]), 0)
rng = np.random.default_rng(0)
c = rng.uniform(0.3, 1, 5000)
y = rng.random(5000) < c
total = 0.0  # brute force, one sample at a time
for i in range(15):
    members = [j for j in range(5000) if i / 15 < c[j] <= (i + 1) / 15]
    if members:
        total += abs(sum(y[j] - c[j] for j in members)) / 5000
assert np.isclose(expected_calibration_error(c, y, 15), total)
assert expected_calibration_error(c, y) < 0.03  # calibrated by construction
wrong = rng.random(5000) < c - 0.2  # overconfident by 0.2
assert abs(expected_calibration_error(c, wrong) - 0.2) < 0.03
