"""The line of chords."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from dinogui.widgets.cards.quiet_field import QuietField
from engine.melody.chords import ChordError, ChordLine, read_chords


class ChordField(QuietField):
    """Takes a line such as ``| Dm7 | G7 | Cmaj7 |``, and marks where it cannot be read.

    While a chord is being typed, nothing is said to be wrong. Enter, and leaving the field, ask.

    Signals
    -------
    read(bool)
        The line is another one, which can be read; whether it has chords.
    misread(str)
        A sentence that says at which character it cannot be read.
    """

    read = Signal(bool)
    misread = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "chords: | Dm7 | G7 | Cmaj7 |",
            "Chords",
            "Chords to improvise over, bar by bar. They begin again after the last one. “%” "
            "repeats a bar. Empty: no chords",
            parent,
        )
        self.chords = ChordLine()
        self.textChanged.connect(self._take)
        self.editingFinished.connect(self.check)

    @property
    def is_misread(self) -> bool:
        """Whether it has been said that the line cannot be read, and it has not changed since."""
        return bool(self.property("role") == "refused")

    @Slot()
    def check(self) -> bool:
        """Read the line; mark what is wrong with it, and return whether it can be read."""
        try:
            self.chords = read_chords(self.text())
        except ChordError as error:
            self._mark("refused", str(error))
            self.setCursorPosition(error.character - 1)
            self.misread.emit(str(error))
            return False
        return True

    @Slot()
    def _take(self) -> None:
        """Take the line at once if it can be read as far as it is typed."""
        self._mark("", "")
        try:
            self.chords = read_chords(self.text())
        except ChordError:
            return
        self.read.emit(bool(self.chords))

    def _mark(self, role: str, description: str) -> None:
        if (self.property("role") or "") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setAccessibleDescription(description)
