"""The card of a run that tells kinds, in place of the names that other networks write."""

import math
import time
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QTimer, Slot
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dinogui.common.data_nouns import DATA_NOUNS
from dinogui.common.theme import SPACE, Colours, Theme
from dinogui.panels.insight.frame.name_box import NameBox
from dinogui.panels.insight.frame.name_choice import NameChoice
from dinogui.panels.insight.frame.pacing import PacedTask
from dinogui.panels.telling.tell_kind.kind_bars import KindBars
from dinogui.panels.telling.told_names.telling import HandfulOfNames, Telling
from dinogui.panels.telling.told_names.told_model import RIGHT, SURE, ToldModel
from dinogui.session.background import BackgroundThread, Work
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.widgets.buttons.chip import Chip
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.tables.quiet_table import QuietTable
from dinogui.widgets.tables.row_delegate import RowDelegate
from engine.evaluation.units import percent_text

LIVE_SECONDS = 1.0
"""The time from one look at the network to the next while it trains."""

_BARS = 5
_NO_NAMES = "Begin the training, and their kinds are told once a second."


class ToldCard(QWidget):
    """A name to type with its likeliest kinds, and some held-out names with what is told of them.

    All of it is told by the latest network once a second while it trains, and at once where
    somebody looks back, types, or asks for other names. A click on a row shows its name in all
    panels. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    theme : Theme
    live : QAction
        While it is off, nothing is told anew by itself.

    Attributes
    ----------
    name_box : NameBox
    bars : KindBars
        The likeliest kinds of the typed name, or of the latest training name.
    summary : QLabel
        How many of the names in the table are told right.
    others : Chip
        Takes other names.
    table : QuietTable
    model : ToldModel
    result : Telling or None
    """

    def __init__(
        self, session: Session, theme: Theme, live: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._live, self._draw = session, live, 0
        self._held_out = HandfulOfNames()
        self._looked_at = -math.inf
        self.result: Telling | None = None
        self._make_parts()
        self._lay_out()
        self._timer = QTimer(self, singleShot=True)
        self.pace = PacedTask(BackgroundThread.of(session.threads, "insight"), self, self._work)
        self._timer.timeout.connect(self._look)
        self.pace.done.connect(self._show)
        self.pace.failed.connect(self._say_failed)
        self.choice.changed.connect(self._look)
        self.others.clicked.connect(self._draw_others)
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)
        session.view_changed.connect(self._look_soon)
        session.run_begun.connect(self._begin)
        live.toggled.connect(self._look_soon)
        theme.changed.connect(self._show_colours)
        self._show_colours(theme.colours)
        self._begin()

    def _make_parts(self) -> None:
        self.choice = NameChoice.of(self._session)
        self.name_box = NameBox(self.choice)
        self.bars = KindBars(_BARS)
        self.bars.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.message = MessageLine(1, "Message about the typed name", most=4)
        self.summary = QLabel()
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.others = Chip("Others", "Take others of those that are held out", is_slim=True)
        self.others.say("Others", "")
        self.others.setAccessibleName("Others that are held out")
        self.model = ToldModel()
        self.table = QuietTable(
            "Kinds that are told",
            "What the network says of each: the kind, how sure it is, and whether it is right",
        )
        self.table.setModel(self.model)
        self.table.setItemDelegate(RowDelegate(self.table, numbers=(SURE,), faint=(RIGHT,)))
        self.table.header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.header.setSectionResizeMode(SURE, QHeaderView.ResizeMode.Fixed)
        self._size_for_font()
        self.table.say_where_empty(_NO_NAMES)

    def _size_for_font(self) -> None:
        width = self.fontMetrics().horizontalAdvance(percent_text(1.0, digits=0)) + 4 * SPACE
        self.table.setColumnWidth(SURE, width)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for the percents in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_for_font()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        head.addWidget(self.others)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self.name_box)
        layout.addWidget(self.message)
        layout.addWidget(self.bars)
        layout.addSpacing(SPACE)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)

    # When it looks at the network

    @Slot()
    def _begin(self) -> None:
        """Start over for another run."""
        self.pace.forget()
        self._timer.stop()
        self._looked_at, self._draw = -math.inf, self._session.settings.seed
        self.result = None
        self.model.show(())
        self.bars.show_bars((), ())
        self._show_summary()
        self._look()

    @Slot()
    def _look_soon(self) -> None:
        """Look at a newer network, at most once a second while it trains."""
        if self._timer.isActive() or not self._live.isChecked():
            return
        session = self._session
        is_changing = session.state is RunState.TRAINING and not session.past.is_on
        wait = self._looked_at + LIVE_SECONDS - time.perf_counter() if is_changing else 0.0
        self._timer.start(math.ceil(1_000 * max(wait, 0.0)))

    @Slot()
    def _look(self) -> None:
        self._looked_at = time.perf_counter()
        self.pace.want(at_once=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Compute what is due: a card that is painted can be seen."""
        super().paintEvent(event)
        self.pace.go_on()

    def _work(self) -> Work | None:
        session = self._session
        snapshot = session.viewed_snapshot
        self.message.say(self.choice.error, is_error=bool(self.choice.error))
        if snapshot is None or not session.run.tells:
            return None
        reading = self.choice.reading(snapshot)
        typed = None if reading is None else reading.predicted
        return partial(self._held_out.tell, session.run.request(), self._draw, snapshot, typed)

    # What it shows

    @Slot(object)
    def _show(self, result: Telling) -> None:
        if not self._session.run.tells:
            return
        self.result = result
        self.bars.show_bars(result.titles[:_BARS], result.probabilities[:_BARS])
        self.model.show(result.told)
        self._show_summary()

    def _show_summary(self) -> None:
        result = self.result
        told = DATA_NOUNS[self._session.kind].told
        if result is None:
            self.summary.setText(f"Held-out {told}")
            return
        right = sum(each.is_right for each in result.told)
        self.summary.setText(f"{right} of {len(result.told)} held-out {told} right")

    @Slot(str)
    def _say_failed(self, message: str) -> None:
        self.message.say(message, is_error=True)

    @Slot(object)
    def _show_colours(self, colours: Colours) -> None:
        self.bars.show_colours(colours)

    # What people do

    @Slot()
    def _draw_others(self) -> None:
        self._draw += 1
        self._look()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        """Show the name of a row in the box above, and in all panels."""
        self.choice.choose(self.model.told[index.row()].name)
