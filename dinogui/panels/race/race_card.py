"""The card of a race: its lanes, on which axis they are compared, and what becomes of them."""

from PySide6.QtCore import QElapsedTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from dinogui.common.actions.action_words import plain_text
from dinogui.common.actions.race_actions import RaceActions
from dinogui.common.theme import SPACE, Theme
from dinogui.panels.loss.head.head_writer import READABLE_MILLISECONDS
from dinogui.panels.race.lane_row import LaneRow
from dinogui.panels.race.race_extension import RaceExtension
from dinogui.session.racing.racing import Racing
from dinogui.widgets.buttons.segmented import SegmentedControl
from dinogui.widgets.cards.card import Card
from engine.evaluation.units import Unit
from engine.training.curves.axis_quantity import AxisQuantity

_AXES = {"step": AxisQuantity.STEP, "second": AxisQuantity.TIME}


class RaceCard(Card):
    """Lists the lanes of a race with their losses. It is hidden while there is none.

    Lives in the GUI thread.

    Parameters
    ----------
    racing : Racing
    theme : Theme
    actions : RaceActions

    Attributes
    ----------
    extension : RaceExtension
    rows : list of LaneRow
    take_buttons : list of QPushButton
        Each goes on with a lane.

    Signals
    -------
    axis_chosen(AxisQuantity)
        Somebody wants to compare the lanes over something else.
    """

    axis_chosen = Signal(object)

    def __init__(
        self, racing: Racing, theme: Theme, actions: RaceActions, parent: QWidget | None = None
    ) -> None:
        super().__init__("Race", "Race", parent=parent)
        self._racing, self._theme = racing, theme
        self._unit = Unit.NATS_PER_NAME
        self._written = QElapsedTimer()
        self.note.show_text("same data, seed and order")
        self.rows: list[LaneRow] = []
        self.take_buttons: list[QPushButton] = []
        self.axis = SegmentedControl(
            "Compare the lanes",
            {"step": "by step", "second": "by second"},
            "What the horizontal axis of the plot shows",
        )
        self.axis.chosen.connect(self._choose_axis)
        self._lanes, self._buttons = QVBoxLayout(), QVBoxLayout()
        self._lanes.setSpacing(SPACE)
        self._buttons.setSpacing(SPACE)
        self._saved = QLabel("The race is not saved. File > Save race… saves it.")
        self._saved.setWordWrap(True)
        self._saved.setProperty("role", "faint")
        self.extension = RaceExtension(racing, actions.extend)
        self.end_button = QPushButton(plain_text(actions.end.text()))
        self.end_button.setToolTip(actions.end.toolTip())
        self.end_button.clicked.connect(actions.end.trigger)
        self.body.addLayout(self._lanes)
        self.body.addWidget(self.axis)
        self.body.addWidget(self.extension)
        self.body.addLayout(self._buttons)
        self.body.addWidget(self.end_button)
        self.body.addWidget(self._saved)
        racing.begun.connect(self._show_race)
        racing.ended.connect(self._show_race)
        racing.progressed.connect(self._show_progress)
        racing.state_changed.connect(self._show_losses)
        racing.saved.connect(self._show_losses)
        theme.changed.connect(self._show_colours)
        self._show_race()

    @Slot()
    def _show_race(self) -> None:
        for part in (*self.rows, *self.take_buttons):
            part.hide()
            part.deleteLater()
        self.rows, self.take_buttons = [], []
        for place, lane in enumerate(self._racing.lanes):
            row = LaneRow(lane, self._colour(lane.colour))
            row.toggled.connect(self._racing.show_lane)
            button = QPushButton(f"Go on with {lane.title}".replace("&", "&&"))
            button.setToolTip("End the race, and show this lane as a run that can be trained on")
            button.setProperty("lane", place)
            button.clicked.connect(self._take)
            self.rows.append(row)
            self.take_buttons.append(button)
            self._lanes.addWidget(row)
            self._buttons.addWidget(button)
        self.setVisible(self._racing.is_on)
        self._show_losses()

    def _colour(self, place: int) -> str:
        colours = self._theme.colours.runs
        return colours[place % len(colours)]

    @Slot()
    def _show_colours(self) -> None:
        for row in self.rows:
            row.show_colour(self._colour(row.lane.colour))

    @Slot()
    def _show_progress(self) -> None:
        # Figures that change faster cannot be read.
        if not self._written.isValid() or self._written.hasExpired(READABLE_MILLISECONDS):
            self._show_losses()

    @Slot()
    def _show_losses(self) -> None:
        for row, button in zip(self.rows, self.take_buttons, strict=True):
            row.show_loss(self._unit.of_losses)
            button.setEnabled(row.lane.step > 0)
        self._saved.setVisible(self._racing.is_unsaved)
        self._written.start()

    def show_unit(self, unit: Unit) -> None:
        """Show the losses in another unit."""
        self._unit = unit
        self._show_losses()

    def show_axis(self, quantity: AxisQuantity) -> None:
        """Show what the horizontal axis of the plot shows."""
        for value, each in _AXES.items():
            if each is quantity:
                self.axis.show_value(value)

    def _choose_axis(self, value: str) -> None:
        self.axis_chosen.emit(_AXES[value])

    @Slot()
    def _take(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self._racing.take(self._racing.lanes[button.property("lane")])
