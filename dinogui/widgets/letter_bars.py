"""A bar for each symbol that may come next. Bars can be clicked, or chosen with the keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dinogui.common.documented_keys import DocumentedKeys

_NARROWEST = 16
_WIDEST = 3
"""The widest bar has the width of this many numbers of two digits."""

_LOWEST = 40
_GAP = 2

KEYS = DocumentedKeys(
    "Bars of letters",
    (
        ("Left, Right, Up, Down, Home, End", "Go to another letter"),
        ("Enter", "Choose the letter"),
    ),
)


@dataclass(frozen=True)
class BarColours:
    """Colours of the bars, as ``#rrggbb``."""

    bar: str
    chosen: str
    text: str
    line: str


class LetterBars(QWidget):
    """Draws a bar for each label, as high as its value from 0 to 1.

    In a narrow place, the bars stand in several rows.

    Signals
    -------
    chosen(int)
        A bar was clicked, or Enter was pressed on it; its index in the shown labels.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._values: tuple[float, ...] = ()
        self._order: list[int] = []
        self._is_sorted = False
        self._place = 0
        self._colours: BarColours | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_bars(self, labels: Sequence[str], values: Sequence[float]) -> None:
        """Show other bars."""
        has_other_count = len(labels) != len(self._labels)
        self._labels, self._values = tuple(labels), tuple(values)
        self._arrange()
        if has_other_count:
            self.updateGeometry()

    def show_sorted(self, is_sorted: bool) -> None:
        """Show the highest bar first, or the order in which they were given."""
        self._is_sorted = is_sorted
        self._arrange()

    def show_colours(self, colours: BarColours) -> None:
        """Draw in other colours."""
        self._colours = colours
        self.update()

    @property
    def labels(self) -> list[str]:
        """The labels, from left to right and from top to bottom."""
        return [self._labels[index] for index in self._order]

    @property
    def values(self) -> list[float]:
        """The values, from left to right and from top to bottom."""
        return [self._values[index] for index in self._order]

    def place_of(self, label: str) -> QPoint:
        """Return the centre of a bar's column."""
        return self._column(self.labels.index(label)).toRect().center()

    def _arrange(self) -> None:
        places = range(len(self._labels))
        self._order = list(places)
        if self._is_sorted:
            self._order.sort(key=lambda index: -self._values[index])
        self._place = min(self._place, max(len(self._order) - 1, 0))
        self._describe()
        self.update()

    def _describe(self) -> None:
        if self._order:
            index = self._order[self._place]
            share = f"{self._labels[index]}: {self._values[index]:.1%}"
            self.setAccessibleDescription(share)

    # Where the bars are

    @property
    def _narrowest(self) -> int:
        """The width of a bar with room for its label and a percentage, in pixels."""
        font = self.fontMetrics()
        texts = {"88", *self._labels}
        return max(_NARROWEST, *(font.horizontalAdvance(text) + _GAP for text in texts))

    def rows_in(self, width: int) -> int:
        """Return in how many rows the bars stand in a width."""
        most = max(width // self._narrowest, 1)
        return max(-(-len(self._labels) // most), 1)

    @property
    def _per_row(self) -> int:
        return max(-(-len(self._labels) // self.rows_in(self.width())), 1)

    @property
    def _breadth(self) -> float:
        widest = _WIDEST * self.fontMetrics().horizontalAdvance("88")
        return min(self.width() / self._per_row, widest)

    def _column(self, place: int) -> QRectF:
        row, column = divmod(place, self._per_row)
        height = self.height() / self.rows_in(self.width())
        return QRectF(column * self._breadth, row * height, self._breadth, height)

    def _place_at(self, where: QPointF) -> int | None:
        column = int(where.x() // self._breadth)
        row = int(where.y() // (self.height() / self.rows_in(self.width())))
        place = row * self._per_row + column
        return place if 0 <= column < self._per_row and 0 <= place < len(self._order) else None

    @property
    def _row_height(self) -> int:
        return _LOWEST + 2 * self.fontMetrics().height()

    def sizeHint(self) -> QSize:
        """Return the size that all bars need in one row."""
        return QSize(len(self._labels) * self._narrowest, 120)

    def minimumSizeHint(self) -> QSize:
        """Return the size of a few bars; the others stand in rows below."""
        return QSize(4 * self._narrowest, self._row_height)

    def heightForWidth(self, width: int) -> int:
        """Return the least height of all rows."""
        return self.rows_in(width) * self._row_height

    # Qt's own events

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars, aligned to whole pixels."""
        if self._colours is None:
            return
        painter = QPainter(self)
        line_height = self.fontMetrics().height() + 2
        for place, index in enumerate(self._order):
            column = self._column(place)
            floor = round(column.bottom()) - line_height
            room = floor - line_height - round(column.top())
            is_chosen = place == self._place and self.hasFocus()
            left, right = round(column.left()) + _GAP // 2, round(column.right()) - _GAP // 2
            height = max(round(room * self._values[index]), 1)
            bar = QRect(left, floor - height, right - left, height)
            painter.fillRect(bar, QColor(self._colours.chosen if is_chosen else self._colours.bar))
            painter.setPen(QColor(self._colours.text))
            centre = Qt.AlignmentFlag.AlignCenter
            label = QRect(left, floor, right - left, line_height)
            painter.drawText(label, centre, self._labels[index])
            percent = round(100 * self._values[index])
            if percent:
                above = QRect(left - 4, bar.top() - line_height, right - left + 8, line_height)
                painter.drawText(above, centre, str(percent))
            painter.setPen(QColor(self._colours.line))
            painter.drawLine(round(column.left()), floor, round(column.right()) - 1, floor)
        if self.hasFocus():
            marked = self._column(self._place) if self._order else self.rect().toRectF()
            painter.setPen(QPen(QColor(self._colours.chosen), 2))
            painter.drawRect(marked.adjusted(1, 1, -1, -1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the bar that is clicked."""
        place = self._place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._choose(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the bars with the arrow keys; Enter chooses one."""
        key = event.key()
        last = len(self._order) - 1
        steps = {
            Qt.Key.Key_Left: self._place - 1,
            Qt.Key.Key_Right: self._place + 1,
            Qt.Key.Key_Up: self._place - self._per_row,
            Qt.Key.Key_Down: self._place + self._per_row,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if last >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._place)
        elif last >= 0 and key in steps:
            self._place = min(max(steps[Qt.Key(key)], 0), last)
            self._describe()
            self.update()
        else:
            super().keyPressEvent(event)

    def _choose(self, place: int) -> None:
        self._place = place
        self.chosen.emit(self._order[place])

    def event(self, event: QEvent) -> bool:
        """Show the exact value of the bar under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place_at(QPointF(event.pos()))
            if place is not None:
                index = self._order[place]
                text = f"{self._labels[index]}  {self._values[index]:.2%}"
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().event(event)
