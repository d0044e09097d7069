"""A chip that stands for a kind of names or tunes."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import SPACE
from dinogui.widgets.buttons.painted_button import PaintedButton, draw_focus_ring
from dinogui.widgets.elision import elided_text

KEYS = DocumentedKeys(
    "Kinds",
    (
        ("Left, Right", "Go to the kind before or after"),
        ("Enter", "Choose this kind alone"),
        ("+, -", "Add the kind to the blend, or leave it out"),
    ),
)

_LONGEST_LETTERS = 18
"""The width of a chip is that of so many letters at most."""

_WAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ADDING = (Qt.Key.Key_Plus, Qt.Key.Key_Minus)


class KindChip(PaintedButton):
    """Shows the title of a kind, filled while it is chosen. Its width is the same on and off.

    Lives in the GUI thread.

    Parameters
    ----------
    title : str

    Signals
    -------
    chosen(str)
        The kind is to be the only one.
    switched(str)
        It is to be added to the blend, or left out.
    left(str, int)
        The focus is to go on to the left (-1) or to the right (1).
    """

    chosen = Signal(str)
    switched = Signal(str)
    left = Signal(str, int)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._adds = False
        self.setText(title)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._tell)

    def show_chosen(self, percent: int | None, counted: str) -> None:
        """Show whether the kind is chosen, and say how many examples of it there are.

        Parameters
        ----------
        percent : int or None
            Its share of the blend; None if it is not in it.
        counted : str
            How many there are in the data: "12 names".
        """
        self.setChecked(percent is not None)
        self.setToolTip(
            f"{self.title}: {counted}. Click to choose this kind alone; Ctrl+click to add it to a "
            "blend, or to leave it out"
        )
        share = f", {percent} percent" if percent is not None else ""
        self.setAccessibleName(f"{self.title}{share}, {counted}")

    def _tell(self) -> None:
        self.setChecked(not self.isChecked())  # what is chosen decides which chips are filled
        adds, self._adds = self._adds, False
        (self.switched if adds else self.chosen).emit(self.title)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Note whether a click adds the kind."""
        self._adds = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        super().mouseReleaseEvent(event)
        self._adds = False

    def event(self, event: QEvent) -> bool:
        """Claim the keys that the chip handles, before they are shortcuts of the window."""
        is_claim = event.type() == QEvent.Type.ShortcutOverride
        if is_claim and isinstance(event, QKeyEvent) and event.key() in (*_WAYS, *_ADDING):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to a neighbour, or add the kind to the blend."""
        key = Qt.Key(event.key())
        if key in _WAYS:
            self.left.emit(self.title, _WAYS[key])
        elif key in _ADDING:
            if self.isChecked() == (key is Qt.Key.Key_Minus):
                self.switched.emit(self.title)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return the room of the title in bold, which it is while it is chosen."""
        metrics = QFontMetrics(self.strong_font())
        most = _LONGEST_LETTERS * metrics.averageCharWidth()
        width = min(metrics.horizontalAdvance(self.title), most) + 5 * SPACE
        return QSize(width, metrics.height() + 2 * SPACE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pill and the title."""
        painter, palette, role = QPainter(self), self.palette(), QPalette.ColorRole
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius, is_on = rect.height() / 2, self.isChecked()
        line = role.Highlight if is_on else role.Mid if self.underMouse() else role.AlternateBase
        painter.setPen(palette.color(line))
        painter.setBrush(palette.color(role.Highlight if is_on else role.AlternateBase))
        painter.drawRoundedRect(rect, radius, radius)
        ink = palette.color(role.HighlightedText if is_on else role.WindowText)
        if self.hasFocus():
            draw_focus_ring(painter, rect, ink if is_on else palette.color(role.Highlight))
        painter.setFont(self.strong_font() if is_on else self.font())
        painter.setPen(ink)
        shown = elided_text(self.title, painter.fontMetrics(), self.width() - 4 * SPACE)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)
        painter.end()
