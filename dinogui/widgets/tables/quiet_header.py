"""A row of headings in small, faint text over the rows of a table."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QHeaderView, QWidget

from dinogui.common.icons import Icon, draw_icon
from dinogui.common.theme import SPACE, TextSize, text_font
from dinogui.widgets.elision import elided_text

_ARROWS = {
    Qt.SortOrder.AscendingOrder: Icon.CHEVRON_UP,
    Qt.SortOrder.DescendingOrder: Icon.CHEVRON_DOWN,
}


class QuietHeader(QHeaderView):
    """Paints headings without frames. An arrow follows the heading that sorts the rows.

    A heading that does not fit ends at its comma, if it has one. An `Icon` as a heading's
    decoration stands in place of its text, and a `QColor` as its foreground is its ink.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(20)
        self.use_font(self.font())

    def use_font(self, font: QFont) -> None:
        """Write in small letters of a font."""
        self.setFont(text_font(font, TextSize.LABEL))

    def sizeHint(self) -> QSize:
        """Return the height of a line with some room around it."""
        return QSize(super().sizeHint().width(), QFontMetrics(self.font()).height() + 2 * SPACE)

    def room_of(self, text: str) -> int:
        """Return the width of a heading with its arrow, in pixels."""
        return self.fontMetrics().horizontalAdvance(text) + self._side + 3 * SPACE

    @property
    def _side(self) -> int:
        """The size of an icon, in pixels."""
        return self.fontMetrics().height() - 2

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw a heading."""
        palette, model = self.palette(), self.model()
        painter.fillRect(rect, palette.color(QPalette.ColorRole.Base))
        across, role = Qt.Orientation.Horizontal, Qt.ItemDataRole
        text = str(model.headerData(section, across, role.DisplayRole) or "")
        align = model.headerData(section, across, role.TextAlignmentRole)
        is_sorted = self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        arrow = _ARROWS[self.sortIndicatorOrder()] if is_sorted else None
        room = rect.adjusted(SPACE, 0, -SPACE, 0)
        ink, side = palette.color(QPalette.ColorRole.PlaceholderText), self._side
        sign = model.headerData(section, across, role.DecorationRole)
        colour = model.headerData(section, across, role.ForegroundRole)
        if isinstance(colour, QColor):
            ink = colour
        if isinstance(sign, Icon):
            draw_icon(painter, sign, QRectF(room).adjusted(0, SPACE, 0, -SPACE), ink)
            return
        if arrow is not None:
            room.setWidth(max(room.width() - side - SPACE // 2, 0))
        metrics = QFontMetrics(self.font())
        if "," in text and metrics.horizontalAdvance(text) > room.width():
            text = text.partition(",")[0]
        text = elided_text(text, metrics, room.width())
        align = align or Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self.font())
        painter.setPen(ink)
        painter.drawText(room, align, text)
        if arrow is not None:
            end = metrics.boundingRect(room, align, text).right() + SPACE // 2
            top = rect.top() + (rect.height() - side) / 2
            draw_icon(painter, arrow, QRectF(end, top, side, side), ink)
