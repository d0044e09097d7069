"""The base of every worker: it carries out orders, and no exception leaves its thread."""

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dinogui.workers.service.orders import CancelledError, Order, Refusal, RefusedError
from engine.nn.memory import explain_memory_error

_log = logging.getLogger(__name__)


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
    is_closing : bool
        Whether the application is closing. Its client sets it, without a lock, since the worker is
        to see it in the middle of its work.

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
        self.is_closing = False
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

    def stop_if_closing(self, _share: float = 0.0) -> None:
        """Stop in the middle of long work if the application is closing.

        Parameters
        ----------
        _share : float
            How much is done, as those say who call this between the parts of their work.

        Raises
        ------
        CancelledError
            The base class catches it.
        """
        if self.is_closing:
            raise CancelledError

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
        except CancelledError:
            self.halt()
        except Exception as error:
            refusal = self._refusal(error, None)
            deferred, self._deferred = self._deferred, {}
            for number in deferred:
                self.answered.emit(number, None, refusal)

    def _refusal(self, error: Exception, order: Order | None) -> Refusal:
        if isinstance(error, (RefusedError, *self.refusals)):
            if order is None:
                self.recover_from(error, None)
            return Refusal(str(error), getattr(error, "field", ""), getattr(error, "instead", ""))
        _log.error("%s failed.", self.task, exc_info=error)
        self.recover_from(error, order)
        if isinstance(error, MemoryError):
            return Refusal(f"{self.task} has failed. {explain_memory_error(error)}", is_error=True)
        return Refusal(self.explain(error, order), is_error=True)

    @Slot()
    def end(self) -> None:
        """Stop for good. The thread calls this itself, as only it may stop its timers."""
        self.halt()
