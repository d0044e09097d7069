"""What lies behind the curves of a plot: its ground, its grid, and level lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from dinogui.startup.lean_pyqtgraph import pg

_LEAST = 1e-100


@dataclass(frozen=True)
class Grid:
    """How it looks.

    pyqtgraph's own grids and lines are items of its scene: with every change of the view each of
    them is asked for its bounds, again and again, in Python, and that takes longer than to draw
    everything.

    Attributes
    ----------
    ground : QColor
    grid : QPen
        Draws a line at each tick of the axes.
    level : QPen
        Draws a line across at each of `levels`.
    levels : tuple of float
        On the axis of the values.
    """

    ground: QColor
    grid: QPen
    level: QPen
    levels: tuple[float, ...]

    def paint(self, painter: QPainter, width: float, height: float, plot: pg.PlotItem) -> None:
        """Paint it as wide and high as the view box of a plot."""
        painter.fillRect(QRectF(0, 0, width, height), self.ground)
        (first, last), (low, high) = plot.getViewBox().viewRange()
        across, up = width / max(last - first, _LEAST), height / max(high - low, _LEAST)
        painter.setPen(self.grid)
        steps = _ticks(plot.getAxis("bottom"), first, last, width)
        painter.drawLines([QLineF(x, 0, x, height) for x in ((s - first) * across for s in steps)])
        values = _ticks(plot.getAxis("left"), low, high, height)
        painter.drawLines(_flat_lines((high - value for value in values), up, width))
        painter.setPen(self.level)
        seen = (high - level for level in self.levels if low <= level <= high)
        painter.drawLines(_flat_lines(seen, up, width))


def _flat_lines(depths: Iterable[float], up: float, width: float) -> list[QLineF]:
    """Return lines that lie so far below the upper edge, in the axis's unit."""
    return [QLineF(0, depth * up, width, depth * up) for depth in depths]


def _ticks(axis: pg.AxisItem, begin: float, end: float, pixels: float) -> list[float]:
    """Return where the major ticks of an axis stand."""
    levels = axis.tickValues(begin, end, pixels)  # none where all numbers are the same
    return list(levels[0][1]) if levels else []
