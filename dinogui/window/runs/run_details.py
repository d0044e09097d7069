"""What a person notes of the selected run: its name, its colour, and a note."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from dinogui.common.theme import Theme
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.earlier_runs import EarlierRuns
from dinogui.window.runs.run_dot import dot_icon
from engine.runs.run_label import MAX_NOTE, MAX_TITLE

_COLOUR_NAMES = ("Teal", "Purple", "Pink", "Olive", "Blue", "Brown", "Green", "Grey")


class RunDetails(QWidget):
    """Edits the label of a run. Lives in the GUI thread.

    Parameters
    ----------
    earlier : EarlierRuns
    theme : Theme
    """

    def __init__(self, earlier: EarlierRuns, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._earlier, self._theme = earlier, theme
        self._run: EarlierRun | None = None
        self.title, self.note, self.colour = QLineEdit(), QLineEdit(), QComboBox()
        self.title.setMaxLength(MAX_TITLE)
        self.note.setMaxLength(MAX_NOTE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for text, tip, part, share in (
            ("Na&me:", "What you call this run (F2)", self.title, 2),
            ("Co&lour:", "The colour of this run in lists and on the plot", self.colour, 0),
            ("&Note:", "Whatever you want to remember of this run", self.note, 3),
        ):
            label = QLabel(text)
            label.setBuddy(part)
            part.setToolTip(tip)
            part.setAccessibleName(text.replace("&", "").rstrip(":"))
            layout.addWidget(label)
            layout.addWidget(part, share)
        self.title.editingFinished.connect(self._set_title)
        self.note.editingFinished.connect(self._set_note)
        self.colour.activated.connect(self._set_colour)
        theme.changed.connect(self._fill_colours)
        self._fill_colours()
        self.show_run(None)

    def show_run(self, run: EarlierRun | None) -> None:
        """Show another run, or the same one as it is now."""
        is_same = run is not None and self._run is not None and run.key == self._run.key
        self._run = run
        self.setEnabled(run is not None and not run.is_deleted)
        label = run.label if run is not None else None
        for part, text in (
            (self.title, label.title if label else ""),
            (self.note, label.note if label else ""),
        ):
            if not (is_same and part.hasFocus()):  # somebody is typing
                part.setText(text)
        self.title.setPlaceholderText(run.name if run is not None else "")
        self.colour.setCurrentIndex(
            0 if label is None or label.colour is None else label.colour + 1
        )

    @Slot()
    def _fill_colours(self) -> None:
        place = max(self.colour.currentIndex(), 0)
        self.colour.clear()
        self.colour.addItem("Automatic")
        for name, colour in zip(_COLOUR_NAMES, self._theme.colours.runs, strict=True):
            self.colour.addItem(dot_icon(QColor(colour), is_full=True), name)
        self.colour.setCurrentIndex(place)

    @Slot()
    def _set_title(self) -> None:
        title = self.title.text().strip()
        if self._run is not None and title != self._run.label.title:
            self._earlier.label(self._run, title=title)

    @Slot()
    def _set_note(self) -> None:
        note = self.note.text().strip()
        if self._run is not None and note != self._run.label.note:
            self._earlier.label(self._run, note=note)

    @Slot(int)
    def _set_colour(self, place: int) -> None:
        if self._run is not None:
            self._earlier.label(self._run, colour=place - 1 if place else None)
