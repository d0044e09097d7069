"""The lines below the plot: what can be done at the end of a run, or what a step has learned from.

Both are rarely needed at once, so they share one room, and nothing moves when one appears.
"""

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent

from dinogui.panels.learned_line import LearnedLine
from dinogui.panels.run_end.action_line import ActionLine
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.widgets.cards.pages import Pages


class PlotFoot(Pages):
    """Shows what the latest step has learned from while a slow training goes on.

    At other times, a message about the end of the run goes first. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    end_line : ActionLine
    learned : LearnedLine
    """

    def __init__(self, session: Session, end_line: ActionLine, learned: LearnedLine) -> None:
        super().__init__()
        self._session, self._end_line, self._learned = session, end_line, learned
        self.addWidget(end_line)
        self.addWidget(learned)
        self.setFixedHeight(max(end_line.height(), learned.sizeHint().height()))
        end_line.said.connect(self._choose)
        session.state_changed.connect(self._choose)
        session.speed_changed.connect(self._choose)
        self._choose()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give both lines the room at once. Qt would lay out a hidden one when it is shown."""
        super().resizeEvent(event)
        for line in (self._end_line, self._learned):
            line.setGeometry(self.contentsRect())

    @Slot()
    def _choose(self) -> None:
        session = self._session
        is_slow = session.state is RunState.TRAINING and not session.speed.is_full
        has_message = bool(self._end_line.message)
        self.setCurrentWidget(self._end_line if has_message and not is_slow else self._learned)
