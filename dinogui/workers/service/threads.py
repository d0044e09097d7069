"""All threads of the application: they are started by name, and waited for at the end."""

import logging
import threading

from PySide6.QtCore import QDeadlineTimer, QObject, Qt, QThread, Signal, Slot

CLOSING_MILLISECONDS = 10_000
"""How long closing waits for all threads together."""

_log = logging.getLogger(__name__)


class _Quitter(QObject):
    """Ends the thread that it lives in, after the orders that were queued before."""

    @Slot()
    def quit(self) -> None:
        QThread.currentThread().quit()


def _enter_thread() -> None:
    """Name the present thread for the log."""
    threading.current_thread().name = QThread.currentThread().objectName()


class WorkerThread(QObject):
    """A thread in which workers live.

    Lives in the GUI thread; `Threads` makes it.

    Attributes
    ----------
    thread_ : QThread
    is_ending : bool
        Whether it takes no more orders.

    Signals
    -------
    ending()
        It takes no more orders. What is queued and not cancelled is still carried out.
    ended()
        It has ended, or was not waited for any longer.
    """

    ending = Signal()
    ended = Signal()
    _quit = Signal()

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.is_ending = False
        self.thread_ = QThread(self)
        self.thread_.setObjectName(name)
        # Emitted by the thread itself, and so carried out in it.
        self.thread_.started.connect(_enter_thread, Qt.ConnectionType.DirectConnection)
        self._quitter = _Quitter()
        self._quitter.moveToThread(self.thread_)
        self._quit.connect(self._quitter.quit)

    def start(self) -> None:
        """Start the thread."""
        self.thread_.start()

    def end(self) -> None:
        """Let the thread end after what is queued; `wait` waits for it."""
        if not self.is_ending:
            self.is_ending = True
            self.ending.emit()
            self._quit.emit()

    def wait(self, deadline: QDeadlineTimer) -> None:
        """Wait until the thread has ended, or until the deadline."""
        if not self.thread_.wait(deadline):
            _log.error("The %s thread did not end in time.", self.objectName())

    @property
    def has_ended(self) -> bool:
        """Whether the thread is at an end, or was never started."""
        # Not isRunning(): that is False while the thread still emits `finished`, which calls the
        # workers. If they are destroyed meanwhile, the process crashes.
        return self.thread_.wait(QDeadlineTimer(0))


class Threads(QObject):
    """Owns all threads of the application.

    Lives in the GUI thread. The composition root makes it and hands it to whatever has work for
    another thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: dict[str, WorkerThread] = {}
        self._is_closed = False

    def start(self, name: str) -> WorkerThread:
        """Start a thread. After `close` it is made, but takes no orders.

        Raises
        ------
        ValueError
            If there is a thread of that name.
        """
        if name in self._threads:
            raise ValueError(f"There are two threads named “{name}”.")
        thread = self._threads[name] = WorkerThread(name, self)
        if self._is_closed:
            thread.is_ending = True
        else:
            thread.start()
        return thread

    def close(self, milliseconds: int | None = None) -> None:
        """End all threads, and wait for them.

        Orders that are to outlast the closing are carried out first; all others are cancelled.

        Parameters
        ----------
        milliseconds : int, optional
            For all threads together; `CLOSING_MILLISECONDS` if absent. The log names the threads
            that have not ended by then.
        """
        if self._is_closed:
            return
        self._is_closed = True
        threads = list(self._threads.values())
        for thread in threads:
            thread.end()
        deadline = QDeadlineTimer(CLOSING_MILLISECONDS if milliseconds is None else milliseconds)
        for thread in threads:
            thread.wait(deadline)
        for thread in threads:
            thread.ended.emit()

    @property
    def have_ended(self) -> bool:
        """Whether no thread runs."""
        return all(thread.has_ended for thread in self._threads.values())
