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


DEMOS: tuple[Demo, ...] = ()
