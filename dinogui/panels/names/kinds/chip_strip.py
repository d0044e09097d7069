"""A line of chips that scrolls sideways where it has too little room."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.theme import SPACE

_NOTCH = 120
"""What Qt reports for a notch of the wheel."""


class ChipStrip(QWidget):
    """Shows chips in one line. The wheel scrolls it; a chip at its edge may be cut off.

    Lives in the GUI thread.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[QWidget, ...] = ()
        self._scrolled = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[QWidget]) -> None:
        """Show other chips, children of the strip, from left to right."""
        self._parts = tuple(parts)
        self._place()

    @property
    def wanted_width(self) -> int:
        """The width in which all of it can be seen."""
        widths = [part.sizeHint().width() for part in self._parts]
        return sum(widths) + SPACE * max(len(widths) - 1, 0)

    def reveal(self, part: QWidget) -> None:
        """Scroll until a chip can be seen whole."""
        left = self._scrolled + part.x()
        if left < self._scrolled:
            self._scroll_to(left)
        elif left + part.width() > self._scrolled + self.width():
            self._scroll_to(left + part.width() - self.width())

    def sizeHint(self) -> QSize:
        """Return the size of all of it."""
        height = max((part.sizeHint().height() for part in self._parts), default=0)
        return QSize(self.wanted_width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave no room empty behind the last chip."""
        super().resizeEvent(event)
        self._place()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways; at an end, whatever is around the strip scrolls."""
        turned = event.angleDelta()
        notches = (turned.x() or turned.y()) / _NOTCH
        before = self._scrolled
        self._scroll_to(before - round(notches * self.width() / 2))
        event.setAccepted(self._scrolled != before)

    def _scroll_to(self, left: int) -> None:
        self._scrolled = left
        self._place()

    def _place(self) -> None:
        most = max(self.wanted_width - self.width(), 0)
        self._scrolled = min(max(self._scrolled, 0), most)
        x = -self._scrolled
        for part in self._parts:
            hint = part.sizeHint()
            part.setGeometry(x, (self.height() - hint.height()) // 2, hint.width(), hint.height())
            x += hint.width() + SPACE
