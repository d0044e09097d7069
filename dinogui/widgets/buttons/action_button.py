"""Buttons of actions, filled or quiet, with the icon and the key of the action."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetrics,
    QIcon,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.theme import SMALL_RADIUS, SPACE, TextSize, text_font
from dinogui.widgets.buttons.painted_button import PaintedButton, draw_focus_ring

_LEAST_HEIGHT = 32
_CAP_RADIUS = 4
_ICON_SHARE = 0.9
"""The size of the icon, as a share of the height of a line."""

_ICON_GAP = 5
"""Pixels between the icon and the text."""


class ActionButton(PaintedButton):
    """The button of an action: its icon, its text, and its key as a small cap.

    Parameters
    ----------
    action : QAction
    is_filled : bool
        Whether it is filled with the accent colour. A part of the window has one such button.
    is_muted : bool
        Whether its text is regular and muted, as that of a field to type into.
    other_texts : sequence of str
        Other texts of the action. The button has room for each, so that nothing moves.
    key_of : QAction, optional
        The action whose key is shown, if it is not `action`.
    short_text : str
        What is written instead where room is very scarce; the same text if empty.
    """

    def __init__(
        self,
        action: QAction,
        *,
        is_filled: bool = False,
        is_muted: bool = False,
        other_texts: Sequence[str] = (),
        key_of: QAction | None = None,
        short_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_filled, self._is_muted = is_filled, is_muted
        self._other_texts = tuple(text.replace("&", "") for text in other_texts)
        self._shows_key = self._shows_icon = True
        self._short_text, self._is_short = short_text, False
        self._is_slim = False
        self._key_of = key_of or action
        self.setDefaultAction(action)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(action.text().replace("&", ""))

    def show_key(self, is_shown: bool) -> None:
        """Show the key, or leave it out where room is scarce."""
        if is_shown != self._shows_key:
            self._shows_key = is_shown
            self.updateGeometry()

    def show_icon(self, is_shown: bool) -> None:
        """Show the icon, or leave it out where room is scarce."""
        if is_shown != self._shows_icon:
            self._shows_icon = is_shown
            self.updateGeometry()

    def show_short(self, is_short: bool) -> None:
        """Write the short text, where room is very scarce, or the whole one."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.updateGeometry()
            self.update()

    def show_slim(self, is_slim: bool) -> None:
        """Be only as high as the text needs, where height is scarce, or as high as usual."""
        if is_slim != self._is_slim:
            self._is_slim = is_slim
            self.updateGeometry()

    @property
    def _written(self) -> str:
        return self._short_text if self._is_short and self._short_text else self.text()

    def icon_room(self) -> int:
        """Return the width that the icon needs, in pixels, whether it is shown or not."""
        return 0 if self.icon().isNull() else self._icon_side + _ICON_GAP

    @property
    def _icon_side(self) -> int:
        return round(self.fontMetrics().height() * _ICON_SHARE)

    def _shown_icon_room(self) -> int:
        return self.icon_room() if self._shows_icon else 0

    def sizeHint(self) -> QSize:
        """Return the room of the longest text and the key."""
        metrics = QFontMetrics(self._text_font())
        texts = (self._written, *self._other_texts)
        width = max(metrics.horizontalAdvance(text) for text in texts) + 7 * SPACE
        width += self._shown_icon_room()
        cap = self._cap_width()
        height = max(_LEAST_HEIGHT, metrics.height() + 3 * SPACE)
        if self._is_slim:
            height = metrics.height() + 2 * SPACE
        return QSize(width + (cap + 2 * SPACE if cap else 0), height)

    def _text_font(self) -> QFont:
        font = self.strong_font()
        if self._is_muted:
            font.setWeight(QFont.Weight.Normal)
        return font

    @property
    def _key(self) -> str:
        return self._key_of.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def key_room(self) -> int:
        """Return the width that the key needs, in pixels, whether it is shown or not."""
        if not self._key:
            return 0
        metrics = QFontMetrics(text_font(self.font(), TextSize.LABEL))
        return metrics.horizontalAdvance(self._key) + 5 * SPACE

    def _cap_width(self) -> int:
        room = self.key_room() if self._shows_key else 0
        return room - 2 * SPACE if room else 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground, the text and the key."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.55)
        ground, line, ink = self._colours()
        painter.setPen(line)
        painter.setBrush(ground)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, SMALL_RADIUS, SMALL_RADIUS)
        if self.hasFocus():
            draw_focus_ring(painter, rect, ink if self._is_filled else self._accent())
        self._draw_text(painter, ink)
        painter.end()

    def _accent(self) -> QColor:
        return self.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.Highlight)

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Return the colours of the ground, the line and the text."""
        palette, role = self.palette(), QPalette.ColorRole
        active = QPalette.ColorGroup.Active
        is_marked = self.isEnabled() and (self.underMouse() or self.isDown())
        if self._is_filled:
            ground = self._accent()
            if is_marked:
                ground = ground.darker(125 if self.isDown() else 112)
            return ground, ground, palette.color(active, role.HighlightedText)
        ground = palette.color(role.AlternateBase if is_marked else role.Base)
        ink = role.PlaceholderText if self._is_muted else role.ButtonText
        return ground, palette.color(role.Mid), palette.color(active, ink)

    def _draw_text(self, painter: QPainter, ink: QColor) -> None:
        font, cap = self._text_font(), self._cap_width()
        width = QFontMetrics(font).horizontalAdvance(self._written)
        before = self._shown_icon_room()
        left = before + (self.width() - before - width - (cap + 2 * SPACE if cap else 0)) // 2
        if before:
            # The engine of an icon paints it on the accent colour in this mode.
            mode = QIcon.Mode.Selected if self._is_filled else QIcon.Mode.Normal
            side = self._icon_side
            place = QRect(left - before, (self.height() - side) // 2, side, side)
            self.icon().paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode)
        painter.setPen(ink)
        painter.setFont(font)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, 0, width + SPACE, self.height()), middle, self._written)
        if not cap:
            return
        small = text_font(self.font(), TextSize.LABEL)
        height = QFontMetrics(small).height() + 2
        box = QRectF(left + width + 2 * SPACE, (self.height() - height) / 2, cap, height)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _CAP_RADIUS, _CAP_RADIUS)
        painter.setFont(small)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
