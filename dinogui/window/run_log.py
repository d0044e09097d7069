"""The log of the runs: who writes an entry, and when a heading is due."""

from collections.abc import Callable, Iterable
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Slot

from dinogui.common.words import run_text
from dinogui.panels.text.training_log import TrainingLog
from dinogui.session.curves import Curves
from dinogui.session.session import Session
from dinogui.session.text_generation import TextGeneration
from engine.training.messages import LogEntry, TextLogEntry


class RunLog(QObject):
    """Puts the entries of a run under its heading, into the log for its kind of data.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
        Writes the entries of a run on names.
    desk : TextGeneration
        Writes those of a text.
    names, texts : TrainingLog
        For runs on the one and the other.
    """

    def __init__(
        self,
        session: Session,
        text_generation: TextGeneration,
        names: TrainingLog,
        texts: TrainingLog,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._names, self._texts = names, texts
        self._wants_heading = False
        # A run is known by its curves: where it is gone back to, they are as well.
        self._entries: WeakKeyDictionary[Curves, list[LogEntry | TextLogEntry]]
        self._entries = WeakKeyDictionary()
        session.run_begun.connect(self._begin_run)
        session.log_entry_written.connect(self._write)
        text_generation.entry_written.connect(self._write_text)

    @property
    def entries(self) -> list[LogEntry | TextLogEntry]:
        """Those of this run; another run has another list."""
        return self._entries.setdefault(self._session.curves, [])

    @Slot()
    def copy(self) -> None:
        """Copy the whole log that is shown."""
        self._shown.copy()

    @Slot()
    def find(self) -> None:
        """Search the log that is shown."""
        self._shown.search.begin()

    @property
    def _shown(self) -> TrainingLog:
        return self._texts if self._session.kind == "text" else self._names

    def recall(self, entries: Iterable[LogEntry | TextLogEntry]) -> None:
        """Write what was logged of this run before it was opened."""
        for entry in entries:
            if isinstance(entry, LogEntry):
                self._write(entry)
            else:
                self._write_text(entry)

    @Slot()
    def _begin_run(self) -> None:
        self._wants_heading = True

    @Slot(object)
    def _write(self, entry: LogEntry) -> None:
        self.entries.append(entry)
        self._head(self._names.write_heading)
        self._names.write(entry)

    @Slot(object)
    def _write_text(self, entry: TextLogEntry) -> None:
        self.entries.append(entry)
        self._head(self._texts.write_heading)
        self._texts.write_text(entry)

    def _head(self, write: Callable[[str], None]) -> None:
        """Name the run before its first entry: one that logs nothing leaves no heading."""
        session = self._session
        if self._wants_heading and session.corpus is not None:
            self._wants_heading = False
            run = (session.recipe, session.hyperparameters, session.settings)
            write(run_text(session.corpus.source, *run))
