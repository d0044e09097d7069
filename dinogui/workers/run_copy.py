"""A run as it was between two steps: what training goes on from."""

from dataclasses import dataclass

from engine.training.trainer_state import TrainerState

MAX_SECONDS = 1e10
"""The longest time that a run can be trained for, in seconds: three centuries."""


@dataclass(frozen=True)
class RunCopy:
    """A copy of a run, made by the training worker.

    Attributes
    ----------
    state : TrainerState
    seconds : float
        Time that it was trained for, from 0 to `MAX_SECONDS`.
    """

    state: TrainerState
    seconds: float = 0.0
