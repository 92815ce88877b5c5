"""The weight matrices of two real models, by layer and name.

SmolLM2, layer 27, self_attn.q_proj     (576, 576), from a file of 4-bit weights
MiniLM, layer 3, output.dense           (384, 1536), stored in full precision
"""

from collections.abc import Iterator, Sequence
from typing import Any

from demos.fine_tuning.quantization import Matrix
from demos.shared.choices import check_choice, index_of
from demos.shared.weights import TorchModel

# Linear layers of one layer, as they are called in transformers.
SMOLLM2 = (
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
)
MINILM = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


def smollm2_matrix(source: TorchModel, layer: int, name: str) -> Matrix:
    """A weight matrix (out, in) of a layer of SmolLM2, from 1; InputError if there is none."""
    return matrix_of(source.model.model.layers, SMOLLM2, layer, name)


def minilm_matrix(source: TorchModel, layer: int, name: str) -> Matrix:
    """A weight matrix (out, in) of a layer of MiniLM, from 1; InputError if there is none."""
    return matrix_of(source.model.encoder.layer, MINILM, layer, name)


def minilm_matrices(source: TorchModel) -> Iterator[Matrix]:
    """All 36 weight matrices of MiniLM's layers."""
    for layer in range(1, len(source.model.encoder.layer) + 1):
        for name in MINILM:
            yield minilm_matrix(source, layer, name)


def matrix_of(layers: Any, names: Sequence[str], layer: int, name: str) -> Matrix:
    """The weight of one linear layer. The array shares the model's memory: only read it."""
    check_choice("matrix", name, names)
    weight: Matrix = (
        layers[index_of("layer", layer, len(layers))].get_submodule(name).weight.detach().numpy()
    )
    return weight
