"""How a line of the command search is painted."""

from collections.abc import Iterable

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dinogui.common.theme import SMALL_RADIUS, SPACE, TextSize, text_font
from dinogui.widgets.elision import elided_text
from dinogui.window.palette.ranking import Found

FOUND = int(Qt.ItemDataRole.UserRole)
"""The role under which a model gives the `Found` of a line."""

_CAP_RADIUS = 4


class FoundDelegate(QStyledItemDelegate):
    """Draws the title with its matched letters, the detail, the key and the group.

    Parameters
    ----------
    groups : iterable of str
        All groups. The widest one decides how wide their column is.
    """

    def __init__(self, groups: Iterable[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups = tuple(groups)

    def sizeHint(
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of a line."""
        return QSize(0, row_height(QFontMetrics(option.font)))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a line, from the outside in."""
        found = index.data(FOUND)
        if not isinstance(found, Found):
            return
        entry, palette = found.entry, option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, option)
        room = option.rect.adjusted(3 * SPACE, 0, -3 * SPACE, 0)
        faint = palette.color(QPalette.ColorRole.PlaceholderText)
        small = text_font(option.font, TextSize.LABEL)
        width = max(map(QFontMetrics(small).horizontalAdvance, self._groups))
        painter.setPen(faint)
        painter.setFont(small)
        painter.drawText(room.adjusted(room.width() - width, 0, 0, 0), _LEFT, entry.group)
        room.setRight(room.right() - width - 4 * SPACE)
        if entry.keys:
            room = _draw_cap(painter, room, entry.keys, small, faint)
        used = _draw_title(painter, room, option, found)
        room.setLeft(room.left() + used + 3 * SPACE)
        metrics = QFontMetrics(option.font)
        painter.setPen(faint)
        painter.setFont(option.font)
        # Only the beginning can be shown, and measuring a long text takes long.
        detail = entry.explanation[: 2 * room.width() // metrics.averageCharWidth()]
        detail = elided_text(detail, metrics, room.width())
        if len(detail) > 1:
            painter.drawText(room, _LEFT, detail)
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if not is_chosen and not option.state & QStyle.StateFlag.State_MouseOver:
            return
        palette, rect = option.palette, QRectF(option.rect).adjusted(0, 0.5, 0, -0.5)
        ground = palette.color(QPalette.ColorRole.AlternateBase)
        if not is_chosen:
            ground.setAlphaF(0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, SMALL_RADIUS, SMALL_RADIUS)
        if is_chosen:
            bar = QRectF(rect.left(), rect.top() + 1.5 * SPACE, 3, rect.height() - 3 * SPACE)
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(bar, 1.5, 1.5)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def row_height(metrics: QFontMetrics) -> int:
    """Return the height of a line in pixels."""
    return metrics.height() + 4 * SPACE


def _draw_cap(painter: QPainter, room: QRect, keys: str, font: QFont, colour: QColor) -> QRect:
    """Draw a key as a small cap at the right end, and return the room that is left."""
    metrics = QFontMetrics(font)
    width, height = metrics.horizontalAdvance(keys) + 3 * SPACE, metrics.height() + SPACE
    cap = QRect(0, 0, width, height)
    cap.moveCenter(room.center())
    cap.moveRight(room.right())
    painter.setPen(colour)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), _CAP_RADIUS, _CAP_RADIUS)
    painter.setFont(font)
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, keys)
    return room.adjusted(0, 0, -width - 3 * SPACE, 0)


def _draw_title(painter: QPainter, room: QRect, option: QStyleOptionViewItem, found: Found) -> int:
    """Draw the title, with the matched letters in the accent colour, and return its width."""
    entry, palette = found.entry, option.palette
    metrics = QFontMetrics(option.font)
    width, title = metrics.horizontalAdvance(entry.title), entry.title
    if width > room.width():
        width = room.width()
        title = elided_text(title, metrics, width)
    ink = QPalette.ColorRole.PlaceholderText if entry.reason else QPalette.ColorRole.Text
    painter.setFont(option.font)
    painter.setPen(palette.color(ink))
    kept = len(title) if title == entry.title else len(title) - 1
    positions = [place for place in found.positions if place < kept]
    if entry.reason or not positions:
        painter.drawText(room, _LEFT, title)
        return width
    marked = QTextCharFormat()
    marked.setForeground(palette.color(QPalette.ColorRole.Highlight))
    marked.setFontUnderline(True)
    layout = QTextLayout(title, option.font)
    layout.setFormats([_format(title, place, marked) for place in positions])
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    layout.draw(painter, QPointF(room.left(), room.top() + (room.height() - line.height()) / 2))
    return int(line.naturalTextWidth())


def _format(text: str, place: int, how: QTextCharFormat) -> QTextLayout.FormatRange:
    """Return a format of one character of a text; Qt counts in units of UTF-16."""
    part = QTextLayout.FormatRange()
    part.start = _units(text[:place])
    part.length = _units(text[place])
    part.format = how
    return part


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
