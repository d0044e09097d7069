"""Draws a piano roll: its grid, its labels, its notes and the play-head."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from dinogui.common.theme import Colours
from dinogui.panels.melody.roll.chord_row import ChordRow
from dinogui.panels.melody.roll.roll_content import RollContent
from dinogui.panels.melody.roll.roll_layout import RollLayout
from dinogui.panels.melody.roll.surprise_colours import surprise_colour
from engine.melody.note import OCTAVE
from engine.melody.symbols import pitch_symbol

_ROUND = 3.0
_GAP = 4
_BARS_OF_A_GROUP = 4
"""Each so many bars have a stronger line before them."""

_BEATS_FROM = 16.0
"""Pixels: from this width of a beat on, beats have lines, too."""

_OCTAVE_APART = 1.1
"""Heights of the text between the labels of two octaves, at least."""


@dataclass(frozen=True)
class RollPainting:
    """What is needed to draw a roll in one go.

    Attributes
    ----------
    painter : QPainter
    metrics : QFontMetrics
        Of the painter's font.
    layout : RollLayout
    content : RollContent
    colours : Colours
    """

    painter: QPainter
    metrics: QFontMetrics
    layout: RollLayout
    content: RollContent
    colours: Colours

    def draw(self, chords: ChordRow, current: int | None) -> None:
        """Draw everything but the play-head.

        Parameters
        ----------
        chords : ChordRow
        current : int, optional
            The place of the note that has a frame.
        """
        self._draw_octaves()
        self._draw_bars()
        painter, area = self.painter, self.layout.area
        painter.save()
        painter.setClipRect(area.adjusted(0, -_GAP, 0, 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_notes()
        if current is not None:
            self._frame(current)
        painter.restore()
        chords.draw(painter, self.layout, self.colours)

    def draw_head(self, beat: float) -> None:
        """Draw the line of the play-head."""
        area, x = self.layout.area, self.layout.x(beat)
        if area.left() <= x <= area.right():
            self.painter.setPen(QPen(QColor(self.colours.text), 2))
            self.painter.drawLine(QPointF(x, area.top() - _GAP), QPointF(x, area.bottom()))

    def _draw_octaves(self) -> None:
        """Draw a line for each C, and its name at the left."""
        layout, line = self.layout, self.metrics.height()
        area = layout.area
        first = math.ceil(layout.lowest / OCTAVE) * OCTAVE
        octave = OCTAVE * layout.row_height
        every = max(math.ceil(_OCTAVE_APART * line / octave), 1)
        for number, pitch in enumerate(range(first, layout.highest + 1, OCTAVE)):
            y = layout.y(pitch)
            self.painter.setPen(QColor(self.colours.border))
            self.painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if number % every == 0:
                self.painter.setPen(QColor(self.colours.faint_text))
                place = QRectF(0, y - line / 2, area.left() - _GAP, line)
                flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                self.painter.drawText(place, flags, pitch_symbol(pitch))

    def _draw_bars(self) -> None:
        """Draw the bar lines, the beats where there is room, and the numbers of bars."""
        layout, area = self.layout, self.layout.area
        lines = list(self.content.bar_lines())
        every = self._bars_between_numbers(len(lines))
        for bar, beat in lines:
            x = layout.x(beat)
            is_strong = (bar - 1) % _BARS_OF_A_GROUP == 0
            if area.left() - 1 <= x <= area.right() + 1:
                self._draw_line(x, self.colours.outline if is_strong else self.colours.border)
            is_last = bar == lines[-1][0]
            if (bar - 1) % every == 0 and not is_last:
                self._write_number(x, bar)
            if layout.beat_width >= _BEATS_FROM and not is_last:
                for count in range(1, math.ceil(self.content.melody.bar)):
                    self._draw_beat(layout.x(beat + count))

    def _draw_line(self, x: float, colour: str) -> None:
        area = self.layout.area
        self.painter.setPen(QColor(colour))
        self.painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _draw_beat(self, x: float) -> None:
        area = self.layout.area
        if area.left() <= x <= area.right():
            self.painter.setPen(QPen(QColor(self.colours.border), 1, Qt.PenStyle.DotLine))
            self.painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _bars_between_numbers(self, n_bars: int) -> int:
        """Return the smallest power of two so that the numbers have room."""
        width = self.metrics.horizontalAdvance(f"{n_bars}") + 3 * _GAP
        bar = float(self.content.melody.bar) * self.layout.beat_width
        every = 1
        while every * bar < width and every < n_bars:
            every *= 2
        return every

    def _write_number(self, x: float, bar: int) -> None:
        area, text = self.layout.area, f"{bar}"
        width = self.metrics.horizontalAdvance(text) + 2
        if area.left() - 1 <= x and x + width <= area.right() + _GAP:
            self.painter.setPen(QColor(self.colours.faint_text))
            line = self.metrics.height()
            place = QRectF(x + 2, area.top() - line - _GAP, width, line)
            self.painter.drawText(place, Qt.AlignmentFlag.AlignLeft, text)

    def _draw_notes(self) -> None:
        content, layout, painter = self.content, self.layout, self.painter
        for place in content.places:
            start, end = content.starts[place], content.starts[place + 1]
            if end < layout.first or start > layout.last:
                continue
            bar = self._bar(place)
            painter.setBrush(surprise_colour(content.surprise(place), self.colours))
            painter.setPen(Qt.PenStyle.NoPen)
            radius = min(_ROUND, bar.height() / 2)
            painter.drawRoundedRect(bar, radius, radius)
            if content.is_given(place):
                self._outline(bar, 1, QPen(QColor(self.colours.text), 1))
            if place in content.copied:
                self._underline(bar)

    def _underline(self, bar: QRectF) -> None:
        painter, below = self.painter, round(bar.bottom() + 2.5)  # sharp on whole pixels
        painter.setPen(QPen(QColor(self.colours.text), 2))
        painter.drawLine(QPointF(bar.left(), below), QPointF(bar.right() + 1, below))

    def _frame(self, place: int) -> None:
        self._outline(self._bar(place), 3, QPen(QColor(self.colours.text), 2))

    def _outline(self, bar: QRectF, apart: float, pen: QPen) -> None:
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(pen)
        radius = min(_ROUND, bar.height() / 2) + apart
        self.painter.drawRoundedRect(bar.adjusted(-apart, -apart, apart, apart), radius, radius)

    def _bar(self, place: int) -> QRectF:
        pitch = self.content.note(place).pitch
        assert pitch is not None
        starts = self.content.starts
        return self.layout.note(starts[place], starts[place + 1], pitch)
