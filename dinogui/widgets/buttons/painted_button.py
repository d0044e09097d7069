"""What all painted buttons have in common: how they take the focus, and the marks they paint."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from dinogui.common.theme import SMALL_RADIUS
from dinogui.widgets.elision import elided_text

CHEVRON_SHARE = 0.75
"""The size of the chevron of a button with a menu, as a share of the height of a line."""


class PaintedButton(QToolButton):
    """A button that a subclass paints. Unless that says otherwise, its text is never cut off.

    Tab and a click give it the focus, so Enter presses what was clicked last.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def minimumSizeHint(self) -> QSize:
        """Return the usual size."""
        return self.sizeHint()

    def strong_font(self) -> QFont:
        """Return the font of a text that stands out."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def paint_choice(self, painter: QPainter, rect: QRectF, radius: float, *, end: int = 0) -> None:
        """Draw a button without a line around it: filled and half bold while it is checked.

        Parameters
        ----------
        painter : QPainter
        rect : QRectF
            The ground, which is also filled under the pointer.
        radius : float
            That of its corners.
        end : int
            Pixels behind the text that are left free.
        """
        palette, role = self.palette(), QPalette.ColorRole
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_on = self.isChecked()
        if is_on or (self.underMouse() and self.isEnabled()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(role.AlternateBase))
            painter.drawRoundedRect(rect, radius, radius)
        if self.hasFocus():
            draw_focus_ring(painter, rect, palette.color(role.Highlight))
        if is_on:
            painter.setFont(self.strong_font())
        painter.setPen(palette.color(role.WindowText if is_on else role.PlaceholderText))
        metrics, room = painter.fontMetrics(), self.rect().adjusted(0, 0, -end, 0)
        shown = elided_text(self.text(), metrics, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)


def draw_focus_ring(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Draw the mark of the focus inside a rounded rectangle."""
    painter.setPen(QPen(colour, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = rect.adjusted(2.5, 2.5, -2.5, -2.5)
    painter.drawRoundedRect(inner, SMALL_RADIUS - 3, SMALL_RADIUS - 3)
