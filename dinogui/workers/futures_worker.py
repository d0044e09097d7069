"""The worker that makes futures of a run, while the run itself goes on or stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import RefusedError, Worker
from engine.data.corpus import Corpus
from engine.data.text import Text

if TYPE_CHECKING:
    from engine.runs.futures import Futures, Growth, KnobName, Turn
    from engine.training.messages import AnyLogEntry
    from engine.training.trainer import Trainer

# `engine.runs` is imported when somebody first looks ahead: no start needs to wait for it.

_SLICE_SECONDS = 0.04
"""From one report to the next, between which the order may be cancelled."""


@dataclass(frozen=True)
class FuturesRequest:
    """An order to make futures of a run.

    Attributes
    ----------
    corpus : Corpus or Text
    copy : RunCopy
        The run, as it is where the futures begin.
    knob : str
        See `engine.runs.futures.KnobName`.
    turns : tuple of Turn
    n_steps : int
        Of each future.
    """

    corpus: Corpus | Text
    copy: RunCopy
    knob: KnobName
    turns: tuple[Turn, ...]
    n_steps: int


@dataclass(frozen=True)
class FuturesReport:
    """How far the futures are.

    Attributes
    ----------
    values : tuple of float or None
        What the knob is turned to in each of them. None means off.
    grown : tuple of Growth
    """

    values: tuple[float | None, ...]
    grown: tuple[Growth, ...] = ()


@dataclass(frozen=True)
class FutureCopy:
    """A future as far as it was made.

    Attributes
    ----------
    run : RunCopy
        What training goes on from.
    grown : tuple of Growth
        All its steps.
    log : tuple of AnyLogEntry
        What it has written after those of them that are logged.
    """

    run: RunCopy
    grown: tuple[Growth, ...]
    log: tuple[AnyLogEntry, ...] = ()


class FuturesWorker(Worker):
    """Makes futures, reports how they grow, and copies one of them so that a run can go on from it.

    Lives in the thread of the futures. It keeps those that were made last, whether or not they were
    finished.
    """

    task = "Looking ahead"
    refusals = (ValueError,)

    def __init__(self) -> None:
        super().__init__()
        self._futures: Futures | None = None
        self._request: FuturesRequest | None = None
        self._grown: list[Growth] = []
        self._log: list[tuple[int, AnyLogEntry]] = []

    def make(self, request: FuturesRequest) -> None:
        """Make futures, and report a `FuturesReport` now and then."""
        from engine.runs.futures import Futures

        self.forget()
        copy = request.copy
        futures = Futures(
            request.corpus,
            copy.state,
            request.knob,
            request.turns,
            request.n_steps,
            copy.seconds,
            self._write_entry,
        )
        self._futures, self._request = futures, request
        self.report(FuturesReport(futures.values))
        while not futures.is_over:
            self.order.raise_if_cancelled()
            grown = futures.advance(_SLICE_SECONDS)
            self._grown.extend(grown)
            self.report(FuturesReport(futures.values, grown))

    def copy(self, index: int) -> FutureCopy:
        """Return a future as far as it was made.

        Raises
        ------
        RefusedError
            If it was forgotten.
        """
        if self._futures is None or self._request is None:
            raise RefusedError("This future is no longer there. Look ahead again.")
        past = self._request.copy.checkpoints
        run = RunCopy(
            self._futures.state(index),
            self._futures.seconds(index),
            (*past, *self._futures.checkpoints(index)),
        )
        return FutureCopy(
            run,
            tuple(each for each in self._grown if each.index == index),
            tuple(entry for of_index, entry in self._log if of_index == index),
        )

    def forget(self) -> None:
        """Free the memory of all futures."""
        self._futures = self._request = None
        self._grown, self._log = [], []

    def _write_entry(self, index: int, trainer: Trainer) -> None:
        """Write what a run logs after the step that a future has just made."""
        from engine.sampling.log_entries import log_entry

        entry = log_entry(trainer)
        if entry is not None:
            self._log.append((index, entry))
