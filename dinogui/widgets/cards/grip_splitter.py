"""A splitter whose handles can be seen and grabbed, and take a double click."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.motion import Motion
from dinogui.common.theme import SPACE

KEYS = DocumentedKeys(
    "Borders of cards",
    (
        ("Left, Right, Up, Down", "Move the border"),
        ("Enter", "Share the room as usual"),
    ),
)

HANDLE = 2 * SPACE
_GRIP_LENGTH, _GRIP_WIDTH = 28, 4
_KEY_PIXELS = 4 * SPACE
"""How far a key moves a border."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GripSplitter(QSplitter):
    """A splitter with handles of 8 pixels, each with a grip in its middle.

    Parameters
    ----------
    orientation : Qt.Orientation
    name : str
        Identifies the splitter in the saved settings.

    Signals
    -------
    defaults_requested()
        Somebody has double-clicked a handle, or pressed Enter on it, to get the usual sizes.
    slid()
        The sizes that `slide_to` was given are reached.
    """

    defaults_requested = Signal()
    slid = Signal()

    def __init__(
        self, orientation: Qt.Orientation, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(orientation, parent)
        self.setObjectName(name)
        self.setHandleWidth(HANDLE)
        self.setChildrenCollapsible(False)
        self._way: list[tuple[int, int]] = []  # for each part, its first and its last size
        self._sliding = Motion(self, self._slide)

    def slide_to(self, sizes: Sequence[int]) -> None:
        """Give the parts these sizes in pixels, and let one see how they get there."""
        self._sliding.finish()
        self._way = list(zip(self.sizes(), sizes, strict=True))
        self._sliding.begin()

    def finish_sliding(self) -> None:
        """Give the parts the sizes to which they slide at once, if they do."""
        self._sliding.finish()

    def _slide(self, share: float) -> None:
        self.setSizes([round(first + share * (last - first)) for first, last in self._way])
        if share == 1.0:
            self.slid.emit()

    def createHandle(self) -> QSplitterHandle:
        """Return a handle with a grip."""
        return _Grip(self.orientation(), self)


class _Grip(QSplitterHandle):
    def __init__(self, orientation: Qt.Orientation, parent: GripSplitter) -> None:
        super().__init__(orientation, parent)
        self._splitter = parent
        self._is_held = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(
            "Border between columns"
            if orientation is Qt.Orientation.Horizontal
            else "Border between cards"
        )
        self.setToolTip("Drag to share the room otherwise; double-click for the usual sizes")

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be grabbed."""
        super().enterEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show that it is held."""
        self._splitter.finish_sliding()
        self._is_held = True
        super().mousePressEvent(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show that it is let go."""
        self._is_held = False
        super().mouseReleaseEvent(event)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the usual sizes."""
        event.accept()
        self._splitter.defaults_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the border, or ask for the usual sizes."""
        is_upright = self.orientation() is Qt.Orientation.Horizontal
        back, on = (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if not is_upright:
            back, on = Qt.Key.Key_Up, Qt.Key.Key_Down
        if event.key() in (back, on):
            self._splitter.finish_sliding()
            place = self.x() if is_upright else self.y()
            by = _KEY_PIXELS if event.key() == on else -_KEY_PIXELS
            self.moveSplitter(self.closestLegalPosition(place + by))
        elif event.key() in _ENTER:
            self._splitter.defaults_requested.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the grip, and the mark of the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        is_marked = self._is_held or self.underMouse() or self.hasFocus()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(role.Highlight if is_marked else role.Mid))
        is_upright = self.orientation() is Qt.Orientation.Horizontal
        width, height = _GRIP_WIDTH, _GRIP_LENGTH
        if not is_upright:
            width, height = height, width
        rect = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
        painter.drawRoundedRect(rect, _GRIP_WIDTH / 2, _GRIP_WIDTH / 2)
        if self.hasFocus():
            painter.setPen(QPen(palette.color(role.Highlight), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            around = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(around, _GRIP_WIDTH / 2, _GRIP_WIDTH / 2)
        painter.end()
