"""The trained tagger on calculations in everyday words, none of which it was trained on."""

import pytest

from tutor.calls.fill import compute
from tutor.engine.generate import Message

ASKED = [
    ("compute softmax of [2, 1, 0.1] for me", 0.659),
    ("my eval loss is 2.3 nats, what perplexity is that", 9.974),
    ("7B model, 32 layers, 32 heads, head dim 128, 8k tokens: how big is the cache?", 2**32),
    ("How much memory do the weights of a 13B model take in int8?", 13e9),
    ("full finetuning of a 7B with adam, how much memory", 112e9),
    ("batch size 4, gradient accumulation 8 on 2 gpus: what's my effective batch?", 64),
    ("lora with rank 8 on a 4096 by 4096 matrix, how many parameters?", 65536),
    ("cosine similarity of [1, 0] and [1, 1]?", 0.7071),
    ("how many flops to train 7B parameters on 2T tokens", 8.4e22),
]


@pytest.mark.parametrize(("turn", "value"), ASKED)
def test_everyday_words_give_the_right_number(library, turn, value):
    computed = compute(library.tagger, turn)
    assert computed is not None
    assert computed.worked is not None, computed.text
    assert computed.worked.value == pytest.approx(value, rel=0.01)


@pytest.mark.parametrize(
    "turn",
    [
        "why is temperature 0.7 so common?",
        "I have 2,000 labelled examples, BERT or GPT?",
        "what is GPT-3?",
        "Explain question 12",
    ],
)
def test_numbers_alone_are_no_wish_for_a_calculation(library, turn):
    assert compute(library.tagger, turn) is None


def test_a_number_beyond_what_is_read_is_no_trouble(library):
    assert compute(library.tagger, "blah " * 300 + "and 7 layers") is None


def test_a_follow_up_changes_one_argument(library):
    history = [
        Message("user", "32 layers, 8 kv heads, head dim 128, 8192 tokens: size of the KV cache?"),
        Message("assistant", "The KV cache takes 1.07 GB (1 GiB) at 8,192 tokens."),
    ]
    computed = compute(library.tagger, "and with a batch of 16?", history)
    assert computed.worked.value == pytest.approx(16 * 2**30)
