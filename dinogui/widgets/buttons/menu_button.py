"""A button that shows a choice, and opens the menu of all choices."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from dinogui.common.icons import Icon, draw_icon
from dinogui.common.theme import SMALL_RADIUS, SPACE
from dinogui.widgets.buttons.painted_button import CHEVRON_SHARE, PaintedButton, draw_focus_ring

_LEAST_HEIGHT = 32


class MenuButton(PaintedButton):
    """A quiet button with an arrow beside its text, as high as the buttons of actions.

    Qt draws this arrow over the text.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def _chevron(self) -> int:
        """The width of the arrow, in pixels."""
        return round(self.fontMetrics().height() * CHEVRON_SHARE)

    def sizeHint(self) -> QSize:
        """Return the room of the text and the arrow."""
        metrics = QFontMetrics(self.strong_font())
        width = metrics.horizontalAdvance(self.text()) + self._chevron + 8 * SPACE
        return QSize(width, max(_LEAST_HEIGHT, metrics.height() + 3 * SPACE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground, the text and the arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        is_marked = self.underMouse() or self.isDown()
        painter.setPen(palette.color(role.Mid))
        painter.setBrush(palette.color(role.AlternateBase if is_marked else role.Base))
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, SMALL_RADIUS, SMALL_RADIUS)
        if self.hasFocus():
            draw_focus_ring(painter, rect, palette.color(role.Highlight))
        ink = palette.color(role.ButtonText)
        painter.setPen(ink)
        painter.setFont(self.strong_font())
        left, right = 3 * SPACE, self.width() - 3 * SPACE
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, 0, right - left, self.height()), middle, self.text())
        side = self._chevron
        place = QRectF(right - side, (self.height() - side) / 2, side, side)
        draw_icon(painter, Icon.CHEVRON_DOWN, place, ink)
        painter.end()
