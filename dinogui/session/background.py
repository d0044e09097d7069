"""Work of panels in another thread: the thread that they share, and their latest request."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from dinogui.workers.background_worker import BackgroundWorker
from dinogui.workers.service import Refusal, Threads, WorkerClient

Work = Callable[[], Any]
"""Computes something from frozen values only: it runs in another thread."""


class BackgroundThread(QObject):
    """A thread that several panels share.

    Lives in the GUI thread, as a child of the `Threads`.

    Attributes
    ----------
    thread_ : WorkerThread
    """

    def __init__(self, threads: Threads, name: str) -> None:
        super().__init__(threads)
        self.setObjectName(name)
        self.thread_ = threads.start(name)

    @classmethod
    def of(cls, threads: Threads, name: str) -> "BackgroundThread":
        """Return the thread of that name; start it if there is none yet."""
        return threads.findChild(cls, name) or cls(threads, name)


class BackgroundTask(QObject):
    """Runs one piece of work at a time in a background thread; only the latest request waits.

    Lives in the GUI thread.

    Parameters
    ----------
    thread : BackgroundThread
    parent : QObject

    Signals
    -------
    done(object, float)
        The result of the work, and the seconds of processor time that it took.
    failed(str)
        The work raised an exception. The sentence is for people; the log has the details.
    dropped()
        It has ended, and its result is no longer wanted.
    """

    done = Signal(object, float)
    failed = Signal(str)
    dropped = Signal()

    def __init__(self, thread: BackgroundThread, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: Work | None = None
        self._client = WorkerClient(BackgroundWorker(), thread.thread_, self)
        self.is_busy = False

    def request(self, work: Work) -> None:
        """Run a piece of work once the current one has ended; drop one that still waits."""
        if self.is_busy:
            self._waiting = work
            return
        self.is_busy = True
        self._client.order(
            BackgroundWorker.compute,
            work,
            done=self._take,
            refused=self._take_refusal,
            dropped=self._take_drop,
        )

    def forget(self) -> None:
        """Cancel what was requested: its result is dropped."""
        self._waiting = None
        self._client.cancel(BackgroundWorker.compute)

    def _go_on(self) -> None:
        self.is_busy = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.request(waiting)

    def _take(self, answer: tuple[Any, float]) -> None:
        self._go_on()
        self.done.emit(*answer)

    def _take_refusal(self, refusal: Refusal) -> None:
        self._go_on()
        self.failed.emit(refusal.sentence)

    def _take_drop(self) -> None:
        self._go_on()
        self.dropped.emit()
