"""The worker that writes text, a few symbols at a time, with the network as it is now."""

import time
from collections import deque
from dataclasses import dataclass

from dinogui.common.sampling_messages import TextRequest
from dinogui.workers.service import Order, Worker
from engine.sampling.log_entries import TEXT_SYMBOLS, text_log_entry, text_log_writer
from engine.sampling.text import TextGenerator
from engine.training.messages import Snapshot

BURST_SECONDS = 0.03
BURST_SYMBOLS = 40
"""The two limits of a burst: it is short enough to be watched and to be stopped."""


@dataclass
class _Text:
    """A text that is being written."""

    order: Order
    writer: TextGenerator
    left: int
    one_document: bool


@dataclass
class _Entry:
    """A log entry to write; it has a writer once it is begun."""

    order: Order
    snapshot: Snapshot
    window: int | None
    document_break: str | None
    writer: TextGenerator | None = None
    left: int = TEXT_SYMBOLS


class TextSampler(Worker):
    """Writes one text at a time, and log entries beside it; takes orders between two bursts.

    Lives in the text thread.
    """

    task = "Writing text"

    def __init__(self) -> None:
        super().__init__()
        self._text: _Text | None = None
        self._entries: deque[_Entry] = deque()
        # An interval of zero fires when all that was queued has been done: so orders come first.
        self._bursts = self.timer(TextSampler._write_on)

    def write(
        self,
        snapshot: Snapshot,
        request: TextRequest,
        window: int | None,
        document_break: str | None = None,
    ) -> None:
        """Write a text in place of the one that is being written, and report each burst.

        Parameters
        ----------
        snapshot : Snapshot
            The network to begin with.
        request : TextRequest
        window : int or None
            As in `RunSettings`.
        document_break : str or None
            As in `engine.data.text.Text`.
        """
        self._end_text()
        writer = TextGenerator(
            snapshot.parameters,
            snapshot.vocabulary,
            request.prompt,
            seed=request.seed,
            temperature=request.temperature,
            window=window,
            document_break=document_break,
        )
        self._text = _Text(self.defer(), writer, request.length, request.one_document)
        self._bursts.start(0)

    def renew(self, snapshot: Snapshot) -> None:
        """Go on with the network as it is now."""
        if self._text is not None:
            self._text.writer.set_parameters(snapshot.parameters)

    def write_entry(
        self, snapshot: Snapshot, window: int | None, document_break: str | None = None
    ) -> None:
        """Write a log entry after those that were ordered before it.

        Parameters
        ----------
        snapshot : Snapshot
            The network as it was at that step.
        window : int or None
            As in `RunSettings`.
        document_break : str or None
            As in `engine.data.text.Text`.
        """
        self._entries.append(_Entry(self.defer(), snapshot, window, document_break))
        self._bursts.start(0)

    def recover_from(self, error: Exception, order: Order | None) -> None:
        """Drop everything if the writing itself has failed."""
        if order is None:
            self.halt()
            self._text = None
            self._entries.clear()

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        return (
            f"The writing was stopped by an error ({type(error).__name__}: {error}). "
            "Write again to go on."
        )

    def _write_on(self) -> None:
        """Write a burst of the text, and one of the first log entry."""
        if self._text is not None:
            self._write_on_text(self._text)
        if self._entries:
            self._write_on_entry(self._entries[0])
        if self._text is None and not self._entries:
            self._bursts.stop()

    def _write_on_text(self, text: _Text) -> None:
        if not text.order.is_cancelled:
            symbols = _burst(text.writer, text.left, one_document=text.one_document)
            text.left -= len(symbols)
            self.report("".join(symbols), text.order)
        is_at_end = text.one_document and text.writer.is_at_end
        if text.order.is_cancelled or is_at_end or not text.left:
            self._end_text()

    def _end_text(self) -> None:
        text, self._text = self._text, None
        if text is not None:
            self.finish(text.order)

    def _write_on_entry(self, entry: _Entry) -> None:
        snapshot, order = entry.snapshot, entry.order
        if order.is_cancelled:
            self._entries.popleft()
            self.finish(order)
            return
        if entry.writer is None:
            entry.writer = text_log_writer(snapshot, entry.window, entry.document_break)
        entry.left -= len(_burst(entry.writer, entry.left))
        if not entry.left:
            self._entries.popleft()
            self.finish(order, text_log_entry(snapshot, entry.writer.text))


def _burst(writer: TextGenerator, most: int, *, one_document: bool = False) -> list[str]:
    """Write at least one symbol, or the end of the document, and return the symbols."""
    end = time.perf_counter() + BURST_SECONDS
    written: list[str] = []
    # The empty text never comes, so all symbols are written.
    for symbol in writer.write_until(min(most, BURST_SYMBOLS), None if one_document else ""):
        written.append(symbol)
        if time.perf_counter() >= end:
            break
    return written
