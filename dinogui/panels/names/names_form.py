"""The form for a request of names: the common controls, and the rest behind “More…”."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE
from dinogui.panels.model.form import FieldLabel
from dinogui.panels.temperature import TemperatureKnob
from dinogui.widgets.buttons.check_chip import CheckChip
from dinogui.widgets.buttons.chip import Chip
from dinogui.widgets.cards.flow import PartsFlow
from dinogui.widgets.cards.quiet_field import QuietField
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.number_box import NumberBox
from engine.data.training_data import MAX_NAME_LENGTH
from engine.sampling.constraints import Constraints
from engine.sampling.names import MAX_LENGTH
from engine.training.ranges import MAX_SEED

MAX_COUNT = 1_000
"""The most names per request; a longer table is of little use."""

LIVE_MILLISECONDS = 150
"""Time without changes before the list is refreshed."""

_COUNTS = tuple(
    float(n)
    for n in (*range(1, 20), *range(20, 50, 5), *range(50, 200, 10), *range(200, MAX_COUNT + 1, 50))
)
_TOP_PS = tuple(round(0.05 * n, 2) for n in range(21))
_LENGTHS = tuple(float(n) for n in range(1, MAX_NAME_LENGTH + 1))
_TOP_KS = (*tuple(float(n) for n in range(1, 31)), 40.0, 60.0, 100.0, 1_000.0)

_FOLDED = ("count", "containing", "shortest", "longest", "greedy", "top_k", "top_p", "seed")
"""The fields behind “More…”."""


class NamesForm(QWidget):
    """Takes a request for names, marks the control that is wrong, and says what is wrong with it.

    Lives in the GUI thread.

    Attributes
    ----------
    message : MessageLine
        Says what is wrong, or something about the names. Whoever uses the form lays it out.

    Signals
    -------
    changed()
        The controls were changed, and then not changed for a moment.
    entered()
        Somebody pressed Enter.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_boxes()
        self._make_switches()
        self._marked: QWidget | None = None
        self.message = MessageLine(1, "Message about the names")
        self.more = Chip(
            "More options",
            "How many names, length, contents, greedy decoding, top-k, top-p, seed, and the filter "
            "of the table",
        )
        self.more.say("More…", "")
        self.more.setAccessibleName("More options")
        self.more.setCheckable(True)
        self._folded = QWidget()
        self._folded.hide()
        self.more.toggled.connect(self._unfold)
        self._rest = QTimer(self, singleShot=True, interval=LIVE_MILLISECONDS)
        self._rest.timeout.connect(self.changed)
        self._usual_longest, self._is_tight = MAX_LENGTH, False
        self._lay_out()
        self._connect()

    def _make_boxes(self) -> None:
        self.count = _box(_COUNTS, 10, f"How many names, 1 to {MAX_COUNT:,}", "Number of names")
        self._temperature_knob = TemperatureKnob("&Temperature", "letters")
        self.temperature = self._temperature_knob.box
        self.prefix = QuietField(
            "begins with", "Begins with", "What every name starts with, for example Tyr"
        )
        self.suffix = QuietField(
            "ends with", "Ends with", "What every name ends with, for example raptor"
        )
        self.containing = QuietField("contains", "Contains", "What every name contains somewhere")
        self.shortest = _box(_LENGTHS, 1, "The fewest letters", "Shortest")
        self.longest = _box(_LENGTHS, MAX_LENGTH, "The most letters", "Longest")
        self.top_k = _box(
            _TOP_KS, 5, "Number of the likeliest letters to choose from", "Top-k letters"
        )
        self.top_p = _box(
            _TOP_PS,
            1.0,
            "Choose from the fewest letters that together have this probability; 1 allows all",
            "Top-p",
            whole=False,
        )
        self.seed = _box(
            range(MAX_SEED + 1),
            0,
            "The same seed gives the same random numbers",
            "Seed of the random numbers",
        )

    def _make_switches(self) -> None:
        self.only_new = CheckChip("Only new", "Leave out names that are in the data")
        self.no_repeats = CheckChip("No repeats", "Show each name only once")
        self.same_seed = CheckChip(
            "Same seed",
            "Use the same random numbers at each press, so that changes are due to the network or "
            "the options alone. Changed letters are underlined",
        )
        self.greedy = CheckChip(
            "Gree&dy", "Always take the likeliest letter. There is only one such name"
        )
        self.has_top_k = CheckChip("Top-&k", "Choose only from the likeliest letters")
        self.top_k.setEnabled(False)

    def _lay_out(self) -> None:
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._temperature_knob)
        fields = self._fields = QHBoxLayout()
        fields.setSpacing(2 * SPACE)
        fields.addWidget(self.prefix, 1)
        fields.addWidget(self.suffix, 1)
        layout.addLayout(fields)
        self._switches = PartsFlow(self.only_new, self.no_repeats, self.same_seed, self.more)
        layout.addWidget(self._switches)
        layout.addWidget(self._folded)
        layout.addStretch(0)
        fold = self._fold_lines = QVBoxLayout(self._folded)
        fold.setContentsMargins(0, 0, 0, 0)
        fold.setSpacing(SPACE)
        for line in (
            _columns(("&Names", self.count), ("Seed", self.seed)),
            _columns(("Letters from", self.shortest), ("to", self.longest)),
            _columns((self.has_top_k, self.top_k), ("Top-p", self.top_p)),
        ):
            fold.addLayout(line)
        last = QHBoxLayout()
        last.setSpacing(2 * SPACE)
        last.addWidget(self.containing, 1)
        last.addWidget(self.greedy)
        fold.addLayout(last)

    @Slot(bool)
    def show_tight(self, is_tight: bool) -> None:
        """Put the switches behind “More…” as well, where height is scarce, or show them again.

        The ends of the temperature are then named by its tooltip alone.
        """
        if is_tight == self._is_tight:
            return
        self._is_tight = is_tight
        self._temperature_knob.show_ends(not is_tight)
        if is_tight:
            self._switches.take(self.more)
            self._fields.addWidget(self.more)
        else:
            self._fields.removeWidget(self.more)
            self._switches.add(self.more)
        self._unfold()

    @Slot()
    def _unfold(self) -> None:
        """Show what is behind “More…”, or hide it."""
        is_open = self.more.isChecked()
        self._folded.setVisible(is_open)
        self._switches.setVisible(is_open or not self._is_tight)

    def add_on_top(self, part: QWidget) -> None:
        """Put another widget above the controls."""
        self._layout.insertWidget(0, part)

    def add_to_fold(self, part: QWidget) -> None:
        """Put another widget behind “More…”, below the options."""
        self._fold_lines.addWidget(part)

    def _connect(self) -> None:
        self._temperature_knob.value_changed.connect(self._note)
        for box in (
            *(self.count, self.shortest, self.longest),
            *(self.top_k, self.top_p, self.seed),
        ):
            box.valueChanged.connect(self._note)
        for line in (self.prefix, self.suffix, self.containing):
            line.textChanged.connect(self._note)
            line.returnPressed.connect(self._enter)
        for switch in (self.only_new, self.no_repeats, self.greedy, self.has_top_k):
            switch.toggled.connect(self._note)
        self.has_top_k.toggled.connect(self.top_k.setEnabled)

    # The request

    def constraints(
        self, unify: Callable[[str], str], one_each: Callable[[str], str] = str
    ) -> Constraints:
        """Return the request.

        Parameters
        ----------
        unify : callable
            Converts a text to the spelling of the run's names.
        one_each : callable
            As in `Constraints`.

        Raises
        ------
        SamplingError
            If the values make no sense; its `field` says where.
        """
        return Constraints(
            count=round(self.count.value()),
            temperature=self.temperature.value(),
            greedy=self.greedy.isChecked(),
            top_k=round(self.top_k.value()) if self.has_top_k.isChecked() else None,
            top_p=self.top_p.value(),
            prefix=unify(self.prefix.text().strip()),
            suffix=unify(self.suffix.text().strip()),
            containing=unify(self.containing.text().strip()),
            shortest=round(self.shortest.value()),
            longest=round(self.longest.value()),
            only_new=self.only_new.isChecked(),
            no_repeats=self.no_repeats.isChecked(),
            seed=round(self.seed.value()),
            one_each=one_each,
        )

    def show_usual_longest(self, longest: int) -> None:
        """Set the longest name to the usual value of a run, unless somebody has chosen one."""
        if round(self.longest.value()) == self._usual_longest:
            self._set_quietly(self.longest, longest)
        self._usual_longest = longest

    def show_seed(self, seed: int) -> None:
        """Show the seed in use, without a signal."""
        self._set_quietly(self.seed, seed)

    def _set_quietly(self, box: NumberBox, value: float) -> None:
        box.blockSignals(True)
        box.setValue(value)
        box.blockSignals(False)

    # What is wrong

    @property
    def error(self) -> str:
        """The sentence that says what is wrong with the request; empty if nothing is."""
        return self.message.message if self.message.is_error else ""

    def error_of(self, field: str) -> str:
        """Return what is wrong with a control, which is named as in `Constraints`."""
        control = getattr(self, field)
        return self.error if self._marked is control else ""

    def show_error(self, message: str, field: str = "") -> None:
        """Say what is wrong, and mark the control; “More…” is marked as well if it hides it."""
        self._mark(getattr(self, field) if field else None, message)
        self.message.say(message, is_error=True)
        if field in _FOLDED and not self.more.isChecked():
            _set_role(self.more, "refused")

    @Slot()
    def forget_error(self) -> None:
        """Remove what was said to be wrong."""
        self._mark(None, "")
        if self.message.is_error:
            self.message.say("")

    def _mark(self, control: QWidget | None, message: str) -> None:
        """Mark one control as wrong, and no other."""
        before, self._marked = self._marked, control
        _set_role(self.more, "")
        for part, role, text in ((before, "", ""), (control, "refused", message)):
            if part is not None:
                _set_role(part, role)
                part.setAccessibleDescription(text)

    @Slot()
    def _note(self) -> None:
        self.forget_error()
        self._rest.start()

    @Slot()
    def _enter(self) -> None:
        self._rest.stop()
        self.entered.emit()

    @property
    def is_being_changed(self) -> bool:
        """Whether `changed` is about to be emitted."""
        return self._rest.isActive()

    def settle(self) -> None:
        """Report earlier changes no more: they are being answered."""
        self._rest.stop()


def _box(
    stops: tuple[float, ...] | range, value: float, tip: str, name: str, *, whole: bool = True
) -> NumberBox:
    box = NumberBox(stops, whole=whole)
    box.setValue(value)
    box.setToolTip(tip)
    box.setAccessibleName(name)
    box.setMinimumWidth(56)
    return box


def _set_role(part: QWidget, role: str) -> None:
    """Let the style sheet draw a part in another role."""
    if (part.property("role") or "") != role:
        part.setProperty("role", role)
        part.style().unpolish(part)
        part.style().polish(part)


def _columns(*pairs: tuple[str | QWidget, QWidget]) -> QGridLayout:
    """Put labelled widgets side by side, all of the same width."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(6)
    for place, (heading, part) in enumerate(pairs):
        if isinstance(heading, str):
            heading = FieldLabel(heading)
            heading.setBuddy(part)
        grid.addWidget(heading, 0, 2 * place)
        grid.addWidget(part, 0, 2 * place + 1)
        grid.setColumnStretch(2 * place + 1, 1)
    return grid
