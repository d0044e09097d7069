"""A card: a titled part of the window on a ground of its own, which can be folded."""

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dinogui.common.icons import Icon
from dinogui.common.motion import Motion
from dinogui.common.theme import RADIUS, SPACE
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.cards.rounded_frame import RoundedFrame
from dinogui.widgets.reading_line import ReadingLine

_MARGINS = (4 * SPACE, 3 * SPACE, 4 * SPACE, 3 * SPACE)
_NO_LIMIT = 16_777_215
"""Qt's greatest height of a widget, in pixels."""


class Card(RoundedFrame):
    """A ground with a title, a note beside the title, and what is below them.

    Lives in the GUI thread.

    Parameters
    ----------
    name : str
        For screen readers.
    title : str, optional
        Shown above the body. Without one, the card has no head.
    can_fold : bool
        Whether a click on the head hides the body. A button in it does the same, also by key.

    Attributes
    ----------
    note : ReadingLine
        Stands beside the title.
    body : QVBoxLayout
        What the card shows.

    Signals
    -------
    folded(bool)
        Somebody has folded or unfolded it.
    """

    folded = Signal(bool)

    def __init__(
        self,
        name: str,
        title: str = "",
        *,
        can_fold: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(RADIUS, parent, lies_over_others=False)
        self.setProperty("role", "card")
        self.setAccessibleName(name)
        self._name = name
        outer = self._outer = QVBoxLayout(self)
        outer.setContentsMargins(*_MARGINS)
        outer.setSpacing(2 * SPACE)
        self._heading = QLabel(title)
        self._heading.setProperty("role", "heading")
        self.note = ReadingLine(f"Note on {name}")
        self.note.setProperty("role", "faint")
        self.fold_button = IconButton(Icon.CHEVRON_DOWN, f"Fold {name}", f"Fold {name}")
        self.fold_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fold_button.clicked.connect(self._toggle)
        self._head = QHBoxLayout()
        self._head.setSpacing(2 * SPACE)
        if title:
            self._head.addWidget(self._heading)
            self._head.addWidget(self.note, 1)
        self._can_fold, self._is_head_pressed = can_fold, False
        if can_fold:
            self._head.addWidget(self.fold_button)
            for part in (self._heading, self.note):
                part.setCursor(Qt.CursorShape.PointingHandCursor)
        outer.addLayout(self._head)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(2 * SPACE)
        outer.addWidget(self._content, 1)
        self._is_rolled_up = False
        self._way = 0, 0  # the heights between which it rolls, in pixels
        self._rolling = Motion(self, self._roll)
        self.fold(False)

    def set_margins(self, side: int, above: int) -> None:
        """Leave other margins, in pixels, at both sides, and above and below."""
        self._outer.setContentsMargins(side, above, side, above)

    @property
    def title(self) -> str:
        """What stands in its head."""
        return self._heading.text()

    def set_title(self, title: str) -> None:
        """Give the card another title."""
        self._heading.setText(title)

    def add_to_head(self, widget: QWidget) -> None:
        """Put a widget at the right end of the head, left of the button that folds."""
        self._head.insertWidget(2, widget)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take note of a click that begins on the head."""
        self._is_head_pressed = self._is_fold_click(event)
        if not self._is_head_pressed:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Fold the card, or show it whole, after a click on the head."""
        was_pressed, self._is_head_pressed = self._is_head_pressed, False
        if was_pressed and self._is_fold_click(event):
            self.fold_button.click()
        else:
            super().mouseReleaseEvent(event)

    def _is_fold_click(self, event: QMouseEvent) -> bool:
        """Whether the left button is used on the head; what is around the words belongs to it."""
        place = event.position().toPoint()
        head = self.rect()
        if not self._is_rolled_up:
            head.setBottom(self._content.y() - 1)
        is_left = event.button() is Qt.MouseButton.LeftButton
        return self._can_fold and is_left and head.contains(place)

    @property
    def is_folded(self) -> bool:
        """Whether only the head is shown; while the card still rolls up, too."""
        return self._is_rolled_up

    def fold(self, is_folded: bool) -> None:
        """Show only the head, or the whole card, at once."""
        self._rolling.finish()
        self._is_rolled_up = is_folded
        self._content.setVisible(not is_folded)
        self.fold_button.show_icon(Icon.CHEVRON_RIGHT if is_folded else Icon.CHEVRON_DOWN)
        words = f"Show {self._name}" if is_folded else f"Fold {self._name}"
        self.fold_button.setToolTip(words)
        self.fold_button.setAccessibleName(words)

    @Slot()
    def _toggle(self) -> None:
        self._rolling.finish()
        before = self.height()
        self.fold(not self._is_rolled_up)
        if self._rolling.can_begin:
            self._roll_from(before)
        self.folded.emit(self._is_rolled_up)

    def _roll_from(self, before: int) -> None:
        """Roll from a height in pixels to the one that the card needs now.

        Meanwhile the content keeps its place and is cut off at the edge of the card, so that it is
        laid out once, and not in each frame.
        """
        outer, width = self._outer, self.width()
        has_height = outer.hasHeightForWidth()
        needed = outer.heightForWidth(width) if has_height else outer.sizeHint().height()
        self._way = before, needed
        outer.setGeometry(QRect(0, 0, width, max(before, needed)))
        outer.setEnabled(False)
        self._content.show()
        self._rolling.begin()

    def _roll(self, share: float) -> None:
        """Be as high as after a share of the way, or leave the height to the layout at its end."""
        if share < 1.0:
            first, last = self._way
            self.setFixedHeight(round(first + share * (last - first)))
            return
        self.setMinimumHeight(0)
        self.setMaximumHeight(_NO_LIMIT)
        self._outer.setEnabled(True)
        self._content.setVisible(not self._is_rolled_up)
        # The card may have become narrower on the way, by a scroll bar beside it. Nobody lays its
        # content out again: the layout, while it was disabled, has let every request pass.
        self._outer.invalidate()
        self._outer.activate()
