"""What crosses between a client and its worker: an order, and why it was not carried out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class RefusedError(Exception):
    """An order cannot be carried out, for an expected reason, which the message states.

    Parameters
    ----------
    sentence : str
        For people: what happened, and what to do about it.
    field : str
        Name of the input to change; empty where it is none in particular.
    instead : str
        What could be done instead, in a word that the worker and its client agree on.
    """

    def __init__(self, sentence: str, field: str = "", instead: str = "") -> None:
        super().__init__(sentence)
        self.field, self.instead = field, instead


class CancelledError(Exception):
    """The order that is being carried out has been cancelled, or the application is closing."""


@dataclass(frozen=True)
class Refusal:
    """Why an order was not carried out.

    Attributes
    ----------
    sentence : str
        For people.
    field : str
        Name of the input to change; empty where it is none in particular.
    instead : str
        What could be done instead; empty if nothing is known.
    is_error : bool
        Whether the reason is an unforeseen exception, or that the application was closed. The log
        has the details.
    """

    sentence: str
    field: str = ""
    instead: str = ""
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
