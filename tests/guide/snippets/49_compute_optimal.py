"""Write a function that finds the compute-optimal model size for a FLOPs budget"""

import numpy as np

n, d = compute_optimal(5.88e23)
assert abs(n / 70e9 - 1) < 0.01 and abs(d / 1.4e12 - 1) < 0.01  # Chinchilla
assert np.isclose(training_flops(n, d), 5.88e23)
assert np.isclose(training_flops(175e9, 300e9), 3.15e23)  # GPT-3
assert np.isclose(training_flops(8.03e9, 15e12), 7.227e23)
n4, d4 = compute_optimal(4 * 5.88e23)  # four times the compute: both double
assert np.isclose(n4, 2 * n) and np.isclose(d4, 2 * d)
# minimum of the fitted loss along C = 6 N D: grid search against the closed form
C = 1e21
N = np.logspace(7, 12, 200001)
best = N[np.argmin(chinchilla_loss(N, C / (6 * N)))]
G = (0.34 * 406.4 / (0.28 * 410.7)) ** (1 / 0.62)
assert abs(best / (G * (C / 6) ** (0.28 / 0.62)) - 1) < 1e-3
assert abs(chinchilla_loss(70e9, 1.4e12) - 1.936) < 2e-3


def best_ratio(C, **constants):
    """tokens per parameter where the loss is least at this compute"""
    D = C / (6 * N)
    i = np.argmin(chinchilla_loss(N, D, **constants))
    return D[i] / N[i]


refit = dict(E=1.8172, A=482.01, B=2085.43, alpha=0.3478, beta=0.3658)  # Besiroglu, 2024
assert round(best_ratio(5.76e23)) == 93 and 17 < best_ratio(5.76e23, **refit) < 20
assert chinchilla_loss(1e15, 1e17) - 1.69 < 0.02
assert np.isclose(training_days(989e12 * 0.4 * 86400 * 30, gpus=10), 3)
