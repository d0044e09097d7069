"""The background of a plot: its colour, grid lines, and horizontal lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dinogui.common.theme import Colours
from dinogui.panels.loss.axes.axis_ticks import AxisTicks
from dinogui.startup.lean_pyqtgraph import pg

_LEAST = 1e-100
_OPACITY = 0.15


@dataclass(frozen=True)
class Grid:
    """The look of the background, and how to paint it.

    pyqtgraph's own grids and lines are items of its scene. With every change of the view, each of
    them is asked for its bounds several times, in Python; that takes longer than drawing
    everything here.

    Attributes
    ----------
    ground : QColor
    grid : QPen
        Pen for a line at each tick of the axes.
    level : QPen
        Pen for a horizontal line at each of `levels`.
    levels : tuple of float
        Values on the vertical axis.
    ticks : AxisTicks
        Of the axes.
    """

    ground: QColor
    grid: QPen
    level: QPen
    levels: tuple[float, ...]
    ticks: AxisTicks

    @classmethod
    def coloured(cls, colours: Colours, levels: tuple[float, ...], ticks: AxisTicks) -> "Grid":
        """Return the background of the loss plot: faint grid lines, dashed horizontal ones."""
        grid = QColor(colours.grid)
        grid.setAlphaF(_OPACITY)
        level = pg.mkPen(colours.guessing, width=1, style=Qt.PenStyle.DashLine, cosmetic=False)
        return cls(QColor(colours.base), QPen(grid, 1), level, levels, ticks)

    def paint(self, painter: QPainter, width: float, height: float, box: pg.ViewBox) -> None:
        """Paint the lines, in the size of a plot's view box."""
        (first, last), (low, high) = box.viewRange()
        across, up = width / max(last - first, _LEAST), height / max(high - low, _LEAST)
        painter.setPen(self.grid)
        places = ((position - first) * across for position, _ in self.ticks.across)
        painter.drawLines([QLineF(x, 0, x, height) for x in places])
        depths = (high - position for position, _ in self.ticks.upwards)
        painter.drawLines(_flat_lines(depths, up, width))
        painter.setPen(self.level)
        seen = (high - level for level in self.levels if low <= level <= high)
        painter.drawLines(_flat_lines(seen, up, width))


def _flat_lines(depths: Iterable[float], up: float, width: float) -> list[QLineF]:
    """Return horizontal lines at depths below the top edge, given in the axis's unit."""
    return [QLineF(0, depth * up, width, depth * up) for depth in depths]
