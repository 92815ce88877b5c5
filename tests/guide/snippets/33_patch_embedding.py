"""Write a patch embedding that turns an image into tokens"""

import torch.nn.functional as F

torch.manual_seed(0)
img = torch.randn(2, 3, 24, 24)
got = patchify(img, 8)
assert got.shape == (2, 9, 192)
assert torch.equal(got, F.unfold(img, 8, stride=8).transpose(1, 2))
k = 0
for i in range(3):
    for j in range(3):  # row by row, each patch cut out
        assert torch.equal(got[1, k], img[1, :, 8*i:8*i+8, 8*j:8*j+8].reshape(-1))
        k += 1
emb = PatchEmbedding(24, 8, 3, 16)
conv = nn.Conv2d(3, 16, 8, stride=8)  # the usual implementation in libraries
with torch.no_grad():
    conv.weight.copy_(emb.project.weight.view(16, 3, 8, 8))
    conv.bias.copy_(emb.project.bias)
want = conv(img).flatten(2).transpose(1, 2) + emb.position
assert torch.allclose(emb(img), want, atol=1e-5)
assert patchify(torch.zeros(1, 3, 224, 224), 16).shape == (1, 196, 768)
seq = multimodal_sequence(torch.zeros(2, 4, 16), emb(img), torch.zeros(2, 5, 16))
assert seq.shape == (2, 18, 16) and torch.equal(seq[:, 4:13], emb(img))
