"""The attention demo on tiny models of both families, and on the real ones."""

import dataclasses

import numpy as np
import pytest

from demos.attention import QUESTIONS, sinks
from demos.attention import __main__ as worked
from demos.attention import view as attention
from demos.attention.__main__ import main
from demos.attention.figures import draw, reveal, step_grid
from demos.attention.forward import Place, read_text, recompute
from demos.attention.run import TEXT, asking, run
from demos.shared.grids import grid, picked
from demos.shared.markup import sums
from demos.shared.token_ids import MAX_CHARACTERS, MAX_TOKENS
from demos.shared.weights import TorchModel, open_weights
from tutor.errors import InputError


class Words:
    """A tokenizer whose tokens are words; with `frame` it has BERT's two special tokens."""

    def __init__(self, frame):
        self.cls_token_id, self.sep_token_id = (1, 2) if frame else (None, None)
        self.names = {1: "[CLS]", 2: "[SEP]"} if frame else {}

    def __call__(self, text, add_special_tokens):
        assert not add_special_tokens
        ids = [3 + sum(map(ord, word)) % 90 for word in text.split()]
        self.names.update(zip(ids, text.split(), strict=True))
        return {"input_ids": ids}

    def decode(self, ids):
        return self.names[ids[0]]


@pytest.fixture(scope="module")
def tiny_llama():
    """Two layers, six query heads, two key-value heads of width 8, random weights."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=100, hidden_size=48, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=6, num_key_value_heads=2, head_dim=8, attn_implementation="eager",
        initializer_range=0.4, rope_parameters={"rope_type": "default", "rope_theta": 500.0},
    )  # fmt: skip
    return TorchModel("tiny Llama", Words(frame=False), LlamaForCausalLM(config).eval())


@pytest.fixture(scope="module")
def tiny_bert():
    """Two layers, three heads of width 8, random weights."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=100, hidden_size=24, intermediate_size=32, num_hidden_layers=2,
        num_attention_heads=3, attn_implementation="eager", initializer_range=0.4,
    )  # fmt: skip
    return TorchModel("tiny BERT", Words(frame=True), BertModel(config).eval())


@dataclasses.dataclass(frozen=True)
class Two:
    """Hands out the tiny models as `Weights` would."""

    llama: TorchModel
    bert: TorchModel

    def smollm2(self):
        return self.llama

    def minilm(self):
        return self.bert


@pytest.fixture
def tiny(tiny_llama, tiny_bert):
    return Two(tiny_llama, tiny_bert)


@pytest.fixture(params=["tiny_llama", "tiny_bert"])
def model(request):
    return request.getfixturevalue(request.param)


def every_head(seen):
    return [(layer, head) for layer in range(seen.layers) for head in range(seen.heads)]


def test_every_head_computed_equals_the_models_own_weights(model):
    seen = read_text("the cat drank the milk because it was thirsty", model)
    for layer, head in every_head(seen):
        ours = seen.head(layer, head).weights
        assert np.allclose(ours, seen.weights[layer, head], atol=2e-6), (layer, head)
        assert np.allclose(ours.sum(axis=-1), 1)


def test_the_heads_outputs_add_up_to_the_layers_output(tiny_llama):
    """Our outputs through the output projection are what the attention layer itself returns."""
    import torch

    seen = read_text("one two three four five", tiny_llama)
    kept = []
    layer = tiny_llama.model.model.layers[1].self_attn
    hook = layer.register_forward_hook(lambda *a: kept.append(a[2][0]))
    read_text("one two three four five", tiny_llama)
    hook.remove()
    together = np.concatenate([seen.head(1, head).output for head in range(6)], axis=-1)
    projected = together @ layer.o_proj.weight.detach().double().numpy().T
    assert isinstance(kept[0], torch.Tensor)
    assert np.allclose(projected, kept[0][0].detach().numpy(), atol=1e-5)


def test_every_head_is_torchs_own_attention(model):
    """PyTorch's function on the model's queries, keys and values, with its grouped heads."""
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    seen = read_text("the cat drank the milk because it was thirsty", model)
    for layer in range(seen.layers):
        queries, keys, values = (
            torch.from_numpy(x[layer]).double() for x in (seen.queries, seen.keys, seen.values)
        )  # (head, token, width)
        theirs = scaled_dot_product_attention(
            queries, keys, values, is_causal=seen.causal, enable_gqa=True
        )
        for head in range(seen.heads):
            assert np.allclose(seen.head(layer, head).output, theirs[head], atol=1e-6)


def test_query_heads_share_key_value_heads_in_groups(tiny_llama, tiny_bert):
    seen = read_text("a b c", tiny_llama)
    assert seen.keys.shape == (2, 2, 3, 8)
    assert [seen.shared(head) for head in range(6)] == [0, 0, 0, 1, 1, 1]
    seen = read_text("a b c", tiny_bert)
    assert [seen.shared(head) for head in range(3)] == [0, 1, 2]
    assert seen.tokens == ("[CLS]", "a", "b", "c", "[SEP]")


def test_a_causal_head_never_looks_ahead_and_a_bidirectional_one_does(tiny_llama, tiny_bert):
    ahead = np.triu(np.ones((4, 4), dtype=bool), k=1)
    assert (read_text("a b c d", tiny_llama).head(0, 0).weights[ahead] == 0).all()
    assert (read_text("a b", tiny_bert).head(0, 0).weights[ahead] > 0).all()


def test_long_texts_are_cut_and_empty_ones_refused(model):
    seen = read_text("word " * 300, model)
    assert seen.cut
    assert len(seen.tokens) == MAX_TOKENS
    assert read_text("x" * (MAX_CHARACTERS + 1), model).cut
    assert not read_text("two words", model).cut
    with pytest.raises(InputError, match="no text"):
        read_text(" \n ", model)


def test_one_token_alone_attends_to_itself(tiny_llama):
    seen = read_text("alone", tiny_llama)
    found = recompute(seen, Place(0, 0, 0))
    assert found.head.weights.tolist() == [[1.0]]
    assert "alone" in worked.report(found)


def test_the_choice_of_layer_head_and_query(tiny):
    found = run("the cat said that it was tired", weights=tiny)
    assert found.at == Place(1, 5, 4)  # "it"
    assert run("no pronoun here", weights=tiny).at.query == 2
    assert run("none here", "minilm", weights=tiny).at.query == 2  # not [SEP]
    assert run("a b", layer=1, head=2, query=2, weights=tiny).at == Place(0, 1, 1)
    for choice in ({"layer": 3}, {"layer": 0}, {"head": 7}, {"query": 99}, {"model": "gpt-9"}):
        with pytest.raises(InputError, match="There is no"):
            run("a b", **choice, weights=tiny)


def test_the_mean_over_all_heads_names_the_strongest_token(tiny_llama):
    seen = read_text("the cat drank milk", tiny_llama)
    weights = np.zeros_like(seen.weights)
    weights[:, :, :, 0] = 0.7
    weights[:, :, 3, 1] = 0.2
    weights[1, 4, 3, 1] = 0.3
    seen = dataclasses.replace(seen, weights=weights)
    found = sinks.strongest(seen, 3)
    assert (found.top, found.beyond) == (0, 1)
    assert found.best[1] == (1, 4, pytest.approx(0.3))
    assert "attention sink" in sinks.verdict(seen, 3, 1)
    assert sinks.verdict(seen, 3, 0).startswith("Right")
    assert sinks.verdict(seen, 3, 2).startswith("Not quite")


def test_pictures_escape_what_was_typed(tiny):
    found = run("<img src=x> & 'quoted' \"twice\" it", weights=tiny)
    page = "".join(
        [*draw(found, 4, "entropy"), reveal(found.seen, 3, 0)]
        + [step_grid(found, step) for step in range(4)]
    )
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_grid_shows_its_numbers_shades_and_blocks():
    page = grid(np.array([[0.5, -1.0]]), ["row"], ["a", "b"], "Two cells", most=1.0,
                blocked=np.array([[False, True]]), pick=True, chosen=(0, 0))  # fmt: skip
    assert 'title="row → a: 0.50"' in page
    assert 'data-at="0,1"' in page
    assert "−∞" in page
    assert "−1.00" not in page  # a blocked cell tells nothing
    wide = grid(np.zeros((1, 12)), ["r"], [str(n) for n in range(12)], "Wide")
    assert ">0.00<" not in wide
    assert '<td class="bar" style="--w:25.0">0.250</td>' in sums(["a"], [["0.250|bar"]])


def test_a_clicked_cell_is_read_with_care():
    class Event:
        at = "3,12"

    assert picked(Event(), 9, 30) == (3, 12)
    assert picked(Event(), 2, 5) == (1, 4)
    Event.at = "<x>,1"
    assert picked(Event(), 9, 30) == (0, 0)
    assert picked(object(), 9, 30) == (0, 0)


def test_the_view_builds_any_number_of_times(tiny):
    import gradio as gr

    with gr.Blocks():
        boxes = [attention.view(tiny) for _ in range(2)]
    assert [box.value for box in boxes] == [TEXT, TEXT]
    assert QUESTIONS == (2, 22, 23, 24, 32)


def test_handlers_redraw_without_a_model(tiny):
    *_, last = attention.read(tiny, "the cat said it slept", "smollm2", 3, "own")
    seen = last[2]
    assert asking(seen) == 3
    assert len(attention.redraw(seen, 2, 6, 3, 0, "first")) == 4
    guess, empty, *pictures = attention.ask_again(seen, 1, 1, 1, 3, "entropy")
    assert [value for _, value in guess.choices] == [0, 1]
    assert (empty, len(pictures)) == ("", 4)
    said, layer, head, *_ = attention.answer_guess(1, seen, 1, 1, 3, 3, "entropy")
    assert "cat" in said
    weight = seen.weights[layer - 1, head - 1, 3, 1]
    assert weight == seen.weights[:, :, 3, 1].max()
    assert "Choose a token" in attention.answer_guess(None, seen, 1, 1, 3, 3, "entropy")[0]
    *_, refused = attention.read(tiny, "", "smollm2", 3, "own")
    assert "no text" in refused[0]


def test_bad_input_on_the_command_line_is_one_line(capsys):
    assert main(["--text", "  "]) == 2
    assert capsys.readouterr().err == "There is no text. Type a sentence and look again.\n"


@pytest.mark.model
@pytest.mark.slow
def test_the_real_models_heads_are_recomputed_and_it_finds_the_cat(capsys):
    weights = open_weights()
    found = run(weights=weights)
    assert (found.seen.layers, found.seen.heads, found.seen.keys.shape[1]) == (30, 9, 3)
    assert found.seen.tokens[found.at.query] == "·it"
    assert found.seen.tokens[int(found.row.argmax())] == "·cat"
    assert found.row.max() == pytest.approx(0.75, abs=0.02)
    for seen in (found.seen, run(model="minilm", weights=weights).seen):
        for layer, head in every_head(seen):
            ours = seen.head(layer, head).weights
            assert np.abs(ours - seen.weights[layer, head]).max() < 1e-5
    assert sinks.strongest(found.seen, found.at.query).top == 0
    assert main(["--model", "minilm", "--layer", "1", "--head", "3"]) == 0
    assert "largest weight, 1.00, to because" in capsys.readouterr().out  # the token before
