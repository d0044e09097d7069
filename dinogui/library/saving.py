"""The file of the run in hand: what is saved in it, and what is not."""

from pathlib import Path
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEventLoop, QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from dinogui.library.run_store import RunStore
from dinogui.session.curves import Curves
from dinogui.session.session import RunState, Session
from dinogui.workers.run_copy import RunCopy
from engine.training.settings import Hyperparameters

SUFFIX = ".npz"
_FILTER = f"Runs (*{SUFFIX})"

Mark = tuple[int, Hyperparameters]
"""What is to be compared with a file: the steps made, and the knobs."""


class Saving(QObject):
    """Saves the run and opens others, by menu, and knows whether there is anything to lose.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    keeper : RunStore
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

    def __init__(self, session: Session, keeper: RunStore, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._keeper, self._window = session, keeper, window
        self.path: str | None = None
        self.is_unsaved = False
        self._was_saved: bool | None = None  # the latest answer
        self._kept: Mark | None = None
        # A run is known by its curves: where it is gone back to, they are as well.
        self._files: WeakKeyDictionary[Curves, tuple[str, Mark]] = WeakKeyDictionary()
        self._writing: dict[int, tuple[Curves, str]] = {}
        self._reading: dict[int, str] = {}
        session.run_begun.connect(self._turn_to_run)
        session.progressed.connect(self._look)
        session.hyperparameters_changed.connect(self._look)
        keeper.kept.connect(self._take_kept)
        keeper.failed.connect(self._take_failure)
        keeper.opened.connect(self._take_opened)
        keeper.refused.connect(self._take_refusal)

    @property
    def mark(self) -> Mark:
        """How the run stands: the steps it has made, and the knobs as they are."""
        return self._session.steps_made, self._session.hyperparameters

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
        self._writing[number] = self._session.curves, path

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
    def _turn_to_run(self) -> None:
        """There is another run: it has no file yet, unless it is one that was here before."""
        self.path, self._kept = self._files.get(self._session.curves, (None, None))
        self.is_unsaved = False
        self._look()
        self.changed.emit()

    @Slot()
    def _look(self) -> None:
        """Compare the run with what was kept of it."""
        mark = self.mark
        is_unsaved = mark[0] > 0 if self._kept is None else mark != self._kept
        if is_unsaved != self.is_unsaved:
            self.is_unsaved = is_unsaved
            self.changed.emit()

    def _note_file(self, run: Curves, path: str, copy: RunCopy) -> None:
        mark = copy.state.step, copy.state.hyperparameters
        self._files[run] = path, mark
        if run is self._session.curves:
            self.path, self._kept = path, mark
            self.is_unsaved = self._session.progress is not None and self.mark != mark
            self.changed.emit()

    @Slot(int, object)
    def _take_kept(self, number: int, copy: RunCopy) -> None:
        if number not in self._writing:
            return
        run, path = self._writing.pop(number)
        self._note_file(run, path, copy)
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
            self._note_file(self._session.curves, path, copy)
            self.opened.emit(path)

    @Slot(int, str)
    def _take_refusal(self, number: int, message: str) -> None:
        if self._reading.pop(number, None):
            self.refused.emit(message)
