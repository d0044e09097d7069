"""The bar at the top: what the run does, what it is trained on, what trains, and the search."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget, QWidgetAction

from dinogui.common.actions.window_actions import PAUSE_TEXT, TRAIN_TEXT, Actions
from dinogui.common.melody_words import size_of_melodies
from dinogui.common.theme import SPACE
from dinogui.common.words import CELL_WORDS, units_text
from dinogui.session.session import Session
from dinogui.widgets.buttons.action_button import ActionButton
from dinogui.widgets.buttons.chip import Chip
from dinogui.window.layout.speed_control import SpeedControl
from engine.data.melodies import Melodies
from engine.data.text import Text

_FACTS_WIDTH = 320


class TopBar(QWidget):
    """Shows the buttons of the run at the left, and two chips in the middle.

    Lives in the GUI thread.

    Parameters
    ----------
    actions : Actions
    session : Session
    facts : QWidget
        What was read, in words. It is shown in the menu of the data chip.

    Attributes
    ----------
    speed : SpeedControl
    data, model : Chip

    Signals
    -------
    settings_requested()
        Somebody wants to see the settings of the model.
    """

    settings_requested = Signal()

    def __init__(
        self, actions: Actions, session: Session, facts: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._at_the_end: list[QWidget] = []
        self._is_sharing = False
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.train = ActionButton(
            actions.train, is_filled=True, other_texts=(TRAIN_TEXT, PAUSE_TEXT)
        )
        self.step = ActionButton(actions.step)
        self.restart = ActionButton(actions.restart)
        self.speed = SpeedControl(actions, session)
        self.restart.show_key(False)
        self.data = Chip("What it is trained on", "Click to open other data")
        self.data.setMenu(self._data_menu(actions, facts))
        self.model = Chip("What trains", "Click to see all settings of the model")
        self.model.clicked.connect(self.settings_requested)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        self._layout.setSpacing(2 * SPACE)
        for part in (self.train, self.step, self.speed, self.restart):
            self._layout.addWidget(part)
        self._layout.addStretch(1)
        for chip in (self.data, self.model):
            self._layout.addWidget(chip)
        self._layout.addStretch(1)
        session.run_begun.connect(self.show_run)
        session.hyperparameters_changed.connect(self._show_model)
        session.network_made.connect(self._show_model)
        session.racing.begun.connect(self._show_model)
        session.racing.ended.connect(self._show_model)
        self.show_run()

    def _data_menu(self, actions: Actions, facts: QWidget) -> QMenu:
        menu = QMenu(self.data)
        menu.setToolTipsVisible(True)
        shown = QWidgetAction(menu)
        facts.setMinimumWidth(_FACTS_WIDTH)
        shown.setDefaultWidget(facts)
        menu.addAction(shown)
        menu.addSeparator()
        menu.addActions([actions.open, actions.open_folder])
        menu.addMenu(actions.recent_menu)
        menu.addActions([actions.open_dinosaurs, actions.open_dinosaur_endings, actions.get_data])
        return menu

    def add_at_the_end(self, part: QWidget) -> None:
        """Put a control at the right end. The key of a button there is left out last."""
        self._at_the_end.append(part)
        self._layout.addWidget(part)

    @Slot()
    def show_run(self) -> None:
        """Name the data and the network of the run."""
        corpus = self._session.corpus
        if corpus is None:
            self.data.say("No data", "")
        elif isinstance(corpus, Melodies):
            self.data.say(corpus.source, size_of_melodies(corpus))
        elif isinstance(corpus, Text):
            self.data.say(corpus.source, f"{len(corpus):,} symbols")
        else:
            kinds = f", {corpus.n_kinds:,} kinds" if corpus.kinds is not None else ""
            self.data.say(corpus.source, f"{len(corpus.names):,} names{kinds}")
        self._show_model()

    @Slot()
    def _show_model(self) -> None:
        self._name_model()
        self._share_room()  # other words need other room

    def _name_model(self) -> None:
        session = self._session
        lanes = session.racing.lanes
        self.model.setEnabled(not lanes)
        if lanes:
            self.model.say(f"{len(lanes)} lanes", ", ".join(lane.title for lane in lanes))
            return
        network = CELL_WORDS[session.settings.cell]
        units = units_text(session.hyperparameters.widths)
        architecture = session.architecture
        size = "" if architecture is None else f"{architecture.n_parameters:,} parameters"
        self.model.say(f"{network} {units}", size)

    def minimumSizeHint(self) -> QSize:
        """Return the width at which the chips still show some letters."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what is needed least where room is scarce."""
        super().resizeEvent(event)
        self._share_room()

    def changeEvent(self, event: QEvent) -> None:
        """Share the room anew in text of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._share_room()

    def _share_room(self) -> None:
        if self._is_sharing:  # showing the parts resizes the bar: the room is being shared
            return
        self._is_sharing = True
        self._leave_out()
        self._is_sharing = False

    def _leave_out(self) -> None:
        """Show everything, and then leave out parts until the rest has room."""
        last = tuple(part for part in self._at_the_end if isinstance(part, ActionButton))
        keyed, iconed = (self.train, self.step), (self.step, self.restart, *last)
        self._show_everything((*keyed, *last), iconed)
        needed = self._needed
        if needed > self.width() + self._spared(self.data, self.model):
            needed -= sum(button.icon_room() for button in iconed)
            for button in iconed:
                button.show_icon(False)
        if needed > self.width() + self._spared(self.data, self.model):
            self.speed.show_compact(True)
            needed -= self.speed.room_saved
        if needed > self.width():  # the Model card below says the same
            self.model.hide()
            needed -= self.model.sizeHint().width() + self._layout.spacing()
        room = self.width() + self._spared(self.data)
        for buttons in (keyed, last):
            has_room = needed <= room
            for button in buttons:
                button.show_key(has_room)
            if not has_room:
                needed -= sum(button.key_room() for button in buttons)
        for button in last:
            button.show_short(needed > room)

    def _show_everything(
        self, keyed: Iterable[ActionButton], iconed: Iterable[ActionButton]
    ) -> None:
        for button in keyed:
            button.show_key(True)
            button.show_short(False)
        for button in iconed:
            button.show_icon(True)
        self.speed.show_compact(False)
        self.model.show()

    @property
    def _needed(self) -> int:
        """The width that everything would like to have."""
        parts = [part for part in self.findChildren(QWidget) if part.parent() is self]
        margins = self._layout.contentsMargins()
        needed = sum(part.sizeHint().width() for part in parts if not part.isHidden())
        return needed + margins.left() + margins.right() + self._layout.spacing() * (len(parts) + 2)

    def _spared(self, *chips: Chip) -> int:
        """Return how much narrower chips can be than they would like, with some letters left."""
        return sum(chip.sizeHint().width() - chip.minimumSizeHint().width() for chip in chips) // 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the line below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()
