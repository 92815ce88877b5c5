"""Write the SwiGLU feed-forward layer"""

torch.manual_seed(0)
ffn = SwiGLU(16, 24)
x = torch.randn(2, 5, 16)
a = x.numpy() @ ffn.gate.weight.detach().numpy().T
b = x.numpy() @ ffn.up.weight.detach().numpy().T
import numpy as np
want = (a / (1 + np.exp(-a)) * b) @ ffn.down.weight.detach().numpy().T
assert np.allclose(ffn(x).detach().numpy(), want, atol=1e-5)
with torch.device("meta"):  # shapes without memory
    assert SwiGLU(4096, multiple_of=256).gate.out_features == 11008  # Llama 2 7B
    for d in (512, 1024, 4096):
        n = sum(p.numel() for p in SwiGLU(d).parameters())
        assert 1 <= n / (8 * d * d) < 1.05  # two matrices of d x 4d
    assert sum(p.numel() for p in SwiGLU(4096, 14336).parameters()) == 176160768
