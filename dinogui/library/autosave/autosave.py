"""Saves runs that are in no file of the person's own, in case the process dies or they are left."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from dinogui.library.autosave.autosave_folder import AutosaveFolder, id_of
from dinogui.library.run_store import RunStore
from dinogui.session.run import Mark, Run, RunState, mark_of
from dinogui.session.session import Session
from dinogui.workers.run_copy import RunCopy

EVERY_SECONDS = 60.0

_REST_MILLISECONDS = 100
"""Single steps that follow each other faster than this are saved once."""

_PATIENCE_SECONDS = 5.0
_LOOK_MILLISECONDS = 20


@dataclass(frozen=True)
class _Move:
    """A file that is to be renamed when it is written."""

    path: Path
    renamed: Callable[[Path], Path]
    done: Callable[[], None]

    def after(self, path: Path, new_path: Path) -> "_Move":
        """Return the same order when a file has been renamed before, for another reason."""
        return replace(self, path=new_path) if self.path == path else self


class Autosave(QObject):
    """Writes what the person has not saved to files of the window's own.

    The run shown is written every minute of training and at each pause, and every run when another
    one takes its place in the window. Lives in the GUI thread.

    When the window closes, the file of the run shown stays if something in it is unsaved. It is an
    earlier run if `keep_for_later` was called, and else offered at the next start.

    Parameters
    ----------
    session : Session
    store : RunStore
    folder : AutosaveFolder
    every : float
        Seconds of training from one time to the next, and from a failure to the next try.
    parent : QObject, optional

    Signals
    -------
    written(str)
        The path.
    renamed()
        A file has another name, as another run is shown.
    failed(str)
        A sentence that says why it cannot be written. It is tried again after `every` seconds, and
        said again if that fails.
    recovered(str)
        A sentence that says that writing succeeds again after a failure.
    """

    written = Signal(str)
    renamed = Signal()
    failed = Signal(str)
    recovered = Signal(str)

    def __init__(
        self,
        session: Session,
        store: RunStore,
        folder: AutosaveFolder,
        every: float = EVERY_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._store, self._folder = session, store, folder
        self._paths: dict[int, Path] = {}  # by the id of the run
        self._adopted: dict[int, Mark] = {}  # how runs stood that were opened from the folder
        self._writing: dict[int, tuple[Run, Path]] = {}  # by the number of the order
        self._moves: list[_Move] = []  # that wait for a write
        self._is_due = False
        self._has_failed = False
        self._has_said_so = False
        self._is_kept_for_later = False
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 * every))
        self._timer.timeout.connect(self.write)
        self._retry = QTimer(self, singleShot=True, interval=round(1000 * every))
        self._retry.timeout.connect(self._try_again)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self.write)
        session.state_changed.connect(self._pace)
        session.progressed.connect(self._note_progress)
        session.run_left.connect(self._put_aside)
        session.run_begun.connect(self._turn_to_run)
        session.closing.connect(self._end)
        store.kept.connect(self._take_kept)
        store.failed.connect(self._take_failure)

    @property
    def is_current(self) -> bool:
        """Whether everything is saved or autosaved, and nothing is being written."""
        return self._session.run.is_on_disk and not self._writing

    @property
    def is_untouched(self) -> bool:
        """Whether the run shown was opened from the folder and has not changed since."""
        run = self._session.run
        return run.mark == self._adopted.get(run.id)

    def path_of(self, run_id: int) -> Path | None:
        """Return the file of an open run, or None if it has none."""
        return self._paths.get(run_id)

    @property
    def open_ids(self) -> frozenset[str]:
        """The ids of the files of the open runs. Their names may be about to change."""
        open_runs = self._session.runs
        return frozenset(id_of(path) for run_id, path in self._paths.items() if run_id in open_runs)

    def adopt(self, path: Path) -> None:
        """Go on writing the run shown to a file of the folder, from which it was opened."""
        run = self._session.run
        self._paths[run.id] = path
        run.library_id = id_of(path)
        self._adopted[run.id] = run.autosaved = run.mark

    def move(self, path: Path, renamed: Callable[[Path], Path], done: Callable[[], None]) -> None:
        """Rename a file, after whatever is being written there now; `done` is called then.

        The file of an open run may have another name by now than in a list.
        """
        named = {id_of(its_path): its_path for its_path in self._paths.values()}
        path = named.get(id_of(path), path)
        if any(path == its_path for _, its_path in self._writing.values()):
            # A write that comes later would restore it.
            self._moves.append(_Move(path, renamed, done))
            return
        new_path = renamed(path)
        for run_id, its_path in self._paths.items():
            if its_path == path:
                self._paths[run_id] = new_path
        self._moves = [each.after(path, new_path) for each in self._moves]
        self._store.rename(str(path), str(new_path), done)

    @Slot()
    def write(self) -> None:
        """Write the run shown, if it is unsaved and not written already."""
        run = self._session.run
        if run.is_on_disk or run.state is RunState.FAILED:
            return
        if self._writing:  # a slow disk: write as soon as that is done
            self._is_due = True
            return
        self._order(run)

    def keep_for_later(self, goes_on: Callable[[], bool] | None = None) -> bool:
        """Write the run shown, so that it is an earlier run when the window has closed.

        Training is paused, as steps made meanwhile would be lost, and goes on if the run could not
        be written.

        Parameters
        ----------
        goes_on : callable, optional
            As in `wait`.

        Returns
        -------
        bool
            Whether it is on the disk.
        """
        session, run = self._session, self._session.run
        was_training = run.state is RunState.TRAINING
        session.pause()
        self._rest.stop()
        if run.state is RunState.FAILED:  # what was written before is all that is left of it
            path = self._paths.get(run.id)
            is_kept = path is not None and path.exists()
        else:
            self._order(run)  # in any case: the latest steps may not have been reported yet
            self.wait(goes_on)
            is_kept = run.is_on_disk
        self._is_kept_for_later = is_kept
        if was_training and not is_kept:
            session.train()
        return is_kept

    @Slot()
    def remove_if_saved(self) -> None:
        """Remove the files of open runs that the person has saved."""
        for run_id, path in self._paths.items():
            run = self._session.runs.get(run_id)
            if run is not None and not run.is_unsaved and self._folder.has(run.library_id):
                self._store.remove(str(path))  # after whatever is being written there now
                run.autosaved = None

    def wait(self, goes_on: Callable[[], bool] | None = None) -> None:
        """Wait until everything that was ordered is written, but not for ever.

        A run is copied in the training thread before it is written in another one, and closing the
        session would cancel the copy. Nothing can be clicked meanwhile but a message that
        `goes_on` may show.

        Parameters
        ----------
        goes_on : callable, optional
            Asked again and again whether to wait any longer. If absent, a few seconds are enough.
        """
        deadline, flags = time.monotonic() + _PATIENCE_SECONDS, QEventLoop.ProcessEventsFlag
        while self._writing and (time.monotonic() < deadline if goes_on is None else goes_on()):
            is_asking = QApplication.activeModalWidget() is not None
            QCoreApplication.processEvents(
                flags.AllEvents if is_asking else flags.ExcludeUserInputEvents, _LOOK_MILLISECONDS
            )

    @Slot(object)
    def _put_aside(self, run: Run) -> None:
        """Write a run that another one replaces in the window."""
        self._rest.stop()
        if not run.is_on_disk and run.state is not RunState.FAILED:
            self._order(run, is_kept=True)
        else:
            self._mark_as_kept(run, is_kept=True)

    def _path_for(self, run: Run, is_kept: bool) -> Path | None:
        """Return the file of a run; None if the folder cannot be written to.

        A run that was opened from a file of the person's own is another run from now on if another
        window goes on with it as well.
        """
        self._mark_as_kept(run, is_kept=is_kept)
        path = self._paths.get(run.id)
        is_there = path is not None and path.exists()
        if not is_there and self._folder.has(run.library_id, elsewhere=True):
            run.renew_library_id()
            path = None
        if path is not None:
            return path
        path = self._folder.new_path(run.library_id)
        return None if path is None else self._folder.kept(path, is_kept)

    def _mark_as_kept(self, run: Run, *, is_kept: bool) -> None:
        """Let the name of a run's file say whether it is an earlier run, or the one shown."""
        path = self._paths.get(run.id)
        if path is not None and self._folder.kept(path, is_kept) != path:
            self.move(path, lambda now: self._folder.kept(now, is_kept), self.renamed.emit)

    def _order(self, run: Run, *, is_kept: bool = False) -> None:
        path = self._path_for(run, is_kept)
        if path is None:
            self._complain(f"The folder “{self._folder.path}” cannot be written to.")
        else:
            self._paths[run.id] = path
            # With the data inside, as its own file may be gone when the run is needed.
            number = self._store.keep(run, str(path), with_data=True)
            self._writing[number] = run, path

    @Slot(object)
    def _pace(self, state: RunState) -> None:
        if state is RunState.TRAINING:
            self._timer.start()
        else:
            self._timer.stop()
            self._rest.start()

    @Slot()
    def _note_progress(self) -> None:
        if self._session.state is not RunState.TRAINING:
            self._rest.start()

    @Slot()
    def _turn_to_run(self) -> None:
        """Leave the files of runs that are no longer open as they are."""
        self._is_kept_for_later = False
        for run_id in [each for each in self._paths if each not in self._session.runs]:
            del self._paths[run_id]
            self._adopted.pop(run_id, None)

    @Slot(int, object)
    def _take_kept(self, number: int, copy: RunCopy) -> None:
        if number not in self._writing:
            return
        run, path = self._writing.pop(number)  # another one may be shown by now
        self._note_success()
        run.autosaved = mark_of(copy.state)
        self.remove_if_saved()
        self._session.trim_runs()
        self.written.emit(str(path))
        self._go_on()

    @Slot(int, str)
    def _take_failure(self, number: int, message: str) -> None:
        if number in self._writing:
            del self._writing[number]
            self._complain(message)
            self._go_on()

    def _go_on(self) -> None:
        moves, self._moves = self._moves, []
        for move in moves:
            self.move(move.path, move.renamed, move.done)
        is_due, self._is_due = self._is_due, False
        if is_due:
            self.write()

    @Slot()
    def _try_again(self) -> None:
        self._has_said_so = False
        for run in self._session.runs.all_earlier:
            self._put_aside(run)
        self.write()

    def _note_success(self) -> None:
        self._retry.stop()
        self._has_said_so = False
        if self._has_failed:
            self._has_failed = False
            self.recovered.emit("DinoGUI can keep a copy of the run again, in case it crashes.")

    def _complain(self, message: str) -> None:
        self._has_failed = True
        if not self._has_said_so:
            self._has_said_so = True
            self._retry.start()
            self.failed.emit(
                f"DinoGUI cannot keep a copy of the run in case it crashes. {message} "
                "Save the run yourself, with File > Save run."
            )

    @Slot()
    def _end(self) -> None:
        """Leave the folder tidy; the thread that writes has ended by now."""
        for timer in (self._timer, self._rest, self._retry):
            timer.stop()
        run = self._session.run
        path = self._paths.get(run.id)
        if path is None:
            return
        if self.is_untouched:
            self._folder.keep_for_later(path)
        elif not run.is_unsaved:
            path.unlink(missing_ok=True)
        elif self._is_kept_for_later:
            self._folder.keep_for_later(path)
