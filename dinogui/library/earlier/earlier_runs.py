"""The earlier runs: those that were put aside, and those that other windows left behind."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.library.autosave.autosave import Autosave
from dinogui.library.autosave.autosave_folder import (
    AutosaveFolder,
    StoredFile,
    files_to_remove,
)
from dinogui.library.autosave.folder_watch import FolderWatch
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.run_catalogue import OPEN_KEY, RunCatalogue
from dinogui.library.earlier.runs_in_files import runs_in_files
from dinogui.library.earlier.trash import is_over
from dinogui.library.run_store import RunStore
from dinogui.session.run import Run
from dinogui.session.session import Session
from engine.runs.run_label import RunLabel

MAX_FOLDER_BYTES = 2_000_000_000
"""When the folder is larger, runs are removed from it, the oldest ones first."""

GONE = "That run is no longer there."


class EarlierRuns(QObject):
    """Lists the runs that can be shown again, and shows, labels, stars and deletes them.

    Lives in the GUI thread. The list has the open runs besides the one that is shown, those in the
    autosave folder, except those of other windows, and those in files of the person's own. The
    files are read in the saving thread, so the list is complete a moment later, when `changed` is
    emitted.

    A deleted run waits in the trash for `KEPT_DAYS`. Until then it can be restored.

    Parameters
    ----------
    session : Session
    store : RunStore
    parent : QObject, optional

    Attributes
    ----------
    runs : tuple of EarlierRun
        The latest first.
    deleted : tuple of EarlierRun
        Those in the trash, the one that was deleted last first.
    catalogue : RunCatalogue

    Signals
    -------
    changed()
        `runs` or `deleted` has changed.
    refused(str)
        A sentence that says why a run could not be opened, labelled or deleted.
    removed(str)
        A sentence that says which runs are no longer there, and why.
    own_file_wanted(EarlierRun)
        A run is to be opened from a file of the person's own.
    """

    changed = Signal()
    refused = Signal(str)
    removed = Signal(str)
    own_file_wanted = Signal(object)

    def __init__(self, session: Session, store: RunStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._store = session, store
        self._folder: AutosaveFolder | None = None
        self._autosave: Autosave | None = None
        self._max_bytes = MAX_FOLDER_BYTES
        self._files: list[StoredFile] = []
        self._elsewhere: set[str] = set()  # the ids of runs that other windows keep
        self.catalogue = RunCatalogue(store, self)
        self.catalogue.changed.connect(self._take_catalogue)
        self.catalogue.refused.connect(self._refuse)
        self._keys: dict[int, str] = {}  # of open runs that have been listed, by their id
        self._opening: tuple[int, Path] | None = None
        self.runs: tuple[EarlierRun, ...] = ()
        self.deleted: tuple[EarlierRun, ...] = ()
        self._watch = FolderWatch(self)
        self._watch.changed.connect(self.refresh)
        session.run_begun.connect(self.refresh)
        session.run_left.connect(self.restore_present)
        session.run_lost.connect(self._say_lost)
        store.use_labels(self.label_of)
        store.opened.connect(self._take_opened)
        store.refused.connect(self._take_refusal)
        store.found_text.connect(self._take_refusal)

    def use_folder(self, folder: AutosaveFolder, autosave: Autosave, max_bytes: int) -> None:
        """List the runs in a folder, too, and keep its size within a bound."""
        self._folder, self._autosave, self._max_bytes = folder, autosave, max_bytes
        autosave.written.connect(self._take_written)
        autosave.renamed.connect(self.refresh)
        self._session.closing.connect(self._leave_folder)
        self.catalogue.use_folder(folder)
        folder.take_left_behind()
        self.refresh()

    @property
    def left_behind(self) -> tuple[EarlierRun, ...]:
        """The runs that windows left behind when they crashed, or closed without a question."""
        return tuple(run for run in self.runs if run.is_left_behind)

    @property
    def can_restore(self) -> bool:
        """Whether there is a deleted run that can be restored."""
        return bool(self.deleted)

    @property
    def present(self) -> EarlierRun | None:
        """The run that is shown now; None if there is no data."""
        run = self._session.run
        if run.corpus is None:
            return None
        described = self._described(run)
        file = next((file for file in self._files if file.id == described.key), None)
        described = described if file is None else described.in_file(file)
        own = self.catalogue.own_files().get(described.key)
        return described if own is None else described.in_own_file(own)

    @property
    def folder(self) -> AutosaveFolder | None:
        """Where the runs are; None if they are kept in memory only."""
        return self._folder

    def key_of(self, run: Run) -> str:
        """Return the key of an open run."""
        path = self._autosave.path_of(run.id) if self._autosave is not None else None
        if path is not None or self.catalogue.has_own_file(run.library_id):
            return run.library_id
        return f"{OPEN_KEY}{run.id}"

    # Commands

    @Slot()
    def refresh(self) -> None:
        """Look again at what there is."""
        if self._folder is not None:
            self._watch.follow(self._folder.path)  # it is made when something is first saved
            self._files = self._folder.files()
            self._elsewhere = self._folder.ids_elsewhere()
        self.catalogue.look_up([file for file in self._files if not self._is_open(file)])
        self._make_list()

    def open(self, run: EarlierRun) -> None:
        """Show a run again. The one shown until now becomes an earlier run."""
        self._store.give_up_opening()
        self._session.give_up_loading()
        if run.run_id is not None and self._session.show_run(run.run_id):
            return
        if run.path is None and run.own_file:
            self._open_own(run)
            return
        if run.path is None or self._folder is None:
            self._refuse(GONE)
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

    def _open_own(self, run: EarlierRun) -> None:
        if run.is_missing:
            path = Path(run.own_file_text)
            self._refuse(
                f"“{path.name}” is no longer in “{path.parent}”. If you have moved it, add it to "
                "the list from its new place."
            )
        else:
            self.own_file_wanted.emit(run)

    def delete(self, run: EarlierRun) -> None:
        """Put a run into the trash; for `KEPT_DAYS`, it can be brought back.

        A file of the person's own stays where it is.
        """
        if run.path is not None and self._folder is not None:
            try:
                self._folder.claim(run.path)  # no other window lists it any longer
            except FileNotFoundError:
                self.refresh()
                return
            except OSError:
                self._refuse(f"The folder “{self._folder.path}” is read-only, so the run stays.")
                return
        self.label(run, deleted=time.time())
        self.refresh()

    @Slot()
    def restore(self) -> str | None:
        """Bring back the run that was deleted last, and return its key; None if there is none."""
        if not self.deleted:
            return None
        run = self.deleted[0]
        self.restore_run(run)
        return run.key

    def restore_run(self, run: EarlierRun) -> None:
        """Bring back a deleted run."""
        self.label(run, deleted=None)

    @Slot()
    def restore_present(self) -> None:
        """Take the run that is shown out of the trash, where another window may have put it."""
        run = self.present
        if run is not None and run.is_deleted:
            self.restore_run(run)

    def label(self, run: EarlierRun, **changes: Any) -> None:
        """Change the title, the note or the colour of a run."""
        self.catalogue.set_label(run.key, **changes)

    def label_of(self, run: Run) -> RunLabel:
        """Return what is noted of an open run."""
        return self.catalogue.label_of(self.key_of(run))

    def star(self, run: EarlierRun, is_starred: bool) -> None:
        """Give a run a star, or take it away. Runs with a star are never removed to make room."""
        if run.path is not None and self._folder is not None and self._autosave is not None:
            folder = self._folder
            self._autosave.move(
                run.path, lambda path: folder.starred(path, is_starred), self.refresh
            )
        if run.label.is_starred or (run.path is None and run.own_file):
            self.label(run, is_starred=is_starred and run.path is None)

    def keep_for_later(self, runs: Iterable[EarlierRun]) -> None:
        """Offer runs that were left behind no longer; they stay in the list."""
        for run in runs:
            if run.path is not None and self._folder is not None:
                self._folder.keep_for_later(run.path)
        self.refresh()

    # The list

    @Slot()
    def _make_list(self) -> None:
        files, own = {file.id: file for file in self._files}, self.catalogue.own_files()
        found = []
        for run in (self._session.run, *self._session.runs.all_earlier):
            described = self._described(run)
            file, entry = files.pop(described.key, None), own.pop(described.key, None)
            if run is not self._session.run and run.steps_made:
                described = described if file is None else described.in_file(file)
                found.append(described if entry is None else described.in_own_file(entry))
        own = {key: entry for key, entry in own.items() if key not in self._elsewhere}
        listed = {run.key: run for run in (*self.runs, *self.deleted)}
        found.extend(runs_in_files(files.values(), own, listed, self.catalogue))
        self.runs = tuple(run for run in found if not run.is_deleted)
        deleted = [run for run in found if run.is_deleted]
        self.deleted = tuple(sorted(deleted, key=lambda run: run.label.deleted or 0, reverse=True))
        self.changed.emit()

    def _described(self, run: Run) -> EarlierRun:
        """Describe an open run. What was noted of it before it had a file is noted there now."""
        key = self.key_of(run)
        before = self._keys.get(run.id, key)
        self._keys[run.id] = key
        if before != key:
            self.catalogue.rekey(before, key)
        return EarlierRun.of_open_run(run, key, self.catalogue.label_of(key))

    def _is_open(self, file: StoredFile) -> bool:
        return self._autosave is not None and file.id in self._autosave.open_ids

    @Slot()
    def _take_catalogue(self) -> None:
        """Remove what was deleted long ago, and list the rest."""
        label_of, now = self.catalogue.label_of, time.time()
        over = [
            file
            for file in self._files
            if is_over(label_of(file.id).deleted, now) and not self._is_open(file)
        ]
        for file in over:
            self._files.remove(file)
            self._store.remove(str(file.path))
        there = {file.id for file in self._files}
        for key in self.catalogue.own_files():
            if key not in there and is_over(label_of(key).deleted, now):
                self.catalogue.set_own_file(key, "")
                return  # it has been called again
        self._make_list()

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
        self.restore_present()
        self.refresh()
        self._make_room()

    def _make_room(self) -> None:
        """Remove the oldest runs from a folder that is too large, and say which."""
        if self._autosave is None:
            return
        trash, label_of = {run.key for run in self.deleted}, self.catalogue.label_of
        files = [
            replace(file, modified=0.0, is_starred=False)
            if file.id in trash
            else replace(file, is_starred=file.is_starred or label_of(file.id).is_starred)
            for file in self._files
        ]
        names = {run.key: run.in_a_message for run in self.runs}
        protected = {file.path for file in files if self._is_open(file)}
        removed = files_to_remove(files, protected, self._max_bytes)
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
        """Let other windows have the runs."""
        if self._folder is None or self._autosave is None:
            return
        self._watch.stop()
        shown = self._autosave.path_of(self._session.run.id)
        for file in self._folder.files():
            if self._folder.is_own(file.path) and file.path != shown:
                self._folder.keep_for_later(file.path)
        self._folder.release()
