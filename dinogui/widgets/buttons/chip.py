"""A chip: a rounded button that says in a few words what is in use, and opens what changes it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from dinogui.common.theme import SPACE
from dinogui.widgets.buttons.painted_button import PaintedButton, draw_focus_ring
from dinogui.widgets.elision import elided_text

_LEAST_CHARACTERS = 6


class Chip(PaintedButton):
    """Shows as much of a text as fits, and a fainter detail if there is room for all of it.

    Half a number would be a wrong one. The tooltip has both.

    Parameters
    ----------
    name : str
        What it is about, for screen readers.
    tip : str
        What a click does.
    is_slim : bool
        Whether it is hardly higher than its text.
    """

    def __init__(
        self, name: str, tip: str, parent: QWidget | None = None, *, is_slim: bool = False
    ) -> None:
        super().__init__(parent)
        self._padding = (1 if is_slim else 3) * SPACE
        self._name, self._tip = name, tip
        self._text, self._detail = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.say("", "")

    @property
    def words(self) -> str:
        """The full text with its detail."""
        return f"{self._text} · {self._detail}" if self._detail else self._text

    def say(self, text: str, detail: str) -> None:
        """Show another text and detail."""
        self._text, self._detail = text, detail
        self.setAccessibleName(f"{self._name}: {self.words}" if text else self._name)
        self.setToolTip(f"{self.words}. {self._tip}" if text else self._tip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the full text."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.words) + 7 * SPACE
        return QSize(width, metrics.height() + self._padding)

    def minimumSizeHint(self) -> QSize:
        """Return the room of a few letters."""
        metrics = self.fontMetrics()
        least = metrics.averageCharWidth() * _LEAST_CHARACTERS + 6 * SPACE
        return QSize(min(least, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        is_marked = self.underMouse() or self.isDown() or self.isChecked()
        painter.setPen(palette.color(role.Mid if is_marked else role.AlternateBase))
        painter.setBrush(palette.color(role.AlternateBase))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        if self.hasFocus():
            draw_focus_ring(painter, rect, palette.color(role.Highlight))
        self._draw_text(painter)
        painter.end()

    def _draw_text(self, painter: QPainter) -> None:
        palette, role = self.palette(), QPalette.ColorRole
        metrics = QFontMetrics(QFont(self.font()))
        room = self.rect().adjusted(3 * SPACE, 0, -3 * SPACE, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        shown = elided_text(self._text, metrics, room.width())
        painter.setPen(palette.color(role.ButtonText))
        painter.drawText(room, middle, shown)
        room.setLeft(room.left() + metrics.horizontalAdvance(shown))
        detail = f" · {self._detail}"
        if self._detail and metrics.horizontalAdvance(detail) <= room.width():
            painter.setPen(palette.color(role.PlaceholderText))
            painter.drawText(room, middle, detail)
