"""Replay: a run is repeated from its record, and compared with the original bit by bit."""

from dataclasses import dataclass

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import counted
from engine.nn.fast.split_batches import Helper
from engine.nn.parameters import Parameters
from engine.runs.repeating import OnStep, begin_again, repeat_rest
from engine.training.record import Record


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
    trainer = begin_again(record, corpus, helper)
    total = None
    if most_steps is not None and most_steps < steps:
        steps, total = most_steps, steps
    events = [event for event in record.events if event.step <= steps]
    done, difference = repeat_rest(trainer, events, steps, report)
    if difference is None and total is None:
        difference = _parameter_difference(parameters, trainer.parameters)
    return Replayed(trainer.step, done, difference, total)


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
