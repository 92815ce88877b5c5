"""Advertisements in the style of real ones, against the real guide."""

import pytest

from tutor.practice.advert import match

pytestmark = [pytest.mark.model, pytest.mark.slow]

ADVERT = """Senior Applied LLM Engineer · Berlin or remote (EU)

Fernwood is a company of 140 people that helps insurers settle claims in hours. Our culture is kind.

What you'll do
- Fine-tune open-weight models with LoRA on domain data, and reduce cost through quantization
- Use speculative decoding, KV-cache reuse and prompt caching
- Build knowledge graphs with GraphRAG; tune rerankers and hybrid search
What we're looking for
• Solid grasp of regularisation (dropout, early stopping) and of softmax
• Strong Python; FastAPI, Docker, Kubernetes and AWS
• Nice to have: XGBoost, random forests and A/B testing
We offer a competitive salary, 30 days of paid vacation, dental insurance and a dog-friendly office.
"""


def test_skills_lead_to_their_categories_and_benefits_nowhere(library):
    found = match(ADVERT, library)
    led = {one.text: one.category for one in found.led}
    assert {
        "Use speculative decoding": "21_bias_and_deployment",
        "Build knowledge graphs with GraphRAG": "18_rag_and_knowledge",
        "tune rerankers": "18_rag_and_knowledge",
        "Solid grasp of regularisation": "15_regularization",
        "early stopping": "15_regularization",
        "softmax": "02_attention_mechanisms",
        "KV-cache reuse": "02_attention_mechanisms",
    }.items() <= led.items()
    assert {"FastAPI", "Docker", "Kubernetes", "XGBoost", "A/B testing"} <= set(found.left)
    shown = " ".join([*led, *found.left]).lower()
    assert [
        word for word in ("salary", "vacation", "dental", "dog", "culture") if word in shown
    ] == []
