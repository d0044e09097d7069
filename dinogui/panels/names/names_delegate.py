"""How the cells of the names' table are painted: stars, tinted letters and chips of the status."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from dinogui.common.icons import draw_icon
from dinogui.common.theme import SMALL_RADIUS, SPACE, Colours, TextSize, text_font
from dinogui.panels.names.candidates_model import LETTERS_ROLE, STATUS_WORDS, Column
from dinogui.widgets.elision import elided_text
from dinogui.widgets.letters import Letters, Tint, draw_letters
from dinogui.widgets.tables.row_delegate import AnyIndex, RowDelegate
from engine.sampling.known_names import NameStatus


class NamesDelegate(RowDelegate):
    """Paints each column of `CandidatesModel` in its own manner.

    Attributes
    ----------
    name_font, chip_font : QFont
        Those of the names and of their status.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent, numbers=(Column.SCORE, Column.STEP), faint=(Column.NEAREST, Column.STEP)
        )
        self._tint: Tint | None = None
        self._star = QColor()
        self._inks: dict[str, QColor] = {}
        self.use_font(parent.font())

    def use_font(self, font: QFont) -> None:
        """Prepare for another font of the view."""
        super().use_font(font)
        self.name_font = text_font(font, TextSize.NAME, is_strong=True)
        self.chip_font = text_font(font, TextSize.LABEL)

    def chip_width(self, words: str) -> int:
        """Return the width of a status, in pixels."""
        return QFontMetrics(self.chip_font).horizontalAdvance(words) + 4 * SPACE

    def show_colours(self, colours: Colours, tint: Tint) -> None:
        """Paint in other colours."""
        self._tint = tint
        self._star = QColor(colours.second)
        self._inks = {
            STATUS_WORDS[NameStatus.NEW]: QColor(colours.good),
            STATUS_WORDS[NameStatus.TRAINING]: QColor(colours.error),
            STATUS_WORDS[NameStatus.HELD_OUT]: QColor(colours.faint_text),
        }

    def draw_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw what the cell shows."""
        column = index.column()
        if column == Column.NAME and self._tint is not None:
            letters = index.data(LETTERS_ROLE)
            if isinstance(letters, Letters):
                painter.setPen(option.palette.color(QPalette.ColorRole.Text))
                draw_letters(
                    painter, option.rect, letters, self._tint, self.name_font, with_shades=True
                )
        elif column == Column.KEPT:
            side = QFontMetrics(option.font).height()
            place = QRectF(0, 0, side, side)
            place.moveCenter(QRectF(option.rect).center())
            star = index.data(Qt.ItemDataRole.DecorationRole)
            draw_icon(painter, star, place, self._star)
        elif column == Column.STATUS:
            self._draw_chip(painter, option, index.data())
        elif column == Column.NEAREST:
            name, _, distance = index.data().rpartition(" ")
            text, end = (name, f" {distance}") if name else (distance, "")
            self.draw_text(painter, option, text, font=option.font, is_faint=True, end=end)
        else:
            super().draw_cell(painter, option, index)

    def _draw_chip(self, painter: QPainter, option: QStyleOptionViewItem, words: str) -> None:
        if not words:
            return
        height = QFontMetrics(self.chip_font).height() + SPACE
        room = self.room(option)
        chip = QRectF(room.left(), room.top() + (room.height() - height) / 2, 0, height)
        chip.setWidth(min(self.chip_width(words) - SPACE // 2, room.width()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(chip, SMALL_RADIUS, SMALL_RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self.chip_font)
        painter.setPen(self._inks.get(words, option.palette.color(QPalette.ColorRole.Text)))
        shown = elided_text(words, QFontMetrics(self.chip_font), int(chip.width()))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)
