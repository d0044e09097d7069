"""The notes of a melody in words, bar by bar."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from engine.melody.note import Melody, Note
from engine.melody.symbols import symbols_of


class NotesText(QPlainTextEdit):
    """Names the notes of a melody, each bar on a line; for screen readers, and to copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)  # a dropped file is meant for the window
        self.setAccessibleName("Notes")
        self.setToolTip("The notes of the melody and their lengths in beats, bar by bar")
        self.setPlaceholderText(
            "Press Improvise (Ctrl+G), before, during or after the training, and then Play."
        )
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def show_melody(self, melody: Melody) -> None:
        """Show other notes, and keep the reader's place."""
        bar = self.verticalScrollBar()
        place = bar.value()
        self.setPlainText(in_bars(melody))
        bar.setValue(place)


def in_bars(melody: Melody) -> str:
    """Return the notes of a melody, with the number of each bar in front of its notes.

    A note stands in the bar in which it begins.
    """
    return "\n".join(
        "  ".join([str(number), *map(_named, notes)]) for number, notes in melody.in_bars()
    )


def _named(note: Note) -> str:
    return " ".join(symbols_of([note]))
