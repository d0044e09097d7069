"""The dialog that chooses the lanes of a race, and how long it is."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from dinogui.session.run import Run
from dinogui.widgets.buttons.segmented import SegmentedControl
from dinogui.widgets.choice_box import ChoiceBox
from dinogui.widgets.knob.scale import whole_stops
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.number_box import NumberBox
from engine.racing.lane import Lane, check_lanes, titled
from engine.racing.lane_sets import LANE_SETS
from engine.racing.lane_text import LANE_SETTINGS, lanes_of_text
from engine.racing.race import PACES, RacePlan
from engine.training.ending import MAX_SECONDS
from engine.training.loaders.data_loader import check_run
from engine.training.ranges import MAX_STEPS
from engine.training.step_memory import check_step_memory

_BY_HAND = "by hand"
_FIRST_TEXT = "cell=rnn; cell=gru; cell=lstm"
_FIRST_AMOUNTS = {"steps": 20_000, "seconds": 10}
_MOST = {"steps": MAX_STEPS, "seconds": int(MAX_SECONDS)}
_WIDTH_CHARACTERS = 62
_LANE_TIP = (
    "Lanes are separated by semicolons, and what is set in a lane by commas: "
    f"{', '.join(LANE_SETTINGS)}. What a lane does not set is as in the run shown"
)


class RaceDialog(QDialog):
    """Asks which lanes race, and for how many steps or seconds.

    What cannot race is refused in a sentence before the race begins. Lives in the GUI thread.

    Parameters
    ----------
    run : Run
        The data, the seed and everything that no lane sets are those of this run.

    Attributes
    ----------
    sets : ChoiceBox
        The ready-made lanes, and lanes by hand.
    text : QLineEdit
        The lanes by hand.
    pace : SegmentedControl
    amounts : dict of str to NumberBox
        By pace: after how much of it the race is over.
    message : MessageLine
    start : QPushButton

    Signals
    -------
    chosen(tuple of Lane, RacePlan)
    """

    chosen = Signal(object, object)

    def __init__(self, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self.lanes: tuple[Lane, ...] = ()
        self.setWindowTitle("Race")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sets = ChoiceBox()
        for key, lane_set in LANE_SETS.items():
            if run.settings.task == "tell" or not lane_set.only_to_tell:
                self.sets.addItem(lane_set.title, key)
        self.sets.addItem("Lanes by hand", _BY_HAND)
        self.text = QLineEdit(_FIRST_TEXT)
        self.text.setAccessibleName("Lanes by hand")
        self.text.setToolTip(_LANE_TIP)
        self.pace = SegmentedControl(
            "Side by side",
            {pace: f"by {pace}" for pace in PACES},
            "Whether all lanes have made the same number of steps, or trained for the same time",
        )
        self.pace.show_value("steps")
        self.amounts = {pace: self._amount(pace) for pace in PACES}
        self.message = MessageLine(3, "The lanes", most=6)
        self._lay_out()
        self.sets.currentIndexChanged.connect(self._check)
        self.text.textEdited.connect(self._check)
        self.pace.chosen.connect(self._show_pace)
        self._show_pace()
        self._check()

    def _amount(self, pace: str) -> NumberBox:
        box = NumberBox(whole_stops(1, _MOST[pace], per_decade=9), whole=True)
        box.setValue(_FIRST_AMOUNTS[pace])
        box.setAccessibleName(f"How many {pace}")
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("&Lanes", self.sets)
        form.addRow("", self.text)
        form.addRow("Side by side", self.pace)
        ends = QHBoxLayout()
        for pace, box in self.amounts.items():
            ends.addWidget(box)
            ends.addWidget(self._unit_label(pace, box))
        ends.addStretch(1)
        form.addRow("Each lane makes", ends)
        note = QLabel(
            "All lanes have the data, the seed and the order of the run shown, which stands "
            "meanwhile."
        )
        note.setWordWrap(True)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.start = buttons.button(kinds.Ok)
        self.start.setText("&Start")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(note)
        layout.addLayout(form)
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        self.setMinimumWidth(_WIDTH_CHARACTERS * self.fontMetrics().averageCharWidth())

    def _unit_label(self, pace: str, box: NumberBox) -> QLabel:
        label = QLabel(pace if pace == "steps" else f"{pace} of training")
        label.setBuddy(box)
        box.setProperty("label", label)
        return label

    @property
    def plan(self) -> RacePlan:
        """How long the race is to be."""
        if self.pace.value == "seconds":
            return RacePlan("seconds", seconds=self.amounts["seconds"].value())
        return RacePlan("steps", steps=int(self.amounts["steps"].value()))

    @Slot()
    def _show_pace(self) -> None:
        for pace, box in self.amounts.items():
            is_shown = pace == self.pace.value
            box.setVisible(is_shown)
            box.property("label").setVisible(is_shown)

    @Slot()
    def _check(self) -> None:
        """Say which lanes these are, or why they cannot race."""
        self.text.setVisible(self.sets.currentData() == _BY_HAND)
        try:
            self.lanes = self._chosen_lanes()
        except ValueError as error:
            self.lanes = ()
            self.message.say(str(error), is_error=True)
        else:
            self.message.say(_description(self.lanes, self._n_symbols, self._n_kinds))
        self.start.setEnabled(bool(self.lanes))

    @property
    def _n_symbols(self) -> int:
        return 0 if self._run.corpus is None else len(self._run.corpus.vocabulary)

    @property
    def _n_kinds(self) -> int:
        return 0 if self._run.corpus is None else self._run.corpus.n_kinds

    def _chosen_lanes(self) -> tuple[Lane, ...]:
        """Return the lanes with their titles.

        Raises
        ------
        ValueError
            If they cannot race.
        """
        run, key = self._run, self.sets.currentData()
        base = Lane(run.hyperparameters, run.settings, run.recipe)
        if key == _BY_HAND:
            lanes = lanes_of_text(self.text.text(), base)
        else:
            lanes = LANE_SETS[key].make(base, self._n_symbols, self._n_kinds)
        check_lanes(lanes)
        for lane in lanes:
            if run.corpus is not None:
                check_run(run.corpus, lane.recipe, lane.hyperparameters, lane.settings)
                check_step_memory(run.corpus, lane.hyperparameters, lane.settings)
        return titled(lanes)

    def accept(self) -> None:
        """Pass the lanes on."""
        for box in self.amounts.values():
            box.interpretText()
        if self.lanes:
            self.chosen.emit(self.lanes, self.plan)
            super().accept()


def _description(lanes: tuple[Lane, ...], n_symbols: int, n_kinds: int) -> str:
    sizes: Mapping[str, int] = {
        lane.title: lane.architecture(n_symbols, n_kinds).n_parameters for lane in lanes
    }
    words = "; ".join(f"{title}, {size:,} parameters" for title, size in sizes.items())
    return f"{len(lanes)} lanes: {words}."
