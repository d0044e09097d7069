"""Adds files of runs to the list, such as those that the command line has saved."""

import os
from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dinogui.library.earlier.earlier_runs import EarlierRuns
from dinogui.library.run_store import RunStore
from dinogui.workers.run_file_worker import Addable
from engine.data.training_data import counted
from engine.runs.run_label import NO_LABEL


class RunAddition(QObject):
    """Copies files into the folder of runs, one after the other. Lives in the GUI thread.

    A file that the list has already is not added again. If it is in the trash, it is restored. The
    missing file of a run in the list is found again.

    Parameters
    ----------
    earlier : EarlierRuns
        The parent.
    store : RunStore

    Signals
    -------
    said(str)
        How many runs were added, and what has become of each of the others.
    """

    said = Signal(str)

    def __init__(self, earlier: EarlierRuns, store: RunStore) -> None:
        super().__init__(earlier)
        self._earlier, self._store = earlier, store
        self._waiting: deque[str] = deque()
        self._is_adding = False
        self._added: dict[str, str] = {}  # the new files, by their ids
        self._answers: list[str] = []

    def add(self, paths: Sequence[str]) -> None:
        """Copy files, and say afterwards what has become of them."""
        folder = self._earlier.folder
        if folder is None or not folder.can_write():
            where = f"“{folder.path}” cannot be written to" if folder is not None else "is off"
            self.said.emit(f"No run can be added, as the folder of runs {where}.")
            return
        self._waiting.extend(paths)
        if not self._is_adding:
            self._add_next()

    def _add_next(self) -> None:
        folder = self._earlier.folder
        self._is_adding = bool(self._waiting) and folder is not None
        if not self._is_adding or folder is None:
            self._end()
            return
        path, run_id = self._waiting.popleft(), os.urandom(8).hex()
        new_path = str(folder.path_for_added(run_id))
        runs = (*self._earlier.runs, *self._earlier.deleted)
        listed = {run.key: run.file for run in runs if run.file and not run.is_missing}
        self._store.add(
            path,
            new_path,
            listed | self._added,
            [run.key for run in runs if run.is_missing],
            partial(self._take_added, path, run_id, new_path),
            self._take_answer,
        )

    def _take_added(self, path: str, run_id: str, new_path: str, added: Addable) -> None:
        name, catalogue = Path(path).name, self._earlier.catalogue
        if added.same_as is not None:
            self._take_answer(self._said_of_listed(name, added.same_as))
            return
        if added.moved_from is not None:
            catalogue.set_own_file(added.moved_from, os.path.abspath(path))
            self._take_answer(f"“{name}” is found again.")
            return
        self._added[run_id] = new_path
        if added.label != NO_LABEL:
            catalogue.set_label(run_id, **vars(added.label))
        self._add_next()

    def _said_of_listed(self, name: str, key: str) -> str:
        deleted = next((run for run in self._earlier.deleted if run.key == key), None)
        if deleted is None:
            return f"“{name}” is in the list already."
        self._earlier.restore_run(deleted)
        return f"“{name}” was in the trash, and is in the list again."

    def _take_answer(self, sentence: str) -> None:
        self._answers.append(sentence)
        self._add_next()

    def _end(self) -> None:
        said = [f"{counted(len(self._added), 'run')} added to the list."] if self._added else []
        answers, self._answers, self._added = self._answers, [], {}
        self._earlier.refresh()
        self.said.emit(" ".join([*said, *answers]))


def are_runs(paths: Sequence[str]) -> bool:
    """Whether some of these could be files of runs, by their names."""
    return any(Path(path).suffix.lower() == ".npz" for path in paths)
