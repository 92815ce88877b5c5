"""Attention in two real models: every head's weights, and one head computed step by step.

    python -m demos.attention
    python -m demos.attention --model minilm --layer 1 --head 3
    python -m demos.attention --text "The keys to the old cabinet are on the table" --query 7

SmolLM2 (causal) reads "The cat drank the milk because it was thirsty". In layer 14, head 9, the
query of "it" times the key of "cat", summed over 64 components and divided by sqrt(64), becomes
after the softmax a weight of 0.75: the pronoun finds its noun. Averaged over all 270 heads,
though, most of its weight rests on the first token, an attention sink.
"""

TITLE = "Attention"
QUESTIONS = (2, 22, 23, 24, 32)
