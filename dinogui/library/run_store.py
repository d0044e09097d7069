"""Saves runs to files and opens them, while the window and the training go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from dinogui.library.view_state import RunView, ViewState
from dinogui.session.run import Run
from dinogui.session.session import Session
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.run_file_worker import AS_DATA, Addable, RunContent, RunFileWorker
from dinogui.workers.service import Refusal, WorkerClient
from engine.runs.run_label import NO_LABEL, RunLabel
from engine.runs.saved_curves import curve_extras, read_curves
from engine.training.curves.run_curves import Curves

if TYPE_CHECKING:
    from engine.runs.run_file import SavedRun
    from engine.runs.run_index import FileStamp, Index

_ID = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class _ToSave:
    """A run that is to be saved, until its copy comes: by then another one may be shown."""

    run: Run
    path: str
    with_data: bool | None
    view: ViewState
    label: RunLabel

    def content(self, copy: RunCopy) -> RunContent:
        """Return everything that goes into the file."""
        run = self.run
        assert run.corpus is not None
        view = replace(
            self.view,
            log=tuple(run.log),
            meter=tuple(run.measurements),
            event_notes=tuple(sorted(run.event_notes.items())),
        )
        extras = curve_extras(run.curves) | view.to_json()
        extras |= {"name": run.name, "id": run.library_id}
        if self.label != NO_LABEL:
            extras["label"] = self.label.to_json()
        return RunContent(run.corpus, run.path, copy, extras, self.with_data)


class RunStore(QObject):
    """Puts together what a file holds: the training's part and the window's.

    Lives in the GUI thread. The run is copied between two slices of training, and written in the
    saving thread. Most signals start with the number that the order returned.

    Parameters
    ----------
    session : Session
        Its threads get one named "saving".
    view : RunView

    Signals
    -------
    kept(int, RunCopy)
        It is on the disk.
    failed(int, str)
        It is not; a sentence says why.
    opened(int, RunCopy)
        The session shows the run that was read.
    refused(int, str)
        It could not be read; a sentence says why. The session's run is unchanged.
    found_text(int, str)
        The same, because it is a text file.
    left_out(str)
        A part of a run was not saved, or not opened; sentences say which.
    opening_changed(bool)
        Whether the file of a run is being read.
    """

    kept = Signal(int, object)
    failed = Signal(int, str)
    opened = Signal(int, object)
    refused = Signal(int, str)
    left_out = Signal(str)
    found_text = Signal(int, str)
    opening_changed = Signal(bool)
    _nothing_to_save = Signal(int, str)

    def __init__(self, session: Session, view: RunView) -> None:
        super().__init__(session)
        self._session, self._view = session, view
        self._number = 0
        self._label_of: Callable[[Run], RunLabel] = lambda _run: NO_LABEL
        self._opening: int | None = None  # the number of the file that is being read
        self._client = WorkerClient(RunFileWorker(), session.threads.start("saving"), self)
        # The order's maker learns its number before it is refused.
        self._nothing_to_save.connect(self.failed, Qt.ConnectionType.QueuedConnection)

    def use_labels(self, label_of: Callable[[Run], RunLabel]) -> None:
        """Store with each run what is noted of it."""
        self._label_of = label_of

    def keep(self, run: Run, path: str, *, with_data: bool | None = None) -> int:
        """Write the run shown to a file, as it is after the step that is being made."""
        self._number += 1
        if run.corpus is None:
            self._nothing_to_save.emit(self._number, "There is no run to save.")
            return self._number
        to_save = _ToSave(run, path, with_data, self._view.state_of(run), self._label_of(run))
        self._session.copy_run(
            run,
            partial(self._write, self._number, to_save),
            partial(self._take_failure, self._number),
        )
        return self._number

    def open(self, path: str) -> int:
        """Read a run and show it; of several that are being read, the latest counts."""
        self._session.give_up_loading()
        self._number += 1
        self._opening = self._number
        self._client.order(
            RunFileWorker.read,
            path,
            self._session.corpus,
            done=partial(self._take_run, self._number),
            refused=partial(self._take_refusal, self._number),
            supersedes=True,
        )
        self.opening_changed.emit(True)
        return self._number

    def give_up_opening(self) -> None:
        """Cancel the run that is being read: something else is wanted now."""
        self._client.cancel(RunFileWorker.read)
        self._end_opening(self._opening)

    def _end_opening(self, number: int | None) -> None:
        if number is not None and number == self._opening:
            self._opening = None
            self.opening_changed.emit(False)

    def remove(self, path: str) -> None:
        """Remove a file, after everything that was ordered before."""
        self._client.order(RunFileWorker.remove, path, outlasts_closing=True)

    def rename(self, path: str, new_path: str, done: Callable[[], None]) -> None:
        """Rename a file, after everything that was ordered before; `done` is called then."""
        self._client.order(
            RunFileWorker.rename,
            path,
            new_path,
            done=lambda _: done(),
            refused=lambda _: done(),
            outlasts_closing=True,
        )

    def look_up(
        self, folder: str, files: Sequence[FileStamp], done: Callable[[Index], None]
    ) -> None:
        """Read what the index of a folder says of its runs; `done` takes it."""
        self._client.order(RunFileWorker.look_up, folder, tuple(files), done=done)

    def label(
        self,
        folder: str,
        run_id: str,
        changes: Mapping[str, Any],
        done: Callable[[Index], None],
        refused: Callable[[str], None],
    ) -> None:
        """Change what is noted of a run; `refused` takes a sentence."""
        self._client.order(
            RunFileWorker.label,
            folder,
            run_id,
            dict(changes),
            done=done,
            refused=lambda refusal: refused(refusal.sentence),
            outlasts_closing=True,
        )

    def note_own_file(
        self,
        folder: str,
        run_id: str,
        path: str,
        done: Callable[[Index], None],
        refused: Callable[[str], None],
    ) -> None:
        """Note that a run is in a file of the person's own, or in none if `path` is empty."""
        self._client.order(
            RunFileWorker.note_own_file,
            folder,
            run_id,
            path,
            done=done,
            refused=lambda refusal: refused(refusal.sentence),
            outlasts_closing=True,
        )

    def add(
        self,
        path: str,
        new_path: str,
        listed: Mapping[str, str],
        missing: Collection[str],
        done: Callable[[Addable], None],
        refused: Callable[[str], None],
    ) -> None:
        """Copy the file of a run, unless the list has it already; see `RunFileWorker.add`."""
        self._client.order(
            RunFileWorker.add,
            path,
            new_path,
            dict(listed),
            frozenset(missing),
            _check_view,
            done=done,
            refused=lambda refusal: refused(refusal.sentence),
        )

    def copy(
        self, path: str, new_path: str, done: Callable[[], None], refused: Callable[[str], None]
    ) -> None:
        """Copy a file; `refused` takes a sentence."""
        self._client.order(
            RunFileWorker.copy,
            path,
            new_path,
            done=lambda _: done(),
            refused=lambda refusal: refused(refusal.sentence),
        )

    def look_into(
        self, path: str, done: Callable[[SavedRun], None], refused: Callable[[str], None]
    ) -> None:
        """Read a run without showing it; `refused` takes a sentence."""
        self._client.order(
            RunFileWorker.look_into,
            path,
            done=done,
            refused=lambda refusal: refused(refusal.sentence),
        )

    def _write(self, number: int, to_save: _ToSave, copy: RunCopy) -> None:
        self._client.order(
            RunFileWorker.write,
            to_save.path,
            to_save.content(copy),
            done=partial(self._take_kept, number, copy),
            refused=partial(self._take_failure, number),
            outlasts_closing=True,
        )

    def _take_kept(self, number: int, copy: RunCopy, left_out: str) -> None:
        self.kept.emit(number, copy)
        if left_out:
            self.left_out.emit(left_out)

    def _take_failure(self, number: int, refusal: Refusal) -> None:
        self.failed.emit(number, refusal.sentence)

    def _take_run(self, number: int, run: RunContent) -> None:
        self._end_opening(number)
        try:
            curves = read_curves(run.extras, run.copy.state.step) or Curves()
            view = ViewState.from_json(run.extras)
        except ValueError as error:
            self.refused.emit(number, f"The curve or the log of the run is damaged: {error}")
            return
        shown = self._session.resume(run.corpus, run.path, run.copy, curves)
        shown.library_id = _id_in(run.extras) or shown.library_id
        self._session.recall_notes(view.event_notes)
        self._view.show(view)
        self.opened.emit(number, run.copy)
        if run.damage:
            self.left_out.emit(run.damage)

    def _take_refusal(self, number: int, refusal: Refusal) -> None:
        self._end_opening(number)
        is_text = refusal.instead == AS_DATA
        (self.found_text if is_text else self.refused).emit(number, refusal.sentence)


def _id_in(extras: Mapping[str, Any]) -> str:
    """Return the id that a run has in the list of runs, by its file; empty if it has none."""
    found = extras.get("id")
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def _check_view(saved: SavedRun) -> None:
    """Raise a ValueError if what the window keeps in a run is damaged."""
    read_curves(saved.extras, saved.state.step)
    ViewState.from_json(saved.extras)
