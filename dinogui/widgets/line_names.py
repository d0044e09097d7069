"""Names of level lines, written at the left edge of a plot, on top of whatever is drawn there."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dinogui.startup.lean_pyqtgraph import pg

_MARGIN = 4
_BEHIND = 215
"""Opacity of what a name stands on, of 255: curves shine through, and do not strike it out."""


class LineNames(QWidget):
    """Names each line beside it; of lines that lie close together, the names make a column.

    Parameters
    ----------
    plot : PlotWidget
        Goes on taking the mouse.
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
        """What is written now, from top to bottom."""
        return [text for _, text in self._placed()]

    @property
    def places(self) -> list[QRect]:
        """Where it is written."""
        return [place for place, _ in self._placed()]

    def show_lines(self, lines: Sequence[tuple[float, str]]) -> None:
        """Name other lines, each given by its value on the plot's axis."""
        self._lines = lines
        self._cover()

    def show_colours(self, ink: str, paper: str) -> None:
        """Write in other colours, given as ``#rrggbb``."""
        self._ink, self._paper = QColor(ink), QColor(paper)
        self._paper.setAlpha(_BEHIND)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the names."""
        painter = QPainter(self)
        painter.setPen(self._ink)
        for place, text in self._placed():
            painter.fillRect(place, self._paper)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _placed(self) -> list[tuple[QRect, str]]:
        """Return where the names in view go: beside their lines, or below their neighbours."""
        _, (low, high) = self._box.viewRange()
        height = self.fontMetrics().height()
        seen = sorted(line for line in self._lines if low <= line[0] <= high)[::-1]
        a_unit = self.height() / max(high - low, 1e-100)
        tops = [round((high - value) * a_unit) - height // 2 for value, _ in seen]
        for row in range(1, len(tops)):
            tops[row] = max(tops[row], tops[row - 1] + height)
        bottom = self.height()
        for row in reversed(range(len(tops))):  # what does not fit below moves up
            bottom = tops[row] = min(tops[row], bottom - height)
        return [
            (QRect(0, top, self.width(), height), text)
            for top, (_, text) in zip(tops, seen, strict=True)
        ]

    @Slot()
    def _cover(self) -> None:
        """Lie along the left edge of the view box, in front of its other covers.

        On the right a curve has its end, which is what people watch.
        """
        inside = self._plot.viewportTransform().mapRect(self._box.sceneBoundingRect()).toRect()
        measure = self.fontMetrics().horizontalAdvance
        width = max((measure(text) for _, text in self._lines), default=0) + 2 * _MARGIN
        self.setVisible(bool(self._lines))
        self.setGeometry(inside.left() + _MARGIN, inside.top(), width, inside.height())
        self.raise_()
        self.update()
