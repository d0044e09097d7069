"""Horizontal bars of the likeliest kinds."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.theme import Colours
from dinogui.widgets.elision import elided_text

_GAP, _LEAST_BAR = 6, 40
_MOST_OF_WIDTH = 0.5
"""The share of the width that titles may take."""

_PERCENT = "100 %"
_FEWEST = 3
"""Rows that there is always room for."""


class KindBars(QWidget):
    """Draws a bar for each kind, as long as its probability, in the order in which they are given.

    As many are drawn as there is room for. Lives in the GUI thread.

    Parameters
    ----------
    usual : int
        Rows that it asks for.

    Attributes
    ----------
    bars : tuple of (str, float)
        The titles and the probabilities from 0 to 1.
    """

    def __init__(self, usual: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usual = usual
        self.bars: tuple[tuple[str, float], ...] = ()
        self._colours: Colours | None = None
        self.setAccessibleName("The likeliest kinds")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def show_bars(self, titles: Sequence[str], values: Sequence[float]) -> None:
        """Show other bars."""
        self.bars = tuple(zip(titles, values, strict=True))
        shown = ", ".join(f"{title} {value:.0%}" for title, value in self.bars[: self.n_shown])
        self.setAccessibleDescription(shown)
        self.update()

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._colours = colours
        self.update()

    @property
    def n_shown(self) -> int:
        """How many bars there is room for."""
        return min(max(self.height() // self._line, 1), len(self.bars))

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + 4

    def sizeHint(self) -> QSize:
        """Return the size of a few bars."""
        return QSize(36 * self.fontMetrics().averageCharWidth(), self._usual * self._line)

    def minimumSizeHint(self) -> QSize:
        """Return the size of three short bars."""
        return QSize(18 * self.fontMetrics().averageCharWidth(), _FEWEST * self._line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the title, the bar and the percentage of each kind that there is room for."""
        if self._colours is None or not self.bars:
            return
        painter, font, line = QPainter(self), self.fontMetrics(), self._line
        shown = self.bars[: self.n_shown]
        percent_width = font.horizontalAdvance(_PERCENT)
        most = round(self.width() * _MOST_OF_WIDTH)
        titles_width = min(max(font.horizontalAdvance(title) for title, _ in shown), most)
        left = titles_width + _GAP
        room = max(self.width() - left - _GAP - percent_width, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, (title, value) in enumerate(shown):
            top = row * line
            painter.setPen(QColor(self._colours.text))
            text = elided_text(title, font, titles_width)
            painter.drawText(QRect(0, top, titles_width, line), right, text)
            painter.drawText(
                QRect(self.width() - percent_width, top, percent_width, line),
                right,
                f"{value:.0%}".replace("%", " %"),
            )
            colour = self._colours.accent if row == 0 else self._colours.faint_text
            bar = QRect(left, top + 3, max(round(room * value), 1), line - 6)
            painter.fillRect(bar, QColor(colour))
        painter.end()
