"""Work that panels have done in another thread: the thread they share, and the latest request."""

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
        """Return the thread of that name, and start it if there is none yet."""
        return threads.findChild(cls, name) or cls(threads, name)


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
        What a work returned, and the seconds of processor time that it took.
    failed(str)
        It raised an exception. The sentence is for people; the log has the details.
    dropped()
        It has ended, and nobody wants its result any more.
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
        """Run a work as soon as the present one has ended; one that still waits is dropped."""
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
