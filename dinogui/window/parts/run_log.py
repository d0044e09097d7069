"""The training log: the entries of the run shown, in the log of their kind."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Slot

from dinogui.common.data_nouns import DATA_NOUNS
from dinogui.panels.text.learned_rows import step_of
from dinogui.panels.text.training_log import TrainingLog
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.session.text_generation import TextGeneration
from dinogui.window.layout.right_columns import RightColumns
from engine.training.messages import AnyLogEntry

_NAMES_TO_COME = "During the training: seven names every 2,000 steps."
_TOLD_TO_COME = (
    "During the training: how many held-out {} are told right, and what is told of a few of "
    "them, every 2,000 steps."
)

_REST_MILLISECONDS = 1_000
"""So often at most, entries are added while the run trains."""


class RunLog(QObject):
    """Shows the log entries of the run shown. The entries themselves are in `Run.log`.

    A fast training writes several a second, faster than anybody reads them; they are added
    together. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
        Sends the entries of runs on names and on melodies.
    text_generation : TextGeneration
        Sends those of a run on a text.
    columns : RightColumns
        Where they are shown.
    """

    def __init__(
        self,
        session: Session,
        text_generation: TextGeneration,
        columns: RightColumns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._columns = columns
        self._waiting: list[AnyLogEntry] = []
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._show_waiting)
        session.state_changed.connect(self._show_waiting)
        session.closing.connect(self._rest.stop)
        session.run_begun.connect(self._show_run)
        session.log_entry_written.connect(self._show)
        text_generation.entry_written.connect(self._add_text)

    @Slot()
    def copy(self) -> None:
        """Copy the whole log that is shown."""
        self._show_waiting()
        self._shown.copy()

    @Slot()
    def find(self) -> None:
        """Search the log that is shown."""
        self._shown.begin_search()

    @property
    def _shown(self) -> TrainingLog:
        return self._columns.of(self._session.run.shown_output).log

    def recall(self, entries: Iterable[AnyLogEntry]) -> None:
        """Add what was logged of the run shown before it was opened."""
        self._session.run.log.extend(entries)
        self._show_run()

    @Slot()
    def _show_run(self) -> None:
        run = self._session.run
        self._waiting = []  # those of the run before
        self._rest.stop()
        note = ""
        if run.resumed_at and not any(step_of(entry) <= run.resumed_at for entry in run.log[:1]):
            note = f"Opened at step {run.resumed_at:,}. The file has no log of the steps before."
        self._shown.show_run(note, run.log)
        if run.shown_output == "names":
            self._shown.explain_empty(
                _TOLD_TO_COME.format(DATA_NOUNS[run.kind].told) if run.tells else _NAMES_TO_COME
            )

    @Slot(object)
    def _show(self, entry: AnyLogEntry) -> None:
        self._waiting.append(entry)
        if not self._rest.isActive() or self._session.state is not RunState.TRAINING:
            self._show_waiting()

    @Slot()
    def _show_waiting(self) -> None:
        if self._waiting:
            self._shown.write(*self._waiting)
            self._waiting = []
            self._rest.start()

    @Slot(object)
    def _add_text(self, entry: AnyLogEntry) -> None:
        self._session.run.log.append(entry)
        self._show(entry)
