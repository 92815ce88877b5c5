"""Write a function that counts the parameters and memory of a decoder"""

import torch
from torch import nn

assert count_parameters(32, 4096, 14336, 32, 8, 128256) == 8030261248  # Llama 3.1 8B
assert count_parameters(32, 4096, 11008, 32, 32, 32000) == 6738415616  # Llama 2 7B


class Block(nn.Module):
    def __init__(self, d, ff, h, kv):
        super().__init__()
        lin = lambda a, b: nn.Linear(a, b, bias=False)
        dh = d // h
        self.m = nn.ModuleList([lin(d, d), lin(d, kv * dh), lin(d, kv * dh), lin(d, d),
                                lin(d, ff), lin(d, ff), lin(ff, d),
                                nn.RMSNorm(d), nn.RMSNorm(d)])


for L, d, ff, h, kv, V in ((2, 32, 64, 4, 2, 100), (3, 48, 100, 6, 1, 77)):
    model = nn.ModuleList([Block(d, ff, h, kv) for _ in range(L)]
                          + [nn.Embedding(V, d), nn.Linear(d, V, bias=False),
                             nn.RMSNorm(d)])
    total = sum(p.numel() for p in model.parameters())
    assert count_parameters(L, d, ff, h, kv, V) == total
    assert count_parameters(L, d, ff, h, kv, V, tied=True) == total - V * d
assert kv_cache_bytes(32, 8, 128, 1) == 131072
assert kv_cache_bytes(32, 8, 128, 131072) == 16 * 2 ** 30
assert training_bytes(7e9) == 112e9
