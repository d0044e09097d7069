"""A chip that is switched on and off: a check box in the shape of a pill."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from dinogui.common.icons import Icon, draw_icon
from dinogui.common.theme import SPACE
from dinogui.widgets.buttons.painted_button import draw_focus_ring


class CheckChip(QCheckBox):
    """Shows a tick before its text while it is on. Its width is the same on and off.

    Parameters
    ----------
    text : str
        Also its accessible name.
    tip : str
    """

    def __init__(self, text: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setToolTip(tip)
        self.setAccessibleName(text.replace("&", ""))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def _tick_size(self) -> int:
        return round(self.fontMetrics().height() * 0.6)

    def sizeHint(self) -> QSize:
        """Return the room of the tick and the text."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + self._tick_size() + 6 * SPACE
        return QSize(width, metrics.height() + 3 * SPACE)

    def minimumSizeHint(self) -> QSize:
        """Return the same: a text that is cut off helps nobody."""
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        """Whether a click hits it: anywhere in the pill."""
        return self.rect().contains(place)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pill, the tick and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        is_marked = self.isEnabled() and (self.underMouse() or self.isDown())
        painter.setPen(palette.color(role.Mid if is_marked else role.AlternateBase))
        painter.setBrush(palette.color(role.AlternateBase))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        if self.hasFocus():
            draw_focus_ring(painter, rect, palette.color(role.Highlight))
        tick = self._tick_size() if self.isChecked() else 0
        gap = SPACE if tick else 0
        width = self.fontMetrics().horizontalAdvance(self.text())
        left = (self.width() - width - tick - gap) // 2
        if tick:
            top = (self.height() - tick) / 2
            place = QRectF(left, top, tick, tick).adjusted(-2, -2, 2, 2)  # the icon has a margin
            draw_icon(painter, Icon.CHECK, place, palette.color(role.Highlight))
        painter.setPen(palette.color(role.WindowText))
        room = self.rect().adjusted(left + tick + gap, 0, 0, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, middle | Qt.TextFlag.TextShowMnemonic, self.text())
        painter.end()
