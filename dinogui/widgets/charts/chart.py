"""A small chart: bars and curves between two axes, painted by hand.

A plotting library asks each item of a plot, in Python, for its bounds and to paint itself. While
the network trains, each of these calls waits for the interpreter. A chart that neither pans nor
zooms is a few lines, rectangles and texts. This paints them in one go, and only after a change.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPicture,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import Colours
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.charts.axis import Axis
from dinogui.widgets.charts.chart_content import Bars, ChartCurve, Values, cursor_places
from dinogui.widgets.charts.chart_cursor import announce, place_after

KEYS = DocumentedKeys(
    "Charts",
    (
        ("Left, Right", "Read the values at the next bar or point"),
        ("Ctrl+Left, Ctrl+Right", "Go ten times as far"),
        ("Home, End", "Read the values of the first or the last bar or point"),
        ("Esc", "End the reading"),
    ),
)

_GAP = 4
_TICK = 3
_NARROWEST, _LABELLED = 110, 170
"""Least width in pixels of a chart, and of a chart with a label on its y axis."""

_MANY = 10
"""Number of ticks among which the longest text is looked for."""

_APART = 1.6
"""Distance from one tick to the next, in multiples of the text's size."""


class Chart(QWidget):
    """Draws bars and curves, and reports where the pointer is.

    With the focus, the arrow keys go from bar to bar or along the main curve, as the pointer does.

    Lives in the GUI thread.

    Parameters
    ----------
    name : str
        For screen readers.
    x_axis, y_axis : Axis

    Attributes
    ----------
    bars : Bars or None
    curves : tuple of ChartCurve
    guide : float or None
        Where a horizontal line is drawn, in the units of the y axis.
    cursor_place : float or None
        Where the arrow keys have moved to, in the units of the x axis.

    Signals
    -------
    pointed(float, float)
        Where the pointer or the cursor is, in the axes' units; NaN outside the axes.
    """

    pointed = Signal(float, float)

    def __init__(self, name: str, x_axis: Axis, y_axis: Axis) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(f"{name}: {y_axis.label} against {x_axis.label}")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(_NARROWEST, 60)
        self.setAutoFillBackground(True)  # otherwise Qt also paints everything behind it
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.x_axis, self.y_axis = x_axis, y_axis
        self.bars: Bars | None = None
        self.curves: tuple[ChartCurve, ...] = ()
        self.guide: float | None = None
        self.cursor_place: float | None = None
        self._guide_text = ""
        self._colours: Colours | None = None
        self._known_area: QRectF | None = None
        self._axes: QPicture | None = None

    def show_bars(self, bars: Bars | None) -> None:
        """Show other bars."""
        self.bars = bars
        self.update()

    def show_curves(self, curves: Sequence[ChartCurve]) -> None:
        """Show other curves, the first one at the back."""
        self.curves = tuple(curves)
        self.update()

    def show_guide(self, value: float | None, text: str = "") -> None:
        """Show a horizontal line with a text at its end; None hides it."""
        self.guide, self._guide_text = value, text
        self.update()

    def show_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show another range of values."""
        if (*x, *y) == (self.x_axis.low, self.x_axis.high, self.y_axis.low, self.y_axis.high):
            return  # the drawn axes are still right
        self.x_axis = replace(self.x_axis, low=float(x[0]), high=float(x[1]))
        self.y_axis = replace(self.y_axis, low=float(y[0]), high=float(y[1]))
        self._forget_places()
        self.update()

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._colours = colours
        self._axes = None
        self.update()

    def place_of(self, x: float, y: float) -> QPointF:
        """Return the position of a point in the widget."""
        area = self.area
        return QPointF(
            area.x() + area.width() * self.x_axis.share(x),
            area.bottom() - area.height() * self.y_axis.share(y),
        )

    @property
    def area(self) -> QRectF:
        """The area of the bars and curves, within the axes and their texts."""
        if self._known_area is None:
            font = self.fontMetrics()
            line = font.height()
            texts = [text for _, text in self.y_axis.ticks(self._most_upwards)]
            widest = max(map(font.horizontalAdvance, texts), default=0)
            left = self._label_width + widest + _TICK + 2 * _GAP
            above, below = line / 2, 2 * line + _TICK + _GAP
            right = self._widest_below / 2 + _GAP  # for the end of the last text
            width, height = self.width() - left - right, self.height() - above - below
            self._known_area = QRectF(left, above, max(width, 1), max(height, 1))
        return self._known_area

    @property
    def _label_width(self) -> int:
        """The room for the label of the y axis: none in a narrow chart."""
        return self.fontMetrics().height() if self.width() >= _LABELLED else 0

    def _forget_places(self) -> None:
        self._known_area = self._axes = None

    @property
    def _most_upwards(self) -> int:
        return max(int(self.height() / (_APART * 1.5 * self.fontMetrics().height())), 2)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars, curves and axes."""
        if self._colours is None:
            return
        painter, area = QPainter(self), self.area
        painter.save()
        painter.setClipRect(area)
        self._draw_bars(painter, area, self._colours)
        self._draw_curves(painter, area, self._colours)
        painter.restore()
        self._draw_guide(painter, area, self._colours)
        if self._axes is None:
            self._axes = self._draw_axes(area, self._colours)
        painter.drawPicture(0, 0, self._axes)
        self.paint_over(painter, area, self._colours)
        self._draw_focus(painter, area, self._colours)
        painter.end()

    def paint_over(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        """Draw what a subclass shows in front of everything."""

    def _draw_bars(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        if self.bars is None or not len(self.bars.left):
            return
        left, right = self._x(self.bars.left, area), self._x(self.bars.right, area)
        top = self._y(self.bars.top, area)
        painter.setPen(QColor(colours.base))
        floor = area.bottom()
        for marked, colour in ((False, colours.smoothed), (True, colours.held_out)):
            places = np.flatnonzero(self.bars.marked == marked)
            edges = np.stack((left, right, top), axis=1)[places].tolist()
            painter.setBrush(QColor(colour))
            painter.drawRects([QRectF(x0, y, x1 - x0, floor - y) for x0, x1, y in edges])
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_curves(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        for curve in self.curves:
            # Antialiasing costs several times as much; pale curves do without.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, curve.is_main)
            colour = colours.smoothed if curve.is_main else colours.raw
            painter.setPen(QPen(QColor(colour), 2 if curve.is_main else 1))
            x, y = self._x(curve.x, area), self._y(curve.y, area)
            painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_guide(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        if self.guide is None:
            return
        level = self.place_of(self.x_axis.low, self.guide).y()
        painter.setPen(QPen(QColor(colours.held_out), 2))
        painter.drawLine(QPointF(area.left(), level), QPointF(area.right(), level))
        painter.setPen(QColor(colours.text))
        height = self.fontMetrics().height()
        place = QRectF(area.left(), level - height - 1, area.width() - 2, height)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight, self._guide_text)

    def _draw_focus(self, painter: QPainter, area: QRectF, colours: Colours) -> None:
        """Draw the cursor, and a frame around the chart that has the focus."""
        if not self.hasFocus():
            return
        painter.setPen(QColor(colours.accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self.cursor_place is not None:
            x = self.place_of(self.cursor_place, self.y_axis.low).x()
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _draw_axes(self, area: QRectF, colours: Colours) -> QPicture:
        """Record the axes, so that painting only has to replay them until they change."""
        picture = QPicture()
        painter = QPainter(picture)
        painter.setFont(self.font())
        painter.setPen(QColor(colours.grid))
        painter.drawPolyline(QPolygonF([area.topLeft(), area.bottomLeft(), area.bottomRight()]))
        painter.setPen(QColor(colours.faint_text))
        self._draw_x_ticks(painter, area)
        self._draw_y_ticks(painter, area)
        line, centre = self.fontMetrics().height(), Qt.AlignmentFlag.AlignCenter
        label = QRectF(area.left(), self.height() - line, area.width(), line)
        painter.drawText(label, centre, self.x_axis.label)
        if self._label_width:
            painter.rotate(-90)
            label = QRectF(-area.bottom(), 0, area.height(), line)
            painter.drawText(label, centre, self.y_axis.label)
        painter.end()
        return picture

    def _draw_x_ticks(self, painter: QPainter, area: QRectF) -> None:
        font, below = self.fontMetrics(), area.bottom() + _TICK
        for value, text in self.x_axis.ticks(self._most_across(area)):
            x = self.place_of(value, self.y_axis.low).x()
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, below))
            width = font.horizontalAdvance(text) + 2
            place = QRectF(x - width / 2, below, width, font.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_y_ticks(self, painter: QPainter, area: QRectF) -> None:
        line, right = self.fontMetrics().height(), area.left() - _TICK - _GAP
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, text in self.y_axis.ticks(self._most_upwards):
            y = self.place_of(self.x_axis.low, value).y()
            painter.drawLine(QPointF(area.left() - _TICK, y), QPointF(area.left(), y))
            painter.drawText(QRectF(0, y - line / 2, right, line), flags, text)

    def _most_across(self, area: QRectF) -> int:
        """Return how many ticks fit below, by the longest text there may be."""
        return max(int(area.width() / (_APART * self._widest_below)), 2)

    @property
    def _widest_below(self) -> int:
        texts = [text for _, text in self.x_axis.ticks(_MANY)]
        return max(map(self.fontMetrics().horizontalAdvance, texts), default=1)

    def _x(self, values: Values, area: QRectF) -> Values:
        low, high = self.x_axis.low, self.x_axis.high
        return np.asarray(area.x() + (values - low) * (area.width() / (high - low)))

    def _y(self, values: Values, area: QRectF) -> Values:
        low, high = self.y_axis.low, self.y_axis.high
        return np.asarray(area.bottom() - (values - low) * (area.height() / (high - low)))

    # Qt's other events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Work out the layout again."""
        super().resizeEvent(event)
        self._forget_places()

    def changeEvent(self, event: QEvent) -> None:
        """Work out the layout again for another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._forget_places()

    def value_at(self, place: QPointF) -> tuple[float, float]:
        """Return the values at a position in the widget, in the axes' units."""
        area = self.area
        across = (place.x() - area.left()) / area.width()
        upwards = (area.bottom() - place.y()) / area.height()
        x_axis, y_axis = self.x_axis, self.y_axis
        return (
            x_axis.low + across * (x_axis.high - x_axis.low),
            y_axis.low + upwards * (y_axis.high - y_axis.low),
        )

    @property
    def places(self) -> list[float]:
        """Where the cursor can be, in the units of the x axis."""
        return cursor_places(self.bars, self.curves)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys, Home and End; Escape ends the reading."""
        leaps = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        place = place_after(event.key(), self.places, self.cursor_place, leaps=leaps)
        if place is not None:
            self._move_cursor(place)
        elif event.key() == Qt.Key.Key_Escape and self.cursor_place is not None:
            self._move_cursor(None)
        else:
            super().keyPressEvent(event)

    def _move_cursor(self, place: float | None) -> None:
        self.cursor_place = place
        self.update()
        self.pointed.emit(*((math.nan, math.nan) if place is None else (place, self.y_axis.low)))

    def say(self, text: str) -> None:
        """Let a screen reader read out what is at the cursor."""
        announce(self, text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that it has the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Report that nothing is pointed at."""
        super().focusOutEvent(event)
        self._move_cursor(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report where the pointer is."""
        place = event.position()
        inside = self.area.contains(place)
        self.pointed.emit(*(self.value_at(place) if inside else (math.nan, math.nan)))

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the pointer is outside the axes."""
        super().leaveEvent(event)
        self.pointed.emit(math.nan, math.nan)
