"""Write a scaling-law fit that predicts a large run from small ones"""

C = np.logspace(0, 4, 9)  # in units of the smallest run
truth = (2.0, -0.15, 1.2)
a, b, c = fit_power_law(C, predict(C, *truth))
assert np.allclose([a, b, c], truth, rtol=0.02)
big = 1e8  # ten thousand times the largest run of the fit
assert abs(predict(big, a, b, c) - predict(big, *truth)) < 0.01
rng = np.random.default_rng(0)
noisy = predict(C, *truth) * (1 + 0.002 * rng.standard_normal(9))
fit = fit_power_law(C, noisy)
assert abs(predict(big, *fit) / predict(big, *truth) - 1) < 0.1
# a pure power law, without c, is too optimistic far outside
slope, inter = np.polyfit(np.log(C), np.log(predict(C, *truth)), 1)
assert np.exp(inter + slope * np.log(big)) < predict(big, *truth) - 0.2
assert abs(fit_power_law(C, predict(C, 3.0, -0.1, 0.0))[2]) < 0.02
