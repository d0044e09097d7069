"""Boxes with tooltips, and rows of labelled boxes in a grid."""

from collections.abc import Mapping

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from dinogui.widgets.choice_box import ChoiceBox
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.number_box import NumberBox

Row = tuple[tuple[str | QLabel, QWidget], ...]
"""Labels with their mnemonics, and the widgets they name. A message line makes a heading."""

_COLUMNS = 4
_SPARE = 3
_NARROWEST_BOX = 58
"""Pixels. Two boxes that share a row have less room than they ask for."""


def choice(words: Mapping[str, str], tip: str) -> QComboBox:
    """Make a box that shows `words` and has the engine's names as its data."""
    box = ChoiceBox()
    for name, word in words.items():
        box.addItem(word, name)
    box.setToolTip(tip)
    return box


def choose(box: QComboBox, name: str) -> None:
    """Select the entry with an engine's name."""
    box.setCurrentIndex(box.findData(name))


def number(stops: tuple[float, ...], tip: str, *, whole: bool = False) -> NumberBox:
    """Make a box for a number."""
    box = NumberBox(stops, whole=whole)
    box.setToolTip(tip)
    box.setMinimumWidth(_NARROWEST_BOX)
    return box


def button(text: str, tip: str) -> QPushButton:
    """Make a button whose accessible name is its text."""
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(text.replace("&", "").rstrip("…"))
    return button


class FieldLabel(QLabel):
    """A label that is a little wider: Qt underestimates some last letters, and cuts them off."""

    def sizeHint(self) -> QSize:
        """Return the room of the text."""
        return super().sizeHint() + QSize(_SPARE, 0)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()


def fill_row(grid: QGridLayout, row: int, parts: Row) -> None:
    """Put labelled widgets into a row of four columns."""
    for place, (text, part) in enumerate(parts):
        label = text if isinstance(text, QLabel) else FieldLabel(text)
        if isinstance(part, MessageLine):
            grid.addLayout(_heading(label, part), row, 0, 1, _COLUMNS)
            continue
        label.setBuddy(part)
        part.setAccessibleName(label.text().replace("&", ""))
        grid.addWidget(label, row, 2 * place)
        grid.addWidget(part, row, 2 * place + 1, 1, 1 if len(parts) > 1 else _COLUMNS - 1)


def _heading(label: QLabel, line: MessageLine) -> QHBoxLayout:
    """Put a message beside a heading, where it needs no room of its own."""
    label.setProperty("role", "heading")
    layout = QHBoxLayout()
    layout.setSpacing(8)
    layout.addWidget(label)
    layout.addWidget(line, 1)
    return layout
