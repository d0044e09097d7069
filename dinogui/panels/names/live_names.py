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
"""The share of the time that a long list may take: it slows the training."""

_LONGEST_REST_SECONDS = 3.0
"""The longest rest after a long list. A network that has diverged takes very long for one."""


def rest_after(taken: float) -> float:
    """Return the seconds to rest after a list, or a melody, that took so many seconds."""
    return min(taken / _SHARE, _LONGEST_REST_SECONDS)


def end_within(timer: QTimer, seconds: float) -> None:
    """Let a timer end in so many seconds, or at once if they are over, unless it ends sooner."""
    wait = math.ceil(1_000 * max(seconds, 0.0))
    if not timer.isActive() or wait < timer.remainingTime():
        timer.start(wait)


class LiveNames(QObject):
    """Says when it is time to write the names again, with the latest network.

    While the network trains, this is once a second; at other times, and while somebody looks back,
    as soon as the network has changed. It never is while the names cannot be seen, or while others
    are being searched for; but where the run has gone back to an earlier network, a search that
    nobody asked for gives way. Lives in the GUI thread.

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
        self._run_id = self._step = 0  # of the latest network
        self._is_stale = False
        self._not_before = -math.inf
        self._begun: float | None = None  # when the latest search was asked for
        self._is_own = self._gives_way = False  # that search: nobody asked for it; it is outdated
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
        names = self._session.name_generation
        run_id, before = names.run_id, self._step
        self._step = 0 if names.snapshot is None else names.snapshot.step
        if run_id != self._run_id:  # the panel decides what to show of another run at first
            self._run_id, self._is_stale = run_id, False
            self._forget_search()
            return
        if self._step < before and not self._session.past.is_on:
            gives_way = self._is_own
            self._forget_search()
            self._gives_way = gives_way
        self._is_stale = True
        self.go_on()

    def _forget_search(self) -> None:
        """Do not wait because of a search by a network that is no longer there."""
        self._timer.stop()
        self._not_before, self._begun = -math.inf, None
        self._is_own = self._gives_way = False

    def note_request(self, *, by_itself: bool) -> None:
        """Note that names of the latest network have been asked for, by a person or by itself."""
        self._is_stale = self._gives_way = False
        self._is_own, self._begun = by_itself, time.perf_counter()
        self._timer.stop()

    @Slot()
    def go_on(self) -> None:
        """Go on if it is turned on and there is a newer network."""
        if not (self._is_stale and self.is_on):
            return
        session = self._session
        changes_by_itself = session.state is RunState.TRAINING and not session.past.is_on
        seconds = self._not_before - time.perf_counter() if changes_by_itself else 0.0
        end_within(self._timer, seconds)

    @Slot()
    def _tell(self) -> None:
        if not (self.is_on and self._panel.isVisible()):  # showing it starts this again
            return
        self._not_before = time.perf_counter() + LIVE_SECONDS
        if self._session.name_generation.is_searching and not self._gives_way:
            rest = _RETRY_SECONDS if self._session.past.is_on else LIVE_SECONDS
            self._timer.start(round(1_000 * rest))
            return
        self._is_stale = False
        self.due.emit()

    @Slot(object)
    def _note_found(self, found: SearchResult) -> None:
        if found.is_over and self._begun is not None:
            now = time.perf_counter()
            self._not_before = max(self._not_before, now + rest_after(now - self._begun))
            self._begun = None
