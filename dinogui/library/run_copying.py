"""Writes a run of the list to another file, and reads what is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.earlier_runs import GONE
from dinogui.library.run_store import RunStore
from dinogui.session.session import Session

if TYPE_CHECKING:
    from engine.runs.run_file import SavedRun


@dataclass(frozen=True)
class _Asked:
    path: str
    done: Callable[[SavedRun], None]
    refused: Callable[[str], None]


class RunCopying(QObject):
    """Copies runs that are open or in the folder. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    store : RunStore
    parent : QObject
    """

    def __init__(self, session: Session, store: RunStore, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._store = session, store
        self._writing: dict[int, _Asked] = {}
        store.kept.connect(self._take_kept)
        store.failed.connect(self._take_failure)

    def copy(
        self,
        run: EarlierRun,
        path: str,
        done: Callable[[SavedRun], None],
        refused: Callable[[str], None],
    ) -> None:
        """Write a run to a file; `done` takes what was written, or `refused` a sentence."""
        asked = _Asked(path, done, refused)
        open_run = self._session.runs.get(run.run_id) if run.run_id is not None else None
        if open_run is not None:
            self._writing[self._store.keep(open_run, path, with_data=True)] = asked
        elif run.file:
            self._store.copy(run.file, path, lambda: self._read(asked), refused)
        else:
            refused(GONE)

    def _read(self, asked: _Asked) -> None:
        self._store.look_into(asked.path, asked.done, asked.refused)

    @Slot(int)
    def _take_kept(self, number: int) -> None:
        asked = self._writing.pop(number, None)
        if asked is not None:
            self._read(asked)

    @Slot(int, str)
    def _take_failure(self, number: int, sentence: str) -> None:
        asked = self._writing.pop(number, None)
        if asked is not None:
            asked.refused(sentence)
