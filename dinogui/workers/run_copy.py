"""A run as it was between two steps: what training goes on from."""

from dataclasses import dataclass

from engine.training.history.checkpoints import Checkpoint
from engine.training.history.trainer_state import TrainerState


@dataclass(frozen=True)
class RunCopy:
    """A copy of a run, made by the training worker.

    Attributes
    ----------
    state : TrainerState
    seconds : float
        Time that it was trained for, from 0 to `engine.training.ending.MAX_SECONDS`.
    checkpoints : tuple of Checkpoint
        Earlier states, in their order.
    """

    state: TrainerState
    seconds: float = 0.0
    checkpoints: tuple[Checkpoint, ...] = ()
