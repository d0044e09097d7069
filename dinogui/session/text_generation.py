"""The GUI thread's side of the text thread: the network writes text and log entries."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.common.sampling_messages import TextRequest
from dinogui.session.session import Session
from dinogui.workers.service import Refusal, WorkerClient
from dinogui.workers.text_sampler import TextSampler
from engine.data.text import Text
from engine.sampling.decoding import SamplingError
from engine.sampling.prompts import unified_prompt
from engine.training.messages import Snapshot

PROMPT_SYMBOLS = 2_000
"""Symbols at the end of a prompt that the network reads: its memory reaches no further back."""


class TextGeneration(QObject):
    """Has the session's network write text, also while it learns.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
        The network that is looked at writes, as it is now: a text goes on with every new snapshot.
        Its threads get one named "text".
    parent : QObject, optional

    Attributes
    ----------
    is_writing : bool

    Signals
    -------
    begun(str)
        A text begins, with these symbols.
    written(str)
        The next symbols.
    ended()
        The text is finished or was stopped, or its network is gone.
    entry_written(TextLogEntry)
        Now and then while a text is learned.
    failed(str)
        A sentence about an exception; the log has the details.
    """

    begun = Signal(str)
    written = Signal(str)
    ended = Signal()
    entry_written = Signal(object)
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_writing = False
        self._session = session
        self._client = WorkerClient(TextSampler(), session.threads.start("text"), self)
        session.run_begun.connect(self._begin_run)
        session.view_changed.connect(self._take_snapshot)
        session.text_entry_due.connect(self._order_entry)

    def write(self, request: TextRequest) -> None:
        """Begin a text in place of the one that is being written.

        Raises
        ------
        SamplingError, UnknownSymbolError
            With a sentence for people; the text that is being written goes on.
        """
        session = self._session
        snapshot, text = session.viewed_snapshot, session.corpus
        if snapshot is None or not isinstance(text, Text):
            raise SamplingError("There is no network yet that writes text. Open a text first.")
        prompt = unified_prompt(request.prompt, lower_case=text.lower_case)
        snapshot.vocabulary.encode(prompt)
        self.is_writing = True
        self.begun.emit(prompt)
        self._client.order(
            TextSampler.write,
            snapshot,
            replace(request, prompt=prompt[-PROMPT_SYMBOLS:]),
            session.settings.window,
            text.document_break,
            done=self._take_end,
            refused=self._take_refusal,
            reported=self.written.emit,
            supersedes=True,
        )

    @Slot()
    def stop(self) -> None:
        """Stop the text that is being written; what there is of it stays."""
        if self.is_writing:
            self._client.cancel(TextSampler.write)
            self.is_writing = False
            self.ended.emit()

    @Slot()
    def _begin_run(self) -> None:
        self._client.cancel(TextSampler.write_entry)
        self.stop()

    @Slot(object)
    def _take_snapshot(self, snapshot: Snapshot) -> None:
        if self.is_writing:
            self._client.order(TextSampler.renew, snapshot)

    @Slot(object)
    def _order_entry(self, snapshot: Snapshot) -> None:
        session = self._session
        if session.kind != "text":
            return
        self._client.order(
            TextSampler.write_entry,
            snapshot,
            session.settings.window,
            None if session.corpus is None else session.corpus.document_break,
            done=self.entry_written.emit,
            refused=self._take_entry_refusal,
        )

    def _take_end(self, _value: object) -> None:
        self.is_writing = False
        self.ended.emit()

    def _take_refusal(self, refusal: Refusal) -> None:
        self.is_writing = False
        self.ended.emit()
        self.failed.emit(refusal.sentence)

    def _take_entry_refusal(self, refusal: Refusal) -> None:
        self.failed.emit(refusal.sentence)
