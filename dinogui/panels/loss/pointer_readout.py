"""The line below the loss plot with the values under the pointer."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, Slot
from PySide6.QtWidgets import QLabel, QSizePolicy

from dinogui.panels.loss.curve_pane import CurvePane
from dinogui.panels.loss.readout import values_near
from dinogui.panels.loss.scales import HorizontalScale
from dinogui.session.curves.run_curves import Curves
from dinogui.startup.lean_pyqtgraph import pg
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.training.messages import LossSpike

_NOTHING = " \n "
"""Takes the room of two lines, so that the plot keeps its size."""


class PointerReadout(QLabel):
    """Writes step and values under the pointer, and marks the step in the plot.

    Lives in the GUI thread.

    Parameters
    ----------
    plot : PlotWidget
    pane : CurvePane
    """

    def __init__(self, plot: pg.PlotWidget, pane: CurvePane) -> None:
        super().__init__()
        self.setProperty("role", "faint")
        self.setAccessibleName("Values under the pointer")
        # A long line must not widen the window.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._box, self._pane = plot.getViewBox(), pane
        self._curves, self._across = Curves(), HorizontalScale()
        self._unit = Unit.NATS_PER_NAME
        self._kind: DataKind = "names"
        self._spikes: Sequence[LossSpike] = ()
        self._pointer: QPointF | None = None
        self._step: float | None = None
        self.setText(_NOTHING)
        self._box.sigRangeChanged.connect(self._look_again)
        plot.scene().sigMouseMoved.connect(self._point_at)
        plot.installEventFilter(self)

    def show_run(
        self,
        curves: Curves,
        across: HorizontalScale,
        unit: Unit,
        kind: DataKind,
        spikes: Sequence[LossSpike],
    ) -> None:
        """Read other curves, or the same in another unit; see `values_near`."""
        if curves is not self._curves:
            self._step = None
        self._curves, self._across, self._unit = curves, across, unit
        self._kind, self._spikes = kind, spikes
        self._look_at(self._step)

    @Slot(QPointF)
    def _point_at(self, place: QPointF) -> None:
        self._pointer = place
        position = self._box.mapSceneToView(place).x()
        inside = self._box.sceneBoundingRect().contains(place)
        self._look_at(self._across.step(position) if inside else None)

    @Slot()
    def _look_again(self) -> None:
        """Show the values under the pointer again after the view has changed."""
        if self._pointer is not None:
            self._point_at(self._pointer)

    def _look_at(self, step: float | None) -> None:
        """Show the values at a step and mark it, or show none."""
        found = None if step is None else self._curves.smoothed(self._unit).nearest(step)
        self._step = step
        self._pane.show_cursor(found[0] if found else None)
        if step is None or found is None:
            self.setText(_NOTHING)
            return
        near = self._pane.spike_near(step)
        spike = None if near is None else self._spikes[near]
        about = self._unit, self._kind, spike, self._across.quantity, self._pane.grain_at(step)
        self.setText(values_near(self._curves, step, found, *about))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show no values when the pointer leaves the plot."""
        if event.type() == QEvent.Type.Leave:
            self._pointer = None
            self._look_at(None)
        return super().eventFilter(watched, event)
