"""Measurements of time and memory: `make bench`. Nothing here passes or fails."""
