"""The window's only door to the writing thread."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from dinogui.session.session import Session
from dinogui.workers.text_sampler import EntryOrder, TextOrder, TextSampler
from dinogui.workers.threads import named_thread, wait_for_end
from engine.data.text import Text
from engine.data.text_file import unify
from engine.sampling.decoding import SamplingError
from engine.training.messages import Snapshot, TextLogEntry

READ_OF_BEGINNING = 2_000
"""Symbols at the end of a beginning that the network reads: its memory does not reach further."""

_CLOSING_MILLISECONDS = 5_000


@dataclass(frozen=True)
class TextRequest:
    """What somebody wants to have written.

    Attributes
    ----------
    prompt : str
        The beginning, of any length.
    temperature : float
        Above 0.
    length : int
        Symbols to write after it, 1 or more.
    seed : int
        0 or more.
    """

    prompt: str
    temperature: float
    length: int
    seed: int


class TextGeneration(QObject):
    """Lets the session's network write text, also while it learns.

    Lives in the GUI thread, and owns the writing thread.

    Parameters
    ----------
    session : Session
        Whose network writes, as it is now: what is being written goes on from every snapshot.

    Attributes
    ----------
    is_writing : bool

    Signals
    -------
    begun(str)
        A text begins, with these symbols.
    written(str)
        The next ones.
    ended()
        The text is finished, was stopped, or its network is gone.
    entry_written(TextLogEntry)
        Now and then while a text is learned.
    failed(str)
        An exception; the log has the details.
    """

    begun = Signal(str)
    written = Signal(str)
    ended = Signal()
    entry_written = Signal(object)
    failed = Signal(str)

    _write = Signal(object)
    _renew = Signal(object)
    _stop = Signal()
    _write_entry = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_writing = False
        self._session = session
        self._number = 0
        self._run = 0
        self._thread = named_thread("writing", self)
        self._writer = TextSampler()
        self._writer.moveToThread(self._thread)
        # Emitted by the thread itself as it ends: timers may be stopped in their own thread only.
        self._thread.finished.connect(self._writer.halt, Qt.ConnectionType.DirectConnection)
        self._connect()
        self._thread.start()

    def _connect(self) -> None:
        writer, session = self._writer, self._session
        self._write.connect(writer.write)
        self._renew.connect(writer.renew)
        self._stop.connect(writer.stop)
        self._write_entry.connect(writer.write_entry)
        writer.written.connect(self._take_written)
        writer.ended.connect(self._take_end)
        writer.entry_written.connect(self._take_entry)
        writer.failed.connect(self._take_failure)
        session.run_begun.connect(self._begin_run)
        session.snapshot_taken.connect(self._take_snapshot)
        session.text_entry_due.connect(self._order_entry)

    def write(self, wish: TextRequest) -> None:
        """Begin a text; one that is being written is given up.

        Raises
        ------
        SamplingError, UnknownSymbolError
            With a sentence for people; what is being written goes on.
        """
        session = self._session
        snapshot, text = session.snapshot, session.corpus
        if snapshot is None or not isinstance(text, Text):
            raise SamplingError("There is no network yet that writes text. Open a text first.")
        prompt = unify(wish.prompt, lower_case=text.lower_case)
        snapshot.vocabulary.encode(prompt)
        self._number += 1
        self.is_writing = True
        self.begun.emit(prompt)
        self._write.emit(
            TextOrder(
                self._number,
                snapshot,
                prompt[-READ_OF_BEGINNING:],
                wish.temperature,
                wish.length,
                wish.seed,
                session.settings.window,
            )
        )

    @Slot()
    def stop(self) -> None:
        """Give up the text that is being written; what there is of it stays."""
        if self.is_writing:
            self._number += 1  # what is on its way belongs to an earlier order
            self.is_writing = False
            self._stop.emit()
            self.ended.emit()

    def close(self) -> None:
        """End the thread, and wait for it; a burst takes 30 ms."""
        self._thread.quit()
        wait_for_end(self._thread, _CLOSING_MILLISECONDS)

    @Slot()
    def _begin_run(self) -> None:
        self._run += 1
        self.stop()

    @Slot(object)
    def _take_snapshot(self, snapshot: Snapshot) -> None:
        if self.is_writing:
            self._renew.emit(snapshot)

    @Slot(object)
    def _order_entry(self, snapshot: Snapshot) -> None:
        self._write_entry.emit(EntryOrder(self._run, snapshot, self._session.settings.window))

    @Slot(int, str)
    def _take_written(self, number: int, text: str) -> None:
        if number == self._number:
            self.written.emit(text)

    @Slot(int)
    def _take_end(self, number: int) -> None:
        if number == self._number:
            self.is_writing = False
            self.ended.emit()

    @Slot(int, object)
    def _take_entry(self, run: int, entry: TextLogEntry) -> None:
        if run == self._run:
            self.entry_written.emit(entry)

    @Slot(str)
    def _take_failure(self, message: str) -> None:
        self.is_writing = False
        self.ended.emit()
        self.failed.emit(f"The writing was stopped by an error ({message}). Write again to go on.")
