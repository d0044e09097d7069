"""Adds files of runs to the list, such as those that the command line has saved."""

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dinogui.library.earlier_runs import EarlierRuns
from dinogui.library.run_store import RunStore
from engine.data.training_data import counted


class RunAddition(QObject):
    """Copies files into the folder of runs. Lives in the GUI thread.

    Parameters
    ----------
    earlier : EarlierRuns
        The parent.
    store : RunStore

    Signals
    -------
    said(str)
        How many runs were added, or why one was not.
    """

    said = Signal(str)

    def __init__(self, earlier: EarlierRuns, store: RunStore) -> None:
        super().__init__(earlier)
        self._earlier, self._store = earlier, store
        self._left = self._added = 0
        self._refusals: list[str] = []

    def add(self, paths: Sequence[str]) -> None:
        """Copy files, and say afterwards what has become of them."""
        folder = self._earlier.folder
        if folder is None or not folder.can_write():
            where = f"“{folder.path}” cannot be written to" if folder is not None else "is off"
            self.said.emit(f"No run can be added, as the folder of runs {where}.")
            return
        for path in paths:
            self._left += 1
            new_path = folder.path_for_added(os.urandom(8).hex())
            self._store.add(path, str(new_path), self._take_added, self._take_refusal)

    def _take_added(self) -> None:
        self._added += 1
        self._end_one()

    def _take_refusal(self, sentence: str) -> None:
        self._refusals.append(sentence)
        self._end_one()

    def _end_one(self) -> None:
        self._left -= 1
        if self._left:
            return
        said = [f"{counted(self._added, 'run')} added to the list."] if self._added else []
        self._earlier.refresh()
        self.said.emit(" ".join([*said, *self._refusals]))
        self._added, self._refusals = 0, []


def are_runs(paths: Sequence[str]) -> bool:
    """Whether all of these could be files of runs, by their names."""
    return bool(paths) and all(Path(path).suffix.lower() == ".npz" for path in paths)
