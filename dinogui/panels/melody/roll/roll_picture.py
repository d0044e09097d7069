"""A piano roll with its legend and what is known of it from the data: what a saved picture has."""

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dinogui.common.theme import SPACE, Colours
from dinogui.panels.melody.copied_words import copied_sentence
from dinogui.panels.melody.roll.piano_roll import PianoRoll
from dinogui.panels.melody.roll.roll_content import RollContent
from dinogui.panels.melody.roll.roll_legend import RollLegend
from dinogui.widgets.reading_line import ReadingLine
from engine.evaluation.copied_notes import CopiedNotes


class RollPicture(QWidget):
    """Shows a melody as a piano roll.

    Lives in the GUI thread.

    Attributes
    ----------
    roll : PianoRoll
    legend : RollLegend
    copied : ReadingLine
        Says which melody it is, and how much of it is copied.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._about = ""
        self.setAutoFillBackground(True)
        self.roll, self.legend = PianoRoll(), RollLegend()
        self.copied = ReadingLine("How much is copied")
        inside = QVBoxLayout(self)
        inside.setContentsMargins(SPACE, SPACE, SPACE, 2)
        inside.setSpacing(SPACE)
        inside.addWidget(self.roll, 1)
        inside.addWidget(self.legend)
        inside.addWidget(self.copied)

    def show_content(self, content: RollContent | None, about: str = "") -> None:
        """Show another melody, or none; `about` says where it comes from, in a sentence."""
        self._about = about
        self.roll.show_content(content)
        if content is not None:
            self.legend.show_content(content)
        self.copied.show_text(about)

    def show_copied(self, copied: CopiedNotes) -> None:
        """Underline what is copied, and say how much it is."""
        content = self.roll.content
        if content is None:
            return
        places = frozenset(np.flatnonzero(copied.are_copied).tolist())
        content = replace(content, copied=places)
        self.roll.show_content(content)
        self.legend.show_content(content)
        sentence = copied_sentence(content.improvisation, copied)
        self.copied.show_text(f"{self._about} {sentence}".strip())

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.roll.show_colours(colours)
        self.legend.show_colours(colours)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, colours.base)
        self.setPalette(palette)
