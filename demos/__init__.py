"""Demos: each folder shows one category of the guide on real models. See `demos.catalog`."""
