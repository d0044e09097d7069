"""The marks on the curves of the loss plot: spikes, the loss on everything, and the best one."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from dinogui.panels.loss.axes.scales import ViewScale
from dinogui.panels.loss.pane.best_mark import BestMark
from dinogui.panels.loss.pane.label_placement import REACH, Line, covered_length

_MARK = 5
"""Pixels: half the width and the height of the mark of a spike; from the centre of a diamond to its
corners."""

LinesBetween = Callable[[float, float], list[Line]]
"""Returns the pixels of the lines between two steps."""


class Marks:
    """Draws the marks.

    Attributes
    ----------
    spikes : sequence of int
        The steps of the spikes, which are marked at the upper edge.
    spike_colour : QColor
    diamond : (float, float) or None
        The step of the loss on everything, and its position on the vertical axis.
    diamond_colour : QColor
    best : BestMark or None
    """

    def __init__(self) -> None:
        self.spikes: Sequence[int] = ()
        self.spike_colour = QColor()
        self.diamond: tuple[float, float] | None = None
        self.diamond_colour = QColor()
        self.best: BestMark | None = None
        self._room = QRectF()  # of the text of the best mark
        self._placed_for: tuple[object, ...] = ()

    def spike_near(self, scale: ViewScale, step: float) -> int | None:
        """Return the index of the spike that is marked at a step, or None."""
        x = scale.x_of(step)
        near = [
            index for index, spike in enumerate(self.spikes) if abs(scale.x_of(spike) - x) <= _MARK
        ]
        return min(near, key=lambda index: abs(self.spikes[index] - step), default=None)

    @property
    def best_room(self) -> QRectF:
        """Where the text of the best mark lies, in pixels."""
        return self._room

    def settle(self, scale: ViewScale, view: QSizeF, lines_between: LinesBetween) -> QRect:
        """Put the text of the best mark where it covers no line.

        While it covers none, it stays.

        Parameters
        ----------
        scale : ViewScale
        view : QSizeF
            The size of the pane in pixels.
        lines_between : callable
            Returns the lines that it should not cover.

        Returns
        -------
        QRect
            What has changed, in pixels; empty if nothing has.
        """
        if self.best is None:
            return QRect()
        centre, size = self.best.centre(scale), self.best.size
        near = size.width() + REACH
        lines = lines_between(scale.step(centre.x() - near), scale.step(centre.x() + near))
        lines += self._outlines(scale)
        about = centre, size, view
        is_free = not any(covered_length(self._room, line) for line in lines)
        if is_free and about == self._placed_for:
            return QRect()
        before, self._placed_for = self._room, about
        self._room = self.best.room(scale, view, lines)
        return QRect() if self._room == before else self.best.area(scale, before.united(self._room))

    def best_area(self, scale: ViewScale) -> QRect:
        """Return what the best mark covers, in pixels."""
        return QRect() if self.best is None else self.best.area(scale, self._room)

    def _outlines(self, scale: ViewScale) -> list[Line]:
        """Return the edges of the other marks."""
        lines = [_outline(scale.x_of(float(step)), _MARK / 2) for step in self.spikes]
        if self.diamond is not None:
            step, position = self.diamond
            lines.append(_outline(scale.x_of(step), scale.y_of(position)))
        return lines

    def paint(self, painter: QPainter, part: QRect, scale: ViewScale) -> None:
        """Draw those that lie in a part of the pane."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._paint_spikes(painter, part, scale)
        self._paint_diamond(painter, scale)
        if self.best is not None and self.best_area(scale).intersects(part):
            self.best.paint(painter, QRectF(part), scale, self._room)

    def _paint_spikes(self, painter: QPainter, part: QRect, scale: ViewScale) -> None:
        begin, end = (scale.step(x) for x in (part.left() - _MARK, part.right() + 1 + _MARK))
        seen = [scale.x_of(float(step)) for step in self.spikes if begin <= step <= end]
        if not seen or part.top() > _MARK:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.spike_colour)
        for x in seen:
            corners = QPointF(x - _MARK, 0), QPointF(x + _MARK, 0), QPointF(x, _MARK)
            painter.drawPolygon(QPolygonF(corners))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_diamond(self, painter: QPainter, scale: ViewScale) -> None:
        if self.diamond is None:
            return
        step, position = self.diamond
        x, y = scale.x_of(step), scale.y_of(position)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.diamond_colour)
        corners = ((0, -_MARK), (_MARK, 0), (0, _MARK), (-_MARK, 0))
        painter.drawPolygon([QPointF(x + dx, y + dy) for dx, dy in corners])
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _outline(x: float, y: float) -> Line:
    """Return two crossed lines, as wide and as high as a mark around its centre."""
    return (
        np.array([x - _MARK, x + _MARK, x, x]),
        np.array([y, y, y - _MARK, y + _MARK]),
    )
