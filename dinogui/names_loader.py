"""Reads names files in a thread of its own: neither window nor training waits for a disk."""

import logging

from PySide6.QtCore import QObject, Signal, Slot

from engine.corpus import CorpusError, read_names

_log = logging.getLogger(__name__)


class _AbandonedError(Exception):
    """Nobody wants the file any more."""


class NamesLoader(QObject):
    """Turns paths into corpora.

    Lives in the loading thread; its slot is reached by queued signals only.

    Signals
    -------
    advanced(int, float)
        The request, and the share of it that is done.
    loaded(int, Corpus)
    refused(int, str)
        The request, and a sentence that says what is wrong with the file.
    """

    advanced = Signal(int, float)
    loaded = Signal(int, object)
    refused = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        # The one thing that two threads share, a number that one writes and the other reads: an
        # order to stop cannot wait in the queue behind the work that it is to stop.
        self._wanted_from = 0.0

    def abandon_before(self, request: float) -> None:
        """Give up whatever was requested before. Called from the GUI thread."""
        self._wanted_from = request

    @Slot(int, str, bool)
    def load(self, request: int, path: str, lower_case: bool) -> None:
        """Read the file at `path`."""

        def advance(share: float) -> None:
            if request < self._wanted_from:
                raise _AbandonedError
            self.advanced.emit(request, share)

        try:
            corpus = read_names(path, lower_case=lower_case, on_progress=advance)
        except _AbandonedError:
            return
        except CorpusError as error:
            self.refused.emit(request, str(error))
        except Exception as error:  # the thread's edge: nothing may be lost without a word
            _log.exception("Reading %s failed.", path)
            self.refused.emit(request, f"“{path}” cannot be read: {error}.")
        else:
            self.loaded.emit(request, corpus)
