"""Demos: each module shows one category of the guide on real models. See `demos.catalog`."""
