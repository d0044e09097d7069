"""The GUI thread's side of the loading thread: files are read, and n-grams are counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dinogui.workers.baselines_counter import BaselinesCounter
from dinogui.workers.file_reader import (
    AS_RUN,
    WITH_CHOICES,
    EncodingMisfit,
    FileReader,
    ReadRequest,
)
from dinogui.workers.service import Refusal, Threads, WorkerClient
from engine.data.corpus import Corpus
from engine.data.sources.data_source import DataSource
from engine.data.text import Text
from engine.training.messages import RunRequest

if TYPE_CHECKING:
    from engine.data.preview import Preview


class DataReader(QObject):
    """Has data files read, one at a time, and n-grams counted for the latest run.

    Lives in the GUI thread. A new file takes the place of one that is still being read.

    Parameters
    ----------
    threads : Threads
        It gets a thread named "loading".
    parent : QObject

    Signals
    -------
    advanced(float)
        The share of a file that has been read; 1 when it is read, refused or cancelled.
    read(Corpus or Text)
    refused(str)
        A file could not be read; a sentence says why.
    questioned(str or DataSource, Preview)
        Somebody must say how to read a file; this is what is known of it.
    misfitted(str or DataSource, EncodingMisfit)
        The bytes of a file do not fit its encoding. `refused` comes before.
    misread(str or DataSource, str)
        A file could not be read as it was recognised or chosen, but perhaps in another way; a
        sentence says why. `refused` comes before.
    found_run(str)
        The file is a saved run; a sentence says so.
    counted(int, Baselines)
        The id of a run, and the losses of n-gram models of its data. If there is much held-out
        data, those on all of it follow in a second message.
    """

    advanced = Signal(float)
    read = Signal(object)
    refused = Signal(str)
    questioned = Signal(object, object)
    misfitted = Signal(object, object)
    misread = Signal(object, str)
    found_run = Signal(str)
    counted = Signal(int, object)

    def __init__(self, threads: Threads, parent: QObject) -> None:
        super().__init__(parent)
        self._source: str | DataSource = ""
        thread = threads.start("loading")
        self._reader = WorkerClient(FileReader(), thread, self)
        self._understanding = WorkerClient(FileReader(), thread, self)
        self._counter = WorkerClient(BaselinesCounter(), thread, self)

    def load(self, request: ReadRequest) -> None:
        """Read data in place of any other that are still being read; see `Session.load`."""
        self._source = request.source
        self.advanced.emit(0.0)
        self._reader.order(
            FileReader.read,
            request,
            done=self._take_answer,
            refused=self._take_refusal,
            reported=self.advanced.emit,
            supersedes=True,
        )

    def give_up(self) -> None:
        """Cancel the file that is being read, if there is one."""
        self._reader.cancel(FileReader.read)
        self.advanced.emit(1.0)

    def understand(
        self,
        request: ReadRequest,
        done: Callable[[Corpus | Text], None],
        refused: Callable[[str], None],
    ) -> None:
        """Read data for `done`, and for nothing else; see `Session.understand`."""
        self._understanding.order(
            FileReader.read,
            request,
            done=done,
            refused=lambda refusal: refused(refusal.sentence),
            supersedes=True,
        )

    def give_up_understanding(self) -> None:
        """Cancel the data that are being read for `understand`, if there are any."""
        self._understanding.cancel(FileReader.read)

    def count(self, request: RunRequest) -> None:
        """Count n-grams for a run, and no longer for any other."""
        self._counter.order(
            BaselinesCounter.count,
            request,
            done=partial(self.counted.emit, request.run_id),
            reported=partial(self.counted.emit, request.run_id),
            supersedes=True,
        )

    def give_up_counting(self) -> None:
        """Cancel the counting of n-grams: its run is no longer shown."""
        self._counter.cancel(BaselinesCounter.count)

    def _take_answer(self, answer: Corpus | Text | Preview | EncodingMisfit) -> None:
        self.advanced.emit(1.0)
        if isinstance(answer, Corpus | Text):
            self.read.emit(answer)
        elif isinstance(answer, EncodingMisfit):
            self.refused.emit(answer.sentence)
            self.misfitted.emit(self._source, answer)
        else:
            self.questioned.emit(self._source, answer)

    def _take_refusal(self, refusal: Refusal) -> None:
        self.advanced.emit(1.0)
        is_run = refusal.instead == AS_RUN
        (self.found_run if is_run else self.refused).emit(refusal.sentence)
        if refusal.instead == WITH_CHOICES:
            self.misread.emit(self._source, refusal.sentence)
