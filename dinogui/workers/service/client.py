"""The client of a worker: it sends orders from the GUI thread, and answers each exactly once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot

from dinogui.workers.service.orders import Order, Refusal
from dinogui.workers.service.threads import WorkerThread
from dinogui.workers.service.worker import Worker

_CLOSED = "DinoGUI was closed before this was done."


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
        self._is_closed = self.worker.is_closing = True
        for asked in self._outstanding.values():
            if not asked.outlasts_closing:
                asked.order.is_cancelled = True

    @Slot()
    def _close(self) -> None:
        """Pass on the answers that are on their way, and give the rest of the orders one."""
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        for number in list(self._outstanding):
            self._refuse(number)
