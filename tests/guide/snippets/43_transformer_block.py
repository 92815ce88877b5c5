"""Write a pre-norm transformer block in PyTorch"""

torch.manual_seed(0)
block = PreNormBlock(32, 4, 64).eval()
ref = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, activation="gelu",
                                 batch_first=True, norm_first=True)
pairs = {"self_attn.in_proj_": block.qkv, "self_attn.out_proj.": block.proj,
         "linear1.": block.up, "linear2.": block.down,
         "norm1.": block.norm1, "norm2.": block.norm2}
state = {}
for name, module in pairs.items():
    for kind in ("weight", "bias"):
        p = getattr(module, kind)
        state[name + kind] = torch.nn.init.normal_(p, std=0.2).detach().clone()
ref.load_state_dict(state)
x = torch.randn(2, 9, 32)
mask = nn.Transformer.generate_square_subsequent_mask(9)
assert torch.allclose(block(x), ref(x, src_mask=mask), atol=1e-4)

y = x.clone()
y[:, 5:] = 0
assert torch.allclose(block(x)[:, :5], block(y)[:, :5], atol=1e-5)  # causal
with torch.no_grad():  # with zero sublayers the block is the identity
    for p in (*block.proj.parameters(), *block.down.parameters()):
        p.zero_()
assert torch.equal(block(x), x)
