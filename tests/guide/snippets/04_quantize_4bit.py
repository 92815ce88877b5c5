"""Write 4-bit block quantization as QLoRA needs it"""

rng = np.random.default_rng(0)
w = (rng.normal(size=(128, 256)) * 0.02).astype(np.float32)
packed, scale, shape = quantize_4bit(w)
back = dequantize_4bit(packed, scale, shape)
assert back.shape == w.shape and packed.nbytes == w.size // 2
assert (packed.nbytes + scale.nbytes) * 8 / w.size == 4.5  # bits per weight
half_step = np.repeat(scale, 64, axis=1).reshape(w.shape) / 2
assert (np.abs(back - w) <= half_step * 1.0001).all()
flat, out = w.ravel().astype(float), []
for i in range(0, flat.size, 64):  # brute force: nearest of 15 levels
    levels = np.abs(flat[i:i + 64]).max() / 7 * np.arange(-7, 8)
    out += [levels[np.abs(levels - x).argmin()] for x in flat[i:i + 64]]
assert np.allclose(back.ravel(), out, atol=1e-6)
again = dequantize_4bit(*quantize_4bit(back))
assert np.allclose(again, back, atol=1e-6)  # levels are reproduced
assert (dequantize_4bit(*quantize_4bit(np.zeros((2, 64)))) == 0).all()
w[0, 0] = 5.0  # an outlier spoils only its own block
err = np.abs(dequantize_4bit(*quantize_4bit(w)) - w)
assert err[0, 1:64].mean() > 5 * err[1:].mean()
