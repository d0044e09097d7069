"""Where everything lies in a piano roll, in pixels."""

from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QPointF, QRectF

_THICKEST = 14.0
"""Pixels: the height of a note's bar at most, in text of the usual size."""

_THINNEST = 2.0
"""Pixels: the height of a note's bar at least."""

_NARROWEST = 3.0
"""Pixels: the width of a note's bar at least."""


@dataclass(frozen=True)
class RollLayout:
    """The part of a roll that is in view.

    Attributes
    ----------
    area : QRectF
        Where the notes are.
    first : float
        The beat at the left edge.
    beat_width : float
        Pixels.
    lowest, highest : int
        The pitches of the lowest and the highest row.
    scale : float
        The size of the text, as a multiple of the usual size.
    """

    area: QRectF
    first: float
    beat_width: float
    lowest: int
    highest: int
    scale: float = 1.0

    @property
    def row_height(self) -> float:
        """The distance from one semitone to the next."""
        return self.area.height() / (self.highest - self.lowest + 1)

    @property
    def last(self) -> float:
        """The beat at the right edge."""
        return self.first + self.area.width() / self.beat_width

    def x(self, beat: float | Fraction) -> float:
        """Return where a beat is."""
        return self.area.left() + (float(beat) - self.first) * self.beat_width

    def y(self, pitch: int) -> float:
        """Return the middle of a pitch's row."""
        return self.area.bottom() - (pitch - self.lowest + 0.5) * self.row_height

    def note(self, start: Fraction, end: Fraction, pitch: int) -> QRectF:
        """Return the bar of a note, with a gap to the next one."""
        height = min(max(0.86 * self.row_height, _THINNEST), _THICKEST * self.scale)
        width = max((float(end - start)) * self.beat_width - 1, _NARROWEST)
        return QRectF(self.x(start), self.y(pitch) - height / 2, width, height)

    def beat_at(self, x: float) -> float:
        """Return the beat at a place."""
        return self.first + (x - self.area.left()) / self.beat_width

    def pitch_at(self, y: float) -> int:
        """Return the pitch whose row is at a place."""
        return self.lowest + int((self.area.bottom() - y) // self.row_height)

    def is_in_view(self, point: QPointF) -> bool:
        """Whether a point is among the notes."""
        return self.area.contains(point)
