"""Work for panels in a thread of its own, so that the window never waits for it."""

import logging
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from dinogui.session.session import Session
from dinogui.workers.threads import named_thread, wait_for_end

Work = Callable[[], Any]
"""Computes something from frozen values only: it runs in another thread."""

_CLOSING_MILLISECONDS = 10_000
_log = logging.getLogger(__name__)


class BackgroundThread(QObject):
    """A thread that ends with the session.

    Lives in the GUI thread, as a child of the session.

    Attributes
    ----------
    thread_ : QThread
    users : list of QWidget
        What it computes for, while they are there: they share its time.
    taken_until : float
        Moment of `time.perf_counter` from which on another of them has its turn.
    """

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session)
        self.setObjectName(name)
        self.users: list[QWidget] = []
        self.taken_until = 0.0
        self.thread_ = named_thread(name, self)
        self.thread_.start()
        session.closing.connect(self._end)

    @classmethod
    def of(cls, session: Session, name: str) -> "BackgroundThread":
        """Return the session's thread of that name, started where it was not there yet."""
        return session.findChild(cls, name) or cls(session, name)

    @Slot()
    def _end(self) -> None:
        self.thread_.quit()
        wait_for_end(self.thread_, _CLOSING_MILLISECONDS)


class _Runner(QObject):
    """Runs works, one after the other. Lives in the background thread."""

    ran = Signal(int, object, float)
    failed = Signal(int, str)

    @Slot(int, object)
    def run(self, number: int, work: Work) -> None:
        # The thread's own time: to wait for others is no work.
        start = time.thread_time()
        try:
            result = work()
        except Exception as error:  # the thread's edge: nothing may be lost without a word
            _log.exception("Work for a panel failed.")
            self.failed.emit(number, f"{type(error).__name__}: {error}")
        else:
            self.ran.emit(number, result, time.thread_time() - start)


class BackgroundTask(QObject):
    """Hands one work at a time to a background thread; of those that wait, the latest wins.

    Lives in the GUI thread.

    Parameters
    ----------
    thread : BackgroundThread
    parent : QObject

    Signals
    -------
    done(object, float)
        What a work returned, and the seconds of the processor it took.
    failed(str)
        It met an exception; the log has the details.
    dropped()
        It is done, and nobody wants its result any more.
    """

    done = Signal(object, float)
    failed = Signal(str)
    dropped = Signal()
    _run = Signal(int, object)

    def __init__(self, thread: BackgroundThread, parent: QObject) -> None:
        super().__init__(parent)
        self._number = 0
        self._wanted_from = 0
        self._is_running = False
        self._waiting: Work | None = None
        self._runner = _Runner()
        self._runner.moveToThread(thread.thread_)
        self._run.connect(self._runner.run)
        self._runner.ran.connect(self._take)
        self._runner.failed.connect(self._take_failure)

    @property
    def is_busy(self) -> bool:
        """Whether something is being computed, or waits for it."""
        return self._is_running

    def request(self, work: Work) -> None:
        """Do a work as soon as the present one is done; one that still waits is forgotten."""
        if self._is_running:
            self._waiting = work
            return
        self._number += 1
        self._is_running = True
        self._run.emit(self._number, work)

    def forget(self) -> None:
        """Take back what was requested: its result is dropped."""
        self._waiting = None
        self._wanted_from = self._number + 1

    def _go_on(self) -> None:
        self._is_running = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.request(waiting)

    @Slot(int, object, float)
    def _take(self, number: int, result: Any, seconds: float) -> None:
        self._go_on()
        if number >= self._wanted_from:
            self.done.emit(result, seconds)
        else:
            self.dropped.emit()

    @Slot(int, str)
    def _take_failure(self, number: int, message: str) -> None:
        self._go_on()
        if number >= self._wanted_from:
            self.failed.emit(message)
        else:
            self.dropped.emit()
