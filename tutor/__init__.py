"""The LLM interview tutor: a guide, an index over it, a small local model, and the page between."""

__version__ = "0.1.0"
