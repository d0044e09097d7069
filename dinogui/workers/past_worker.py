"""The worker that reaches earlier steps of a run again, while the run itself goes on or stands."""

from __future__ import annotations

from dataclasses import dataclass

from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Worker
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.training.history.run_history import RunHistory
from engine.training.messages import Snapshot
from engine.training.settings import Hyperparameters

# `engine.runs` is imported when somebody first looks back: no start needs to wait for it.


@dataclass(frozen=True)
class PastMoment:
    """A run as it was after an earlier step.

    Attributes
    ----------
    run_id : int
    step : int
        Steps that had been made.
    snapshot : Snapshot
    hyperparameters : Hyperparameters
        Those in force.
    epoch, decay_epoch : float
        As in `engine.training.messages.Progress`.
    note : str
        Sentences that say what is not as it was; empty if all of it is.
    """

    run_id: int
    step: int
    snapshot: Snapshot
    hyperparameters: Hyperparameters
    epoch: float
    decay_epoch: float
    note: str = ""


class PastWorker(Worker):
    """Repeats runs up to a step, and reports the share of the way that is done.

    Lives in the thread of the past.
    """

    task = "Looking back"
    refusals = (ValueError,)

    def look(
        self, run_id: int, history: RunHistory, corpus: Corpus | Text, step: int
    ) -> PastMoment:
        """Return a run as it was after a step."""
        from engine.runs.reach import reach

        reached = reach(history, corpus, step, self._reporter(history, step))
        trainer = reached.trainer
        return PastMoment(
            run_id,
            trainer.step,
            trainer.snapshot(),
            trainer.hyperparameters,
            trainer.epoch,
            trainer.decay_epoch,
            reached.note,
        )

    def copy(
        self, history: RunHistory, corpus: Corpus | Text, step: int, seconds: float
    ) -> RunCopy:
        """Return a run as it was after a step, so that another run can go on from there.

        Parameters
        ----------
        history : RunHistory
        corpus : Corpus or Text
        step : int
        seconds : float
            The time that it had been trained for.
        """
        from engine.runs.reach import reach

        trainer = reach(history, corpus, step, self._reporter(history, step)).trainer
        return RunCopy(trainer.state(), seconds, history.up_to(trainer.step).checkpoints)

    def _reporter(self, history: RunHistory, step: int) -> _Reporter:
        from engine.runs.reach import steps_between

        return _Reporter(self, step - steps_between(history, step), step)


class _Reporter:
    """Reports the share of the steps that are made, and stops if nobody waits any longer."""

    def __init__(self, worker: PastWorker, first: int, last: int) -> None:
        self._worker, self._first, self._last = worker, first, last

    def __call__(self, step: int) -> None:
        self._worker.order.raise_if_cancelled()
        self._worker.report((step - self._first) / max(self._last - self._first, 1))
