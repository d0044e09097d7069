"""A click on the loss plot asks for the step that is there, or for the event of a flag."""

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.pane.event_flags import FLAG_HEIGHT
from dinogui.session.session import Session

_REACH = 4
"""Pixels above a flag that still count as the flag."""


class PlotClick(QObject):
    """Tells clicks on the plot from drags, which move and zoom it. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    loss_plot : LossPlot
        The parent.

    Signals
    -------
    asked(int)
        A person wants to look at a step.
    """

    asked = Signal(object)

    def __init__(self, session: Session, loss_plot: LossPlot) -> None:
        super().__init__(loss_plot)
        self._session, self._plot = session, loss_plot
        loss_plot.plot.scene().sigMouseClicked.connect(self._take_click)

    @Slot(object)
    def _take_click(self, event: Any) -> None:
        box, place = self._plot.plot.getViewBox(), event.scenePos()
        if event.button() is not Qt.MouseButton.LeftButton or event.double():
            return
        if not box.sceneBoundingRect().contains(place) or not self._session.steps_made:
            return
        step = self._plot.across.step(box.mapSceneToView(place).x())
        near = self._plot.pane.flag_near(step)
        if near is not None and box.sceneBoundingRect().bottom() - place.y() < FLAG_HEIGHT + _REACH:
            step = self._session.run.events[near.start].step
        self.asked.emit(max(round(step), 0))
