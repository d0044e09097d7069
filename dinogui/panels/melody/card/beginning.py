"""What a melody begins with: nothing, the notes of a tune, or notes that a person plays."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE
from dinogui.panels.melody.card.played_notes import PlayedNotes
from dinogui.panels.model.form import FieldLabel
from dinogui.widgets.choice_box import ChoiceBox
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.number_box import NumberBox
from engine.melody.note import DEFAULT_TEMPO, Note
from engine.melody.symbols import symbols_of

FREELY, LIKE_A_TUNE, AS_PLAYED = range(3)
"""The places of the choices."""

_CHOICES = ("Begin freely", "Begin like a tune", "Begin as I play")
_USUAL_NOTES, _MAX_NOTES = 8, 64
_NOTHING_PLAYED = "Play the beginning with the mouse, or with the keys A, W, S, E, D, …"


class BeginningChoice(QWidget):
    """Lets a person choose the notes with which a melody begins.

    Lives in the GUI thread.

    Attributes
    ----------
    source, tune : ChoiceBox
    n_notes : NumberBox
        How many notes of the tune.
    keyboard : QWidget or None
        None until somebody wants to play.
    clear : QPushButton

    Signals
    -------
    changed()
        The notes are others.
    pressed(int)
        A key of the keyboard went down; its pitch.
    """

    changed = Signal()
    pressed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notes_of: Callable[[int, int], tuple[Note, ...]] | None = None
        self._played = PlayedNotes(DEFAULT_TEMPO)
        self.source = ChoiceBox()
        self.source.addItems(_CHOICES)
        self.source.setAccessibleName("Beginning")
        self.source.setToolTip("What the melody begins with; the network continues it")
        self.tune = ChoiceBox()
        self.tune.setAccessibleName("Tune to begin like")
        self.tune.setToolTip("The melody begins with the first notes of this tune")
        self.tune.setSizeAdjustPolicy(
            ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.tune.setMinimumContentsLength(8)
        self.n_notes = NumberBox(range(1, _MAX_NOTES + 1), whole=True)
        self.n_notes.setValue(_USUAL_NOTES)
        self.n_notes.setAccessibleName("Notes of the tune")
        self.n_notes.setToolTip(f"How many notes of the tune, 1 to {_MAX_NOTES}")
        self.keyboard: QWidget | None = None
        self.clear = QPushButton("Clear")
        self.clear.setToolTip("Forget the notes that were played")
        self.clear.setAutoDefault(False)
        self._written = MessageLine(2, "Notes played")
        self._lay_out()
        self.source.currentIndexChanged.connect(self._show_source)
        self.tune.currentIndexChanged.connect(self._tell)
        self.n_notes.valueChanged.connect(self._tell)
        self.clear.clicked.connect(self._forget_played)
        self._show_source()

    def _lay_out(self) -> None:
        self._tune_row = QWidget()
        row = QHBoxLayout(self._tune_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.tune, 1)
        row.addWidget(self.n_notes)
        label = FieldLabel("notes")
        label.setBuddy(self.n_notes)
        row.addWidget(label)
        self._keyboard_part = QWidget()
        self._keyboard_lines = QVBoxLayout(self._keyboard_part)
        self._keyboard_lines.setContentsMargins(0, 0, 0, 0)
        foot = QHBoxLayout()
        foot.addWidget(self._written, 1)
        foot.addWidget(self.clear)
        self._keyboard_lines.addLayout(foot)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        for part in (self.source, self._tune_row, self._keyboard_part):
            lines.addWidget(part)

    # What it is about

    def show_tunes(
        self, titles: Sequence[str], notes_of: Callable[[int, int], tuple[Note, ...]]
    ) -> None:
        """Offer other tunes.

        Parameters
        ----------
        titles : sequence of str
        notes_of : callable
            Returns the first notes of a tune, by its place and their number.
        """
        self._notes_of = notes_of
        self.tune.blockSignals(True)
        self.tune.clear()
        self.tune.addItems([title or f"Tune {place}" for place, title in enumerate(titles, 1)])
        self.tune.blockSignals(False)

    def show_tempo(self, tempo: float) -> None:
        """Understand what is played from now on in another tempo."""
        self._played.tempo = tempo

    def show_grid(self, grid: str) -> None:
        """Bring what is played to another grid of durations."""
        self._played.grid = grid

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes chosen; none to begin freely."""
        source = self.source.currentIndex()
        if source == LIKE_A_TUNE and self._notes_of is not None and self.tune.count():
            return self._notes_of(self.tune.currentIndex(), round(self.n_notes.value()))
        return self._played.notes if source == AS_PLAYED else ()

    # What people do

    @Slot()
    def _show_source(self) -> None:
        source = self.source.currentIndex()
        if source == AS_PLAYED and self.keyboard is None:
            self._make_keyboard()
        self._tune_row.setVisible(source == LIKE_A_TUNE)
        self._keyboard_part.setVisible(source == AS_PLAYED)
        self._say_played()
        self._tell()

    def _make_keyboard(self) -> None:
        # Imported here, because few people play.
        from dinogui.widgets.piano_keyboard import PianoKeyboard

        keyboard = PianoKeyboard()
        keyboard.pressed.connect(self.pressed)
        keyboard.released.connect(self._take_note)
        self._keyboard_lines.insertWidget(0, keyboard)
        QWidget.setTabOrder(self.source, keyboard)
        QWidget.setTabOrder(keyboard, self.clear)
        self.keyboard = keyboard

    @Slot(int, float)
    def _take_note(self, pitch: int, seconds: float) -> None:
        self._played.add(pitch, time.perf_counter() - seconds, seconds)
        self._say_played()
        self._tell()

    @Slot()
    def _forget_played(self) -> None:
        self._played.clear()
        self._say_played()
        self._tell()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()

    def _say_played(self) -> None:
        written = " ".join(symbols_of(self._played.notes))
        self._written.say(written or _NOTHING_PLAYED)
        self.clear.setEnabled(bool(written))
