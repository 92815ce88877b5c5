"""The errors a person may see. Each message is one line: what happened and what to run.

    TutorError
    ├── InputError      something the person typed cannot be used
    ├── SettingsError   a setting or TUTOR_* variable cannot be used
    ├── GuideError      the guide breaks its format (names file and line)
    ├── ModelError      a model file is missing, wrong, or cannot be fetched
    ├── StoreError      the index on disk cannot be read, built or written
    └── EngineError     the language model cannot load, answer, or answer in time
        ├── BusyError       it has no room for one more who waits
        └── AwayError       its address gives no answer

The command line and the chat handler catch TutorError once each and show the message. Every other
exception is a defect of the program and keeps its traceback.
"""


class TutorError(Exception):
    """Base of all errors whose message is meant for the person at the keyboard."""


class InputError(TutorError):
    """Something the person typed cannot be used."""


class SettingsError(TutorError):
    """A setting or TUTOR_* variable cannot be used."""


class GuideError(TutorError):
    """The guide breaks its format."""


class ModelError(TutorError):
    """A model file is missing, wrong, or cannot be fetched."""


class StoreError(TutorError):
    """The index on disk cannot be read, built or written."""


class EngineError(TutorError):
    """The language model cannot load, answer, or answer in time."""


class BusyError(EngineError):
    """The language model has no room for one more who waits."""


class AwayError(EngineError):
    """The language model's address gives no answer."""
