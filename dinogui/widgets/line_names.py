"""Names of horizontal lines, beside a plot at its right edge."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dinogui.startup.lean_pyqtgraph import pg

_Line = tuple[float, int]
"""How many pixels a line lies below the upper edge, and its index."""

_GAP = 6
_NARROW_MARGIN = 10
"""Pixels beside a plot without names, so that the text of the last tick is not cut."""


class LineNames(QWidget):
    """Names each line that is in view. Lines that lie close together share a name.

    Parameters
    ----------
    plot : PlotWidget
        Makes room at its right edge.
    describe : callable
        Names some lines together, given by their indices, the uppermost one first.
    """

    def __init__(self, plot: pg.PlotWidget, describe: Callable[[Sequence[int]], str]) -> None:
        super().__init__(plot.viewport())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plot, self._describe = plot, describe
        self._box = plot.getViewBox()
        self._positions: dict[int, float] = {}
        self._ink = QColor()
        self._margin = -1
        self._box.sigRangeChanged.connect(self.update)
        self._box.sigResized.connect(self._cover)
        self._make_room()

    @property
    def names(self) -> list[str]:
        """The names in view, from top to bottom."""
        return [text for _, text in self._placed()]

    @property
    def places(self) -> list[QRect]:
        """The rectangles of the names in view."""
        return [place for place, _ in self._placed()]

    def show_lines(self, positions: dict[int, float], longest: str) -> None:
        """Name other lines.

        Parameters
        ----------
        positions : dict of int to float
            The index of each line, and its position on the plot's axis.
        longest : str
            The longest name that there may be. The room does not depend on what is in view.
        """
        self._positions = positions
        self._make_room(longest)
        self._cover()

    def show_colour(self, ink: str) -> None:
        """Write in another colour, given as ``#rrggbb``."""
        self._ink = QColor(ink)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the names."""
        painter = QPainter(self)
        painter.setPen(self._ink)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for place, text in self._placed():
            painter.drawText(place, flags, text)

    def _placed(self) -> list[tuple[QRect, str]]:
        """Return the names in view and their places, from top to bottom."""
        _, (low, high) = self._box.viewRange()
        height = self.fontMetrics().height()
        a_unit = self.height() / max(high - low, 1e-100)
        seen = sorted(
            ((high - position) * a_unit, index)
            for index, position in self._positions.items()
            if low <= position <= high
        )
        placed = []
        for group in _groups(seen, height, self.height()):
            top = _top_of(group, height, self.height())
            text = self._describe([index for _, index in group])
            if self.fontMetrics().horizontalAdvance(text) > self.width():
                text = text.rpartition(" ")[0]  # many lines in little room: only their names
            placed.append((QRect(0, top, self.width(), height), text))
        return placed

    def _make_room(self, longest: str = "") -> None:
        margin = _NARROW_MARGIN
        if longest:
            margin = self.fontMetrics().horizontalAdvance(longest) + 2 * _GAP
        if margin != self._margin:
            self._margin = margin
            self._plot.getPlotItem().layout.setContentsMargins(0, 0, margin, 0)

    @Slot()
    def _cover(self) -> None:
        """Cover the room at the right edge of the view box."""
        inside = self._plot.viewportTransform().mapRect(self._box.sceneBoundingRect()).toRect()
        self.setVisible(bool(self._positions))
        self.setGeometry(inside.right() + _GAP, inside.top(), self._margin - _GAP, inside.height())
        self.update()


def _groups(lines: Sequence[_Line], height: int, room: int) -> list[list[_Line]]:
    """Divide lines, the uppermost one first, into groups that share a name of a height.

    No name lies on a line of another group, nor on another name.
    """
    groups: list[list[_Line]] = []
    for line in lines:
        groups.append([line])
        while len(groups) > 1 and _collide(groups[-2], groups[-1], height, room):
            lower = groups.pop()
            groups[-1] += lower
    return groups


def _collide(upper: Sequence[_Line], lower: Sequence[_Line], height: int, room: int) -> bool:
    """Return whether the name of one group meets the name or a line of the other one."""
    end_of_upper, top_of_lower = _top_of(upper, height, room) + height, _top_of(lower, height, room)
    meets_line = end_of_upper > lower[0][0] or top_of_lower < upper[-1][0]
    return end_of_upper > top_of_lower or meets_line


def _top_of(group: Sequence[_Line], height: int, room: int) -> int:
    """Return where the name of a group begins: in the middle of its lines, and inside."""
    middle = (group[0][0] + group[-1][0]) / 2
    return min(max(round(middle - height / 2), 0), room - height)
