"""Small widgets side by side, in as many lines as they need."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.theme import SPACE
from dinogui.widgets.buttons.action_button import ActionButton

_POLICY = QSizePolicy.Policy
_Line = list[tuple[QWidget, QSize]]
"""Widgets side by side, each with the size that it asks for."""


class PartsFlow(QWidget):
    """Lays widgets out like the words of a text. Its height follows from its width.

    A part that can expand takes the room that is left over in its line, up to its maximum width.
    A hidden part takes no room.

    Parameters
    ----------
    parts : QWidget
    gap : int
        Pixels between them.
    last : QWidget, optional
        Stands after them, at the right end of the line.
    """

    def __init__(
        self,
        *parts: QWidget,
        gap: int = 3 * SPACE // 2,
        last: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts = [*parts, *((last,) if last is not None else ())]
        self._gap, self._last, self._keeps_to_line = gap, last, False
        self._left_out: list[QWidget] = []
        for part in self._parts:
            part.setParent(self)
        policy = QSizePolicy(_POLICY.Preferred, _POLICY.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFixedHeight(self.sizeHint().height())

    def add(self, part: QWidget) -> None:
        """Put another part at the end."""
        part.setParent(self)
        part.show()
        self._parts.append(part)
        self._place()
        self.updateGeometry()

    def take(self, part: QWidget) -> None:
        """Take a part out again; it belongs to whoever lays it out next."""
        self._parts.remove(part)
        self._place()
        self.updateGeometry()

    def keep_to_one_line(self, keeps: bool) -> None:
        """Hide the parts that do not fit beside the first ones, or show all in several lines."""
        self._keeps_to_line = keeps
        self._place()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Return the room of the widest part, or of the first one of a single line."""
        shown = self._shown()
        least = [_least_width(part) for part in (shown[:1] if self._keeps_to_line else shown)]
        return QSize(max(least, default=0), self.height())

    def sizeHint(self) -> QSize:
        """Return the room of all parts in one line."""
        hints = [_hint(part) for part in self._shown()]
        width = sum(hint.width() + self._gap for hint in hints) - self._gap
        return QSize(max(width, 0), max((hint.height() for hint in hints), default=0))

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        heights = [max(hint.height() for _, hint in line) for line in self._lines(width)]
        return max(sum(heights) + self._gap * (len(heights) - 1), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Place the parts anew after one of them has changed its size, or has come or gone."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _shown(self) -> list[QWidget]:
        """Return the parts that nobody has hidden."""
        return [part for part in self._parts if part in self._left_out or not _is_hidden(part)]

    def _lines(self, width: int) -> list[_Line]:
        """Break the parts into lines, each of which has as many as fit, but at least one."""
        lines: list[_Line] = []
        room = 0
        for part in self._shown():
            hint = _hint(part)
            if not lines or hint.width() > room:
                lines.append([])
                room = width
            lines[-1].append((part, hint))
            room -= hint.width() + self._gap
        return lines[:1] if self._keeps_to_line else lines

    def _place(self) -> None:
        lines = self._lines(self.width())
        fitting = [part for line in lines for part, _ in line]
        self._leave_out([part for part in self._shown() if part not in fitting])
        top = 0
        for line in lines:
            height = max(hint.height() for _, hint in line)
            self._place_line(line, top, height, is_only=len(lines) == 1)
            top += height + self._gap
        height = max(top - self._gap, 0)
        if self.minimumHeight() != height:
            self.setFixedHeight(height)

    def _leave_out(self, parts: list[QWidget]) -> None:
        """Hide parts, and show those again that were left out until now."""
        before, self._left_out = self._left_out, parts
        for part in before:
            if part not in parts:
                part.show()
        for part in parts:
            part.hide()

    def _place_line(self, line: _Line, top: int, height: int, *, is_only: bool) -> None:
        """Place the parts of a line; those that can expand share the room that is left over."""
        widths = [min(hint.width(), self.width()) for _, hint in line]
        spare = max(self.width() - sum(widths) - self._gap * (len(line) - 1), 0)
        expanding = [place for place, (part, _) in enumerate(line) if _expands(part)]
        for place in expanding:
            most = line[place][0].maximumWidth() - widths[place]
            widths[place] += max(min(spare // len(expanding), most), 0)
        x = 0
        for (part, hint), width in zip(line, widths, strict=True):
            if part is self._last and is_only:
                x = self.width() - width
            own = min(hint.height(), height)
            part.setGeometry(x, top + (height - own) // 2, width, own)
            x += width + self._gap


class ButtonRow(PartsFlow):
    """The buttons at the foot of a card. The first shows its key where there is room for it.

    Parameters
    ----------
    first : ActionButton
    others : QWidget
    last : ActionButton, optional
        Stands at the right end.
    """

    def __init__(
        self, first: ActionButton, *others: QWidget, last: ActionButton | None = None
    ) -> None:
        self._first, self._has_key = first, True
        super().__init__(first, *others, gap=2 * SPACE, last=last)

    def _place(self) -> None:
        without = self.sizeHint().width() - (self._first.key_room() if self._has_key else 0)
        has_key = not self._keeps_to_line and without + self._first.key_room() <= self.width()
        if has_key != self._has_key:
            self._has_key = has_key
            self._first.show_key(has_key)
        super()._place()


def _is_hidden(part: QWidget) -> bool:
    """Whether somebody has hidden a part: Qt takes each for hidden that was never shown."""
    return part.isHidden() and part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def _hint(part: QWidget) -> QSize:
    """Return the size that a part asks for, within its limits."""
    hint = part.sizeHint().expandedTo(part.minimumSizeHint())
    return hint.boundedTo(part.maximumSize()).expandedTo(part.minimumSize())


def _least_width(part: QWidget) -> int:
    """Return the width to which a part can shrink."""
    can_shrink = part.sizePolicy().horizontalPolicy() not in (_POLICY.Fixed, _POLICY.Minimum)
    least = part.minimumSizeHint().width() if can_shrink else _hint(part).width()
    return max(least, part.minimumWidth())


def _expands(part: QWidget) -> bool:
    """Whether a part, or what it holds, takes more width than it asks for."""
    across, policy, layout = Qt.Orientation.Horizontal, part.sizePolicy(), part.layout()
    if policy.expandingDirections() & across:
        return True
    can_grow = policy.horizontalPolicy() not in (_POLICY.Fixed, _POLICY.Maximum)
    return can_grow and layout is not None and bool(layout.expandingDirections() & across)
