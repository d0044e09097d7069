"""What the colours, frames and lines of a piano roll mean, in words."""

import math
from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE, Colours
from dinogui.panels.melody.roll.roll_content import RollContent
from dinogui.panels.melody.roll.surprise_colours import (
    EXPECTED,
    MIDDLE,
    SURPRISING,
    surprise_colour,
)
from dinogui.widgets.cards.flow import PartsFlow
from dinogui.widgets.elision import elided_text

_SAMPLE = (28, 9)
"""Pixels: the size of a note in the legend, in text of the usual size."""

Draw = Callable[[QPainter, QRectF, Colours], None]


class RollLegend(QWidget):
    """Names what there is in the roll, in as many lines as the words need."""

    def __init__(self) -> None:
        super().__init__()
        self._expected = _Entry(f"expected: 1 in {MIDDLE} to 1 in {EXPECTED}", _shades(EXPECTED))
        self._surprising = _Entry(f"surprising: to 1 in {SURPRISING:,}", _shades(SURPRISING))
        self._given = _Entry("given", _given)
        self._copied = _Entry("copied from a tune", _copied)
        self._entries = (self._expected, self._surprising, self._given, self._copied)
        tip = f"A note is blue if its probability was at least 1 in {MIDDLE}, else orange"
        for entry in (self._expected, self._surprising):
            entry.setToolTip(tip)
        self._given.setToolTip("These notes were given, and not improvised")
        self._copied.setToolTip("These notes are in a run of 8 or more that a tune has, too")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(PartsFlow(*self._entries, gap=3 * SPACE))

    @property
    def words(self) -> list[str]:
        """The words of the entries that are shown."""
        return [entry.text for entry in self._entries if not entry.isHidden()]

    def show_content(self, content: RollContent) -> None:
        """Show the entries for what there is in a roll."""
        is_asked = not all(map(math.isnan, content.improvisation.surprises))
        for entry in (self._expected, self._surprising):
            entry.setVisible(is_asked)
        self._given.setVisible(content.improvisation.n_prefix > 0)
        self._copied.setVisible(bool(content.copied))

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        for entry in self._entries:
            entry.show_colours(colours)


class _Entry(QWidget):
    """A sample and its words."""

    def __init__(self, text: str, draw: Draw) -> None:
        super().__init__()
        self.text, self._draw = text, draw
        self._colours: Colours | None = None
        self.setAccessibleName(text)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._colours = colours
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the sample and the words."""
        font = self.fontMetrics()
        width = _SAMPLE[0] + SPACE + font.horizontalAdvance(self.text) + 2
        return QSize(width, font.height() + SPACE)

    def minimumSizeHint(self) -> QSize:
        """Do with the sample."""
        return QSize(_SAMPLE[0], self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the sample and the words."""
        if self._colours is None:
            return
        painter, (width, height) = QPainter(self), _SAMPLE
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sample = QRectF(1, (self.height() - height) / 2, width - 2, height)
        self._draw(painter, sample, self._colours)
        painter.setPen(QColor(self._colours.faint_text))
        room = self.rect().adjusted(width + SPACE, 0, 0, 0)
        text = elided_text(self.text, self.fontMetrics(), room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


def _shades(strongest: int) -> Draw:
    """Return a function that draws the shades from the palest to the strongest, of 1 in so many."""

    def draw(painter: QPainter, place: QRectF, colours: Colours) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        width = place.width() / 3
        # Just beyond the middle on the side of the strongest, then half-way, then the strongest.
        middle, end = math.log(MIDDLE), math.log(strongest)
        for number, share in enumerate((0.01, 0.5, 1.0)):
            painter.setBrush(surprise_colour(middle + share * (end - middle), colours))
            left = place.left() + number * width
            painter.drawRoundedRect(QRectF(left, place.top(), width - 1, place.height()), 2, 2)

    return draw


def _given(painter: QPainter, place: QRectF, colours: Colours) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.text), 1.5))
    painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 3, 3)


def _copied(painter: QPainter, place: QRectF, colours: Colours) -> None:
    painter.setBrush(QColor(colours.grid))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(place.adjusted(0, 0, 0, -3), 3, 3)
    painter.setPen(QPen(QColor(colours.text), 2))
    painter.drawLine(place.bottomLeft(), place.bottomRight())
