"""Begins a new run like one of the list: with the same data and with what that one began with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dinogui.common.run_plan import RunPlan
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.earlier_runs import GONE
from dinogui.library.run_store import RunStore
from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.session import Session
from engine.training.recipes import RECIPES
from engine.training.record import Record

if TYPE_CHECKING:
    from engine.data.corpus import Corpus
    from engine.data.text import Text
    from engine.runs.run_file import SavedRun


class Alike(QObject):
    """Takes the settings of a run for a new one. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    store : RunStore
    parent : QObject

    Signals
    -------
    refused(str)
        A sentence that says why no run could begin.
    """

    refused = Signal(str)

    def __init__(self, session: Session, store: RunStore, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._store = session, store

    def begin(self, run: EarlierRun) -> None:
        """Begin a run like another one."""
        open_run = self._session.runs.get(run.run_id) if run.run_id is not None else None
        overlaid = OverlaidRun.of_run(open_run, run.key) if open_run is not None else None
        if open_run is not None and overlaid is not None and open_run.corpus is not None:
            self._begin(open_run.corpus, open_run.path, overlaid.record)
        elif run.file:
            self._store.look_into(run.file, self._take, self.refused.emit)
        else:
            self.refused.emit(GONE)

    def _take(self, saved: SavedRun) -> None:
        now = self._session.corpus
        if now is not None and now.fingerprint == saved.record.fingerprint:
            self._begin(now, self._session.run.path, saved.record)
        elif saved.corpus is not None:
            self._begin(saved.corpus, None, saved.record)
        else:
            self.refused.emit(
                f"The data of that run, “{saved.source}”, is not in its file. Open the data first, "
                "with File > Open."
            )

    def _begin(self, corpus: Corpus | Text, path: str | None, record: Record) -> None:
        plan = RunPlan(
            RECIPES[record.recipe], record.hyperparameters, record.settings, record.until
        )
        try:
            self._session.begin_on(corpus, path, plan)
        except ValueError as error:
            self.refused.emit(str(error))
