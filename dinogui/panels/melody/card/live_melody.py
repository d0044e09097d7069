"""When a melody is improvised again by itself: about once a second while the network trains."""

import math
import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from dinogui.panels.names.live_names import LIVE_SECONDS, end_within, rest_after
from dinogui.session.run import RunState
from dinogui.session.session import Session


class LiveMelody(QObject):
    """Says when it is time to improvise again, with the latest network.

    While the network trains, this is once a second; at other times, and while somebody looks back,
    as soon as the network has changed. It never is while the melody is played, while the panel
    cannot be seen, or while another one is being improvised. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    action : QAction
        Turns it on and off.
    panel : QWidget
        The parent, which shows the melody.

    Signals
    -------
    due()
    """

    due = Signal()

    def __init__(self, session: Session, action: QAction, panel: QWidget) -> None:
        super().__init__(panel)
        self._session, self._action, self._panel = session, action, panel
        self._is_stale = False
        self._asked_at = -math.inf
        self._rest = LIVE_SECONDS
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)
        session.view_changed.connect(self._note_network)
        session.run_begun.connect(self._forget)
        session.playing.ended.connect(self.go_on)
        session.melody_generation.improvised.connect(self._note_answer)
        action.toggled.connect(self.go_on)

    @Slot()
    def _note_network(self) -> None:
        self._is_stale = True
        self.go_on()

    @Slot()
    def _forget(self) -> None:
        self._is_stale, self._rest = False, LIVE_SECONDS
        self._timer.stop()

    def note_request(self) -> None:
        """Note that a melody of the latest network has been asked for."""
        self._is_stale = False
        self._timer.stop()
        self._asked_at = time.perf_counter()

    @Slot()
    def _note_answer(self) -> None:
        taken = time.perf_counter() - self._asked_at
        self._rest = max(LIVE_SECONDS, taken + rest_after(taken))
        self.go_on()

    @Slot()
    def go_on(self) -> None:
        """Go on if it is turned on and there is a newer network."""
        session = self._session
        is_at_work = session.playing.is_playing or session.melody_generation.is_improvising
        if not self._is_stale or is_at_work:
            return
        if not self._action.isChecked() or session.kind != "melodies":
            return
        changes_by_itself = session.state is RunState.TRAINING and not session.past.is_on
        seconds = self._asked_at + self._rest - time.perf_counter() if changes_by_itself else 0.0
        end_within(self._timer, seconds)

    @Slot()
    def _tell(self) -> None:
        if self._session.playing.is_playing or not self._panel.isVisible():
            return  # the end of playing, and showing the panel, start this again
        if self._action.isChecked():
            self.due.emit()
