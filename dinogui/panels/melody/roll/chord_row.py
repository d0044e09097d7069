"""The symbols of chords below a piano roll, in one line or in two by turns."""

from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from dinogui.common.theme import Colours
from dinogui.panels.melody.roll.roll_layout import RollLayout
from dinogui.widgets.elision import elided_text

_GAP = 4
MOST_LINES = 2


@dataclass(frozen=True)
class ChordRow:
    """Chords with their places.

    Attributes
    ----------
    chords : tuple of (Fraction, str)
        Where each begins, in beats, and its symbol.
    end : Fraction
        Where the last one ends.
    font : QFont
    """

    chords: tuple[tuple[Fraction, str], ...]
    end: Fraction
    font: QFont

    @property
    def least_beat_width(self) -> float:
        """The width of a beat in pixels at which all symbols have room in two lines."""
        metrics = QFontMetrics(self.font)
        return max(
            (
                (metrics.horizontalAdvance(symbol) + _GAP) / float(room)
                for (_, symbol), room in zip(self.chords, self._rooms(MOST_LINES), strict=True)
            ),
            default=0.0,
        )

    def n_lines(self, beat_width: float) -> int:
        """Return how many lines they take: none if there are no chords."""
        if not self.chords:
            return 0
        metrics = QFontMetrics(self.font)
        fits = all(
            metrics.horizontalAdvance(symbol) + _GAP <= float(room) * beat_width
            for (_, symbol), room in zip(self.chords, self._rooms(1), strict=True)
        )
        return 1 if fits else MOST_LINES

    def height(self, beat_width: float) -> int:
        """Return the room that they take, in pixels."""
        n_lines = self.n_lines(beat_width)
        return n_lines * QFontMetrics(self.font).height() + (_GAP if n_lines else 0)

    def draw(self, painter: QPainter, layout: RollLayout, colours: Colours) -> None:
        """Write the symbols below the area of a roll."""
        n_lines = self.n_lines(layout.beat_width)
        if not n_lines:
            return
        metrics = QFontMetrics(self.font)
        painter.save()
        painter.setFont(self.font)
        painter.setPen(QColor(colours.text))
        line, right = metrics.height(), layout.area.right()
        rooms = self._rooms(n_lines)
        for number, ((beat, symbol), room) in enumerate(zip(self.chords, rooms, strict=True)):
            x = layout.x(beat)
            if not layout.area.left() - 1 <= x < right:
                continue
            top = layout.area.bottom() + _GAP + (number % n_lines) * line
            width = min(float(room) * layout.beat_width - 2, right + _GAP - x)
            shown = elided_text(symbol, metrics, int(width))
            if shown == "…":  # it is at the right edge, and most of it is out of view
                continue
            place = QRectF(x, top, width + 1, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def _rooms(self, n_lines: int) -> list[Fraction]:
        """Return the beats from each chord to the next one in the same line."""
        beats = [beat for beat, _ in self.chords]
        nexts = [*beats[n_lines:], *[self.end] * n_lines][: len(beats)]
        return [after - beat for beat, after in zip(beats, nexts, strict=True)]
