"""Measures the gradient flow of the runs that are compared, in another thread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from dinogui.panels.compare.run_comparison import compared_runs, measured_gradients, networks_of
from dinogui.panels.insight.frame.pacing import PacedTask
from dinogui.session.background import BackgroundThread, Work
from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.session import Session

if TYPE_CHECKING:
    from engine.racing.gradient_pieces import GradientLeft


class ComparedGradients(QObject):
    """Knows the gradient flow of the runs on the plot, as it was measured last.

    It measures while the panel can be seen, and takes no more time than the panels that look inside
    the network. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    panel : QWidget
        The parent.

    Signals
    -------
    measured()
        Others are known.
    """

    measured = Signal()

    def __init__(self, session: Session, panel: QWidget) -> None:
        super().__init__(panel)
        self._session = session
        self._known: dict[str, GradientLeft | None] = {}  # by the title of the run
        self._titles: tuple[str, ...] = ()  # of the runs that are being measured
        self._pace = PacedTask(BackgroundThread.of(session.threads, "insight"), panel, self._work)
        self._pace.done.connect(self._take)
        for begun in (session.run_begun, session.racing.begun, session.racing.ended):
            begun.connect(self._forget)

    def of(self, runs: Sequence[OverlaidRun]) -> list[GradientLeft | None]:
        """Return what was measured last of each run, and measure them anew when it is due."""
        self._pace.want()
        return [self._known.get(run.title) for run in runs]

    def go_on(self) -> None:
        """Measure what is due: the panel can be seen again."""
        self._pace.go_on()

    def _work(self) -> Work | None:
        runs, data = compared_runs(self._session), self._session.corpus
        if data is None or len(runs) < 2:
            return None
        self._titles = tuple(run.title for run in runs)
        return partial(measured_gradients, data, networks_of(runs))

    @Slot()
    def _forget(self) -> None:
        self._pace.forget()
        self._known = {}

    @Slot(object)
    def _take(self, gradients: list[GradientLeft | None]) -> None:
        known = dict(zip(self._titles, gradients, strict=True))
        if known != self._known:
            self._known = known
            self.measured.emit()
