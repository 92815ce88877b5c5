"""What can be computed is computed: the values here were worked out by hand or in another way."""

import math
from dataclasses import replace

import pytest

from tutor.calls.fill import compute
from tutor.calls.quantity import numbers, scalar, spans, tokens, vectors
from tutor.calls.slots import SLOTS, Given, Impossible, Missing, read_value
from tutor.calls.table import CALLS
from tutor.calls.tagger import NONE, Tagged, first_readable
from tutor.engine.generate import Message
from tutor.reply.tutor import Tutor
from tutor.turn.kinds import Kind


def work(call, **texts):
    """A call's result for arguments as typed; a list of texts is several values of one slot."""
    values = {
        name: [read_value(name, text) for text in ([typed] if isinstance(typed, str) else typed)]
        for name, typed in texts.items()
    }
    return CALLS[call].works(Given(values))


# (call, arguments as typed, the value)
WORKED = [
    ("softmax", {"scores": "[2, 1, 0.1]"}, 0.6590),
    ("softmax", {"scores": "2, 1", "temperature": "0.5"}, 1 / (1 + math.exp(-2))),
    ("softmax", {"scores": "[1, 3]", "temperature": "0"}, 1.0),
    ("softmax", {"scores": "[1000, 1000]"}, 0.5),
    ("softmax", {"scores": "[16, 8, 0]", "head_dim": "64"}, 0.66524),
    ("bpe", {"base": "256", "merges": "31744", "special": "2"}, 32002),
    ("bpe", {"base": "256", "merges": "31,744", "hidden": "2048", "bits": "fp16"}, 32000 * 4096),
    ("selection", {"group_rate": ["43%", "61%"]}, 43 / 61),
    ("selection", {"group_rate": ["0.5", "0.45"]}, 0.9),
    ("rate_scaling", {"peak": "3e-4", "old_batch": "512", "new_batch": "2048"}, 6e-4),
    ("pca", {"eigenvalues": "5, 3, 1.5, 0.5", "target": "90%"}, 3),
    ("pca", {"eigenvalues": "8, 2", "target": "0.8"}, 1),
    ("adaptive", {"vocab": "200k", "head": "10k", "coverage": "90%"}, 29001),
    (
        "attention",
        {"query": "[1, 0]", "key": ["[1, 0]", "[0, 1]"], "value": ["[1, 0]", "[0, 1]"]},
        0.6698,
    ),
    ("attention", {"query": "[1,0]", "key": "[[1,0],[0,1]]"}, 0.6698),
    ("loss", {"nats": "2.3"}, 9.974),
    ("loss", {"probability": "0.25"}, 4.0),
    ("loss", {"perplexity": "20"}, 20.0),
    ("loss", {"bits": "3"}, 8.0),
    ("loss", {"probabilities": "[0.5, 0.125]"}, 4.0),
    ("kl", {"p": "[0.5, 0.5]", "q": "[0.9, 0.1]"}, 0.5108),
    ("kl", {"p": "[1, 0]", "q": "[0.5, 0.5]"}, math.log(2)),
    ("sampling", {"probabilities": "[0.5, 0.3, 0.15, 0.05]", "top_p": "0.9"}, 3),
    ("sampling", {"probabilities": "[0.5, 0.3, 0.15, 0.05]", "top_p": "0.8"}, 2),
    ("sampling", {"probabilities": "[0.5, 0.3, 0.15, 0.05]", "top_k": "3", "min_p": "0.4"}, 2),
    ("sampling", {"probabilities": "[0.6, 0.3, 0.1]", "top_p": "0.1"}, 1),
    ("kv_cache", {"layers": "32", "heads": "32", "head_dim": "128", "context": "8k"}, 2**32),
    ("kv_cache", {"layers": "32", "kv_heads": "8", "head_dim": "128"}, 131072),
    ("kv_cache", {"model": "Llama 3.1 8B", "context": "8192", "batch": "4"}, 2**32),
    ("kv_cache", {"params": "7B", "context": "4096", "bits": "int8"}, 2**30),
    ("kv_cache", {"layers": "12", "hidden": "768", "context": "1024"}, 2 * 12 * 768 * 2 * 1024),
    ("weights", {"params": "13B"}, 26e9),
    ("weights", {"params": "7B", "bits": "4", "group": "64"}, 7e9 * 4.25 / 8),
    ("full_tuning", {"params": "7B"}, 112e9),
    ("lora_tuning", {"params": "7B", "rank": "16"}, 14e9 + 4 * 32 * 16 * 2 * 4096 * 16),
    ("qlora_tuning", {"params": "1B"}, 1e9 * 4.127 / 8 + 0.005 * 1e9 * 16),
    ("lora_params", {"rank": "8", "hidden": "4096"}, 65536),
    (
        "lora_params",
        {"rank": "16", "rows": "4096", "columns": "1024", "matrices": "2", "layers": "10"},
        1638400,
    ),
    (
        "model_params",
        {"layers": "12", "hidden": "768", "vocab": "50257"},
        12 * 12 * 768**2 + 50257 * 768,
    ),
    ("embedding", {"vocab": "32000", "hidden": "4096"}, 131072000),
    ("training_compute", {"params": "7B", "tokens": "2T"}, 8.4e22),
    (
        "training_compute",
        {"params": "1B", "tokens": "20B", "flops": "1e15", "gpus": "10", "utilization": "50%"},
        1.2e20 / 5e15 / 86400,
    ),
    ("decode_speed", {"params": "8B", "bandwidth": "1 TB/s", "bits": "fp16"}, 62.5),
    ("batch", {"micro_batch": "4", "accumulation": "8", "gpus": "2"}, 64),
    ("batch", {"micro_batch": "32", "examples": "1000", "epochs": "3"}, 96),
    ("learning_rate", {"peak": "1e-3", "warmup": "100", "total": "1000", "step": "50"}, 5e-4),
    ("learning_rate", {"peak": "1e-3", "warmup": "100", "total": "1100", "step": "600"}, 5e-4),
    (
        "learning_rate",
        {"peak": "1e-3", "floor": "1e-4", "total": "1000", "step": "500"},
        5.5e-4,  # halfway between both, for a cosine as for a line
    ),
    (
        "learning_rate",
        {"peak": "1e-3", "total": "1000", "step": "250", "shape": "linear"},
        7.5e-4,
    ),
    ("learning_rate", {"peak": "1e-3", "warmup": "9", "step": "250", "shape": "constant"}, 1e-3),
    ("learning_rate", {"peak": "1e-3", "warmup": "10%", "total": "1000", "step": "50"}, 5e-4),
    ("cosine", {"vector": ["[1, 0]", "[1, 1]"]}, 0.7071),
    ("pca", {"eigenvalues": "[4, 3, 2, 1]", "components": "2"}, 0.7),
    ("pca", {"singular": "[2, 1]"}, 0.8),
    ("retrieval", {"hits": "3", "retrieved": "5", "relevant": "4"}, 0.75),
    ("mrr", {"ranks": "[1, 2, 4]"}, 1.75 / 3),
    ("ndcg", {"gains": "[3, 2, 1]"}, 1.0),
    ("ndcg", {"gains": "[0, 1]"}, 1 / math.log2(3)),
    ("rrf", {"ranks": "[1, 3]"}, 1 / 61 + 1 / 63),
    ("bm25", {"tf": "1", "df": "1", "documents": "1"}, math.log(4 / 3)),
    (
        "moe",
        {"experts": "8", "active": "2", "expert_params": "5.6B", "shared_params": "1.9B"},
        13.1e9,
    ),
    ("speculative", {"acceptance": "0.8", "draft": "4"}, (1 - 0.8**5) / 0.2),
    ("interpolation", {"trained": "4k", "wanted": "32k"}, 8),
    ("words", {"words": "1000"}, 1300),
    ("price", {"input_tokens": "2000", "input_price": "3", "requests": "1000"}, 6),
    ("scores", {"context": "8k"}, 8192**2),
    ("clipping", {"norm": "5", "max_norm": "1"}, 0.2),
    ("vectors", {"vectors": "1 million", "dims": "768"}, 3.072e9),
    ("chunks", {"document": "1000", "chunk": "200", "overlap": "50"}, 7),
    ("head_dim", {"hidden": "4096", "heads": "32"}, 128),
    ("dropout", {"rate": "0.2", "activation": "4"}, 5),
    ("loss", {"vocab": "32000"}, 32000),
    ("per_character", {"nats": "2.0", "chars": "4"}, 0.5 / math.log(2)),
    ("per_character", {"nats": ["2.0", "1.6"], "chars": ["4", "3"]}, 0.5),
    ("batch", {"effective": "64", "micro_batch": "4", "gpus": "2"}, 8),
    ("interpolation", {"trained": "4096", "wanted": "16k", "position": "10000"}, 4),
    ("lora_params", {"rank": "8", "hidden": "4096", "matrices": "q and v", "layers": "32"}, 2**22),
    ("lora_params", {"rank": "4", "matrix_shape": "1024x4096"}, 4 * 5120),
    ("vectors", {"documents": "3000", "chunks_each": "286", "dims": "768"}, 858000 * 3072),
    ("layer_params", {"hidden": "512"}, 12 * 512**2),
    ("layer_params", {"hidden": "100", "ffn": "300", "layers": "2"}, 2 * (40000 + 60000)),
    (
        "adaptive",
        {"hidden": "1024", "vocab": "250k", "head": "10000", "tail_dims": "256"},
        10001 * 1024 + 1024 * 256 + 240000 * 256,
    ),
    (
        "adaptive",
        {"hidden": "8", "head": "10", "tail": ["20", "40"], "tail_dims": ["4", "2"]},
        12 * 8 + 8 * 4 + 20 * 4 + 8 * 2 + 40 * 2,
    ),
    ("masking", {"context": "512"}, 512 * 0.15 * 0.8),
    ("bayes", {"prior": "30%", "likely": "20%", "unlikely": "2%"}, 6 / 7.4),
    ("ngram", {"ngram_count": "30", "history_count": "600"}, 0.05),
    (
        "ngram",
        {"ngram_count": "30", "history_count": "600", "smoothing": "add-one", "vocab": "5000"},
        31 / 5600,
    ),
    ("serving", {"arrivals": "40", "output_tokens": "200", "throughput": "2500"}, 4),
    ("serving", {"arrivals": "40", "output_tokens": "500", "throughput": "2500"}, 8),
    ("budget", {"context": "2048", "reserved": ["120", "300", "200"], "each": "85"}, 16),
    ("patches", {"image": "224x224", "patch": "16"}, 196),
    ("patches", {"image": "336", "patch": "14x14"}, 576),
    ("depth", {"factor": "0.25", "layers": "20"}, 0.25**20),
    ("jacobian", {"probabilities": "[0.7, 0.2, 0.1]"}, 0.21),
    ("jacobian", {"scores": "[1, 1]"}, 0.25),
    ("eigen", {"matrix": "[[2, 1], [1, 2]]"}, 3),
    ("eigen", {"matrix": ["[2, 1]", "[1, 2]"]}, 3),
    ("derivative", {"function": "sigmoid", "inputs": "0"}, 0.25),
    ("derivative", {"function": "ReLU", "inputs": "-3, 2, 0"}, 0),
    ("derivative", {"function": "GELU", "inputs": "0"}, 0.5),
    ("derivative", {"function": "silu", "inputs": "1"}, 0.927671),
    ("row_gradient", {"gradient": ["(1, 0)", "(0, 2)", "(1, 1)"]}, 2),
]


@pytest.mark.parametrize(("call", "texts", "value"), WORKED)
def test_a_call_gives_the_right_number(call, texts, value):
    worked = work(call, **texts)
    assert worked.value == pytest.approx(value, rel=2e-4)
    assert worked.text.startswith(worked.answer)


def test_filters_say_what_each_keeps_by_itself():
    """Whoever names two may mean both in a row or each in turn."""
    both = {"probabilities": "[0.5, 0.2, 0.15, 0.1, 0.05]", "top_p": "0.8", "top_k": "2"}
    assert "by itself top-k 2 keeps 2, top-p 0.8 keeps 3." in work("sampling", **both).answer
    one = work("sampling", probabilities=both["probabilities"], top_p="0.8")
    assert "by itself" not in one.answer


def test_a_cache_fits_beside_the_weights_or_not():
    given = {"model": "Llama 3.1 8B", "context": "128k"}
    alone = work("kv_cache", **given)
    both = {m: work("kv_cache", memory=m, **given) for m in ("24 GB", "80 GB")}
    assert "does not fit into 24 GB" in both["24 GB"].text
    assert "With the weights, 16.1 GB" in both["80 GB"].text
    assert "It fits into 80 GB" in both["80 GB"].text
    assert {one.value for one in both.values()} == {alone.value}
    assert "weights" not in alone.text


def test_every_call_is_tested_and_takes_slots_of_the_table():
    assert {call for call, _, _ in WORKED} | {"tokens"} == set(CALLS)
    assert all(set(call.takes) <= set(SLOTS) for call in CALLS.values())


@pytest.mark.parametrize(
    ("call", "texts", "slot"),
    [
        ("softmax", {"temperature": "2"}, "scores"),
        ("kv_cache", {"context": "8k"}, "layers"),
        ("kv_cache", {"layers": "32", "context": "8k"}, "kv_heads"),
        ("weights", {"bits": "4"}, "params"),
        ("retrieval", {"hits": "3"}, "relevant"),
    ],
)
def test_what_is_missing_is_named(call, texts, slot):
    with pytest.raises(Missing) as missing:
        work(call, **texts)
    assert missing.value.slot == slot


@pytest.mark.parametrize(
    ("call", "texts", "word"),
    [
        ("kl", {"p": "[0.5, 0.9]", "q": "[0.5, 0.5]"}, "add up"),
        ("kl", {"p": "[0.5, 0.5]", "q": "[0.2, 0.3, 0.5]"}, "outcomes"),
        ("cosine", {"vector": ["[1, 0]", "[1, 0, 0]"]}, "numbers"),
        ("cosine", {"vector": ["[0, 0]", "[1, 0]"]}, "zeros"),
        ("head_dim", {"hidden": "100", "heads": "7"}, "divided"),
        ("moe", {"experts": "2", "active": "4", "expert_params": "1B"}, "experts"),
        ("chunks", {"document": "100", "chunk": "10", "overlap": "10"}, "smaller"),
        ("dropout", {"rate": "1"}, "below 1"),
        ("softmax", {"scores": "[4]"}, "two scores"),
        ("learning_rate", {"peak": "1e-3", "step": "600", "total": "500"}, "behind the last"),
        ("retrieval", {"hits": "6", "retrieved": "5"}, "cannot"),
        ("batch", {"effective": "10", "micro_batch": "4"}, "divided"),
        ("budget", {"context": "100", "reserved": "200", "each": "10"}, "window"),
        ("patches", {"image": "8", "patch": "16"}, "larger"),
        ("eigen", {"matrix": "[[1, 2], [3, 4]]"}, "symmetric"),
        ("eigen", {"matrix": "[1, 2, 3]"}, "square"),
        ("row_gradient", {"gradient": ["(1, 0)", "(1, 0, 0)"]}, "equally long"),
        ("ngram", {"ngram_count": "9", "history_count": "3"}, "more often"),
        ("bayes", {"prior": "0.5", "likely": "0", "unlikely": "0"}, "never"),
        ("per_character", {"nats": ["1", "2"], "chars": "4"}, "own tokenizer"),
    ],
)
def test_what_is_impossible_is_said(call, texts, word):
    with pytest.raises(Impossible, match=word):
        work(call, **texts)


def test_values_are_read_as_people_type_them():
    assert scalar("7 billions") == scalar("7B") == 7e9
    assert scalar("8x40GB") == 320e9
    assert scalar("1,024") == 1024
    assert scalar("1.5e-4") == 1.5e-4
    assert tokens("32k") == 32768
    assert tokens("100k") == 100000
    assert numbers("[.5,.3,.2]") == (0.5, 0.3, 0.2)
    assert vectors("[[1, 0], [0, 1]]") == ((1.0, 0.0), (0.0, 1.0))
    with pytest.raises(ValueError, match="many"):
        scalar("many")
    with pytest.raises(Impossible):
        read_value("top_p", "3")
    with pytest.raises(Impossible):
        read_value("scores", str(list(range(100))))


def test_spans_are_numbers_lists_formats_and_models():
    text = "Llama 3.1 8B in fp16, 32 layers, two GPUs, [0.1, 0.9] and 8k tokens"
    assert [s.text for s in spans(text)] == [
        "Llama 3.1 8B",
        "fp16",
        "32",
        "two",
        "[0.1, 0.9]",
        "8k",
    ]
    assert all(text[s.start : s.end] == s.text for s in spans(text))


def test_a_size_in_bytes_is_no_width_of_a_number():
    assert read_value("bits", "2 bytes") == 16
    with pytest.raises(ValueError, match="256 bytes"):
        read_value("bits", "256 bytes")


def test_articles_may_stand_between_projections():
    assert [s.text for s in spans("in the query and the value of 32 layers")] == [
        "query and the value",
        "32",
    ]
    assert read_value("matrices", "query and the value") == 2


def test_spans_are_names_of_projections_and_pairs_too():
    text = "rank 8 on q and v of 4096x11008, add-one, relu at -3"
    assert [s.text for s in spans(text)] == [
        "8",
        "q and v",
        "4096x11008",
        "add-one",
        "relu",
        "-3",
    ]
    assert [s.text for s in spans("8x80GB")] == ["8x80GB"]


class Said:
    """A tagger that knows a few texts: each is a call and the slots of its spans, in order."""

    def __init__(self, **known):
        self.known = known

    def tag(self, turns, call=None):
        found = []
        for turn, before, _ in turns:
            call, slots = self.known.get(turn.split()[0], (NONE, ()))
            tagged = tuple(
                (span, slot, 0.9) for span, slot in zip(spans(turn), slots, strict=False)
            )
            earlier = self.known.get(before.split()[0], (NONE, ()))[1] if before else ()
            past = tuple((s, t, 0.9) for s, t in zip(spans(before), earlier, strict=True))
            found.append(Tagged({call: 0.9}, tagged, past))
        return found


def test_a_later_turn_changes_one_argument_and_keeps_the_others():
    tagger = Said(
        first=("kv_cache", ("layers", "kv_heads", "head_dim", "context")),
        then=("kv_cache", ("batch",)),
    )
    history = [
        Message("user", "first 32 layers 8 heads of 128 at 8k"),
        Message("assistant", "1 GiB"),
    ]
    computed = compute(tagger, "then batch 4", history)
    assert computed.worked.value == 4 * 2**30
    assert "4 GiB" in computed.text


def test_numbers_that_follow_each_other_are_a_list():
    tagger = Said(softmax=("softmax", ("scores", "scores", "scores")))
    assert compute(tagger, "softmax of 2, 1 and 0.1").worked.value == pytest.approx(0.659, abs=1e-3)


def test_a_turn_that_wants_nothing_worked_out_gets_nothing():
    assert compute(Said(), "why is 0.7 usual") is None
    assert compute(Said(), "no numbers at all") is None


def test_a_text_is_cut_by_the_tokenizers_at_hand():
    tagger = Said(tokens=("tokens", ("text",)))
    computed = compute(tagger, 'tokens of "to be or"?', (), {"words": str.split})
    assert computed.worked.value == 3
    assert "`to` · `be` · `or`" in computed.text
    assert "tokenization demo" in compute(tagger, 'tokens of "to be or"?').text


def test_a_missing_argument_is_asked_for():
    computed = compute(Said(cache=("kv_cache", ("context",))), "cache at 8k?")
    assert computed.worked is None
    assert "number of layers" in computed.text


def test_a_value_that_cannot_be_read_is_no_value():
    computed = compute(Said(cache=("kv_cache", ("layers",))), "cache with 0.5 layers?")
    assert computed is None


@pytest.fixture
def calculating(guide, retriever):
    """A tutor over the small guide that knows when top-p is to be worked out."""
    slots = ("probabilities", "probabilities", "probabilities", "top_p")
    tagger = Said(nucleus=("sampling", slots), keep=("sampling", ("top_k",)))
    return Tutor(guide, retriever, None, "none", tagger)


def test_a_result_is_the_reply_over_the_passage_behind_it(calculating):
    *_, reply = calculating.reply("nucleus of 0.5, 0.3 and 0.2 at p 0.7?")
    assert reply.lead.text.startswith("**2 tokens are kept** ([0.5, 0.3])")
    assert {chunk.number for chunk in reply.sources} == {12}
    assert reply.citations[0].sentence in reply.citations[0].chunk.stated
    assert not reply.lead.refused


def test_a_missing_number_is_asked_for_only_if_one_is_wanted(calculating, monkeypatch):
    *_, reply = calculating.reply("keep 3 of them?")
    assert reply.lead.chunks  # a plain question: the guide answers
    ask = calculating.understand("keep 3 of them?")
    wanting = replace(ask, reading=replace(ask.reading, kinds={Kind.COMPUTE: 0.9}))
    monkeypatch.setattr(calculating, "understand", lambda *_: wanting)
    *_, reply = calculating.reply("keep 3 of them?")
    assert reply.lead.text == "To work that out I need the probabilities. What is it in your case?"


def test_a_new_filter_takes_the_place_of_the_one_before():
    slots = ("probabilities",) * 4
    tagger = Said(keep=("sampling", (*slots, "top_k")), how=("sampling", ("top_p",)))
    history = [Message("user", "keep .4 .3 .2 .1 with k 1"), Message("assistant", "One.")]
    computed = compute(tagger, "how many at top-p 0.8", history)
    assert "3 tokens" in computed.text


def test_another_list_begins_anew():
    slots = ("probabilities",) * 3
    tagger = Said(keep=("sampling", (*slots, "temperature")), now=("sampling", (*slots, "top_p")))
    history = [Message("user", "keep .6 .3 .1 at 0.5"), Message("assistant", "All.")]
    assert "temperature" not in compute(tagger, "now .5 .3 .2 at 0.7", history).text


def test_what_is_missing_is_looked_for_in_talk_of_something_else():
    tagger = Said(
        size=("model_params", ("hidden", "layers")),
        heads=("head_dim", ("heads",)),
    )
    history = [Message("user", "size of 512 wide, 6 deep?"), Message("assistant", "19 million")]
    assert compute(tagger, "heads 8: how wide each", history).worked.value == 64
    assert compute(tagger, "heads 8: how wide each").worked is None


def test_a_number_that_may_be_something_else_leaves_it_alone():
    class Unsure(Said):
        """Doubts what the last number of a turn is."""

        def tag(self, turns, call=None):
            *before, last = super().tag(turns, call)
            *sure, (span, slot, _) = last.turn
            return [*before, Tagged(last.calls, (*sure, (span, slot, 0.4)), last.before)]

    slots = {"heads": ("head_dim", ("hidden", "heads"))}
    assert compute(Said(**slots), "heads 512 by 8").worked.value == 64
    assert compute(Unsure(**slots), "heads 512 by 8") is None


def test_a_result_that_was_just_given_is_not_given_again():
    tagger = Said(loss=("loss", ("nats",)), again=("loss", ()))
    first = compute(tagger, "loss 2.3?")
    history = [Message("user", "loss 2.3?"), Message("assistant", first.text)]
    assert compute(tagger, "again so", history) is None
    assert compute(tagger, "loss 2.5?", history).worked.value > 12


def test_what_was_overlooked_in_a_turn_is_found_when_the_next_looks_back():
    class Twice(Said):
        """Sees the length of the course only in what was said before."""

        def tag(self, turns, call=None):
            *rest, last = super().tag(turns, call)
            now = tuple((s, "total" if s.text == "5000" else t, p) for s, t, p in last.before)
            return [*rest, Tagged(last.calls, last.turn, now)]

    tagger = Twice(
        rate=("learning_rate", ("peak", "warmup", "shape", "none", "step", "step")),
        and_at=("learning_rate", ("step",)),
    )
    history = [
        Message("user", "rate 2e-4 peak, 500 warmup, cosine to zero at 5000. step 250?"),
        Message("assistant", "1e-4"),
    ]
    computed = compute(tagger, "and_at 3500", history)
    assert computed.problem == ""
    assert computed.worked.value == pytest.approx(1e-4 * (1 + math.cos(math.pi * 3000 / 4500)))


def test_a_rate_without_a_utilization_is_taken_as_sustained_and_the_peak_is_told():
    worked = work("training_compute", params="1.3B", tokens="26B", flops="150 TFLOP/s", gpus="8")
    assert worked.value * 24 == pytest.approx(46.9, abs=0.1)
    assert "(46.9 hours)" in worked.answer
    assert "40 % of it is reached, 4.89 days" in worked.assumed[0]


def test_a_calculation_stands_for_itself_whatever_was_talked_about_before(calculating, monkeypatch):
    tagger = calculating.tagger
    read = tagger.tag

    def tag(turns, call=None):
        """Takes whatever follows other talk for more talk."""
        alone = read(turns[-1:])
        return alone if not turns[-1][1] else [*read(turns[:-1]), Tagged({NONE: 1.0}, ())]

    monkeypatch.setattr(tagger, "tag", tag)
    history = [Message("user", "how large is the nucleus?"), Message("assistant", "Forty tokens.")]
    turn = "nucleus of 0.5, 0.3 and 0.2 at p 0.7?"
    ask = calculating.understand(turn, history)
    wanted = replace(
        ask, kinds=(Kind.COMPUTE,), reading=replace(ask.reading, kinds={Kind.COMPUTE: 1.0})
    )
    assert calculating.look_up(wanted, history).lead.text.startswith("**2 tokens are kept**")
    other = replace(ask, kinds=(Kind.CASE,), reading=replace(ask.reading, kinds={Kind.CASE: 1.0}))
    assert not calculating.look_up(other, history).lead.text.startswith("**2 tokens")


def test_a_span_is_what_can_be_read_from_it():
    assert first_readable("q and v", ["rows", "matrices"], [0.5, 0.25]) == ("matrices", 0.5)
    assert first_readable("-1", ["temperature", "none"], [0.9, 0.1]) == ("temperature", 0.9)
    assert first_readable("q and v", ["rows", "hidden"], [0.5, 0.4]) == ("rows", 0.5)
    assert first_readable("q and v", ["none", "matrices"], [0.6, 0.4]) == ("none", 0.6)
