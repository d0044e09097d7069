"""The base of every worker: how orders reach another thread, and how each of them is answered.

Four classes work together.

- `Threads` owns every thread of the application. It starts them by name and waits for all of them
  when the application closes.
- `WorkerThread` is one of these threads.
- `Worker` is the base of what lives in such a thread. It carries out orders, one after the other.
- `WorkerClient` lives in the GUI thread and sends orders to one worker.

The client numbers every order, and answers it exactly once, by calling one of three functions:
`done` with the value that the worker's method returned, `refused` with a sentence that says why
there is none, or `dropped` because the order was cancelled. An exception in a worker's method, or
in what a worker runs by timer, is logged and refuses the orders that it concerns; it never leaves
the thread. When the application closes, what is still outstanding is answered too.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QDeadlineTimer,
    QEvent,
    QObject,
    Qt,
    QThread,
    QTimer,
    Signal,
    Slot,
)

from dinogui.startup.shared_processor import leave_shared_processor
from engine.nn.memory import explain_memory_error

CLOSING_MILLISECONDS = 10_000
"""How long closing waits for all threads together."""

_CLOSED = "DinoGUI was closed before this was done."
_log = logging.getLogger(__name__)


class RefusedError(Exception):
    """An order cannot be carried out, for an expected reason, which the message states.

    Parameters
    ----------
    sentence : str
        For people: what happened, and what to do about it.
    field : str
        Name of the input to change; empty where it is none in particular.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class CancelledError(Exception):
    """The order that is being carried out has been cancelled."""


@dataclass(frozen=True)
class Refusal:
    """Why an order was not carried out.

    Attributes
    ----------
    sentence : str
        For people.
    field : str
        Name of the input to change; empty where it is none in particular.
    is_error : bool
        Whether the reason is an unforeseen exception, or that the application was closed. The log
        has the details.
    """

    sentence: str
    field: str = ""
    is_error: bool = False


class Order:
    """An order to a worker: one of its methods, and what to call it with.

    Everything but `is_cancelled` is fixed. That one is written by the client and read by the
    worker, without a lock: a cancellation cannot wait in the queue behind the work that it is to
    stop.

    Attributes
    ----------
    number : int
        Counts the client's orders, from 1.
    method : callable
        A method of the worker's class.
    arguments : tuple
        Frozen values.
    is_cancelled : bool
        Whether the answer is no longer wanted.
    """

    __slots__ = ("arguments", "is_cancelled", "method", "number")

    def __init__(self, number: int, method: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.number = number
        self.method = method
        self.arguments = arguments
        self.is_cancelled = False

    def raise_if_cancelled(self) -> None:
        """Stop the work on this order if it has been cancelled.

        Raises
        ------
        CancelledError
            The base class catches it.
        """
        if self.is_cancelled:
            raise CancelledError


class _GuardedTimer(QTimer):
    """A timer of a worker. What it runs may raise; see `Worker.timer`."""

    def __init__(
        self, worker: "Worker", method: Callable[[Any], None], *, single_shot: bool
    ) -> None:
        super().__init__(worker, singleShot=single_shot)
        self._method = method
        self.timeout.connect(self._run)

    @Slot()
    def _run(self) -> None:
        worker = self.parent()
        if isinstance(worker, Worker):
            worker.run_by_timer(self._method)


class Worker(QObject):
    """Carries out orders in a thread, one after the other.

    Lives in the thread that its `WorkerClient` puts it into. A subclass adds plain methods, which
    the client names in its orders. Such a method returns the value of the answer, or raises
    `RefusedError`. It reads `order` where it reports progress, looks out for a cancellation, or
    goes on by timer after it has returned: then it calls `defer`, and `finish` in the end.

    Attributes
    ----------
    task : str
        What the worker does, as the log names it when it fails.
    refusals : tuple of exception classes
        Whose messages are sentences for people: they refuse an order as `RefusedError` does.

    Signals
    -------
    answered(int, object, Refusal or None)
        The number of an order, and what its method returned, or why it was not carried out.
    reported(int, object)
        The number of an order, and how far it is.
    """

    answered = Signal(int, object, object)
    reported = Signal(int, object)

    task = "The work"
    refusals: tuple[type[Exception], ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self._order = Order(0, Worker.halt, ())
        self._deferred: dict[int, Order] = {}
        self._timers: list[QTimer] = []

    # For subclasses

    @property
    def order(self) -> Order:
        """The order that is being carried out, or was last."""
        return self._order

    def report(self, value: object, order: Order | None = None) -> None:
        """Tell the client how far an order is; the present one unless another is given."""
        self.reported.emit((order or self._order).number, value)

    def defer(self) -> Order:
        """Leave the present order open when its method returns, and return it for `finish`."""
        self._deferred[self._order.number] = self._order
        return self._order

    def finish(self, order: Order, value: object = None) -> None:
        """Answer an order that was deferred; cancelled ones need an answer as well."""
        if self._deferred.pop(order.number, None) is not None:
            self.answered.emit(order.number, value, None)

    def timer(self, method: Callable[[Any], None], *, single_shot: bool = False) -> QTimer:
        """Return a timer that calls a method of the worker's class, and is not started yet.

        An exception in the method refuses all orders that are deferred.
        """
        timer = _GuardedTimer(self, method, single_shot=single_shot)
        self._timers.append(timer)
        return timer

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception.

        Parameters
        ----------
        error : Exception
        order : Order or None
            None for what was run by timer.
        """
        return (
            f"{self.task} failed ({type(error).__name__}: {error}). "
            "Help > Show log file has the details."
        )

    def halt(self) -> None:
        """Stop everything that goes on by timer. It is called after an error and at the end."""
        for timer in self._timers:
            timer.stop()

    def recover_from(self, error: Exception, order: Order | None) -> None:
        """Get ready for other orders after an exception.

        It is called where the exception was unforeseen, and always where a timer ran the method:
        then all deferred orders are about to be refused, and here the timers stop.

        Parameters
        ----------
        error : Exception
        order : Order or None
            What was being carried out; None for what was run by timer.
        """
        if order is None:
            self.halt()

    # The thread's edge

    @Slot(object)
    def carry_out(self, order: Order) -> None:
        """Carry out an order, and answer it unless it is deferred."""
        self._order = order
        value, refusal = None, None
        try:
            if not order.is_cancelled:
                value = order.method(self, *order.arguments)
        except CancelledError:
            self._deferred.pop(order.number, None)
        except Exception as error:
            self._deferred.pop(order.number, None)
            refusal = self._refusal(error, order)
        if order.number not in self._deferred:
            self.answered.emit(order.number, value, refusal)

    def run_by_timer(self, method: Callable[[Any], None]) -> None:
        """Call a method; if it fails, no deferred order can go on, so refuse them all."""
        try:
            method(self)
        except Exception as error:
            refusal = self._refusal(error, None)
            deferred, self._deferred = self._deferred, {}
            for number in deferred:
                self.answered.emit(number, None, refusal)

    def _refusal(self, error: Exception, order: Order | None) -> Refusal:
        if isinstance(error, (RefusedError, *self.refusals)):
            if order is None:
                self.recover_from(error, None)
            return Refusal(str(error), getattr(error, "field", ""))
        _log.error("%s failed.", self.task, exc_info=error)
        self.recover_from(error, order)
        if isinstance(error, MemoryError):
            return Refusal(f"{self.task} has failed. {explain_memory_error(error)}", is_error=True)
        return Refusal(self.explain(error, order), is_error=True)

    @Slot()
    def end(self) -> None:
        """Stop for good. The thread calls this itself, as only it may stop its timers."""
        self.halt()


class _Quitter(QObject):
    """Ends the thread that it lives in, after the orders that were queued before."""

    @Slot()
    def quit(self) -> None:
        QThread.currentThread().quit()


def _enter_thread() -> None:
    """Name the present thread for the log, and let it run on any processor."""
    threading.current_thread().name = QThread.currentThread().objectName()
    leave_shared_processor()


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


@dataclass(frozen=True)
class _Outstanding:
    """An order, and what to call with its answer."""

    order: Order
    done: Callable[[Any], None] | None
    refused: Callable[[Refusal], None] | None
    dropped: Callable[[], None] | None
    reported: Callable[[Any], None] | None
    outlasts_closing: bool


class WorkerClient(QObject):
    """Sends orders to a worker, and answers each exactly once.

    Lives in the GUI thread, in which it calls the functions that were given with an order.

    Parameters
    ----------
    worker : Worker
        It is moved into the thread.
    thread : WorkerThread
    parent : QObject

    Attributes
    ----------
    worker : Worker
        Connect to its signals; call none of its methods.
    """

    _ordered = Signal(object)
    _came_too_late = Signal(int)

    def __init__(self, worker: Worker, thread: WorkerThread, parent: QObject) -> None:
        super().__init__(parent)
        self.worker = worker
        self._number = 0
        self._outstanding: dict[int, _Outstanding] = {}
        self._is_closed = thread.is_ending
        worker.moveToThread(thread.thread_)
        self._ordered.connect(worker.carry_out)
        worker.answered.connect(self._take_answer)
        worker.reported.connect(self._take_report)
        # The order's maker learns its number before it is refused.
        self._came_too_late.connect(self._refuse, Qt.ConnectionType.QueuedConnection)
        thread.ending.connect(self._begin_closing)
        thread.ended.connect(self._close)
        # Emitted by the thread itself as it ends: timers may be stopped in their own thread only.
        thread.thread_.finished.connect(worker.end, Qt.ConnectionType.DirectConnection)

    def order(
        self,
        method: Callable[..., Any],
        *arguments: Any,
        done: Callable[[Any], None] | None = None,
        refused: Callable[[Refusal], None] | None = None,
        dropped: Callable[[], None] | None = None,
        reported: Callable[[Any], None] | None = None,
        supersedes: bool = False,
        outlasts_closing: bool = False,
    ) -> int:
        """Send an order, and return its number.

        Exactly one of `done`, `refused` and `dropped` is called later, in the GUI thread.

        Parameters
        ----------
        method : callable
            A method of the worker's class, such as ``FileReader.read``.
        *arguments
            What to call it with: frozen values.
        done : callable, optional
            Takes what the method returned.
        refused : callable, optional
            Takes a `Refusal`.
        dropped : callable, optional
            Called without arguments once the worker is done with an order that was cancelled.
        reported : callable, optional
            Takes what the worker reports meanwhile.
        supersedes : bool
            Whether earlier orders of the same method are cancelled.
        outlasts_closing : bool
            Whether it is to be carried out even if the application closes.
        """
        if supersedes:
            self.cancel(method)
        self._number += 1
        order = Order(self._number, method, arguments)
        self._outstanding[order.number] = _Outstanding(
            order, done, refused, dropped, reported, outlasts_closing
        )
        if self._is_closed:
            self._came_too_late.emit(order.number)
        else:
            self._ordered.emit(order)
        return order.number

    def cancel(self, method: Callable[..., Any]) -> None:
        """Cancel all outstanding orders of a method; their answers are dropped."""
        for asked in self._outstanding.values():
            if asked.order.method is method:
                asked.order.is_cancelled = True

    @Slot(int, object, object)
    def _take_answer(self, number: int, value: object, refusal: Refusal | None) -> None:
        asked = self._outstanding.pop(number, None)
        if asked is None:  # it was answered when the application closed
            return
        if asked.order.is_cancelled:
            if asked.dropped is not None:
                asked.dropped()
        elif refusal is not None:
            if asked.refused is not None:
                asked.refused(refusal)
        elif asked.done is not None:
            asked.done(value)

    @Slot(int, object)
    def _take_report(self, number: int, value: object) -> None:
        asked = self._outstanding.get(number)
        if asked is not None and asked.reported is not None and not asked.order.is_cancelled:
            asked.reported(value)

    @Slot(int)
    def _refuse(self, number: int) -> None:
        self._take_answer(number, None, Refusal(_CLOSED, is_error=True))

    @Slot()
    def _begin_closing(self) -> None:
        self._is_closed = True
        for asked in self._outstanding.values():
            if not asked.outlasts_closing:
                asked.order.is_cancelled = True

    @Slot()
    def _close(self) -> None:
        """Pass on the answers that are on their way, and give the rest of the orders one."""
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        for number in list(self._outstanding):
            self._refuse(number)
