"""The file of the run in hand: what is saved in it, and what is not."""

from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from dinogui.run_copy import RunCopy
from dinogui.run_keeper import RunKeeper
from dinogui.session import RunState, Session
from engine.settings import Hyperparameters

SUFFIX = ".npz"
_FILTER = f"Runs (*{SUFFIX})"


class Saving(QObject):
    """Saves the run and opens others, by menu, and knows whether there is anything to lose.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    keeper : RunKeeper
    window : QWidget
        Over which files are chosen.

    Attributes
    ----------
    path : str or None
        Of the run's file; None for a run that has none yet.
    is_unsaved : bool
        Whether there are steps or turned knobs that are in no file.

    Signals
    -------
    changed()
        Of what is in the attributes.
    saved(str)
        The path. The run may have gone on meanwhile.
    not_saved(str)
        A sentence that says why; empty where somebody has thought better of it.
    opened(str)
        The path.
    refused(str)
        A sentence that says why a file could not be opened.
    """

    changed = Signal()
    saved = Signal(str)
    not_saved = Signal(str)
    opened = Signal(str)
    refused = Signal(str)

    def __init__(self, session: Session, keeper: RunKeeper, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._keeper, self._window = session, keeper, window
        self.path: str | None = None
        self.is_unsaved = False
        self._runs = 0
        self._was_saved: bool | None = None  # the latest answer
        self._kept: tuple[int, Hyperparameters] | None = None
        self._writing: dict[int, tuple[int, str]] = {}
        self._reading: dict[int, str] = {}
        session.run_begun.connect(self._forget)
        session.progressed.connect(self._look)
        session.knobs_turned.connect(self._look)
        keeper.kept.connect(self._take_kept)
        keeper.failed.connect(self._take_failure)
        keeper.opened.connect(self._take_opened)
        keeper.refused.connect(self._take_refusal)

    @property
    def mark(self) -> tuple[int, Hyperparameters]:
        """What the run is known by: the steps it has made, and the knobs as they are."""
        progress = self._session.progress
        return progress.step if progress else 0, self._session.hyperparameters

    @Slot()
    def save(self) -> None:
        """Save to the run's file; where there is none, ask for one."""
        if self.path is None:
            self.save_as()
        else:
            self.save_to(self.path)

    @Slot()
    def save_as(self) -> None:
        """Ask for a file, and save to it."""
        corpus = self._session.corpus
        if corpus is None:
            self._give_up("There is no run to save. Open a file of names or a text first.")
            return
        dialog = QFileDialog(self._window, "Save run", self.path or "", _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX)
        dialog.selectFile(self.path or f"{Path(corpus.source).stem}{SUFFIX}")
        dialog.fileSelected.connect(self.save_to)
        dialog.rejected.connect(self._think_better)
        self._show(dialog)

    @Slot(str)
    def save_to(self, path: str) -> None:
        """Save to a file, which is the run's from now on."""
        number = self._keeper.keep(path)
        self._writing[number] = self._runs, path

    def save_and_wait(self) -> bool:
        """Save as `save` does, and return whether it is done, as soon as that is known.

        The window goes on meanwhile; this is for whoever must know before it may close. So the
        training is paused, as steps made while it is saved would be lost, and goes on where
        nothing was saved.
        """
        was_training = self._session.state is RunState.TRAINING
        self._session.pause()
        loop = QEventLoop()
        self.saved.connect(loop.quit)
        self.not_saved.connect(loop.quit)
        self._was_saved = None
        self.save()
        if self._was_saved is None:
            loop.exec()
        if was_training and not self._was_saved:
            self._session.train()
        return bool(self._was_saved)

    @Slot()
    def choose_run(self) -> None:
        """Ask for a file of a run, and open it."""
        dialog = QFileDialog(self._window, "Open run", self.path or "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open)
        self._show(dialog)

    @Slot(str)
    def open(self, path: str) -> None:
        """Open the file of a run; the one in hand goes on until that is read."""
        self._reading = {self._keeper.open(path): path}

    def give_up_opening(self) -> None:
        """Open no run that is still being read: something else is wanted now."""
        self._keeper.give_up_opening()
        self._reading.clear()

    def _show(self, dialog: QFileDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _think_better(self) -> None:
        self._give_up("")

    def _give_up(self, why: str) -> None:
        self._was_saved = False
        self.not_saved.emit(why)

    @Slot()
    def _forget(self) -> None:
        """There is another run, and it has no file yet."""
        self._runs += 1
        self.path = self._kept = None
        self.is_unsaved = False
        self.changed.emit()

    @Slot()
    def _look(self) -> None:
        """Compare the run with what was kept of it."""
        mark = self.mark
        is_unsaved = mark[0] > 0 if self._kept is None else mark != self._kept
        if is_unsaved != self.is_unsaved:
            self.is_unsaved = is_unsaved
            self.changed.emit()

    def _note_file(self, path: str, copy: RunCopy) -> None:
        self.path = path
        self._kept = copy.state.step, copy.state.hyperparameters
        self.is_unsaved = self._session.progress is not None and self.mark != self._kept
        self.changed.emit()

    @Slot(int, object)
    def _take_kept(self, number: int, copy: RunCopy) -> None:
        run, path = self._writing.pop(number, (None, ""))
        if run is None:
            return
        if run == self._runs:
            self._note_file(path, copy)
        self._was_saved = True
        self.saved.emit(path)

    @Slot(int, str)
    def _take_failure(self, number: int, message: str) -> None:
        if self._writing.pop(number, None):
            self._give_up(message)

    @Slot(int, object)
    def _take_opened(self, number: int, copy: RunCopy) -> None:
        path = self._reading.pop(number, None)
        if path is not None:
            self._note_file(path, copy)
            self.opened.emit(path)

    @Slot(int, str)
    def _take_refusal(self, number: int, message: str) -> None:
        if self._reading.pop(number, None):
            self.refused.emit(message)
