"""Names with a tint behind each letter, in tables and on a line of their own."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
)
from PySide6.QtWidgets import QWidget

from dinogui.widgets.elision import elided_text

_INSET = 4
_STEPS = 16
"""Number of different shades besides none."""


@dataclass(frozen=True)
class Letters:
    """A text, and how to show each of its letters.

    Attributes
    ----------
    texts : tuple of str
        One for each letter. It has several characters where a letter's capital has.
    tints : tuple of float
        From 0 (none) to 1 (full).
    marks : tuple of bool
        Whether each letter is underlined. May be empty.
    """

    texts: tuple[str, ...]
    tints: tuple[float, ...]
    marks: tuple[bool, ...] = ()


class Tint:
    """The shades from no tint to a full one. The same text colour is legible on all of them.

    Parameters
    ----------
    base, full : str
        Colours of no tint and of a full tint, as ``#rrggbb``.
    mark : str
        Colour of the line under marked letters, as ``#rrggbb``.
    """

    def __init__(self, base: str, full: str, mark: str) -> None:
        low, high = QColor(base), QColor(full)
        self.mark = QColor(mark)
        self.shades = [_between(low, high, step / _STEPS) for step in range(_STEPS + 1)]

    def shade(self, tint: float) -> QColor:
        """Return the colour of a tint from 0 to 1."""
        return self.shades[round(min(max(tint, 0.0), 1.0) * _STEPS)]

    def formats(self, letters: Letters, *, with_shades: bool) -> list[QTextLayout.FormatRange]:
        """Return the formats of the letters that have one. Qt counts positions in UTF-16."""
        ranges: list[QTextLayout.FormatRange] = []
        start = 0
        marks = letters.marks or (False,) * len(letters.texts)
        last: tuple[int, bool] | None = None
        for text, tint, is_marked in zip(letters.texts, letters.tints, marks, strict=False):
            length = len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
            shade = round(min(max(tint, 0.0), 1.0) * _STEPS) if with_shades else 0
            look = (shade, is_marked)
            if look == last:  # a few long pieces take less time than many short ones
                ranges[-1].length += length
            elif shade or is_marked:
                ranges.append(self._piece(start, length, shade, is_marked, with_shades))
            last = look if shade or is_marked else None
            start += length
        return ranges

    def _piece(
        self, start: int, length: int, shade: int, is_marked: bool, with_shades: bool
    ) -> QTextLayout.FormatRange:
        piece = QTextLayout.FormatRange()
        piece.start, piece.length = start, length
        form = QTextCharFormat()
        if shade:
            form.setBackground(self.shades[shade])
        if is_marked:
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            if with_shades:
                form.setUnderlineColor(self.mark)
        piece.format = form
        return piece


def _between(low: QColor, high: QColor, share: float) -> QColor:
    def mix(a: float, b: float) -> float:
        return a + (b - a) * share

    return QColor.fromRgbF(
        mix(low.redF(), high.redF()),
        mix(low.greenF(), high.greenF()),
        mix(low.blueF(), high.blueF()),
    )


def elided(letters: Letters, font: QFont, width: int) -> Letters:
    """Return the first letters that fit into a width in pixels, with … for the others."""
    text = "".join(letters.texts)
    shown = elided_text(text, QFontMetrics(font), width)
    if shown == text:
        return letters
    room = len(shown) - 1
    lengths = itertools.accumulate(map(len, letters.texts))
    count = sum(1 for _ in itertools.takewhile(lambda length: length <= room, lengths))
    return Letters(
        (*letters.texts[:count], "…"),
        (*letters.tints[:count], 0.0),
        (*letters.marks[:count], False) if letters.marks else (),
    )


def draw_letters(
    painter: QPainter, rect: QRect, letters: Letters, tint: Tint, font: QFont, *, with_shades: bool
) -> None:
    """Draw letters in a rectangle as one text, so that letters of joining scripts still join.

    Where they do not fit, they end in ….
    """
    layout, line = _laid_out(letters, tint, font, with_shades=with_shades)
    width = rect.width() - 2 * _INSET
    if line.isValid() and line.naturalTextWidth() > width:
        fitting = elided(letters, font, width)
        layout, line = _laid_out(fitting, tint, font, with_shades=with_shades)
    if not line.isValid():
        return
    painter.save()
    painter.setClipRect(rect)
    top = rect.top() + (rect.height() - line.height()) / 2
    layout.draw(painter, QPointF(rect.left() + _INSET, top))
    painter.restore()


def _laid_out(
    letters: Letters, tint: Tint, font: QFont, *, with_shades: bool
) -> tuple[QTextLayout, QTextLine]:
    layout = QTextLayout("".join(letters.texts), font)
    layout.setFormats(tint.formats(letters, with_shades=with_shades))
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return layout, line


class LettersLine(QWidget):
    """A line of tinted letters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tint: Tint | None = None
        self.letters = Letters((), ())

    def show_letters(self, letters: Letters) -> None:
        """Show other letters."""
        self.letters = letters
        self.setAccessibleName("".join(letters.texts))
        self.updateGeometry()
        self.update()

    def show_tint(self, tint: Tint) -> None:
        """Paint in other colours."""
        self.tint = tint
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the whole name."""
        width = self.fontMetrics().horizontalAdvance("".join(self.letters.texts))
        return QSize(max(width + 2 * _INSET, 80), self.fontMetrics().height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Do with less width."""
        return QSize(0, self.fontMetrics().height() + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the letters."""
        if self.tint is None or not self.letters.texts:
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        draw_letters(painter, self.rect(), self.letters, self.tint, self.font(), with_shades=True)


def legend_html(tint: Tint, words: Sequence[str]) -> str:
    """Return words on shades from none to full, as a legend."""
    steps = max(len(words) - 1, 1)
    return "".join(
        f'<span style="background:{tint.shade(place / steps).name()}">&nbsp;{word}&nbsp;</span>'
        for place, word in enumerate(words)
    )
