"""Gives the plot the runs of the list: the open ones, and those that are in files only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dinogui.library.earlier.earlier_runs import EarlierRuns
from dinogui.library.run_store import RunStore
from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.run import Run
from dinogui.session.session import Session

if TYPE_CHECKING:
    from engine.runs.run_file import SavedRun


class OverlaySource(QObject):
    """Finds runs by their keys in the list of earlier runs, and reads them from their files.

    Lives in the GUI thread. It satisfies `dinogui.session.overlay.runs_on_plot.RunSource`.

    Parameters
    ----------
    session : Session
        Its runs on the plot get the runs of the list.
    earlier : EarlierRuns
        The parent.
    store : RunStore
    """

    def __init__(self, session: Session, earlier: EarlierRuns, store: RunStore) -> None:
        super().__init__(earlier)
        self._earlier, self._store = earlier, store
        session.on_plot.use_source(self)
        earlier.changed.connect(session.on_plot.refresh)

    def key_of(self, run: Run) -> str:
        """Return the key of an open run in the list."""
        return self._earlier.key_of(run)

    def colour_of(self, key: str) -> int | None:
        """Return the place of the colour that a person has chosen for a run, if any."""
        run = next((run for run in self._earlier.runs if run.key == key), None)
        return run.label.colour if run is not None else None

    def choices(self) -> Sequence[tuple[str, str, int | None]]:
        """Return the runs of the list: the key, a description, and the id if the run is open."""
        return [(run.key, f"{run.title}, {run.details}", run.run_id) for run in self._earlier.runs]

    def read(
        self, key: str, done: Callable[[OverlaidRun], None], refused: Callable[[str], None]
    ) -> None:
        """Read a run from its file in the saving thread."""
        run = next((run for run in self._earlier.runs if run.key == key), None)
        if run is None or not run.file:
            refused("That run is no longer there.")
            return

        def take(saved: SavedRun) -> None:
            try:
                overlaid = OverlaidRun.of_file(saved, key)
            except ValueError as error:
                refused(f"The curve of that run is damaged: {error}")
                return
            done(overlaid)

        self._store.look_into(run.file, take, refused)
