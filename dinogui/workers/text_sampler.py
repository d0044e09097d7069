"""Writes text in a thread of its own, a few symbols at a time, from the network as it is now."""

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.sampling.text import TextGenerator
from engine.training.messages import Snapshot, TextLogEntry

BURST_SECONDS = 0.03
BURST_SYMBOLS = 40
"""A burst is as long as one of these two allows: short enough to be watched and to be stopped."""

ENTRY_SYMBOLS = 200
"""Symbols of writing in a log entry."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TextOrder:
    """A text to write.

    Attributes
    ----------
    number : int
        Grows with every order. Messages carry it, so that a late one of an earlier one is known.
    snapshot : Snapshot
        The network to begin with.
    prompt : str
        What it reads before it writes, in symbols that it knows.
    temperature : float
    length : int
        Symbols to write.
    seed : int
    window : int or None
        As in `RunSettings`.
    """

    number: int
    snapshot: Snapshot
    prompt: str
    temperature: float
    length: int
    seed: int
    window: int | None


@dataclass(frozen=True)
class EntryOrder:
    """A log entry to write.

    Attributes
    ----------
    run : int
        Grows with every run.
    snapshot : Snapshot
        The network as it was at that step.
    window : int or None
        As in `RunSettings`.
    """

    run: int
    snapshot: Snapshot
    window: int | None


def _reported(slot: Callable[..., None]) -> Callable[..., None]:
    """Turn an exception that a slot lets out into the `failed` signal: the one catch there is."""

    @wraps(slot)
    def run(self: "TextSampler", *arguments: object) -> None:
        try:
            slot(self, *arguments)
        except Exception as error:
            _log.exception("The writing failed.")
            self.halt()
            self.failed.emit(f"{type(error).__name__}: {error}")

    return run


class TextSampler(QObject):
    """Follows one writing order at a time, and writes log entries beside it.

    Lives in the writing thread; its slots are reached by queued signals only. Between two bursts it
    takes orders.

    Signals
    -------
    written(int, str)
        The order's number, and the next symbols.
    ended(int)
        All that the order asked for is written.
    entry_written(int, TextLogEntry)
        The number of the run it belongs to.
    failed(str)
        An exception that nobody expected; nothing more is written.
    """

    written = Signal(int, str)
    ended = Signal(int)
    entry_written = Signal(int, object)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._writer: TextGenerator | None = None
        self._number = 0
        self._left = 0
        self._entries: deque[EntryOrder] = deque()
        self._entry_writer: TextGenerator | None = None
        self._entry_left = 0
        # An interval of zero fires when all that was queued has been done: so orders come first.
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._write_on)

    @Slot(object)
    @_reported
    def write(self, order: TextOrder) -> None:
        """Begin another text; one that is being written is given up."""
        self._number, self._left = order.number, order.length
        self._writer = TextGenerator(
            order.snapshot.parameters,
            order.snapshot.vocabulary,
            order.prompt,
            seed=order.seed,
            temperature=order.temperature,
            window=order.window,
        )
        self._timer.start(0)

    @Slot(object)
    @_reported
    def renew(self, snapshot: Snapshot) -> None:
        """Go on with the network as it is now."""
        if self._writer is not None:
            self._writer.set_parameters(snapshot.parameters)

    @Slot()
    def stop(self) -> None:
        """Give up the text that is being written."""
        self._writer = None

    @Slot(object)
    @_reported
    def write_entry(self, order: EntryOrder) -> None:
        """Write a log entry, after those that were ordered before it."""
        if self._entries and self._entries[0].run != order.run:
            self._forget_entries()
        self._entries.append(order)
        self._timer.start(0)

    @Slot()
    def halt(self) -> None:
        """Stop whatever goes on, without a word."""
        self._timer.stop()
        self._writer = None
        self._forget_entries()

    @Slot()
    @_reported
    def _write_on(self) -> None:
        """Write a burst of the text, and one of the log entry."""
        if self._writer is not None:
            text = _burst(self._writer, self._left)
            self._left -= len(text)
            self.written.emit(self._number, text)
            if not self._left:
                self._writer = None
                self.ended.emit(self._number)
        if self._entries:
            self._write_on_entry(self._entries[0])
        if self._writer is None and not self._entries:
            self._timer.stop()

    def _write_on_entry(self, order: EntryOrder) -> None:
        snapshot = order.snapshot
        if self._entry_writer is None:
            self._entry_left = ENTRY_SYMBOLS
            self._entry_writer = TextGenerator(
                snapshot.parameters, snapshot.vocabulary, seed=snapshot.step, window=order.window
            )
        self._entry_left -= len(_burst(self._entry_writer, self._entry_left))
        if not self._entry_left:
            entry = TextLogEntry(
                snapshot.step, snapshot.smoothed_loss or 0.0, self._entry_writer.text
            )
            self._entry_writer = None
            self._entries.popleft()
            self.entry_written.emit(order.run, entry)

    def _forget_entries(self) -> None:
        self._entries.clear()
        self._entry_writer = None


def _burst(writer: TextGenerator, most: int) -> str:
    """Write some symbols, one at least, and return them."""
    end = time.perf_counter() + BURST_SECONDS
    written = [writer.write()]
    while len(written) < min(most, BURST_SYMBOLS) and time.perf_counter() < end:
        written.append(writer.write())
    return "".join(written)
