"""The form for a melody: what is asked for, and how it is played."""

from collections.abc import Sequence
from fractions import Fraction

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dinogui.common.melody_messages import Performance
from dinogui.common.theme import SPACE
from dinogui.panels.melody.card.beginning import BeginningChoice
from dinogui.panels.melody.card.chord_field import ChordField
from dinogui.panels.melody.card.metre_box import MetreBox
from dinogui.panels.model.form import FieldLabel
from dinogui.panels.temperature import TemperatureKnob
from dinogui.widgets.buttons.check_chip import CheckChip
from dinogui.widgets.buttons.chip import Chip
from dinogui.widgets.cards.flow import PartsFlow
from dinogui.widgets.knob.knob import Knob
from dinogui.widgets.knob.scale import Scale
from dinogui.widgets.number_box import NumberBox
from engine.melody.note import DEFAULT_BAR, DEFAULT_TEMPO
from engine.sampling.melody.request import MelodyRequest
from engine.training.ranges import MAX_SEED

CHANGED_MILLISECONDS = 150
"""Time without changes before another melody is asked for."""

MAX_BARS = 64
LOWEST_TEMPO, HIGHEST_TEMPO = 40, 300
"""Beats a minute."""

USUAL_TEMPERATURE = 0.9
STRAIGHT, SWUNG = 50, 75
"""Percent."""

_BARS = (*range(1, 17), 20, 24, 28, 32, 40, 48, 56, MAX_BARS)
_TEMPOS = Scale(tuple(float(n) for n in range(LOWEST_TEMPO, HIGHEST_TEMPO + 1)), is_linear=True)
_STAYS = Scale(tuple(round(0.05 * n, 2) for n in range(21)), is_linear=True)
_TOP_KS = (*range(1, 31), 40, 60, 100, 1_000)
_TOP_PS = tuple(round(0.05 * n, 2) for n in range(1, 21))


class MelodyForm(QWidget):
    """Takes a request for a melody.

    Lives in the GUI thread.

    Attributes
    ----------
    temperature, tempo, stay : Knob
    bars, swing, top_k, top_p, seed : NumberBox
    metre : MetreBox
    chords : ChordField
    beginning : BeginningChoice
    accompanies, is_fresh, has_top_k : CheckChip
    more : Chip

    Signals
    -------
    changed()
        Something of the request was changed, and then nothing for a moment.
    misread(str)
        A sentence that says where the chords cannot be read.
    edited()
        What was said about the request before may be out of date.
    """

    changed = Signal()
    misread = Signal(str)
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_knobs()
        self._make_boxes()
        self._make_switches()
        self._usual_tempo, self._usual_bar = DEFAULT_TEMPO, DEFAULT_BAR
        self._rest = QTimer(self, singleShot=True, interval=CHANGED_MILLISECONDS)
        self._rest.timeout.connect(self.changed)
        self._lay_out()
        self._connect()

    def _make_knobs(self) -> None:
        self.temperature = TemperatureKnob(
            "&Temperature",
            "notes",
            usual=USUAL_TEMPERATURE,
            ends=("cold: scales", "hot: free jazz"),
        )
        self.tempo = Knob(
            "Tem&po",
            _TEMPOS,
            DEFAULT_TEMPO,
            "How fast the melody is played. The network improvises in beats, whatever their tempo.",
            whole=True,
        )
        self.tempo.set_note("beats a minute")
        self.stay = Knob(
            "Stay in the &chord",
            _STAYS,
            0.0,
            "How much less likely notes become that are not in the chord.",
            ends=("never mind", "always"),
        )

    def _make_boxes(self) -> None:
        self.bars = _box(_BARS, 16, f"How many bars, 1 to {MAX_BARS}", "Bars")
        self.metre = MetreBox()
        self.swing = _box(
            range(STRAIGHT, SWUNG + 1),
            STRAIGHT,
            "Where the second eighth note of each beat begins, in percent of the beat: "
            f"{STRAIGHT} is straight, 67 is that of triplets",
            "Swing in percent",
        )
        self.chords = ChordField()
        self.beginning = BeginningChoice()
        self.top_k = _box(
            _TOP_KS, 5, "Number of the likeliest symbols to choose from", "Top-k symbols"
        )
        self.top_k.setEnabled(False)
        self.top_p = _box(
            _TOP_PS,
            1.0,
            "Choose from the fewest symbols that together have this probability; 1 allows all",
            "Top-p",
            whole=False,
        )
        self.seed = _box(
            range(MAX_SEED + 1), 0, "The same seed gives the same random numbers", "Seed"
        )

    def _make_switches(self) -> None:
        self.accompanies = CheckChip("Accompany", "Play the chords with the melody")
        self.accompanies.setChecked(True)
        self.is_fresh = CheckChip(
            "New seed",
            "Improvise uses the next seed each time, so that each press gives another melody",
        )
        self.is_fresh.setChecked(True)
        self.has_top_k = CheckChip("Top-&k", "Choose only from the likeliest symbols")
        self.more = Chip("More options", "Accompaniment, top-k, top-p, and the seed")
        self.more.say("More…", "")
        self.more.setAccessibleName("More options")
        self.more.setCheckable(True)
        self._folded = QWidget()
        self._folded.hide()
        self.more.toggled.connect(self._folded.setVisible)

    def _lay_out(self) -> None:
        lines = self._lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2 * SPACE)
        for knob in (self.temperature, self.tempo):
            lines.addWidget(knob)
        lines.addLayout(
            _columns(("&Bars", self.bars), ("&Metre", self.metre), ("S&wing, %", self.swing))
        )
        lines.addWidget(self.chords)
        lines.addWidget(self.stay)
        lines.addWidget(self.beginning)
        lines.addWidget(PartsFlow(self.is_fresh, self.more))
        lines.addWidget(self._folded)
        lines.addStretch(0)
        fold = QVBoxLayout(self._folded)
        fold.setContentsMargins(0, 0, 0, 0)
        fold.setSpacing(SPACE)
        fold.addWidget(PartsFlow(self.accompanies, self.has_top_k))
        fold.addLayout(_columns(("Top-k", self.top_k), ("Top-p", self.top_p), ("Seed", self.seed)))

    def _connect(self) -> None:
        for knob in (self.temperature, self.stay):
            knob.value_changed.connect(self._note)
        for box in (self.bars, self.top_k, self.top_p):
            box.valueChanged.connect(self._note)
        self.metre.currentTextChanged.connect(self._note)
        self.has_top_k.toggled.connect(self._note)
        self.has_top_k.toggled.connect(self.top_k.setEnabled)
        self.beginning.changed.connect(self._note)
        self.chords.read.connect(self._take_chords)
        self.chords.misread.connect(self._take_misread)
        self.chords.textChanged.connect(self.edited)
        self._show_chords(False)

    # What is asked for

    def request(self) -> MelodyRequest:
        """Return the request."""
        chords = self.chords.chords
        return MelodyRequest(
            bars=round(self.bars.value()),
            bar=self.metre.bar,
            seed=round(self.seed.value()),
            temperature=self.temperature.box.value(),
            top_k=round(self.top_k.value()) if self.has_top_k.isChecked() else None,
            top_p=self.top_p.value(),
            prefix=self.beginning.notes,
            chords=chords or None,
            stay_in_chord=(self.stay.value or 0.0) if chords else 0.0,
        )

    @property
    def performance(self) -> Performance:
        """How the melody is played."""
        chords = self.chords.chords if self.accompanies.isChecked() else None
        return Performance(self.tempo.box.value(), self.swing.value() / 100, chords or None)

    @property
    def number_boxes(self) -> Sequence[NumberBox]:
        """All boxes in which a number may still be being typed."""
        knobs = (self.temperature.box, self.tempo.box, self.stay.box)
        return (*knobs, self.bars, self.swing, self.top_k, self.top_p, self.seed)

    def take_next_seed(self) -> None:
        """Go on to the next seed."""
        self.seed.setValue((self.seed.value() + 1) % (MAX_SEED + 1))

    def show_usual(self, tempo: float, bar: Fraction) -> None:
        """Show the usual tempo and metre of the data, unless somebody has chosen others."""
        tempo = float(min(max(round(tempo), LOWEST_TEMPO), HIGHEST_TEMPO))
        if self.tempo.value == self._usual_tempo:
            self.tempo.set_value(tempo)
            self.tempo.forget_change()
        self.tempo.set_default(tempo)
        if self.metre.bar == self._usual_bar:
            self.metre.blockSignals(True)
            self.metre.show_bar(bar)
            self.metre.blockSignals(False)
        self._usual_tempo, self._usual_bar = tempo, bar
        self.beginning.show_tempo(tempo)

    def show_short(self, is_short: bool) -> None:
        """Leave out the words below the knobs, and stand closer, where height is scarce."""
        self._lines.setSpacing(SPACE if is_short else 2 * SPACE)
        for knob in (self.temperature, self.tempo, self.stay):
            knob.show_ends(not is_short)

    def settle(self) -> None:
        """Report earlier changes no more: they are being answered."""
        self._rest.stop()

    # Slots

    @Slot()
    def _note(self) -> None:
        self.edited.emit()
        self._rest.start()

    @Slot(bool)
    def _take_chords(self, has_chords: bool) -> None:
        self._show_chords(has_chords)
        self._note()

    @Slot(str)
    def _take_misread(self, sentence: str) -> None:
        self._rest.stop()
        self.misread.emit(sentence)

    def _show_chords(self, has_chords: bool) -> None:
        """Show what needs chords only where there are some."""
        self.stay.setVisible(has_chords)
        self.accompanies.setEnabled(has_chords)


def _box(
    stops: Sequence[float], value: float, tip: str, name: str, *, whole: bool = True
) -> NumberBox:
    box = NumberBox(stops, whole=whole)
    box.setValue(value)
    box.setToolTip(tip)
    box.setAccessibleName(name)
    box.setMinimumWidth(56)
    return box


def _columns(*pairs: tuple[str, QWidget]) -> QGridLayout:
    """Put widgets side by side, all of the same width, each below its label."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * SPACE)
    grid.setVerticalSpacing(0)
    for place, (text, part) in enumerate(pairs):
        label = FieldLabel(text)
        label.setBuddy(part)
        grid.addWidget(label, 0, place)
        grid.addWidget(part, 1, place)
        grid.setColumnStretch(place, 1)
    return grid
