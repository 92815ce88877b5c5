"""The fine-tuning demo: on a tiny model step by step, then the real one's numbers."""

import dataclasses
import inspect
import re

import numpy as np
import pytest
import torch

from demos import fine_tuning
from demos.fine_tuning import QUESTIONS, forgetting, last_layers, lora, quantization
from demos.fine_tuning.__main__ import main
from demos.fine_tuning.figures import describe_rank, describe_schemes, level_plot, rank_plot
from demos.fine_tuning.forgetting import drift, train
from demos.fine_tuning.matrices import MINILM, SMOLLM2, minilm_matrix, smollm2_matrix
from demos.fine_tuning.run import cost_of, run, wins
from demos.fine_tuning.task import NEW, OLD, REHEARSED, Task, check_task
from demos.fine_tuning.training_figures import describe_training, loss_plot, progress, verdict
from demos.fine_tuning.training_record import FULL, LORA, METHODS, REHEARSAL, Run, Training, Word
from demos.shared.weights import TorchModel, open_weights
from tutor.errors import InputError

SMALL = Task(
    ("a b c d e", "c a d"), ("d e f a", "b b"), "a b", rank=2, rate=3e-3, goal=2.0, depth=2,
    steps=40, seconds=60,
)  # fmt: skip


class Letters:
    """A tokenizer whose tokens are words, told apart by their first letter."""

    def convert_tokens_to_ids(self, token):
        return 0

    def __call__(self, text, add_special_tokens):
        assert not add_special_tokens
        return {"input_ids": [1 + ord(word[0]) % 63 for word in text.split()]}

    def decode(self, ids):
        return f" <{ids[0]}>"


@pytest.fixture(scope="module")
def tiny():
    """Three layers of a Llama of width 32, random weights."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, attn_implementation="eager",
        initializer_range=0.2, tie_word_embeddings=True,
    )  # fmt: skip
    return TorchModel("tiny Llama", Letters(), LlamaForCausalLM(config).eval())


@pytest.fixture(scope="module")
def training(tiny):
    *_, last = train(tiny, SMALL)
    return last


def test_the_questions_are_those_of_the_category():
    assert QUESTIONS == (4, 14, 35)


@pytest.mark.parametrize("depth", [1, 2])
def test_the_last_layers_predict_what_the_whole_model_predicts(tiny, depth):
    """Each sentence alone through the model itself, against all of them filled up to one length."""
    sentences = ("a b c d e f", "c", "b a b")
    batch = last_layers.read(tiny, sentences, depth)
    with torch.no_grad():
        ours = last_layers.logits(tiny, last_layers.copy_layers(tiny, depth), batch)
        wanted, losses = [], []
        for text in sentences:
            ids = torch.tensor([[0, *tiny.tokenizer(text, False)["input_ids"]]])
            wanted.append(tiny.model(ids).logits[0, :-1])
            losses.append(
                torch.nn.functional.cross_entropy(wanted[-1], ids[0, 1:], reduction="sum")
            )
        assert torch.allclose(ours, torch.cat(wanted), atol=1e-5)
        mean = last_layers.loss(tiny, last_layers.copy_layers(tiny, depth), batch)
        assert float(mean) == pytest.approx(float(sum(losses)) / 10, rel=1e-5)
    assert not batch.cut


def test_long_sentences_are_cut_and_it_is_said(tiny):
    batch = last_layers.read(tiny, ("a " * 60, "b"), 1)
    assert batch.cut
    assert batch.hidden.shape == (2, last_layers.MAX_TOKENS + 1, 32)
    assert last_layers.read(tiny, ("a" * 9999,), 1).cut
    last_layers.read(tiny, ("a \udcff",), 1)  # a lone surrogate from a command line


def test_all_three_reach_the_goal_and_stop_there(training):
    assert training.done
    assert [r.method for r in training.runs] == list(METHODS)
    for r in training.runs:
        assert r.ended == "goal"
        assert r.new[-1] <= SMALL.goal < min(r.new[:-1])
        assert len(r.new) == len(r.old) == r.steps + 1
    assert len({r.new[0] for r in training.runs}) == len({r.old[0] for r in training.runs}) == 1


def test_parameters_by_hand(training):
    # q and o 32 x 32, k and v 16 x 32, gate, up and down 48 x 32, two norms of 32
    layer = 2 * 32 * 32 + 2 * 16 * 32 + 3 * 48 * 32 + 2 * 32
    assert training.parameters == training.run(FULL).trained == 2 * layer
    adapters = 2 * (2 * (32 + 32) + 2 * (16 + 32) + 3 * (48 + 32))
    assert training.run(LORA).trained == training.run(REHEARSAL).trained == 2 * adapters


def test_the_first_steps_of_full_training_are_those_of_plain_torch(tiny):
    """The whole model with everything else frozen, by torch's own optimizer."""
    import copy

    model = copy.deepcopy(tiny.model).requires_grad_(False)
    chosen = [p.requires_grad_() for p in model.model.layers[-2:].parameters()]
    optimizer = torch.optim.Adam(chosen, lr=SMALL.rate, fused=False)
    losses = []
    for _ in range(4):
        found, wanted = [], []
        for text in SMALL.new:
            ids = torch.tensor([[0, *tiny.tokenizer(text, False)["input_ids"]]])
            found.append(model(ids).logits[0, :-1])
            wanted.append(ids[0, 1:])
        loss = torch.nn.functional.cross_entropy(torch.cat(found), torch.cat(wanted))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    *_, last = train(tiny, dataclasses.replace(SMALL, steps=3))
    assert last.run(FULL).new == pytest.approx(losses, rel=1e-4)


def test_merged_equals_unmerged_and_the_model_comes_back(training):
    for method in (LORA, REHEARSAL):
        r = training.run(method)
        assert r.apart < 1e-4 * r.largest
        assert r.removed == pytest.approx(r.old[0], rel=1e-6)
    assert training.run(FULL).apart is None


def test_the_shared_model_is_never_changed(tiny):
    before = {name: tensor.clone() for name, tensor in tiny.model.state_dict().items()}
    list(train(tiny, dataclasses.replace(SMALL, steps=2)))
    assert all(torch.equal(before[n], t) for n, t in tiny.model.state_dict().items())
    assert not any(layer.self_attn.q_proj._forward_hooks for layer in tiny.model.model.layers)


def test_how_far_the_weights_moved_by_hand(tiny):
    layers = last_layers.copy_layers(tiny, 2)
    assert forgetting.moved(tiny, layers) == 0
    with torch.no_grad():
        for tensor in layers.parameters():
            tensor *= 1.25
    assert forgetting.moved(tiny, layers) == pytest.approx(0.25)


def test_the_update_of_one_matrix_by_rank(tiny, training):
    assert training.update_errors[0] == training.weight_errors[0] == 1
    own = np.linalg.svd(
        tiny.model.model.layers[-2].self_attn.q_proj.weight.detach().numpy(), compute_uv=False
    )
    kept = np.sqrt(np.append(np.cumsum(own[::-1] ** 2)[::-1], 0) / (own**2).sum())
    assert training.weight_errors == pytest.approx(kept, abs=1e-4)


def test_drift_by_hand():
    """Old (0.5, 0.5), new (0.25, 0.75): ln(2)/2 + ln(2/3)/2; a second token at rest halves it."""
    old = torch.tensor([[0.5, 0.5], [0.5, 0.5]]).log()
    now = torch.tensor([[0.25, 0.75], [0.5, 0.5]]).log() + 3.0  # a shift changes no softmax
    wanted = 0.5 * np.log(2) + 0.5 * np.log(2 / 3)
    assert float(drift(now, old)) == pytest.approx(wanted / 2, rel=1e-5)


def test_the_seed_repeats(tiny, training):
    *_, again = train(tiny, SMALL)
    assert again.runs == training.runs
    *_, other = train(tiny, dataclasses.replace(SMALL, seed=1))
    assert other.run(FULL) == training.run(FULL)
    assert other.run(LORA).new != training.run(LORA).new


def test_it_can_be_stopped_and_ends_in_time(tiny):
    going = train(tiny, SMALL)
    first = next(going)
    assert first.runs[0].steps == 1
    assert not first.done
    going.close()
    *_, last = train(tiny, dataclasses.replace(SMALL, seconds=1e-9))
    assert [r.ended for r in last.runs] == ["time"] * 3
    assert [r.steps for r in last.runs] == [1] * 3  # the first step has used the time up
    *_, last = train(tiny, dataclasses.replace(SMALL, goal=1e-3, steps=1))
    assert [r.ended for r in last.runs] == ["steps"] * 3
    assert "unequal learning" in verdict(last)


def test_what_is_known_already_is_said(tiny):
    *_, last = train(tiny, dataclasses.replace(SMALL, goal=19.0))
    assert "known already" in describe_training(last)


def test_a_training_that_diverges_is_told(tiny):
    *_, last = train(tiny, dataclasses.replace(SMALL, rate=1e-2, goal=1e-6, steps=60))
    broken = dataclasses.replace(last.runs[0], ended="diverged", moved=float("nan"))
    told = describe_training(dataclasses.replace(last, runs=(broken, *last.runs[1:])))
    assert "until it diverged" in told
    assert forgetting.reason(Run(FULL, 1, new=(float("nan"),)), SMALL) == "diverged"


@pytest.mark.parametrize(
    "wrong",
    [
        {"new": ()}, {"new": (" ",)}, {"old": ("x",) * 13}, {"prompt": ""}, {"rank": 0},
        {"rank": 193}, {"rate": float("nan")}, {"rate": 1.0}, {"goal": 0.0}, {"goal": 99.0},
        {"depth": 0}, {"depth": 7}, {"steps": 0}, {"seconds": float("nan")}, {"seconds": -1.0},
        {"seed": -1}, {"seed": 2**70},
    ],
)  # fmt: skip
def test_odd_tasks_are_refused(wrong):
    with pytest.raises(InputError):
        check_task(dataclasses.replace(Task(), **wrong))


@pytest.mark.parametrize(
    "argv",
    [["--rank", "0"], ["--block", "1"], ["--matrix", "q"], ["--new", " "], ["--rate", "nan"]],
)
def test_bad_input_is_one_line(argv, capsys):
    assert main(argv) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert not told.out


def test_nothing_rehearsed_is_measured():
    assert not {*NEW, *OLD} & set(REHEARSED)


def made(full, plain, kept, moves=(0.01, 0.03, 0.03)):
    """A finished training with given changes of the old loss."""
    runs = tuple(
        Run(m, 10, 5, 1.0, (6.0, 0.4), (3.0, 3.0 + change), "goal", (Word(" <b>", 0.5),), moved,
            apart=1e-5, largest=9.0, removed=3.0)
        for m, change, moved in zip(METHODS, (full, plain, kept), moves, strict=True)
    )  # fmt: skip
    return Training(Task(), 100, (Word(" Paris", 0.8),), False, runs, done=True)


def test_the_verdict_follows_the_numbers():
    more = verdict(made(0.1, 1.2, 0.2))
    assert "LoRA forgot more" in more
    assert "3.0 times as large" in more
    assert "Rehearsal helped" in more
    less = verdict(made(1.2, 0.1, 0.2))
    assert "forgot more" not in less
    assert "Rehearsal" not in less
    nothing = verdict(made(-0.09, -0.01, -0.05))
    assert "Nothing noticeable" in nothing
    assert "forgot more" not in nothing


def test_what_is_typed_is_escaped_and_the_guess_judged():
    found = made(0.1, 1.2, 0.2)
    found = dataclasses.replace(found, task=Task(prompt="<i>x</i>"))
    told = describe_training(found, "<script>")
    assert "<script>" not in told
    assert "<i>" not in told
    assert "not so" in told
    assert "right" in describe_training(found, "<b>")
    late = dataclasses.replace(found.runs[1], ended="time")
    found = dataclasses.replace(found, runs=(found.runs[0], late, found.runs[2]))
    assert "has not learned" in describe_training(found, "<b>")
    assert progress(found) == "Done."
    assert progress(dataclasses.replace(found, done=False)) == "Training by LoRA with rehearsal …"


def test_figures_are_drawn(training):
    assert [trace.name for trace in loss_plot(training).data] == list(METHODS)
    kept = np.linspace(1, 0, 11)
    assert rank_plot(kept, kept, 3).data[-1].x == (3,)
    weights = np.random.default_rng(0).standard_normal((20, 30)).astype(np.float32)
    assert sum(level_plot(weights, 64).data[0].y) == pytest.approx(1)


def test_the_rank_is_described():
    cost = cost_of(2, np.zeros((10, 20), dtype=np.float32))
    told = describe_rank(np.linspace(1, 0, 11), cost, 78)
    assert "60 parameters" in told  # 2 * (10 + 20)
    assert "80%" in told
    assert "close" in told
    for rank in (0, 11):
        with pytest.raises(InputError, match="between 1 and 10"):
            cost_of(rank, np.zeros((10, 20), dtype=np.float32))


# The real models.


@pytest.fixture(scope="module")
def weights():
    return open_weights()


@pytest.fixture(scope="module")
def real(weights):
    return run(weights=weights, seconds=600)


@pytest.mark.model
@pytest.mark.slow
def test_the_numbers_of_the_docstrings(real):
    told = re.sub(r"\s+", " ", fine_tuning.__doc__ + forgetting.__doc__)
    full, plain, _ = (real.training.run(method) for method in METHODS)
    assert [r.ended for r in real.training.runs] == ["goal"] * 3
    assert f"before {full.new[0]:.2f} {full.old[0]:.2f}" in told
    for name, r in (("full", full), ("LoRA", plain)):
        assert f"{name}, {r.steps} steps {r.new[-1]:.2f} {r.old[-1]:.2f}" in told
    # by hand: 4 layers; q, o 576 x 576, k, v 192 x 576, three of 1536 x 576, two norms
    assert full.trained == 4 * (2 * 576**2 + 2 * 192 * 576 + 3 * 1536 * 576 + 2 * 576)
    assert plain.trained == 4 * 8 * (2 * 1152 + 2 * 768 + 3 * 2112)
    for number in (full.trained, plain.trained):
        assert f"{number:,}" in told
    assert plain.words[0].text == " Mor"
    assert real.training.before[0].text == " Paris"
    assert 'goes on with " Mor" instead of " Paris"' in told
    nf4, int4, _ = real.schemes
    assert f"NF4 stores a matrix of MiniLM with an error of {nf4.error:.1%}" in told
    assert f"int4 with {int4.error:.1%}" in told


@pytest.mark.model
@pytest.mark.slow
def test_merging_on_the_real_model_and_rehearsal(real):
    full, plain, kept = (real.training.run(method) for method in METHODS)
    assert plain.apart < 1e-5 * plain.largest
    assert plain.removed == pytest.approx(plain.old[0], abs=1e-5)
    assert plain.moved > 2 * full.moved
    assert kept.forgotten < plain.forgotten / 2
    update, own = real.training.update_errors[8], real.training.weight_errors[8]
    assert update < 0.7 < own  # what training adds has a lower rank than the weights
    assert own == pytest.approx(real.errors[8])  # layer 27 of 30 is the first of the last four


@pytest.mark.model
def test_real_matrices(weights):
    source = weights.minilm()
    matrix = minilm_matrix(source, 3, "output.dense")
    assert matrix.shape == (384, 1536)
    assert matrix.ctypes.data == source.model.encoder.layer[2].output.dense.weight.data_ptr()
    assert wins(source, 64) == (36, 36)
    for name in MINILM:
        assert "better on" in describe_schemes(
            quantization.compare(minilm_matrix(source, 1, name)), (1, 2), "NF4"
        )
    with pytest.raises(InputError, match="no layer 7"):
        minilm_matrix(source, 7, MINILM[0])
    with pytest.raises(InputError, match="no matrix"):
        minilm_matrix(source, 1, "query")


@pytest.mark.model
@pytest.mark.slow
def test_smollm2s_layers_are_copied_faithfully(weights):
    source = weights.smollm2()
    assert smollm2_matrix(source, 30, SMOLLM2[-1]).shape == (576, 1536)
    batch = last_layers.read(source, NEW, 4)
    with torch.no_grad():
        ours = last_layers.logits(source, last_layers.copy_layers(source, 4), batch)
        ids = torch.tensor([[0, *source.tokenizer(NEW[0], add_special_tokens=False)["input_ids"]]])
        wanted = source.model(ids).logits[0, :-1]
    assert torch.allclose(ours[: len(wanted)], wanted, atol=1e-3)


def test_the_shown_source_is_what_ran():
    """'How it works' shows these; they hold the gradient step and the merge themselves."""
    assert "optimizer.step()" in inspect.getsource(forgetting.step)
    assert "register_forward_hook" in inspect.getsource(lora.adapt)
