"""When the names are written again by themselves: about once a second while the network trains."""

import math
import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from dinogui.session.run import RunState
from dinogui.session.session import Session
from engine.sampling.candidates import SearchResult

LIVE_SECONDS = 1.0
"""The least time from one list of names, or melody, to the next while the network trains."""

_RETRY_SECONDS = 0.1
"""The rest while names are being searched for and somebody looks back."""

_SHARE = 0.1
"""The largest share of the time that a long list may take: it slows the training."""


class LiveNames(QObject):
    """Says when it is time to write the names again, with the latest network.

    While the network trains, this is once a second; at other times, and while somebody looks back,
    as soon as the network has changed. It never is while the names cannot be seen, or while others
    are being searched for. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    action : QAction
        Turns it on and off.
    panel : QWidget
        The parent, which shows the names.

    Signals
    -------
    due()
    """

    due = Signal()

    def __init__(self, session: Session, action: QAction, panel: QWidget) -> None:
        super().__init__(panel)
        self._session, self._action, self._panel = session, action, panel
        self._run_id = 0
        self._is_stale = False
        self._not_before = -math.inf
        self._begun: float | None = None  # the latest search that this has asked for
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)
        name_generation = session.name_generation
        name_generation.network_changed.connect(self._note_network)
        name_generation.found.connect(self._note_found)
        action.toggled.connect(self.go_on)

    @property
    def is_on(self) -> bool:
        """Whether it is turned on."""
        return self._action.isChecked()

    @Slot()
    def _note_network(self) -> None:
        run_id = self._session.name_generation.run_id
        if run_id != self._run_id:  # the panel decides what to show of another run at first
            self._run_id, self._is_stale = run_id, False
            return
        self._is_stale = True
        self.go_on()

    def note_request(self) -> None:
        """Note that names of the latest network have been asked for."""
        self._is_stale = False
        self._timer.stop()

    @Slot()
    def go_on(self) -> None:
        """Go on if it is turned on and there is a newer network."""
        if self._is_stale and self.is_on and not self._timer.isActive():
            session = self._session
            changes_by_itself = session.state is RunState.TRAINING and not session.past.is_on
            wait = self._not_before - time.perf_counter() if changes_by_itself else 0.0
            self._timer.start(math.ceil(1_000 * max(wait, 0.0)))

    @Slot()
    def _tell(self) -> None:
        if not (self.is_on and self._panel.isVisible()):  # showing it starts this again
            return
        now = time.perf_counter()
        self._not_before = now + LIVE_SECONDS
        if self._session.name_generation.is_searching:
            rest = _RETRY_SECONDS if self._session.past.is_on else LIVE_SECONDS
            self._timer.start(round(1_000 * rest))
            return
        self._is_stale, self._begun = False, now
        self.due.emit()

    @Slot(object)
    def _note_found(self, found: SearchResult) -> None:
        if found.is_over and self._begun is not None:
            now = time.perf_counter()
            self._not_before = max(self._not_before, now + (now - self._begun) / _SHARE)
            self._begun = None
