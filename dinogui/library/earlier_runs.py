"""The earlier runs: those that were put aside, and those that other windows left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.library.autosave import Autosave
from dinogui.library.autosave_folder import AutosaveFolder, StoredFile, files_to_remove, id_of
from dinogui.library.earlier_run import EarlierRun
from dinogui.library.run_store import RunStore
from dinogui.session.run import Run
from dinogui.session.session import Session

if TYPE_CHECKING:
    from dinogui.library.run_store import Summaries
    from engine.runs.run_summary import RunSummary

MAX_FOLDER_BYTES = 2_000_000_000
"""When the folder is larger, runs are removed from it, the oldest ones first."""


class EarlierRuns(QObject):
    """Lists the runs that can be shown again, and shows, stars and deletes them.

    Lives in the GUI thread. The list has the open runs besides the one that is shown, and the runs
    in the autosave folder, except those of other windows. The files are read in the saving thread,
    so the list is complete a moment later, when `changed` is emitted.

    A deleted run is removed when the window closes. Until then it can be restored.

    Parameters
    ----------
    session : Session
    store : RunStore
    parent : QObject, optional

    Attributes
    ----------
    runs : tuple of EarlierRun
        The latest first.

    Signals
    -------
    changed()
        `runs` or `can_restore` has changed.
    refused(str)
        A sentence that says why a run could not be opened or deleted.
    removed(str)
        A sentence that says which runs are no longer there, and why.
    """

    changed = Signal()
    refused = Signal(str)
    removed = Signal(str)

    def __init__(self, session: Session, store: RunStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._store = session, store
        self._folder: AutosaveFolder | None = None
        self._autosave: Autosave | None = None
        self._max_bytes = MAX_FOLDER_BYTES
        self._files: list[StoredFile] = []
        self._summaries: dict[tuple[str, float], RunSummary | None] = {}  # see `_key`
        self._deleted: list[str] = []  # keys
        self._opening: tuple[int, Path] | None = None
        self.runs: tuple[EarlierRun, ...] = ()
        session.run_begun.connect(self.refresh)
        session.run_lost.connect(self._say_lost)
        store.opened.connect(self._take_opened)
        store.refused.connect(self._take_refusal)
        store.found_text.connect(self._take_refusal)

    def use_folder(self, folder: AutosaveFolder, autosave: Autosave, max_bytes: int) -> None:
        """List the runs in a folder, too, and keep its size within a bound."""
        self._folder, self._autosave, self._max_bytes = folder, autosave, max_bytes
        autosave.written.connect(self._take_written)
        self._session.closing.connect(self._leave_folder)
        folder.take_left_behind()
        self.refresh()

    @property
    def left_behind(self) -> tuple[EarlierRun, ...]:
        """The runs that windows left behind when they crashed, or closed without a question."""
        return tuple(run for run in self.runs if run.is_left_behind)

    @property
    def can_restore(self) -> bool:
        """Whether there is a deleted run that can be restored."""
        return bool(self._deleted)

    def key_of(self, run: Run) -> str:
        """Return the key of an open run."""
        path = self._autosave.path_of(run.id) if self._autosave is not None else None
        return id_of(path) if path is not None else f"run {run.id}"

    # Commands

    @Slot()
    def refresh(self) -> None:
        """Look again at what there is."""
        if self._folder is not None:
            self._files = self._folder.files()
            known, self._summaries = self._summaries, {}
            for file in self._files:
                if _key(file) in known:
                    self._summaries[_key(file)] = known[_key(file)]
        open_paths = self._autosave.paths if self._autosave is not None else frozenset()
        unread = [
            file
            for file in self._files
            if file.path not in open_paths and _key(file) not in self._summaries
        ]
        if unread:
            paths = [str(file.path) for file in unread]
            self._store.summarise(paths, lambda found: self._take_summaries(unread, found))
        self._make_list()

    def open(self, run: EarlierRun) -> None:
        """Show a run again. The one shown until now becomes an earlier run."""
        self._store.give_up_opening()
        self._session.give_up_loading()
        if run.run_id is not None and self._session.show_run(run.run_id):
            return
        if run.path is None or self._folder is None:
            self._refuse("That run is no longer there.")
            return
        path = run.path
        try:
            path = self._folder.claim(path)
        except FileNotFoundError:
            self._refuse("Another window of DinoGUI has opened that run, or deleted it.")
            return
        except OSError:  # a read-only folder: the run can be read all the same
            pass
        self._opening = self._store.open(str(path)), path

    def delete(self, run: EarlierRun) -> None:
        """Remove a run when the window closes; until then, `restore` brings it back."""
        if run.path is not None and self._folder is not None:
            try:
                self._folder.claim(run.path)  # no other window lists it any longer
            except FileNotFoundError:
                self.refresh()
                return
            except OSError:
                self._refuse(f"The folder “{self._folder.path}” is read-only, so the run stays.")
                return
        self._deleted.append(run.key)
        self.refresh()

    @Slot()
    def restore(self) -> str | None:
        """Bring back the run that was deleted last, and return its key; None if there is none.

        If it is in a file only, it may be listed a moment later.
        """
        if not self._deleted:
            return None
        key = self._deleted.pop()
        self.refresh()
        return key

    def star(self, run: EarlierRun, is_starred: bool) -> None:
        """Give a run a star, or take it away. Runs with a star are never removed to make room."""
        if run.path is not None and self._folder is not None and self._autosave is not None:
            starred = self._folder.starred(run.path, is_starred)
            self._autosave.move(run.path, starred, self.refresh)

    def keep_for_later(self, runs: Iterable[EarlierRun]) -> None:
        """Offer runs that were left behind no longer; they stay in the list."""
        for run in runs:
            if run.path is not None and self._folder is not None:
                self._folder.keep_for_later(run.path)
        self.refresh()

    # The list

    def _take_summaries(self, files: Iterable[StoredFile], found: Summaries) -> None:
        for file in files:
            summary = found[str(file.path)]
            if summary is not None or file.path.exists():  # it may have been renamed meanwhile
                self._summaries[_key(file)] = summary
        self._make_list()

    def _make_list(self) -> None:
        files = {file.id: file for file in self._files if file.id not in self._deleted}
        open_runs = []
        for run in (self._session.run, *self._session.runs.all_earlier):
            key = self.key_of(run)
            file = files.pop(key, None)
            if run is self._session.run or key in self._deleted or not run.steps_made:
                continue
            described = EarlierRun.of_open_run(run, key)
            open_runs.append(described if file is None else described.in_file(file))
        listed = {run.key: run for run in self.runs}
        stored = []
        for file in files.values():
            summary = self._summaries.get(_key(file))
            if summary is not None and summary.step:
                stored.append(EarlierRun.of_file(file, summary))
            elif _key(file) not in self._summaries and file.id in listed:  # it is being read
                stored.append(replace(listed[file.id], run_id=None).in_file(file))
        self.runs = (*open_runs, *stored)
        self.changed.emit()

    # Answers

    @Slot(int)
    def _take_opened(self, number: int) -> None:
        if self._opening is None or number != self._opening[0]:
            return
        path, self._opening = self._opening[1], None
        if self._autosave is not None and self._folder is not None and self._folder.is_own(path):
            self._autosave.adopt(path)
        self.refresh()

    @Slot(int, str)
    def _take_refusal(self, number: int, message: str) -> None:
        if self._opening is not None and number == self._opening[0]:
            self._opening = None
            self._refuse(message)

    def _refuse(self, message: str) -> None:
        self.refused.emit(message)
        self.refresh()

    @Slot(object)
    def _say_lost(self, run: Run) -> None:
        lost = EarlierRun.of_open_run(run, "").in_a_message
        self.removed.emit(
            f"The earlier run {lost}, is gone: it could not be written to the disk, and the memory "
            "holds only a few runs."
        )

    @Slot()
    def _take_written(self) -> None:
        self.refresh()
        self._make_room()

    def _make_room(self) -> None:
        """Remove the oldest runs from a folder that is too large, and say which."""
        if self._autosave is None:
            return
        files = [
            replace(file, modified=0.0, is_starred=False) if file.id in self._deleted else file
            for file in self._files
        ]
        names = {run.key: run.in_a_message for run in self.runs}
        removed = files_to_remove(files, self._autosave.paths, self._max_bytes)
        for file in removed:
            self._store.remove(str(file.path))
        gone = {file.id for file in removed}
        self._files = [file for file in self._files if file.id not in gone]
        said = [names[file.id] for file in removed if file.id in names]
        if said:
            self._make_list()
            what = "run was" if len(said) == 1 else f"{len(said)} runs were"
            self.removed.emit(
                f"The earlier runs took more than {self._max_bytes / 1e9:g} GB, so the oldest "
                f"{what} removed: {'; '.join(said)}. Runs with a star are never removed."
            )

    @Slot()
    def _leave_folder(self) -> None:
        """Remove what was deleted, and let other windows have the rest."""
        if self._folder is None or self._autosave is None:
            return
        shown = self._autosave.path_of(self._session.run.id)
        for file in self._folder.files():
            if not self._folder.is_own(file.path):
                continue
            if file.id in self._deleted:
                file.path.unlink(missing_ok=True)
            elif file.path != shown:
                self._folder.keep_for_later(file.path)
        self._folder.release()


def _key(file: StoredFile) -> tuple[str, float]:
    """Return what changes whenever the content of a file changes."""
    return file.id, file.modified
