"""Loads a tutor in the background while the page is already up, and says how far it is.

First the library (guide, embedder, index): from then on questions are answered with the guide's
passages. Then the language model, fetched if need be: from then on replies are continued. If the
model cannot be had, the tutor goes on without it and the status says why. A model that is an
address is looked for every few seconds: while it is away another stands in, or none.
"""

import gc
import logging
import threading
from dataclasses import dataclass

from tutor.engine.endpoint import EndpointEngine
from tutor.engine.generate import Engine
from tutor.engine.models import embedder_dir
from tutor.errors import EngineError, TutorError
from tutor.practice.grader import Grader, TrainedGrader
from tutor.practice.hearing import Hearing, can_hear, open_hearing
from tutor.reply.tutor import Tutor
from tutor.settings import Settings
from tutor.start import NO_MODEL, Library, make_tutor, open_library, try_engine

log = logging.getLogger(__name__)

LONGEST_WAIT = 900.0  # seconds: a model of 500 MB over a slow line
LOOK = 5.0  # seconds between looks at whether a model's address answers
LONGEST_STOP = 15.0  # seconds until a step that cannot be left, as reading the model, must be over


@dataclass(frozen=True)
class Status:
    """What is going on: a line of text, the share done (0 to 1) where something is counted.

    It `may_change` again when the model is an address.
    """

    text: str
    share: float | None = None
    searchable: bool = False
    ready: bool = False
    problem: str = ""
    may_change: bool = False


class Loading:
    """Owns the parts of one served tutor. Start it once; every visitor reads from it."""

    def __init__(self, settings: Settings):
        """Nothing happens before `start`."""
        self.settings = settings
        self._status = Status("Starting")
        self._tutor: Tutor | None = None
        self._library: Library | None = None
        self._engine: Engine | None = None
        self._opened: list[Engine] = []  # the one that answers, and one that stood in for it
        self._grader: Grader | None = None
        self._hearing: Hearing | None = None
        self._listening = threading.Lock()
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def status(self) -> Status:
        """How far it is."""
        return self._status

    def start(self) -> None:
        """Load on a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="loading", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Load everything; errors end up in the status."""
        try:
            library = self._library = open_library(self.settings, self.report)
            self._set(Status("Loading the language model", searchable=True), library, None)
            engine, problem = self.open(self.settings)
            self._set(ready(engine, problem), library, engine)
            # What is loaded stays: the garbage collector need not walk it again for every visitor.
            gc.freeze()
            if isinstance(engine, EndpointEngine):
                self.watch(library, engine)
        except TutorError as error:
            self._fail(str(error))
        # A defect must not leave every visitor waiting: it is logged with its traceback, and said.
        except Exception:
            log.exception("loading failed")
            self._fail("The tutor could not start; its log says why.")
        if self._closed:
            self.free()

    def open(self, settings: Settings) -> tuple[Engine | None, str]:
        """The model of the settings, to be closed at the end; or None and why."""
        engine, problem = try_engine(settings, self.report)
        if engine:
            self._opened.append(engine)
        return engine, problem

    def watch(self, library: Library, engine: EndpointEngine) -> None:
        """Until this is closed: the address answers, or what stands in while it does not."""
        stand_in, asked = None, self.settings.model_copy(update={"model": self.settings.fallback})
        away = None
        while not self._closed:
            problem = problem_of(engine)
            if problem and not away:
                self._set(ready(stand_in, problem, True), library, stand_in)
                if stand_in is None and self.settings.fallback != NO_MODEL:
                    stand_in, failed = self.open(asked)
                    text = " ".join(filter(None, [problem, failed]))
                    self._set(ready(stand_in, text, True), library, stand_in)
            elif not problem and away != "":
                self._set(ready(engine, "", True), library, engine)
            away = problem
            with self._changed:
                self._changed.wait_for(lambda: self._closed, LOOK)

    def report(self, text: str, share: float | None) -> None:
        """Take up what the start is doing now; TutorError, which ends it, once this is closed."""
        if self._closed:
            raise TutorError("The tutor was stopped while it was loading.")
        with self._changed:
            self._status = Status(text, share, searchable=self._tutor is not None)
            self._changed.notify_all()

    def _set(self, status: Status, library: Library, engine: Engine | None) -> None:
        with self._changed:
            self._engine = engine
            self._tutor = make_tutor(library, engine, self.settings)
            self._status = status
            self._changed.notify_all()

    def _fail(self, problem: str) -> None:
        with self._changed:
            self._status = Status("Not available", problem=problem)
            self._changed.notify_all()

    def tutor(self, wait: float = 0.0) -> Tutor | None:
        """The tutor, waited for up to `wait` seconds; None if it is not there yet.

        Raises TutorError with the reason if it will not come.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._tutor or self._status.problem, wait)
            if self._tutor is None and self._status.problem:
                raise TutorError(self._status.problem)
            return self._tutor

    def library(self) -> Library:
        """The library, waited for; TutorError if it will not come."""
        self.tutor(LONGEST_WAIT)
        if self._library is None:
            raise TutorError("The tutor is still loading. Try again in a moment.")
        return self._library

    def engine(self) -> Engine:
        """The language model, waited for; TutorError if there is none."""
        with self._changed:
            self._changed.wait_for(lambda: self._status.ready or self._status.problem, LONGEST_WAIT)
            if self._engine is None:
                problem = self._status.problem or "The tutor runs without a language model."
                raise TutorError(f"{problem} See: python -m tutor models")
            return self._engine

    def grader(self) -> Grader:
        """The grader of practice answers, read when it is first wanted, in half a second.

        Raises ModelError if it was trained on another embedding model.
        """
        with self._changed:
            if self._grader is None:
                self._grader = TrainedGrader(*embedder_dir(self.settings.home))
            return self._grader

    @property
    def hears(self) -> bool:
        """Whether answers can be given aloud: the extra is installed."""
        return can_hear()

    def hearing(self) -> Hearing:
        """What writes answers down, read when it is first wanted, in seconds.

        Raises TutorError if it is not installed, or its files are not what they should be.
        """
        with self._listening:  # a lock of its own: nobody who types waits for this
            if self._hearing is None:
                self._hearing = open_hearing(self.settings)
            if self._hearing is None:
                raise TutorError("Answering aloud is not installed. Run: make speech")
            return self._hearing

    def leave(self) -> None:
        """Say that this is about to end, so that proxies send nobody any more."""
        with self._changed:
            self._status = Status("Stopping", ready=True)
            self._changed.notify_all()

    def close(self) -> None:
        """Stop loading at its next step and free what is there.

        The program must not end around a thread in native code: that aborts it.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(LONGEST_STOP)
        self.free()

    def free(self) -> None:
        """Free the model and the index, once."""
        opened, library, self._opened, self._library = self._opened, self._library, [], None
        self._engine = None
        for engine in opened:
            engine.close()
        if library:
            library.index.close()


def problem_of(engine: EndpointEngine) -> str:
    """Why a model's address does not answer; empty if it does."""
    try:
        engine.check()
    except EngineError as error:
        return str(error)
    return ""


def ready(engine: Engine | None, problem: str, may_change: bool = False) -> Status:
    """The status of a tutor that is complete, with or without its model."""
    return Status(
        ready_text(engine), searchable=True, ready=True, problem=problem, may_change=may_change
    )


def ready_text(engine: Engine | None) -> str:
    """What the page says of a tutor that is complete."""
    return f"Answering with {engine.name}" if engine else "Answering with the guide's own passages"
