"""The GUI thread's end of the loading thread: files that are read, n-grams that are counted."""

import math

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.workers.baselines_counter import BaselinesCounter
from dinogui.workers.file_reader import FileReader, ReadRequest
from dinogui.workers.threads import named_thread, wait_for_end
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import DataKind
from engine.training.messages import RunRequest


class DataReader(QObject):
    """Has files read, of which the latest counts, and n-grams counted for the latest run.

    Lives in the GUI thread.

    Signals
    -------
    advanced(float)
        Share of a file that is read; 1 when it is done, read, refused or given up.
    read(Corpus or Text)
    refused(str)
        A file could not be read; a sentence says why.
    counted(int, tuple of NamesLoss)
        The run's generation, and what n-gram models of its data cost, order 1 first.
    """

    advanced = Signal(float)
    read = Signal(object)
    refused = Signal(str)
    counted = Signal(int, object)

    _load = Signal(object)
    _count = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._request = 0
        self._loader, self._counter = FileReader(), BaselinesCounter()
        self._thread = named_thread("loading", self)
        for worker in (self._loader, self._counter):
            worker.moveToThread(self._thread)
        self._load.connect(self._loader.load)
        self._count.connect(self._counter.count)
        self._loader.advanced.connect(self._take_share)
        self._loader.loaded.connect(self._take_data)
        self._loader.refused.connect(self._take_refusal)
        self._counter.counted.connect(self.counted)
        self._thread.start()

    def load(
        self, path: str, kind: DataKind | None, lower_case: bool, lower_case_text: bool
    ) -> None:
        """Read a file, and no other that may still be read; see `Session.load`."""
        self._abandon()
        self.advanced.emit(0.0)
        self._load.emit(ReadRequest(self._request, path, kind, lower_case, lower_case_text))

    def give_up(self) -> None:
        """Let a file that is still being read be."""
        self._abandon()
        self.advanced.emit(1.0)

    def _abandon(self) -> None:
        self._request += 1
        self._loader.abandon_before(self._request)

    def count(self, request: RunRequest) -> None:
        """Count n-grams for a run."""
        self._count.emit(request)

    def give_up_counting_before(self, run_id: int) -> None:
        """Count no more for earlier runs."""
        self._counter.abandon_before(run_id)

    def close(self, milliseconds: int) -> None:
        """End the thread, and wait for it, but no longer than that."""
        self._loader.abandon_before(math.inf)
        self._counter.abandon_before(math.inf)
        self._thread.quit()
        wait_for_end(self._thread, milliseconds)

    @property
    def has_ended(self) -> bool:
        """Whether the thread is at an end."""
        return self._thread.isFinished()

    @Slot(int, float)
    def _take_share(self, request: int, share: float) -> None:
        if request == self._request:
            self.advanced.emit(share)

    @Slot(int, object)
    def _take_data(self, request: int, data: Corpus | Text) -> None:
        if request == self._request:
            self.advanced.emit(1.0)
            self.read.emit(data)

    @Slot(int, str)
    def _take_refusal(self, request: int, message: str) -> None:
        if request == self._request:
            self.advanced.emit(1.0)
            self.refused.emit(message)
