"""The figures of the guide: one small function a picture, drawn as SVG in light and dark."""

from figures import (
    attention,
    decoding,
    gradients,
    models,
    objectives,
    prompting,
    retrieval,
    serving,
    text,
    transformer,
    tuning,
)
from figures.catalog import CATALOG, Entry

__all__ = [
    "CATALOG",
    "Entry",
    "attention",
    "decoding",
    "gradients",
    "models",
    "objectives",
    "prompting",
    "retrieval",
    "serving",
    "text",
    "transformer",
    "tuning",
]
