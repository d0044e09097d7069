"""When a panel computes: at a bounded rate, and only while somebody can see it."""

import math
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from dinogui.session.background import BackgroundTask, BackgroundThread, Work

SHORTEST_SECONDS = 0.25
"""The least time from one computation of a panel to its next."""

APART_SECONDS = 0.03
"""Time between the turns of two panels: painting all at once would block the window."""

SHARE = 0.1
"""The largest share of a processor's time that all panels together may take."""

_STEP_BY_STEP = 0.04
"""Instead of `SHORTEST_SECONDS` while the panels follow single steps: a frame of the plot."""

_STEP_BY_STEP_APART = 0.005
"""Instead of `APART_SECONDS`."""

_STEP_BY_STEP_SHARES = 5.0
"""Shares are so many times as large then: the training hardly needs the processor."""


def seconds_apart(
    spent: float, share: float, sharing: int, shortest: float = SHORTEST_SECONDS
) -> float:
    """Return the time from one computation to the next: max(shortest, spent · sharing / share).

    Parameters
    ----------
    spent : float
        Processor seconds that the last computation took.
    share : float
        Share of a processor's time for all panels together.
    sharing : int
        Number of panels that share the time.
    shortest : float
        In seconds.
    """
    return max(shortest, spent * sharing / share)


def is_seen(part: QWidget) -> bool:
    """Whether any part of a widget can be seen. A dock behind a tab is visible, but covered."""
    return (
        part.isVisible() and not part.window().isMinimized() and not part.visibleRegion().isEmpty()
    )


class _SharedTime(QObject):
    """How the panels that compute in one thread share its time. A child of the `BackgroundThread`.

    Attributes
    ----------
    panels : list of QWidget
    taken_until : float
        The value of `time.perf_counter` from which on the next panel may compute.
    is_step_by_step : bool
        Whether the training is so slow that the panels can follow single steps.
    """

    def __init__(self, thread: BackgroundThread) -> None:
        super().__init__(thread)
        self.panels: list[QWidget] = []
        self.taken_until = 0.0
        self.is_step_by_step = False

    @classmethod
    def of(cls, thread: BackgroundThread) -> "_SharedTime":
        """Return the one of a thread; the first panel makes it."""
        return thread.findChild(cls) or cls(thread)


class PacedTask(QObject):
    """Computes for a panel when something has changed, always with the latest values.

    Lives in the GUI thread; the work itself runs in a background thread.

    Parameters
    ----------
    thread : BackgroundThread
        Where it computes. The visible panels of one thread share the time.
    panel : QWidget
        Nothing is computed while it cannot be seen.
    work : callable
        Called in the GUI thread when it is time; returns what to compute, or None.
    share : float
        The largest share of a processor's time to spend.

    Signals
    -------
    done(object)
        The result. The time spent in its slots counts as well.
    failed(str)
        A sentence that says why there is no result.
    """

    done = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        thread: BackgroundThread,
        panel: QWidget,
        work: Callable[[], Work | None],
        share: float = SHARE,
    ) -> None:
        super().__init__(panel)
        self._share = share
        self._panel, self._work = panel, work
        self._shared = _SharedTime.of(thread)
        self._shared.panels.append(panel)
        self._is_wanted = self._is_urgent = False
        self._begun = self._not_before = 0.0
        self._task = BackgroundTask(thread, self)
        self._task.done.connect(self._take)
        self._task.failed.connect(self._take_failure)
        self._task.dropped.connect(self.go_on)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._begin)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is computed or waits for its turn, or the panel cannot be seen."""
        return not (self._is_wanted or self._task.is_busy) or not is_seen(self._panel)

    def want(self, *, at_once: bool = False) -> None:
        """Compute as soon as it is due and the panel can be seen; it is due now if `at_once`."""
        self._is_wanted = True
        if at_once:
            self._is_urgent, self._not_before = True, 0.0
            self._timer.stop()
        self.go_on()

    def follow_steps(self, on: bool) -> None:
        """Let all panels of the thread follow single steps, or save time for the training."""
        self._shared.is_step_by_step = on

    def forget(self) -> None:
        """Drop what is being computed."""
        self._task.forget()
        self._not_before = 0.0

    @Slot()
    def go_on(self) -> None:
        """Start the wanted computation if it is due and the panel can be seen."""
        waits = self._task.is_busy or self._timer.isActive()
        if self._is_wanted and not waits and is_seen(self._panel):
            wait = max(self._not_before - time.perf_counter(), 0.0)
            self._timer.start(round(1000 * wait))

    @Slot()
    def _begin(self) -> None:
        if not is_seen(self._panel):  # painting it starts this again
            return
        now = time.perf_counter()
        if now < self._shared.taken_until and not self._is_urgent:
            self._timer.start(math.ceil(1000 * (self._shared.taken_until - now)))
            return
        self._is_wanted = self._is_urgent = False
        work = self._work()
        if work is not None:
            apart = _STEP_BY_STEP_APART if self._shared.is_step_by_step else APART_SECONDS
            self._begun, self._shared.taken_until = now, now + apart
            self._task.request(work)

    @Slot(object, float)
    def _take(self, result: Any, seconds: float) -> None:
        start = time.thread_time()
        self.done.emit(result)
        spent = seconds + time.thread_time() - start
        sharing = max(sum(map(is_seen, self._shared.panels)), 1)
        if self._shared.is_step_by_step:
            share = _STEP_BY_STEP_SHARES * self._share
            apart = seconds_apart(spent, share, sharing, _STEP_BY_STEP)
        else:
            apart = seconds_apart(spent, self._share, sharing)
        self._not_before = self._begun + apart
        self.go_on()

    @Slot(str)
    def _take_failure(self, message: str) -> None:
        self._not_before = time.perf_counter() + 1.0
        self.failed.emit(message)
