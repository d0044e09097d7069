"""Reads files in a thread of its own: neither window nor training waits for a disk."""

import logging
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from engine.data.corpus import Corpus
from engine.data.input_formats import choose_input_format
from engine.data.text import Text
from engine.data.training_data import CorpusError, DataKind, OnProgress

_log = logging.getLogger(__name__)


class _AbandonedError(Exception):
    """Nobody wants the file any more."""


@dataclass(frozen=True)
class ReadRequest:
    """A file to read.

    Attributes
    ----------
    number : int
        Grows with every request. Messages carry it, so that a late one of an earlier one is known.
    path : str
    kind : str or None
        What to read it as: "names" or "text"; None to tell by how it begins.
    lower_case_names, lower_case_text : bool
        Whether to lower-case it, should it be one or the other.
    """

    number: int
    path: str
    kind: DataKind | None = None
    lower_case_names: bool = True
    lower_case_text: bool = False


class FileReader(QObject):
    """Turns paths into what can be learned: a list of names or a running text.

    Lives in the loading thread; its slot is reached by queued signals only.

    Signals
    -------
    advanced(int, float)
        The request's number, and the share of it that is done.
    loaded(int, Corpus or Text)
    refused(int, str)
        The request's number, and a sentence that says what is wrong with the file.
    """

    advanced = Signal(int, float)
    loaded = Signal(int, object)
    refused = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        # The one thing that two threads share, a number that one writes and the other reads: an
        # order to stop cannot wait in the queue behind the work that it is to stop.
        self._wanted_from = 0.0

    def abandon_before(self, number: float) -> None:
        """Give up whatever was requested before. Called from the GUI thread."""
        self._wanted_from = number

    @Slot(object)
    def load(self, request: ReadRequest) -> None:
        """Read a file."""

        def advance(share: float) -> None:
            if request.number < self._wanted_from:
                raise _AbandonedError
            self.advanced.emit(request.number, share)

        try:
            found = _read(request, advance)
        except _AbandonedError:
            return
        except CorpusError as error:
            self.refused.emit(request.number, str(error))
        except Exception as error:  # the thread's edge: nothing may be lost without a word
            _log.exception("Reading %s failed.", request.path)
            self.refused.emit(request.number, f"“{request.path}” cannot be read: {error}.")
        else:
            self.loaded.emit(request.number, found)


def _read(request: ReadRequest, advance: OnProgress) -> Corpus | Text:
    advance(0.0)
    chosen = choose_input_format(request.path, request.kind)
    is_names = chosen.kind == "names"
    lower_case = request.lower_case_names if is_names else request.lower_case_text
    return chosen.read(request.path, lower_case=lower_case, on_progress=advance)
