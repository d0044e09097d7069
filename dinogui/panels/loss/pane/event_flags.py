"""The flags at the lower edge of the loss plot, where something has changed the run's course."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

from dinogui.panels.loss.axes.scales import ViewScale

FLAG_HEIGHT = 11
"""Pixels: the height of a flag."""
_HALF = 4.5
"""Pixels: half the width of a flag of one event."""
_APART = 12.0
"""Events whose flags would be closer than this, in pixels, share a flag with their number."""
_REACH = 7.0
"""A pointer so many pixels off the middle of a flag is on it."""
_LINE_OPACITY = 0.35

Group = tuple[float, range]
"""The place of a flag in pixels, and the indices of its events."""


class EventFlags:
    """Finds and draws the flags.

    Attributes
    ----------
    steps : sequence of int
        The step of each event, in their order.
    colour, ground : QColor
        Of the flags, and of the numbers in them.
    font : QFont
        Of the numbers.
    """

    def __init__(self) -> None:
        self.steps: Sequence[int] = ()
        self.colour, self.ground, self.font = QColor(), QColor(), QFont()
        self._groups: list[Group] = []
        self._grouped: tuple[ViewScale, Sequence[int]] | None = None

    def groups(self, scale: ViewScale) -> list[Group]:
        """Return the flags in view from left to right; near events share one."""
        if self._grouped is not None:
            before, steps = self._grouped
            if before is scale and steps is self.steps:
                return self._groups
        self._grouped, self._groups = (scale, self.steps), []
        all_steps = np.asarray(self.steps, float)
        first = int(all_steps.searchsorted(scale.first, "left"))
        last = int(all_steps.searchsorted(scale.last, "right"))
        places = scale.x(all_steps[first:last])
        # Of the events in one column of pixels, only the first can begin a flag.
        columns = np.flatnonzero(np.diff(places.astype(int), prepend=-1))
        starts: list[int] = []
        for index in columns.tolist():
            if not starts or places[index] - places[starts[-1]] >= _APART:
                starts.append(index)
        ends = [*starts[1:], len(places)] if starts else []
        self._groups = [
            (float(places[start]), range(first + start, first + end))
            for start, end in zip(starts, ends, strict=True)
        ]
        return self._groups

    def near(self, scale: ViewScale, x: float) -> range | None:
        """Return the indices of the events of the flag at a pixel, or None."""
        found = min(self.groups(scale), key=lambda group: abs(group[0] - x), default=None)
        return None if found is None or abs(found[0] - x) > _REACH else found[1]

    def paint(self, painter: QPainter, part: QRect, scale: ViewScale, height: int) -> None:
        """Draw the flags that lie in a part of a pane of some height."""
        reach = _APART + 3 * _HALF
        near = [
            group
            for group in self.groups(scale)
            if part.left() - reach <= group[0] <= part.right() + reach
        ]
        for x, events in near:
            self._paint_flag(painter, x, len(events), height)

    def _paint_flag(self, painter: QPainter, x: float, count: int, height: int) -> None:
        line = QColor(self.colour)
        line.setAlphaF(_LINE_OPACITY)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(line, 1.0))
        painter.drawLine(round(x), 0, round(x), height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour)
        if count == 1:
            top = height - FLAG_HEIGHT
            corners = (
                (x - _HALF, height),
                (x - _HALF, top + 3),
                (x, top),
                (x + _HALF, top + 3),
                (x + _HALF, height),
            )
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        else:
            self._paint_number(painter, x, str(count), height)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_number(self, painter: QPainter, x: float, text: str, height: int) -> None:
        metrics = QFontMetrics(self.font)
        width, high = metrics.horizontalAdvance(text) + 6, metrics.height()
        room = QRectF(x - width / 2, height - high, width, high)
        painter.drawRoundedRect(room, 3, 3)
        painter.setPen(self.ground)
        painter.setFont(self.font)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
