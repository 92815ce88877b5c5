"""Write a PyTorch example that shows which rows of an embedding get a gradient"""

up = torch.tensor([[0.2, -0.1], [0.4, 0.3], [-0.1, 0.5]])
want = torch.zeros(5, 2)
for i, row in zip(ids.tolist(), up):  # position by position
    want[i] += row
assert torch.allclose(grad, want) and torch.equal(x.detach(), embedding.weight[ids].detach())
assert grad.any(dim=1).tolist() == [False, True, False, True, False]
assert torch.allclose(grad[3], torch.tensor([0.1, 0.4]))
one_hot = torch.eye(5)[ids]  # the same through a linear layer on one-hot rows
assert torch.allclose(grad, one_hot.T @ up)
embedding(ids).backward(up)  # without zero_grad: once more onto the same rows
assert torch.allclose(embedding.weight.grad, 2 * want)
sparse = torch.nn.Embedding(5, 2, sparse=True)
sparse(ids).backward(up)
kept = sparse.weight.grad.coalesce()
assert kept.indices().tolist() == [[1, 3]] and torch.allclose(kept.to_dense(), want)
