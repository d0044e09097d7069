"""Keeps runs in files and takes them from there, while the window and the training go on."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.library.view_state import ViewState
from dinogui.session.curves import Curves
from dinogui.session.session import Session
from dinogui.window.run_view import RunView
from dinogui.workers.background import BackgroundThread
from dinogui.workers.run_copy import RunCopy, RunToKeep
from dinogui.workers.run_file_worker import RunFiles
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.storage.validated_mapping import ValidatedMapping

_SAVING = "saving"


@dataclass(frozen=True)
class _Order:
    """A run to be written, held until its copy comes: by then there may be another run."""

    path: str
    with_data: bool | None
    corpus: Corpus | Text
    data_path: str | None
    curves: Curves
    view: Callable[[], ViewState]

    def completed(self, copy: RunCopy) -> RunToKeep:
        """Return all that goes into the file."""
        curve = {f"curve.{name}": value for name, value in self.curves.state().items()}
        extras = curve | self.view().to_json()
        return RunToKeep(self.corpus, self.data_path, copy, extras, self.with_data)


class RunStore(QObject):
    """Puts together what a file holds: the training's share and the window's.

    Lives in the GUI thread. The training is copied between two of its slices and written in the
    saving thread. Every signal begins with the number that the order returned.

    Parameters
    ----------
    session : Session
    view : RunView

    Signals
    -------
    kept(int, RunCopy)
        It is on the disk.
    failed(int, str)
        It is not; a sentence says why.
    opened(int, RunCopy)
        The session has gone over to what was read.
    refused(int, str)
        It could not be read; a sentence says why. The session's run is as it was.
    """

    kept = Signal(int, object)
    failed = Signal(int, str)
    opened = Signal(int, object)
    refused = Signal(int, str)

    _write = Signal(int, str, object)
    _read = Signal(int, str, object)
    _remove = Signal(str)

    def __init__(self, session: Session, view: RunView) -> None:
        super().__init__(session)
        self._session, self._view = session, view
        self._number = 0
        self._latest_opening = 0
        self._waiting: dict[int, _Order] = {}
        self._written: dict[int, RunCopy] = {}
        self._files = RunFiles()
        self._files.moveToThread(BackgroundThread.of(session, _SAVING).thread_)
        self._write.connect(self._files.write)
        self._read.connect(self._files.read)
        self._remove.connect(self._files.remove)
        self._files.written.connect(self._take_written)
        self._files.failed.connect(self._take_failure)
        self._files.found.connect(self._take_run)
        self._files.refused.connect(self._take_refusal)
        session.copied.connect(self._take_copy)

    def keep(self, path: str, *, with_data: bool | None = None) -> int:
        """Write the session's run to a file, as it is after the step that is being made."""
        self._number += 1
        session = self._session
        if session.corpus is not None:
            self._waiting[self._number] = _Order(
                path,
                with_data,
                session.corpus,
                session.path,
                session.curves,
                self._view.follow(),
            )
            session.copy_run(self._number)
        return self._number

    def open(self, path: str) -> int:
        """Read a run and go over to it; of several that are on their way the latest counts."""
        self._session.give_up_loading()
        self._number += 1
        self._latest_opening = self._number
        self._read.emit(self._number, path, self._session.corpus)
        return self._number

    def give_up_opening(self) -> None:
        """Go over to no run that is still being read: something else is wanted now."""
        self._latest_opening = 0

    def remove(self, path: str) -> None:
        """Remove a file, after what was ordered before."""
        self._remove.emit(path)

    @Slot(int, object)
    def _take_copy(self, number: int, copy: RunCopy | None) -> None:
        order = self._waiting.pop(number)
        if copy is None:
            self.failed.emit(
                number, "The training was stopped by an error, so there is no run to save."
            )
            return
        self._written[number] = copy
        self._write.emit(number, order.path, order.completed(copy))

    @Slot(int)
    def _take_written(self, number: int) -> None:
        self.kept.emit(number, self._written.pop(number))

    @Slot(int, str)
    def _take_failure(self, number: int, message: str) -> None:
        del self._written[number]
        self.failed.emit(number, message)

    @Slot(int, object)
    def _take_run(self, number: int, run: RunToKeep) -> None:
        if number != self._latest_opening:
            return
        try:
            told = ValidatedMapping(run.extras)
            curves = _history_of(told.part("curve."), run.copy.state.step)
            view = ViewState.from_json(run.extras)
        except ValueError as error:
            self.refused.emit(number, f"The curve or the log of the run is damaged: {error}")
            return
        self._session.resume(run.corpus, run.path, run.copy, curves)
        self._view.show(view)
        self.opened.emit(number, run.copy)

    @Slot(int, str)
    def _take_refusal(self, number: int, message: str) -> None:
        self.refused.emit(number, message)


def _history_of(told: ValidatedMapping, step: int) -> Curves:
    """Return the curves of a run that has made so many steps; without them, begin with none.

    Raises
    ------
    ValueError
        If they are damaged, or go on beyond that step.
    """
    if "last_step" not in told:  # it was saved by the command line, which draws nothing
        return Curves()
    told.whole("last_step", most=step)
    return Curves.restored(told)
