"""Replay: a run is repeated from its record, and compared with the original bit by bit."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import counted
from engine.nn.fast.split_batches import Helper
from engine.nn.parameters import Parameters
from engine.training.recipes import RECIPES
from engine.training.record import Event, Record, changed
from engine.training.trainer import Trainer

OnStep = Callable[[int], None]
"""Called several times a second with the steps made. An exception ends the replay."""

_SECONDS = 0.2
"""Time between two calls of it; one step may take longer."""


@dataclass(frozen=True)
class Replayed:
    """The result of a replay.

    Attributes
    ----------
    steps, events : int
        How many were repeated.
    difference : str or None
        The end of a sentence that says where the replay first differed; None if it did not.
    total : int or None
        The steps of the run, if only the first of them were to be repeated. Then the parameters
        are not compared, as a run's file holds only its last ones.
    """

    steps: int
    events: int
    difference: str | None
    total: int | None = None

    def summary(self) -> str:
        """Return the result in a sentence or two."""
        of_all = "" if self.total is None else f" of {self.total:,}"
        steps = f"{self.steps:,}{of_all} step{'' if (self.total or self.steps) == 1 else 's'}"
        done = f"Replayed {steps} and {counted(self.events, 'event')}"
        if self.difference is not None:
            return f"{done}: {self.difference}"
        if self.total is None:
            return f"{done}: the same to the bit."
        return (
            f"{done}: nothing differs so far. The parameters are compared after the last step only."
        )


def replay(
    record: Record,
    corpus: Corpus | Text,
    parameters: Parameters,
    steps: int,
    on_step: OnStep | None = None,
    helper: Helper | None = None,
    most_steps: int | None = None,
) -> Replayed:
    """Repeat a run, and compare its events and its final parameters with the original's.

    Parameters
    ----------
    record : Record
    corpus : Corpus or Text
        The run's data.
    parameters : Parameters
        The run's final parameters.
    steps : int
        Steps that the run had made.
    on_step : callable, optional
    helper : Helper, optional
        As in `engine.training.trainer.Trainer`.
    most_steps : int, optional
        Repeat only so many steps, and the events up to there.

    Raises
    ------
    ValueError
        If it is not a record of a run on this corpus, or the parameters of a warm start are
        missing; the message says why.
    """
    if record.events and record.events[-1].step > steps:
        raise ValueError(
            f"The record has an event at step {record.events[-1].step:,}, but the run made only "
            f"{counted(steps, 'step')}."
        )
    report = on_step or (lambda step: None)
    trainer = _begin_again(record, corpus, helper)
    total = None
    if most_steps is not None and most_steps < steps:
        steps, total = most_steps, steps
    done = 0
    for expected in record.events:
        if expected.step > steps:
            break
        _repeat(trainer, expected, done, report)
        found = trainer.record.events[done:]
        if not found or found[0] != expected:
            there = found[0] if found else None
            return Replayed(trainer.step, done, _event_difference(expected, there), total)
        done += 1
    _run_to(trainer, steps, report, done)
    extra = trainer.record.events[done:]
    difference = None
    if extra:
        difference = _event_difference(None, extra[0])
    elif total is None:
        difference = _parameter_difference(parameters, trainer.parameters)
    return Replayed(trainer.step, done, difference, total)


def _begin_again(record: Record, corpus: Corpus | Text, helper: Helper | None) -> Trainer:
    """Return a trainer that begins as the run has begun."""
    warm_start = record.warm_start
    if warm_start is not None and warm_start.parameters is None:
        raise ValueError(
            f"The run began with the network of “{warm_start.source}”, whose parameters are not in "
            "its record. Replay the run from its own file instead."
        )
    return Trainer(
        corpus,
        record.hyperparameters,
        RECIPES[record.recipe],
        record.settings,
        warm_start=warm_start,
        helper=helper,
        until=record.until,
    )


def _repeat(trainer: Trainer, event: Event, done: int, report: OnStep) -> None:
    """Train up to an event and repeat it, unless the run diverges by itself before."""
    _run_to(trainer, event.step, report, done)
    if len(trainer.record.events) > done:
        return
    if event.kind in ("set hyperparameters", "undo resize"):
        wanted, start = changed(trainer.hyperparameters, event.changes), event.decay_start
        trainer.set_hyperparameters(
            wanted,
            event.resize,
            undo=event.kind == "undo resize",
            decay_start=trainer.learner.decay_start if start is None else start,
        )
    elif event.kind == "set end":
        trainer.set_until(changed(trainer.until, event.changes))
    elif event.kind == "go to best":
        trainer.go_to_best()
    elif event.kind == "undo go to best":
        trainer.undo_go_to_best()
    elif event.kind == "diverged":  # while making the next step
        trainer.run(1)
    elif event.kind == "go on":
        trainer.go_on()
    elif event.kind in ("go back", "go back and halve the rate"):
        trainer.go_back(halve_rate=event.kind != "go back")
    elif event.kind == "undo go back":
        trainer.undo_go_back()
    else:
        trainer.roll_back(halve_rate=event.kind != "roll back")


def _run_to(trainer: Trainer, step: int, report: OnStep, done: int) -> None:
    """Train until that many steps are made, or there is a new event in the record."""
    while trainer.step < step and len(trainer.record.events) <= done:
        trainer.run(step - trainer.step, _SECONDS)
        report(trainer.step)


def _event_difference(expected: Event | None, found: Event | None) -> str:
    """Say how two events differ that should be equal; one of them may be missing."""
    if expected is None and found is not None:
        return f"it differs at step {found.step:,}, where “{found.kind}” is not in the record."
    if (
        expected is None
        or found is None
        or (expected.step, expected.kind) != (found.step, found.kind)
    ):
        step, kind = (expected.step, expected.kind) if expected else (0, "")
        return f"it differs by step {step:,}, where the record has “{kind}”."
    if expected.smoothed_loss != found.smoothed_loss:
        return (
            f"it differs by step {expected.step:,}, where the smoothed loss is "
            f"{found.smoothed_loss!r} and was {expected.smoothed_loss!r}."
        )
    return f"it differs at step {expected.step:,}, in what “{expected.kind}” changed."


def _parameter_difference(expected: Parameters, found: Parameters) -> str | None:
    """Say where parameters first differ; None if all bits are equal."""
    if expected.architecture != found.architecture:
        return f"it ends with {found.architecture} instead of {expected.architecture}."
    for name, array in expected.named.items():
        bits, found_bits = (
            np.ascontiguousarray(each).view(f"u{each.itemsize}")
            for each in (array, found.named[name])
        )
        places = np.argwhere(bits != found_bits)
        if len(places):
            place = tuple(map(int, places[0]))
            return (
                f"it differs at the end, first in {name} at {list(place)}, which is "
                f"{found.named[name][place]:.17g} and was {array[place]:.17g}."
            )
    return None
