"""What lies over a part of the window, so that nothing moves when it appears, and where it lies."""

from abc import abstractmethod

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStyle, QWidget

from dinogui.common.theme import SMALL_RADIUS, text_scale
from dinogui.widgets.cards.rounded_frame import RoundedFrame

_PLACING_EVENTS = (
    QEvent.Type.Resize,
    QEvent.Type.Move,
    QEvent.Type.FontChange,
    QEvent.Type.Show,
)

_LEAST_LEFT = 4
"""Lines of text: so much of what it lies over is left free for others, and may be covered."""


class Overlay(RoundedFrame):
    """Lies over its parent, at an edge, in a corner or in the middle of it or of a part of it.

    It stays within the parent, and away from the parent's edges where there is room. Lives in the
    GUI thread. A subclass says how large it is, and calls `settle` when its content has changed.

    Parameters
    ----------
    parent : QWidget, optional
    alignment : Qt.AlignmentFlag
        Where it lies.
    radius : int
        Of its corners, in pixels.
    over : QWidget, optional
        The part of the parent that decides how high up it lies, if not the whole parent.
    least_within : int
        It also keeps within the width of `over` if that has so many pixels at the usual size of
        text; 0 if it never does.

    Signals
    -------
    room_changed()
        It asks for another `wanted_room`.
    """

    room_changed = Signal()

    MARGIN = 8
    """Pixels between it and the edges of its parent."""

    wanted_room = 0
    """The pixels at the upper edge of `over`, or of its parent, that it lies over.

    If they are left free for it, it covers nothing. 0 while it is hidden, and if it lies elsewhere.
    """

    def __init__(
        self,
        parent: QWidget | None,
        alignment: Qt.AlignmentFlag,
        *,
        radius: int = SMALL_RADIUS,
        over: QWidget | None = None,
        least_within: int = 0,
    ) -> None:
        super().__init__(radius, parent)
        self._alignment, self._over = alignment, over or parent
        self._least_within = least_within
        self.hide()
        for widget in {parent, self._over}:
            if widget is not None:
                widget.installEventFilter(self)

    @abstractmethod
    def size_within(self, width: int, height: int) -> QSize:
        """Return the size that the content needs.

        Parameters
        ----------
        width : int
            The greatest width in pixels.
        height : int
            That of the part over which it lies.
        """

    def width_of(self, usual: int) -> int:
        """Return a width in pixels that is meant for the usual text, for the text as it is."""
        return round(usual * text_scale(self.fontMetrics()))

    def settle(self) -> None:
        """Take the place that the parent's size and the content ask for."""
        parent, over = self.parentWidget(), self._over
        if parent is None or over is None or self.isHidden():
            return
        corner = over.mapTo(parent, QPoint()) if over is not parent else QPoint()
        area = QRect(0, corner.y(), parent.width(), over.height())
        if self._least_within and over.width() >= self.width_of(self._least_within):
            area = QRect(corner, over.size())
        size = self.size_within(area.width() - 2 * self.MARGIN, over.height())
        inner = area.adjusted(self.MARGIN, self.MARGIN, -self.MARGIN, -self.MARGIN)
        place = QStyle.alignedRect(Qt.LayoutDirection.LeftToRight, self._alignment, size, inner)
        room = parent.height() - size.height()
        place.moveTop(max(min(place.top(), room - self.MARGIN), min(self.MARGIN, room), 0))
        self.setGeometry(place)
        self._ask_for_room(place.bottom() + 1 + self.MARGIN - corner.y(), over.height())

    def _ask_for_room(self, height: int, available: int) -> None:
        """Ask for a height at the upper edge, or for what leaves the others some lines of text."""
        is_above = bool(self._alignment & Qt.AlignmentFlag.AlignTop)
        most = available - _LEAST_LEFT * self.fontMetrics().height()
        room = max(min(height, most), 0) if is_above else 0
        if room != self.wanted_room:
            self.wanted_room = room
            self.room_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the room back."""
        super().hideEvent(event)
        if self.wanted_room and self.isHidden():  # not only because the window is
            self._ask_for_room(0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place when the parent is resized or shown, or gets another font."""
        if event.type() in _PLACING_EVENTS:
            self.settle()
        return super().eventFilter(watched, event)


class OverlaidStrip(Overlay):
    """A strip as wide as its parent, at the upper or the lower edge.

    A subclass says how high it is.
    """

    def __init__(
        self, parent: QWidget | None, edge: Qt.AlignmentFlag, over: QWidget | None = None
    ) -> None:
        super().__init__(parent, edge | Qt.AlignmentFlag.AlignHCenter, over=over)
        self.setProperty("role", "banner")

    @abstractmethod
    def height_for(self, width: int) -> int:
        """Return the height that the content needs at a width."""

    def size_within(self, width: int, _height: int) -> QSize:
        """Return all of the width, and the height of the content."""
        return QSize(width, self.height_for(width))

    def settle(self) -> None:
        """Take its place, in front of what else lies there."""
        super().settle()
        if not self.isHidden():
            self.raise_()
