"""The choice of a metre."""

from fractions import Fraction

from PySide6.QtWidgets import QWidget

from dinogui.widgets.choice_box import ChoiceBox
from engine.melody.metres import bar_of

METRES = ("4/4", "3/4", "2/4", "6/8", "9/8", "12/8", "5/4", "7/8")
"""The most usual ones first."""


def beats_of(metre: str) -> Fraction:
    """Return the beats of a bar, in quarter notes: 3 for "6/8"."""
    count, unit = metre.split("/")
    return bar_of((int(count), int(unit)))


class MetreBox(ChoiceBox):
    """Lets a metre be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItems(METRES)
        self.setAccessibleName("Metre")
        self.setToolTip("How many beats a bar has, and of which length")

    @property
    def bar(self) -> Fraction:
        """The beats of a bar, in quarter notes."""
        return beats_of(self.currentText())

    def show_bar(self, bar: Fraction) -> None:
        """Choose the most usual metre whose bars have so many beats, if there is one."""
        for metre in METRES:
            if beats_of(metre) == bar:
                self.setCurrentText(metre)
                return
