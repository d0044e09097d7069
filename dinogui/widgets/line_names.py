"""Labels of horizontal lines, at the left edge of a plot and in front of its curves."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dinogui.startup.lean_pyqtgraph import pg

_MARGIN = 4
_BEHIND = 215
"""Opacity, of 255, of the ground behind a label: curves shine through, but it stays legible."""


class LineNames(QWidget):
    """Labels each line; the labels of lines that lie close together are stacked.

    Parameters
    ----------
    plot : PlotWidget
        The plot. It still gets the mouse events.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot.viewport())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plot = plot
        self._box = plot.getViewBox()
        self._lines: Sequence[tuple[float, str]] = ()
        self._ink = self._paper = QColor()
        self._box.sigRangeChanged.connect(self.update)
        self._box.sigResized.connect(self._cover)
        self._cover()

    @property
    def names(self) -> list[str]:
        """The labels in view, from top to bottom."""
        return [text for _, text in self._placed()]

    @property
    def places(self) -> list[QRect]:
        """The rectangles of the labels in view."""
        return [place for place, _ in self._placed()]

    def show_lines(self, lines: Sequence[tuple[float, str]]) -> None:
        """Label other lines, each given by its value on the plot's axis and its label."""
        self._lines = lines
        self._cover()

    def show_colours(self, ink: str, paper: str) -> None:
        """Draw in other colours, given as ``#rrggbb``."""
        self._ink, self._paper = QColor(ink), QColor(paper)
        self._paper.setAlpha(_BEHIND)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the labels."""
        painter = QPainter(self)
        painter.setPen(self._ink)
        for place, text in self._placed():
            painter.fillRect(place, self._paper)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _placed(self) -> list[tuple[QRect, str]]:
        """Return the labels in view and their places: beside their line, or below a neighbour."""
        _, (low, high) = self._box.viewRange()
        height = self.fontMetrics().height()
        seen = sorted(line for line in self._lines if low <= line[0] <= high)[::-1]
        a_unit = self.height() / max(high - low, 1e-100)
        tops = [round((high - value) * a_unit) - height // 2 for value, _ in seen]
        for row in range(1, len(tops)):
            tops[row] = max(tops[row], tops[row - 1] + height)
        bottom = self.height()
        for row in reversed(range(len(tops))):  # labels that do not fit at the bottom move up
            bottom = tops[row] = min(tops[row], bottom - height)
        return [
            (QRect(0, top, self.width(), height), text)
            for top, (_, text) in zip(tops, seen, strict=True)
        ]

    @Slot()
    def _cover(self) -> None:
        """Cover the left edge of the view box, in front of everything else.

        The right edge is where a curve grows, which is what people watch.
        """
        inside = self._plot.viewportTransform().mapRect(self._box.sceneBoundingRect()).toRect()
        measure = self.fontMetrics().horizontalAdvance
        width = max((measure(text) for _, text in self._lines), default=0) + 2 * _MARGIN
        self.setVisible(bool(self._lines))
        self.setGeometry(inside.left() + _MARGIN, inside.top(), width, inside.height())
        self.raise_()
        self.update()
