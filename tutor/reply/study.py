"""What to study: a plan over the guide's categories, and what an interviewer asks next.

The order is an authored one, in which each category needs only those before it. What was talked
about comes first in a plan, because it is fresh and half done.
"""

from collections.abc import Sequence

from tutor.guide.read import Guide, Question

# From what everything rests on to what builds on it, and within each from broad to narrow.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "the model itself",
        (
            "02_attention_mechanisms",
            "03_transformer_architecture",
            "01_tokenization_and_text",
            "07_embeddings",
            "17_model_architectures",
        ),
    ),
    (
        "how it learns",
        (
            "06_training_objectives",
            "09_loss_functions_and_math",
            "10_gradients_and_optimization",
            "15_regularization",
        ),
    ),
    (
        "how it is adapted",
        (
            "11_fine_tuning_methods",
            "13_prompt_engineering",
            "14_zero_and_few_shot",
            "12_model_distillation",
        ),
    ),
    (
        "how it is used",
        (
            "05_text_generation",
            "18_rag_and_knowledge",
            "04_context_and_memory",
            "19_efficiency_and_scaling",
            "21_bias_and_deployment",
        ),
    ),
    (
        "what stands around it",
        ("08_seq2seq_models", "16_generative_vs_discriminative", "20_dimensionality_reduction"),
    ),
)
HABIT = (
    "For each question: say the one-minute answer aloud before you read it, then answer two of its "
    "follow-ups, then let me quiz you. If time is short, do the first two steps and the category "
    "that the job is about."
)


def study_plan(guide: Guide, talked_about: Sequence[int]) -> str:
    """The plan as Markdown; `talked_about` are guide questions of this conversation, in order."""
    known = {category.folder: category for category in guide.categories}
    lines = []
    begun = [guide.questions[number] for number in dict.fromkeys(talked_about)]
    if begun:
        lines.append(f"Begin with what we have talked about: {named(begun)}. Then:\n")
    else:
        lines.append("A way through the guide in five steps, each resting on those before it:\n")
    for place, (aim, folders) in enumerate(STEPS, 1):
        parts = [
            f"{known[folder].title} ({', '.join(f'Q{q.number}' for q in known[folder].questions)})"
            for folder in folders
            if folder in known
        ]
        if parts:
            lines.append(f"{place}. **{aim.capitalize()}**: {', '.join(parts)}")
    return "\n".join([*lines, "", HABIT])


def named(questions: Sequence[Question]) -> str:
    """Questions as a list in a sentence."""
    return "; ".join(f"Q{q.number} {q.title.rstrip('?')}" for q in questions)


def asked_next(topic: Question, answered: Sequence[str]) -> str:
    """What an interviewer goes on with: follow-ups of the topic that were not yet answered."""
    left = [f.question for f in topic.follow_ups if f.question not in answered]
    title = topic.title.rstrip("?")
    if not left:
        return (
            f"Every follow-up of Q{topic.number} ({title}) is answered above. Say the answers "
            "again in your own words, let me quiz you, or go on with another question."
        )
    lines = "\n".join(f"- {question}" for question in left[:5])
    return (
        f"After Q{topic.number} ({title}) an interviewer would go on with:\n\n"
        f"{lines}\n\nTry one aloud, then ask it here to compare."
    )
