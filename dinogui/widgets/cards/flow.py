"""Small widgets side by side, in as many lines as they need."""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayoutItem, QSizePolicy, QWidget

from dinogui.common.theme import SPACE
from dinogui.widgets.buttons.action_button import ActionButton

PartT = TypeVar("PartT", QWidget, QLayoutItem)


def lines_of(parts: Sequence[PartT], width: int, gap: int) -> list[list[PartT]]:
    """Break parts into lines, each of which has as many as fit, but at least one.

    Parameters
    ----------
    parts : sequence of QWidget or QLayoutItem
    width, gap : int
        Pixels of a line, and between two parts.
    """
    lines: list[list[PartT]] = []
    room = 0
    for part in parts:
        wanted = part.sizeHint().width()
        if not lines or wanted > room:
            lines.append([])
            room = width
        lines[-1].append(part)
        room -= wanted + gap
    return lines


class PartsFlow(QWidget):
    """Lays widgets out like the words of a text. Its height follows from its width.

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
        self._parts: Sequence[QWidget] = (*parts, *((last,) if last is not None else ()))
        self._gap, self._last, self._keeps_to_line = gap, last, False
        for part in self._parts:
            part.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.sizeHint().height())

    def keep_to_one_line(self, keeps: bool) -> None:
        """Hide the parts that do not fit beside the first ones, or show all in several lines."""
        self._keeps_to_line = keeps
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred if keeps else policy.Ignored, policy.Fixed)
        for part in self._parts:
            part.show()
        self._place()

    def minimumSizeHint(self) -> QSize:
        """Return the room of the widest part, or of the first one of a single line."""
        shown = self._parts[:1] if self._keeps_to_line else self._parts
        return QSize(max(part.sizeHint().width() for part in shown), self.height())

    def sizeHint(self) -> QSize:
        """Return the room of all parts in one line."""
        hints = [part.sizeHint() for part in self._parts]
        width = sum(hint.width() + self._gap for hint in hints) - self._gap
        return QSize(width, max(hint.height() for hint in hints))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Place the parts anew after one of them has changed its size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        is_one_line = self.sizeHint().width() <= self.width()
        y = 0
        lines = lines_of(self._parts, self.width(), self._gap)
        if self._keeps_to_line:
            for part in self._parts:
                part.setVisible(part in lines[0])
            lines = lines[:1]
        for line in lines:
            x = 0
            for part in line:
                hint = part.sizeHint()
                if part is self._last and is_one_line:
                    x = self.width() - hint.width()
                part.setGeometry(x, y, hint.width(), hint.height())
                x += hint.width() + self._gap
            y += max(part.sizeHint().height() for part in line) + self._gap
        height = y - self._gap
        if self.minimumHeight() != height:
            self.setFixedHeight(height)


class ButtonRow(PartsFlow):
    """The buttons at the foot of a card. The first shows its key where there is room for it.

    Parameters
    ----------
    first, others : ActionButton
    last : ActionButton, optional
        Stands at the right end.
    """

    def __init__(
        self, first: ActionButton, *others: ActionButton, last: ActionButton | None = None
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
