"""A chart with a vertical line that can be dragged."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen

from dinogui.common.theme import Colours
from dinogui.widgets.charts.axis import Axis
from dinogui.widgets.charts.chart import Chart

_NEAR = 6
"""Distance from the line, in pixels, within which a press takes hold of it."""

_GAP = 5


class BoundChart(Chart):
    """Draws a line at a bound, which can be dragged.

    Parameters
    ----------
    name : str
        For screen readers.
    x_axis, y_axis : Axis
    least, most : float
        The range in which the line can be dragged, in the units of the x axis.

    Attributes
    ----------
    bound : float or None
        Where the line is. None if there is none.
    bound_text : str
        The text beside the line.

    Signals
    -------
    drag_began()
    dragged(float)
        The new position of the line.
    drag_ended()
    """

    drag_began = Signal()
    dragged = Signal(float)
    drag_ended = Signal()

    def __init__(self, name: str, x_axis: Axis, y_axis: Axis, least: float, most: float) -> None:
        super().__init__(name, x_axis, y_axis)
        self._least, self._most = least, most
        self._is_held = False
        self.bound: float | None = None
        self.bound_text = ""

    def show_bound(self, bound: float | None, text: str = "") -> None:
        """Move or hide the line. A line that is being dragged stays under the pointer."""
        self._is_held = self._is_held and bound is not None
        if not self._is_held:
            self.bound = bound
        self.bound_text = text
        self.update()

    def paint_over(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        """Draw the line, and its text on the side with room for it."""
        if self.bound is None:
            return
        x = self.place_of(self.bound, 0.0).x()
        if not area.left() <= x <= area.right():
            return
        painter.setPen(QPen(QColor(colours.held_out), 5 if self._is_held else 3))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        font = self.fontMetrics()
        width, height = font.horizontalAdvance(self.bound_text) + 2, font.height()
        fits_right = x + _GAP + width <= self.width()
        left = x + _GAP if fits_right else x - _GAP - width
        painter.setPen(QColor(colours.text))
        place = QRectF(left, area.top(), width, height)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft, self.bound_text)

    def _is_near(self, place: QPointF) -> bool:
        return (
            self.bound is not None and abs(self.place_of(self.bound, 0.0).x() - place.x()) <= _NEAR
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the line."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_near(event.position()):
            self._is_held = True
            self.update()
            self.drag_began.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the line, or show that it can be dragged."""
        super().mouseMoveEvent(event)
        place = event.position()
        if self._is_held:
            self.bound = min(max(self.value_at(place)[0], self._least), self._most)
            self.update()
            self.dragged.emit(self.bound)
        elif self._is_near(place):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the line."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_held:
            self._is_held = False
            self.update()
            self.drag_ended.emit()
