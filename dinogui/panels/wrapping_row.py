"""A row of controls that goes on in the next line where the width ends."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from dinogui.widgets.cards.flow import lines_of

_GAP = 6


class WrappingRow(QWidget):
    """Shows parts from left to right, in as many lines as they need.

    A part that can expand takes the room that is left over in its line, up to its maximum width.

    Parameters
    ----------
    parts : sequence of QWidget
    """

    def __init__(self, parts: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = _WrappingLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in parts:
            layout.addWidget(part)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


class _WrappingLayout(QLayout):
    """The layout of a wrapping row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Add a part at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of parts."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem:
        """Return a part; None if there is none, which ends Qt's loops."""
        return self._items[index] if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def takeAt(self, index: int) -> QLayoutItem:
        """Remove a part and return it; None if there is none."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def expandingDirections(self) -> Qt.Orientation:
        """Take no more room than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return self._arrange(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the parts."""
        super().setGeometry(rect)
        self._arrange(rect, moves=True)

    def sizeHint(self) -> QSize:
        """Return the size of all parts in one line."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() + _GAP for size in sizes) - _GAP
        return QSize(max(width, 0), max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """Return the width of the widest part, and the height of a line."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, moves: bool) -> int:
        """Find the lines, place their parts if `moves`, and return the height of all lines."""
        top = rect.y()
        for line in lines_of(self._shown(), rect.width(), _GAP):
            height = max(item.sizeHint().height() for item in line)
            if moves:
                _place(line, QRect(rect.x(), top, rect.width(), height))
            top += height + _GAP
        return max(top - _GAP - rect.y(), 0)


def _place(line: Sequence[QLayoutItem], rect: QRect) -> None:
    """Place the parts of a line; those that can expand share the room that is left over."""
    widths = [min(item.sizeHint().width(), rect.width()) for item in line]
    expanding = [
        place
        for place, item in enumerate(line)
        if item.expandingDirections() & Qt.Orientation.Horizontal
    ]
    spare = rect.width() - sum(widths) - _GAP * (len(line) - 1)
    for place in expanding:
        more = min(spare // len(expanding), line[place].maximumSize().width() - widths[place])
        widths[place] += max(more, 0)
    x = rect.x()
    for item, width in zip(line, widths, strict=True):
        height = min(item.sizeHint().height(), rect.height())
        item.setGeometry(QRect(x, rect.y() + (rect.height() - height) // 2, width, height))
        x += width + _GAP
