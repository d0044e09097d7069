"""The line below the plot: what a step has learned from, the end of the run, or the way back.

They are rarely needed at once, so they share one room, and nothing moves when one appears.
"""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from dinogui.common.actions.past_actions import PastActions
from dinogui.common.theme import SPACE
from dinogui.panels.learned_line import LearnedLine
from dinogui.panels.loss.past.playback_row import PlaybackRow
from dinogui.panels.run_end.action_line import ActionLine
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.widgets.buttons.action_button import ActionButton
from dinogui.widgets.cards.pages import Pages

_UNTIL_MOST = 0.4
"""The share of the width that the end of the run takes, so that there is room for the lines."""


class PlotFoot(QWidget):
    """Shows what the latest step has learned from while a slow training goes on.

    At other times, a message about the end of the run goes first. While somebody looks back, all
    of this gives way to the buttons that go through the run; the replay begins from either. Lives
    in the GUI thread.

    Parameters
    ----------
    session : Session
    end_line : ActionLine
    learned : LearnedLine
    until : QWidget
        Says when the run ends.
    row : PlaybackRow
    actions : PastActions
        The replay has a button.

    Attributes
    ----------
    replay_button : ActionButton
    lines : Pages
        The end of the run, and what a step has learned from.
    """

    def __init__(
        self,
        session: Session,
        end_line: ActionLine,
        learned: LearnedLine,
        until: QWidget,
        row: PlaybackRow,
        actions: PastActions,
    ) -> None:
        super().__init__()
        self._session, self._end_line, self._learned, self._row = session, end_line, learned, row
        self._until = until
        self.replay_button = ActionButton(actions.replay, other_texts=("Replay", "Pause"))
        self.replay_button.show_key(False)
        self.lines = Pages()
        self.lines.addWidget(end_line)
        self.lines.addWidget(learned)
        self._present = QWidget()
        present = QHBoxLayout(self._present)
        present.setContentsMargins(0, 0, 0, 0)
        present.setSpacing(2 * SPACE)
        present.addWidget(self.lines, 1)
        present.addWidget(until, 0, Qt.AlignmentFlag.AlignVCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._present)
        self._pages.addWidget(row)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self.replay_button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._pages, 1)
        self._fit_height()
        end_line.said.connect(self._choose)
        session.state_changed.connect(self._choose)
        session.speed_changed.connect(self._choose)
        session.past.asked.connect(self._choose)
        self._choose()

    def show_slim(self, is_slim: bool) -> None:
        """Leave more height to the curves, where it is scarce, or take the usual one."""
        for part in (self.replay_button, self._row, self._end_line):
            part.show_slim(is_slim)
        self._fit_height()

    def _fit_height(self) -> None:
        row, button = self._row.sizeHint().height(), self.replay_button.sizeHint().height()
        self.replay_button.setFixedHeight(max(row, button))
        learned = self._learned.sizeHint().height()
        self.setFixedHeight(max(row, button, self._end_line.height(), learned))

    def changeEvent(self, event: QEvent) -> None:
        """Give the buttons the room that another font needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room, and give both lines theirs at once.

        Qt would lay out a hidden one only when it is shown.
        """
        super().resizeEvent(event)
        least = self._until.minimumSizeHint().width()
        self._until.setMaximumWidth(max(round(_UNTIL_MOST * self.width()), least))
        for line in (self._end_line, self._learned):
            line.setGeometry(self.lines.contentsRect())

    @Slot()
    def _choose(self) -> None:
        session = self._session
        is_slow = session.state is RunState.TRAINING and not session.speed.is_full
        shows_end = bool(self._end_line.message) and not is_slow
        self.lines.setCurrentWidget(self._end_line if shows_end else self._learned)
        self._pages.setCurrentWidget(self._row if session.past.is_on else self._present)
