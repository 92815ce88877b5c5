"""Which demos there are. Importing this loads neither gradio nor torch.

Every entry is a module of the same few names:

    docstring   what it shows, the command, a worked example
    TITLE       as on its tab; QUESTIONS, the guide questions it illustrates
    run(...)    pure: plain values in, plain values out, a default for every argument
    view(weights, ...)   builds its Gradio components; returns the text box that "See it" fills
    main(argv)  argparse → run → print
"""

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType


@dataclass(frozen=True)
class Demo:
    """One demo: its module below `demos`, tab title, category folder and guide questions."""

    name: str
    title: str
    category: str
    questions: tuple[int, ...]
    shows: str

    def module(self) -> ModuleType:
        """The demo itself; importing it is cheap, running it loads what it needs."""
        return import_module(f"demos.{self.name}")


DEMOS: tuple[Demo, ...] = (
    Demo(
        "tokenization", "Tokenization", "01_tokenization_and_text", (1, 16),
        "your text through three real tokenizers; a BPE trained on it step by step",
    ),
    Demo(
        "attention", "Attention", "02_attention_mechanisms", (2, 22, 23, 24, 32),
        "your sentence in every head of SmolLM2 and MiniLM; one head step by step",
    ),
    Demo(
        "sampling", "Sampling", "05_text_generation", (5, 6, 12),
        "the model's own next-token distribution, reshaped live; greedy against beam search",
    ),
    Demo(
        "architecture", "Architecture", "03_transformer_architecture", (17, 21, 43, 46),
        "positions and RoPE, gradients through depth and along a sequence, masks",
    ),
    Demo(
        "objectives", "Objectives", "06_training_objectives", (7, 9, 11),
        "a tiny model trained in seconds by masking, by prediction and on sentence pairs",
    ),
    Demo(
        "embeddings", "Embeddings", "07_embeddings", (10,),
        "your words and sentences as vectors: neighbors, analogies, context, initialization",
    ),
    Demo(
        "losses", "Losses", "09_loss_functions_and_math", (25, 29, 30, 31),
        "cross-entropy, KL, perplexity, ReLU and the chain rule, by hand and by autograd",
    ),
    Demo(
        "gradients", "Gradients", "10_gradients_and_optimization", (26, 27, 48),
        "embedding rows that get a gradient, the softmax Jacobian, learning rate and batch size",
    ),
    Demo(
        "fine_tuning", "Fine-tuning", "11_fine_tuning_methods", (4, 14, 35),
        "full fine-tuning, LoRA and forgetting live; rank, merging, NF4 against int4",
    ),
    Demo(
        "prompting", "Prompting", "13_prompt_engineering", (13, 38),
        "zero-shot, few-shot and chain of thought on the tutor's model, scored, cost in tokens",
    ),
    Demo(
        "regularization", "Regularization", "15_regularization", (18,),
        "overfitting made and cured live: dropout, weight decay, early stopping, more data",
    ),
    Demo(
        "retrieval", "Retrieval", "18_rag_and_knowledge", (36, 40),
        "the live search stage by stage; answers with and without it; a knowledge graph",
    ),
    Demo(
        "dimensionality", "PCA", "20_dimensionality_reduction", (28,),
        "the guide's embeddings by PCA: eigenvalues, a map with your question on it",
    ),
)  # fmt: skip
