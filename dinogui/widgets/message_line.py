"""A message with reserved room, so that nothing moves when it appears or disappears."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class MessageLine(QLabel):
    """A label with a given number of lines. The tooltip has all of a message that does not fit.

    Parameters
    ----------
    lines : int
        The number of lines to reserve.
    name : str
        For screen readers.
    most : int, optional
        A message may take more lines, up to this number. The room that it has taken stays until
        the label is hidden or its width changes, so that nothing moves when the message goes.

    Signals
    -------
    said()
        There is another message, or none any more, or the same one once more.
    """

    said = Signal()

    def __init__(
        self, lines: int, name: str, parent: QWidget | None = None, *, most: int | None = None
    ) -> None:
        super().__init__(parent)
        self._message = ""
        self._shorter: tuple[str, ...] = ()
        self._name, self._lines, self._most = name, lines, most or 0
        self._taken = 0  # lines
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.reserve(lines)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    @property
    def message(self) -> str:
        """The full message."""
        return self._message

    @property
    def is_error(self) -> bool:
        """Whether the message is an error."""
        return bool(self.property("role") == "error")

    def say(self, message: str, *, is_error: bool = False, shorter: Sequence[str] = ()) -> None:
        """Show a message, or nothing if it is empty.

        Parameters
        ----------
        message : str
        is_error : bool
        shorter : sequence of str
            The same in fewer and fewer words, of which the first that fits is shown where the
            message does not.
        """
        self._shorter = tuple(shorter)
        role = "error" if is_error else "faint"
        is_other_role = self.property("role") != role
        if message == self._message and not is_other_role:  # a panel says so with each snapshot
            self.said.emit()
            return
        self._message = message
        self.setAccessibleName(f"{self._name}: {message}" if message else self._name)
        if is_other_role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        self._fit()
        self.said.emit()

    def sizeHint(self) -> QSize:
        """Return the reserved height, whatever the message."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def hasHeightForWidth(self) -> bool:
        """Say that the height is fixed. A label that wraps would make scroll areas higher."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the message as fits."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._taken = 0
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the room back that a long message has taken."""
        super().hideEvent(event)
        self._taken = 0
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Reserve the room that another font needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._taken = 0
            self.reserve(self._lines)

    def reserve(self, lines: int) -> None:
        """Reserve another number of lines."""
        self._lines, self._taken = lines, 0
        self._fit()

    def _fit(self) -> None:
        most, words, shown = max(self._lines, self._most), self._message.split(), self._message
        lines = max(self._lines, self._taken)
        while lines < most and not self._has_room_for(shown, lines):
            lines += 1
        if not self._has_room_for(shown, lines):
            fitting = (text for text in self._shorter if self._has_room_for(text, lines))
            shown = next(fitting, shown)
        while len(words) > 1 and not self._has_room_for(shown, lines):
            words.pop()
            shown = " ".join(words) + " …"
        if not self._has_room_for(shown, lines):
            room = self.contentsRect().width()
            shown = self.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, room)
        self._taken = lines
        self.setText(shown)
        self.setToolTip(self._message if shown != self._message else "")
        if self.minimumHeight() != self._height_of(lines):
            self.setFixedHeight(self._height_of(lines))

    def _height_of(self, lines: int) -> int:
        # Wrapped lines may stand further apart than `lineSpacing` says, by a fraction of a pixel.
        area = QRect(0, 0, 10_000, 10_000)
        text = "\n".join("x" * lines)
        needed = self.fontMetrics().boundingRect(area, Qt.TextFlag.TextWordWrap, text)
        return needed.height() + 2

    def _has_room_for(self, text: str, lines: int) -> bool:
        area = QRect(0, 0, self.contentsRect().width(), 10_000)
        needed = self.fontMetrics().boundingRect(area, Qt.TextFlag.TextWordWrap, text)
        return needed.height() <= self._height_of(lines) and needed.width() <= area.width()
