"""The earlier runs: those that were put aside, and those that other windows left behind."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.library.autosave import Autosave
from dinogui.library.autosave_folder import AutosaveFolder, StoredFile, files_to_remove, id_of
from dinogui.library.earlier_run import EarlierRun
from dinogui.library.folder_watch import FolderWatch
from dinogui.library.run_catalogue import OPEN_KEY, RunCatalogue
from dinogui.library.run_store import RunStore
from dinogui.library.trash import is_over
from dinogui.session.run import Run
from dinogui.session.session import Session
from engine.runs.run_label import RunLabel

MAX_FOLDER_BYTES = 2_000_000_000
"""When the folder is larger, runs are removed from it, the oldest ones first."""

GONE = "That run is no longer there."


class EarlierRuns(QObject):
    """Lists the runs that can be shown again, and shows, labels, stars and deletes them.

    Lives in the GUI thread. The list has the open runs besides the one that is shown, and the runs
    in the autosave folder, except those of other windows. The files are read in the saving thread,
    so the list is complete a moment later, when `changed` is emitted.

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

    Signals
    -------
    changed()
        `runs` or `deleted` has changed.
    refused(str)
        A sentence that says why a run could not be opened, labelled or deleted.
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
        self._catalogue = RunCatalogue(store, self)
        self._catalogue.changed.connect(self._take_catalogue)
        self._catalogue.refused.connect(self._refuse)
        self._keys: dict[int, str] = {}  # of open runs that have been listed, by their id
        self._opening: tuple[int, Path] | None = None
        self.runs: tuple[EarlierRun, ...] = ()
        self.deleted: tuple[EarlierRun, ...] = ()
        self._watch = FolderWatch(self)
        self._watch.changed.connect(self.refresh)
        session.run_begun.connect(self.refresh)
        session.run_lost.connect(self._say_lost)
        store.use_labels(self.label_of)
        store.opened.connect(self._take_opened)
        store.refused.connect(self._take_refusal)
        store.found_text.connect(self._take_refusal)

    def use_folder(self, folder: AutosaveFolder, autosave: Autosave, max_bytes: int) -> None:
        """List the runs in a folder, too, and keep its size within a bound."""
        self._folder, self._autosave, self._max_bytes = folder, autosave, max_bytes
        autosave.written.connect(self._take_written)
        self._session.closing.connect(self._leave_folder)
        self._catalogue.use_folder(folder)
        folder.take_left_behind()
        self._watch.follow(folder.path)
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
        return described if file is None else described.in_file(file)

    @property
    def folder(self) -> AutosaveFolder | None:
        """Where the runs are; None if they are kept in memory only."""
        return self._folder

    def key_of(self, run: Run) -> str:
        """Return the key of an open run."""
        path = self._autosave.path_of(run.id) if self._autosave is not None else None
        return id_of(path) if path is not None else f"{OPEN_KEY}{run.id}"

    # Commands

    @Slot()
    def refresh(self) -> None:
        """Look again at what there is."""
        if self._folder is not None:
            self._files = self._folder.files()
        self._catalogue.look_up([file for file in self._files if not self._is_open(file)])
        self._make_list()

    def open(self, run: EarlierRun) -> None:
        """Show a run again. The one shown until now becomes an earlier run."""
        self._store.give_up_opening()
        self._session.give_up_loading()
        if run.run_id is not None and self._session.show_run(run.run_id):
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

    def delete(self, run: EarlierRun) -> None:
        """Put a run into the trash; for `KEPT_DAYS`, it can be brought back."""
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

    def label(self, run: EarlierRun, **changes: Any) -> None:
        """Change the title, the note or the colour of a run."""
        self._catalogue.set_label(run.key, **changes)

    def label_of(self, run: Run) -> RunLabel:
        """Return what is noted of an open run."""
        return self._catalogue.label_of(self.key_of(run))

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

    @Slot()
    def _make_list(self) -> None:
        files = {file.id: file for file in self._files}
        found = []
        for run in (self._session.run, *self._session.runs.all_earlier):
            described = self._described(run)
            file = files.pop(described.key, None)
            if run is not self._session.run and run.steps_made:
                found.append(described if file is None else described.in_file(file))
        listed = {run.key: run for run in (*self.runs, *self.deleted)}
        for file in files.values():
            summary, label = self._catalogue.summary_of(file), self._catalogue.label_of(file.id)
            if summary is not None and summary.step:
                found.append(EarlierRun.of_file(file, summary, label))
            elif not self._catalogue.knows(file) and file.id in listed:  # it is being read
                old = replace(listed[file.id], run_id=None, label=label)
                found.append(old.in_file(file))
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
            self._catalogue.rekey(before, key)
        return EarlierRun.of_open_run(run, key, self._catalogue.label_of(key))

    def _is_open(self, file: StoredFile) -> bool:
        return self._autosave is not None and file.path in self._autosave.paths

    @Slot()
    def _take_catalogue(self) -> None:
        """Remove what was deleted long ago, and list the rest."""
        label_of, now = self._catalogue.label_of, time.time()
        over = [
            file
            for file in self._files
            if is_over(label_of(file.id).deleted, now) and not self._is_open(file)
        ]
        for file in over:
            self._files.remove(file)
            self._store.remove(str(file.path))
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
        self.refresh()
        self._make_room()

    def _make_room(self) -> None:
        """Remove the oldest runs from a folder that is too large, and say which."""
        if self._autosave is None:
            return
        trash = {run.key for run in self.deleted}
        files = [
            replace(file, modified=0.0, is_starred=False) if file.id in trash else file
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
        """Let other windows have the runs."""
        if self._folder is None or self._autosave is None:
            return
        shown = self._autosave.path_of(self._session.run.id)
        for file in self._folder.files():
            if self._folder.is_own(file.path) and file.path != shown:
                self._folder.keep_for_later(file.path)
        self._folder.release()
