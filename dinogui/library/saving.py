"""The file of the run shown: saving to it, opening another, and what is not saved yet."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from dinogui.common.dialogs import ask_before_replacing
from dinogui.library.run_store import RunStore
from dinogui.session.run import Run, RunState, mark_of
from dinogui.session.session import Session
from dinogui.workers.run_copy import RunCopy
from engine.data.sources.places import is_among

SUFFIX = ".npz"
RUN_FILTER = f"Runs (*{SUFFIX})"

_LOOK_MILLISECONDS = 50


class Saving(QObject):
    """Saves the run shown and opens others, by menu, and notes in a run where it is saved.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    store : RunStore
    parent : QWidget
        A part of the window over which files are chosen.

    Signals
    -------
    changed()
        `path` or `is_unsaved` has changed.
    saved(str)
        The path. The run may have gone on meanwhile.
    run_saved(Run)
        The same, with the run that was saved. Another one may be shown by now.
    not_saved(str)
        A sentence that says why; empty if the person cancelled.
    opened(str)
        The path.
    refused(str)
        A sentence that says why a file could not be opened.
    text_file_found(str, str)
        A file that was to be opened as a run is a text: its path, and a sentence.
    """

    changed = Signal()
    saved = Signal(str)
    run_saved = Signal(object)
    not_saved = Signal(str)
    opened = Signal(str)
    refused = Signal(str)
    text_file_found = Signal(str, str)

    def __init__(self, session: Session, store: RunStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._store, self._parent = session, store, parent
        self._told_unsaved = False
        self._was_saved: bool | None = None  # the latest answer
        self._writing: dict[int, tuple[Run, str]] = {}
        self._reading: dict[int, str] = {}
        session.run_begun.connect(self._tell)
        session.progress_told.connect(self._compare)
        session.hyperparameters_changed.connect(self._compare)
        session.events_changed.connect(self._compare)
        store.kept.connect(self._take_kept)
        store.failed.connect(self._take_failure)
        store.opened.connect(self._take_opened)
        store.refused.connect(self._take_refusal)
        store.found_text.connect(self._take_text)

    @property
    def path(self) -> str | None:
        """The file of the run shown; None if it has none yet."""
        return self._session.run.file

    @property
    def is_unsaved(self) -> bool:
        """Whether the run shown has steps or hyperparameters that are in no file."""
        return self._session.run.is_unsaved

    @Slot()
    def save(self) -> None:
        """Save to the run's file; if it has none, ask for one."""
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
        dialog = QFileDialog(self._parent.window(), "Save run", self.path or "", RUN_FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX)
        dialog.selectFile(self.path or f"{Path(corpus.source).stem}{SUFFIX}")
        dialog.fileSelected.connect(self._save_to_chosen)
        dialog.rejected.connect(self._cancel)
        self._show(dialog)

    @Slot(str)
    def save_to(self, path: str) -> None:
        """Save to a file, which is the run's from now on."""
        run = self._session.run
        self._writing[self._store.keep(run, path)] = run, path

    @Slot(str)
    def _save_to_chosen(self, path: str) -> None:
        """Save to a file that was chosen, unless that would replace something else."""
        from engine.runs.saved_network import is_saved_network  # no start needs to wait for it

        if not Path(path).is_file() or is_saved_network(path):
            self.save_to(path)
        elif self._holds_data(path):
            self._give_up(
                f"“{path}” holds the data that this run learns from. Choose another file."
            )
        else:
            ask_before_replacing(
                self._parent.window(), Path(path).name, partial(self.save_to, path), self._cancel
            )

    def _holds_data(self, path: str) -> bool:
        """Whether the data of the run shown was read from a file."""
        data = self._session.run.path
        return data is not None and is_among(path, data)

    def save_and_wait(self, goes_on: Callable[[], bool]) -> bool:
        """Save as `save` does, and return whether it worked, as soon as that is known.

        The window stays usable meanwhile; this is for whoever must know before the window may
        close. Training is paused, as steps made during the saving would be lost, and goes on if
        nothing was saved.

        Parameters
        ----------
        goes_on : callable
            Asked again and again, once the file is chosen, whether to wait any longer.
        """
        was_training = self._session.state is RunState.TRAINING
        self._session.pause()
        loop, look = QEventLoop(), QTimer(interval=_LOOK_MILLISECONDS)
        self.saved.connect(loop.quit)
        self.not_saved.connect(loop.quit)

        def stop_if_given_up() -> None:
            if self._writing and not goes_on():
                loop.quit()

        look.timeout.connect(stop_if_given_up)
        look.start()
        self._was_saved = None
        self.save()
        if self._was_saved is None:
            loop.exec()
        look.stop()
        if was_training and not self._was_saved:
            self._session.train()
        return bool(self._was_saved)

    @Slot()
    def choose_run(self) -> None:
        """Ask for the file of a run, and open it."""
        dialog = QFileDialog(self._parent.window(), "Open run", self.path or "", RUN_FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open)
        self._show(dialog)

    @Slot(str)
    def open(self, path: str) -> None:
        """Open the file of a run; the run shown goes on until it is read."""
        self._reading = {self._store.open(path): path}

    def give_up_opening(self) -> None:
        """Do not open a run that is still being read: something else was asked for."""
        self._store.give_up_opening()
        self._reading.clear()

    def _show(self, dialog: QFileDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _cancel(self) -> None:
        self._give_up("")

    def _give_up(self, why: str) -> None:
        self._was_saved = False
        self.not_saved.emit(why)

    @Slot()
    def _compare(self) -> None:
        """Tell if the run shown has become unsaved, or saved."""
        if self.is_unsaved != self._told_unsaved:
            self._tell()

    @Slot()
    def _tell(self) -> None:
        self._told_unsaved = self.is_unsaved
        self.changed.emit()

    def _note_file(self, run: Run, path: str, copy: RunCopy) -> None:
        run.file, run.saved = path, mark_of(copy.state)
        if run is self._session.run:
            self._tell()

    @Slot(int, object)
    def _take_kept(self, number: int, copy: RunCopy) -> None:
        if number in self._writing:
            run, path = self._writing.pop(number)
            self._note_file(run, path, copy)
            self._was_saved = True
            self.saved.emit(path)
            self.run_saved.emit(run)

    @Slot(int, str)
    def _take_failure(self, number: int, message: str) -> None:
        if self._writing.pop(number, None):
            self._give_up(message)

    @Slot(int, object)
    def _take_opened(self, number: int, copy: RunCopy) -> None:
        path = self._reading.pop(number, None)
        if path is not None:
            self._note_file(self._session.run, path, copy)
            self.opened.emit(path)

    @Slot(int, str)
    def _take_text(self, number: int, message: str) -> None:
        path = self._reading.pop(number, None)
        if path is not None:
            self.text_file_found.emit(path, message)

    @Slot(int, str)
    def _take_refusal(self, number: int, message: str) -> None:
        if self._reading.pop(number, None):
            self.refused.emit(message)
