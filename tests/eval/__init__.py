"""Measurements of answers on labelled questions: `make eval`."""
