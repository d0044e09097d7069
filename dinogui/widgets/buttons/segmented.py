"""A segmented control: a few choices side by side, one of which is in force."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from dinogui.common.theme import SMALL_RADIUS, SPACE
from dinogui.widgets.buttons.painted_button import PaintedButton

_LEAST_HEIGHT = 30


class SegmentedControl(QWidget):
    """Lets a person choose one of a few values. Tab reaches it, and the arrow keys move in it.

    Lives in the GUI thread.

    Parameters
    ----------
    name : str
        For screen readers.
    words : mapping of str to str
        The text of each value.
    tip : str

    Signals
    -------
    chosen(str)
        Somebody has chosen a value.
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, words: Mapping[str, str], tip: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.segments: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        for value, text in words.items():
            segment = _Segment(text)
            segment.setAccessibleName(f"{name}: {text}")
            segment.setToolTip(tip)
            self._group.addButton(segment)
            layout.addWidget(segment)
            self.segments[value] = segment
        self._group.buttonClicked.connect(self._report)

    @property
    def value(self) -> str | None:
        """The value in force; None if there is none."""
        return next((value for value, part in self.segments.items() if part.isChecked()), None)

    def show_value(self, value: str) -> None:
        """Show which value is in force, without a signal."""
        if value in self.segments:
            self.segments[value].setChecked(True)

    def _report(self, _button: QAbstractButton) -> None:
        value = self.value
        if value is not None:
            self.chosen.emit(value)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line around the segments."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, SMALL_RADIUS, SMALL_RADIUS)
        painter.end()


class _Segment(PaintedButton):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room of the text in bold, which it is while it is chosen."""
        metrics = QFontMetrics(self.strong_font())
        height = max(_LEAST_HEIGHT, metrics.height() + 2 * SPACE)
        return QSize(metrics.horizontalAdvance(self.text()) + 4 * SPACE, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground if it is chosen, and the text."""
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        self.paint_choice(painter, rect, SMALL_RADIUS - 1)
        painter.end()
