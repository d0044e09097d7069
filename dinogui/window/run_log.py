"""The training log: entries go under the heading of their run, into the log of their kind."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Slot

from dinogui.common.words import run_text
from dinogui.panels.text.training_log import TrainingLog
from dinogui.session.session import Session
from dinogui.session.text_generation import TextGeneration
from engine.training.messages import LogEntry, TextLogEntry


class RunLog(QObject):
    """Shows the log entries of the run shown. The entries themselves are in `Run.log`.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
        Sends the entries of a run on names.
    text_generation : TextGeneration
        Sends those of a run on a text.
    names, texts : TrainingLog
        Where they are shown.
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
        self._needs_heading = False
        session.run_begun.connect(self._begin_run)
        session.log_entry_written.connect(self._show)
        text_generation.entry_written.connect(self._add_text)

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
        """Add what was logged of the run shown before it was opened."""
        for entry in entries:
            self._session.run.log.append(entry)
            if isinstance(entry, LogEntry):
                self._show(entry)
            else:
                self._show_text(entry)

    @Slot()
    def _begin_run(self) -> None:
        self._needs_heading = True

    @Slot(object)
    def _show(self, entry: LogEntry) -> None:
        self._write_heading(self._names.write_heading)
        self._names.write(entry)

    @Slot(object)
    def _add_text(self, entry: TextLogEntry) -> None:
        self._session.run.log.append(entry)
        self._show_text(entry)

    def _show_text(self, entry: TextLogEntry) -> None:
        self._write_heading(self._texts.write_heading)
        self._texts.write_text(entry)

    def _write_heading(self, write: Callable[[str], None]) -> None:
        """Name the run before its first entry, so that a run without entries has no heading."""
        run = self._session.run
        if self._needs_heading and run.corpus is not None:
            self._needs_heading = False
            write(run_text(run.corpus.source, run.recipe, run.hyperparameters, run.settings))
