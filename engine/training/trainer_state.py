"""A run as it stood between two steps: all that a trainer needs to go on as if nothing had been.

What a trainer is made of, this module knows as well as the trainer itself: whatever is added
there that outlives a step has to be kept here. Only the units that were dropped are not: their
copies may be many times as large as the network. So no narrowing can be undone that was made before
a run was saved and resumed, and the record says of each undoing what it took back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.nn.parameters import Parameters
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.messages import HeldOutLoss
from engine.training.recipes import Recipe
from engine.training.record import Event, Start
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.smoothing import Average

if TYPE_CHECKING:
    from engine.training.trainer import Trainer


@dataclass(frozen=True)
class TrainerState:
    """What `Trainer.state` returns: copies, which no step changes any more.

    Attributes
    ----------
    step : int
        Steps made.
    recipe : Recipe
    settings : RunSettings
    started_with, hyperparameters : Hyperparameters
        At the beginning, and now.
    entries : tuple of Event
        What was done to the run; see `engine.training.record`.
    parameters : Parameters
        Read-only.
    values : dict of str to array or JSON value
        All else: random states, moments, averages, the place in the data, the last good copy.
    start : Start or None
        What it began with, where that was not drawn.
    """

    step: int
    recipe: Recipe
    settings: RunSettings
    started_with: Hyperparameters
    hyperparameters: Hyperparameters
    entries: tuple[Event, ...]
    parameters: Parameters
    values: StateDict
    start: Start | None = None


def state_of(trainer: Trainer) -> TrainerState:
    """Copy all that `restore` needs."""
    measured = [(m.step, m.nats_per_name, m.nats_per_character) for m in trainer._held_out_measured]
    values: StateDict = {
        "smoothed_loss": trainer.smoothed_loss,
        "smoothed_characters": trainer.smoothed_characters,
        "measure_at": trainer._measure_at,
        "held_out_measured": np.array(measured, dtype=float).reshape(-1, 3),
    }
    values |= {name: np.array(average.state()) for name, average in _averages(trainer).items()}
    values |= {f"learner.{name}": value for name, value in trainer.learner.state().items()}
    values |= {f"safeguard.{name}": value for name, value in trainer._guard.state().items()}
    return TrainerState(
        trainer.step,
        trainer.recipe,
        trainer.settings,
        trainer._started_with,
        trainer.hyperparameters,
        tuple(trainer._entries),
        trainer.parameters.frozen_copy(),
        values,
        trainer.start,
    )


def restore(trainer: Trainer, state: TrainerState) -> None:
    """Let a trainer that was made with a state's parameters go on from it.

    Raises
    ------
    ValueError
        If the state is not that of a run on its corpus; the message names what does not fit.
    """
    values = ValidatedMapping(state.values)
    trainer.step, trainer._started_with = state.step, state.started_with
    trainer._entries = list(state.entries)
    trainer.learner.restore(values.part("learner."))
    trainer._guard.restore(values.part("safeguard."), trainer.parameters)
    for name, average in _averages(trainer).items():
        average.restore(values.array(name, (len(average.state()),), float).tolist())
    trainer.smoothed_loss = values.number_or_none("smoothed_loss")
    trainer.smoothed_characters = values.number_or_none("smoothed_characters")
    trainer._measure_at = values.whole("measure_at")
    measured = values.array("held_out_measured", (-1, 3), float)
    trainer._held_out_measured = [
        HeldOutLoss(int(step), float(name), float(character)) for step, name, character in measured
    ]


def _averages(trainer: Trainer) -> dict[str, Average]:
    return {
        "loss_average": trainer._loss_average,
        "character_average": trainer._character_average,
    }
