"""How the rows of a table are painted: a hairline above each, and text in one of two inks."""

from collections.abc import Collection

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from dinogui.common.theme import SPACE, TextSize, text_font
from dinogui.widgets.elision import elided_text

AnyIndex = QModelIndex | QPersistentModelIndex

_CHOSEN = 44
"""How much of the accent colour lies on a row that is selected, of 255."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Paints cells with a few calls. Qt's own way asks the model for seven values per cell.

    Parameters
    ----------
    numbers : collection of int
        Columns of numbers, which are aligned at the right.
    faint : collection of int
        Columns in the fainter ink.
    """

    def __init__(
        self, parent: QWidget, *, numbers: Collection[int] = (), faint: Collection[int] = ()
    ) -> None:
        super().__init__(parent)
        self._numbers, self._faint = frozenset(numbers), frozenset(faint)
        self._of: QFont | None = None
        self._figures = QFont()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw the ground, the hairline, and what the cell shows."""
        if self._of is None or option.font != self._of:
            self._of = QFont(option.font)
            self.use_font(self._of)
        self._draw_ground(painter, option)
        self.draw_cell(painter, option, index)

    def use_font(self, font: QFont) -> None:
        """Prepare for another font of the view."""
        self._figures = text_font(font, TextSize.TEXT)

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        rect, palette, state = option.rect, option.palette, option.state
        State = QtWidgets.QStyle.StateFlag  # not at the start: making its enums takes 14 ms
        accent = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Highlight)
        if state & State.State_Selected:
            # The view has filled the row with the accent colour, on which dark text is lost.
            painter.fillRect(rect, palette.color(QPalette.ColorRole.Base))
            ground = QColor(accent)
            ground.setAlpha(_CHOSEN)
            painter.fillRect(rect, ground)
        line = palette.color(QPalette.ColorRole.Mid)
        painter.fillRect(rect.left(), rect.top(), rect.width(), 1, line)
        if state & State.State_HasFocus:
            painter.setPen(accent)
            painter.drawRect(rect.adjusted(0, 1, -1, -1))
            painter.drawRect(rect.adjusted(1, 2, -2, -2))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: AnyIndex,
    ) -> bool:
        """Say all of a text that does not fit, where the model has no tooltip of its own."""
        text, role = index.data(), Qt.ItemDataRole.ToolTipRole
        is_asked = event.type() == QEvent.Type.ToolTip and isinstance(text, str)
        if is_asked and not index.data(role) and not self._fits(text, option):
            QToolTip.showText(event.globalPos(), text, view)
            return True
        return super().helpEvent(event, view, option, index)

    def _fits(self, text: str, option: QStyleOptionViewItem) -> bool:
        return QFontMetrics(option.font).horizontalAdvance(text) <= self.room(option).width()

    def draw_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw the text of a cell, elided at its end where it does not fit."""
        column = index.column()
        is_number = column in self._numbers
        self.draw_text(
            painter,
            option,
            index.data() or "",
            align=RIGHT if is_number else LEFT,
            font=self._figures if is_number else option.font,
            is_faint=column in self._faint,
        )

    def draw_text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        text: str,
        *,
        align: Qt.AlignmentFlag = LEFT,
        font: QFont,
        is_faint: bool = False,
        end: str = "",
    ) -> None:
        """Draw a text; `end` is shown whole, even where the text before it is elided."""
        role = QPalette.ColorRole
        room = self.room(option)
        metrics = QFontMetrics(font)
        if end:
            room.setWidth(room.width() - metrics.horizontalAdvance(end))
        text = elided_text(text, metrics, room.width())
        if end:
            room.setWidth(self.room(option).width())
        painter.setFont(font)
        painter.setPen(option.palette.color(role.PlaceholderText if is_faint else role.Text))
        painter.drawText(room, align, text + end)

    @staticmethod
    def room(option: QStyleOptionViewItem) -> QRect:
        """Return the part of a cell that has text in it."""
        return option.rect.adjusted(SPACE, 1, -SPACE, 0)
