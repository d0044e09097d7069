"""A switch in the head of a card: a small rounded button, with a dot that is lit while it is on."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.theme import DARK, LIGHT, SPACE, TextSize, text_font
from dinogui.widgets.buttons.painted_button import PaintedButton, draw_focus_ring


class SwitchChip(PaintedButton):
    """Turns a checkable action on and off.

    Parameters
    ----------
    action : QAction
    text : str
        Shorter than that of the action.
    """

    def __init__(self, action: QAction, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._short = text
        self._is_at_rest = False
        self.setDefaultAction(action)
        self.setAccessibleName(action.text().replace("&", ""))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_at_rest(self, is_at_rest: bool) -> None:
        """Show that it has no effect now: the dot is not lit, even if it is on."""
        self._is_at_rest = is_at_rest
        self.update()

    @property
    def is_lit(self) -> bool:
        """Whether the dot is lit."""
        return self.isChecked() and not self._is_at_rest

    def sizeHint(self) -> QSize:
        """Return the room of the dot and the text."""
        metrics = self._metrics
        width = self._dot + SPACE + metrics.horizontalAdvance(self._short) + 4 * SPACE
        return QSize(width, metrics.height() + SPACE)

    @property
    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(text_font(self.font(), TextSize.LABEL, is_strong=True))

    @property
    def _dot(self) -> int:
        return self._metrics.height() // 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground, the dot and the text."""
        painter, palette, role = QPainter(self), self.palette(), QPalette.ColorRole
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_dark = palette.color(role.Window).lightness() < 128
        colours = DARK if is_dark else LIGHT
        ink = QColor(colours.good if self.is_lit else colours.faint_text)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(palette.color(role.Mid if self.underMouse() else role.AlternateBase))
        painter.setBrush(palette.color(role.AlternateBase))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        if self.hasFocus():
            draw_focus_ring(painter, rect, palette.color(role.Highlight))
        painter.setPen(ink)
        painter.setBrush(ink if self.is_lit else Qt.BrushStyle.NoBrush)
        size, left = self._dot, 2 * SPACE
        painter.drawEllipse(QRectF(left, (self.height() - size) / 2, size, size))
        painter.setFont(text_font(self.font(), TextSize.LABEL, is_strong=True))
        room = self.rect().adjusted(left + size + SPACE, 0, 0, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, middle, self._short)
        painter.end()
