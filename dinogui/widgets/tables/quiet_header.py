"""A row of headings in small, faint text over the rows of a table."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QHeaderView, QWidget

from dinogui.common.theme import SPACE, TextSize, text_font

_ARROWS = {Qt.SortOrder.AscendingOrder: " ▴", Qt.SortOrder.DescendingOrder: " ▾"}


class QuietHeader(QHeaderView):
    """Paints headings without frames. An arrow follows the heading that sorts the rows.

    A heading that does not fit ends at its comma, if it has one.
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
        return self.fontMetrics().horizontalAdvance(f"{text} ▾") + 2 * SPACE

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw a heading."""
        palette, model = self.palette(), self.model()
        painter.fillRect(rect, palette.color(QPalette.ColorRole.Base))
        side, role = Qt.Orientation.Horizontal, Qt.ItemDataRole
        text = str(model.headerData(section, side, role.DisplayRole) or "")
        align = model.headerData(section, side, role.TextAlignmentRole)
        is_sorted = self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        arrow = _ARROWS[self.sortIndicatorOrder()] if is_sorted else ""
        room = rect.adjusted(SPACE, 0, -SPACE, 0)
        metrics = QFontMetrics(self.font())
        if "," in text and metrics.horizontalAdvance(text + arrow) > room.width():
            text = text.partition(",")[0]
        painter.setFont(self.font())
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(
            room,
            align or Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(text + arrow, Qt.TextElideMode.ElideRight, room.width()),
        )
