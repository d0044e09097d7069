"""Shows the futures of the run in the loss plot: a hover reads them, and a click takes one."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QColor, QCursor, QKeyEvent
from PySide6.QtWidgets import QToolTip

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import Theme
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.pane.futures_drawing import FutureLine
from dinogui.panels.loss.readout import written
from dinogui.session.futures.future import KNOB_RANGES, Future
from dinogui.session.session import Session

KEYS = DocumentedKeys("Loss plot", (("Esc", "Remove the futures, if there are any"),))

_PALEST, _DEEPEST = 0.7, 0.5
"""How much of the curve's colour is in the lines of the lowest and of the highest value.

The rest is the colour of the ground, and of the text.
"""


class FuturesView(QObject):
    """Draws the futures as thin dashed lines, in tints of the colour of the run's curve.

    Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    plot : LossPlot
        The parent.
    theme : Theme
    """

    def __init__(self, session: Session, plot: LossPlot, theme: Theme) -> None:
        super().__init__(plot)
        self._session, self._ahead, self._plot, self._theme = session, session.ahead, plot, theme
        self._is_read = False  # by the pointer
        self._ahead.changed.connect(self._show)
        self._ahead.grown.connect(self._show)
        theme.changed.connect(self._show)
        plot.unit_shown.connect(self._show)
        scene = plot.plot.scene()
        scene.sigMouseMoved.connect(self._point_at)
        scene.sigMouseClicked.connect(self._click)
        for part in (plot.plot, plot.plot.viewport()):
            part.installEventFilter(self)

    @Slot()
    def _show(self) -> None:
        """Draw the futures as they are now."""
        ahead, plot, unit = self._ahead, self._plot, self._plot.unit
        drawing = plot.pane.futures
        if not ahead.futures or unit.is_accuracy:  # only losses are known of them
            if drawing.lines:
                drawing.lines, drawing.chosen = (), None
                plot.show_futures()
            return
        near = self._session.curves.smoothed(unit).nearest(ahead.begin)
        drawing.begin = None if near is None or near[0] != ahead.begin else near
        drawing.lines = [
            FutureLine(future.smoothed(unit), future.label, self.tint(future))
            for future in ahead.futures
        ]
        plot.show_futures()

    def tint(self, future: Future) -> QColor:
        """Return the colour of a future: the deeper, the higher its value."""
        values = sorted(_rank(each) for each in self._ahead.futures)
        place = values.index(_rank(future)) / max(len(values) - 1, 1)
        colours = self._theme.colours
        curve = QColor(colours.smoothed)
        if place < 0.5:
            return _mixed(QColor(colours.base), curve, _PALEST + (1 - _PALEST) * 2 * place)
        return _mixed(QColor(colours.text), curve, 1 - (1 - _DEEPEST) * (2 * place - 1))

    def choose(self, index: int | None) -> None:
        """Draw a future thicker than the others, or none."""
        drawing = self._plot.pane.futures
        if index != drawing.chosen:
            drawing.chosen = index
            self._plot.pane.update()

    # The pointer

    def _near(self, place: QPointF) -> int | None:
        """Return the index of the future at a place in the scene, or None."""
        pane, view = self._plot.pane, self._plot.plot
        if not self._ahead.futures:
            return None
        inside = pane.mapFrom(view.viewport(), view.mapFromScene(place)).toPointF()
        if not pane.rect().toRectF().contains(inside):
            return None
        return pane.futures.near(inside)

    @Slot(QPointF)
    def _point_at(self, place: QPointF) -> None:
        """Read the futures where the pointer is near one."""
        if not self._ahead.futures:
            return
        index = self._near(place)
        if index is None:
            if self._is_read:
                self._is_read = False
                self.choose(None)
                QToolTip.hideText()
            return
        self._is_read = True
        self.choose(index)
        step = self._plot.across.step(self._plot.plot.getViewBox().mapSceneToView(place).x())
        QToolTip.showText(QCursor.pos(), self.reading(index, step), self._plot.plot.viewport())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the values in sight, and remove the futures with Escape.

        When the pointer rests, Qt would hide the values.
        """
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self._ahead.knob is not None:
                self._ahead.clear()
                return True
            return False
        if event.type() == QEvent.Type.ToolTip and self._is_read:
            return True
        if event.type() == QEvent.Type.Leave and self._is_read:
            self._is_read = False
            self.choose(None)
        return super().eventFilter(watched, event)

    def reading(self, index: int, step: float) -> str:
        """Return the values of all futures at a step, with one of them marked."""
        unit, ahead = self._plot.unit.of_losses, self._ahead
        if ahead.knob is None:
            return ""
        step = min(max(step, ahead.begin + 1), ahead.end)
        lines = [f"{KNOB_RANGES[ahead.knob].title.capitalize()}, at step {step:,.0f}:"]
        for place, future in enumerate(ahead.futures):
            near = future.smoothed(unit).nearest(step)
            loss = "" if near is None or future.last_step < step - 1 else written(near[1], unit)
            mark = "→ " if place == index else "   "
            lines.append(f"{mark}{future.label}: {loss or 'no step'}")
        lines.append(f"Click to go on from the end of {ahead.futures[index].value_text}.")
        return "\n".join(lines)

    @Slot(object)
    def _click(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton or event.isAccepted():
            return
        index = self._near(event.scenePos())
        if index is not None:
            event.accept()
            self._ahead.take(index)


def _rank(future: Future) -> float:
    return float("inf") if future.value is None else future.value


def _mixed(other: QColor, colour: QColor, share: float) -> QColor:
    """Return a mixture of two colours, with a share of the second one."""
    return QColor.fromRgbF(
        share * colour.redF() + (1 - share) * other.redF(),
        share * colour.greenF() + (1 - share) * other.greenF(),
        share * colour.blueF() + (1 - share) * other.blueF(),
    )
