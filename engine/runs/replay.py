"""A run, repeated from its record: to the bit, or it is told where it first differs."""

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
"""Called now and then with the steps made. What it raises ends the replay."""

_AT_A_TIME = 1_000


@dataclass(frozen=True)
class Replayed:
    """What a replay found.

    Attributes
    ----------
    steps, changes : int
        Repeated.
    difference : str or None
        A sentence that says where the replay first differed; None where it nowhere did.
    """

    steps: int
    changes: int
    difference: str | None

    def summary(self) -> str:
        """Say it in words."""
        done = f"Replayed {counted(self.steps, 'step')} and {counted(self.changes, 'change')}"
        return f"{done}: {self.difference or 'the same to the bit.'}"


def replay(
    record: Record,
    corpus: Corpus | Text,
    parameters: Parameters,
    steps: int,
    on_step: OnStep | None = None,
    helper: Helper | None = None,
) -> Replayed:
    """Repeat a run, and compare the parameters it ends with.

    Parameters
    ----------
    record : Record
    corpus : Corpus or Text
        What the run learned from.
    parameters : Parameters
        Those that the run had in the end.
    steps : int
        Steps that it had made then.
    on_step : callable, optional
    helper : Helper, optional
        As in `engine.training.trainer.Trainer`.

    Raises
    ------
    ValueError
        If the record cannot be that of a run on this corpus, or the parameters that it began with
        are not at hand; the message says why.
    """
    report = on_step or (lambda step: None)
    recipe = RECIPES[record.recipe]
    start = record.start
    if start is not None and start.parameters is None:
        raise ValueError(
            f"The run began with the network of “{start.source}”, whose parameters are not in its "
            "record. Replay it from the file that it was saved in."
        )
    trainer = Trainer(
        corpus, record.hyperparameters, recipe, record.settings, start=start, helper=helper
    )
    done = 0
    for wanted in record.entries:
        _bring_about(trainer, wanted, done, report)
        found = trainer.record.entries[done:]
        if not found or found[0] != wanted:
            return Replayed(trainer.step, done, _told(wanted, found[0] if found else None))
        done += 1
    _run_to(trainer, steps, report, done)
    extra = trainer.record.entries[done:]
    difference = _told(None, extra[0]) if extra else _difference(parameters, trainer.parameters)
    return Replayed(trainer.step, done, difference)


def _bring_about(trainer: Trainer, wanted: Event, done: int, report: OnStep) -> None:
    """Run up to an entry, and do what it tells of, unless it comes about by itself on the way."""
    _run_to(trainer, wanted.step, report, done)
    if len(trainer.record.entries) > done:
        return
    if wanted.what in ("turn", "turn back"):
        hyperparameters = changed(trainer.hyperparameters, wanted.changes)
        trainer.set_hyperparameters(hyperparameters, wanted.mark, back=wanted.what == "turn back")
    elif wanted.what == "diverged":  # in the attempt to make the next step
        trainer.run(1)
    elif wanted.what == "go on":
        trainer.go_on()
    else:
        trainer.roll_back(halve_rate=wanted.what != "roll back")


def _run_to(trainer: Trainer, step: int, report: OnStep, done: int) -> None:
    """Run until so many steps are made, or there is a new entry in the record."""
    while trainer.step < step and len(trainer.record.entries) <= done:
        trainer.run(min(step - trainer.step, _AT_A_TIME))
        report(trainer.step)


def _told(wanted: Event | None, found: Event | None) -> str:
    """Say how two entries differ that ought to be one; at least one of them is there."""
    if wanted is None and found is not None:
        return f"it differs at step {found.step:,}, where “{found.what}” is not in the record."
    if wanted is None or found is None or (wanted.step, wanted.what) != (found.step, found.what):
        step, what = (wanted.step, wanted.what) if wanted else (0, "")
        return f"it differs by step {step:,}, where the record has “{what}”."
    if wanted.smoothed_loss != found.smoothed_loss:
        return (
            f"it differs by step {wanted.step:,}, where the smoothed loss is "
            f"{found.smoothed_loss!r} and was {wanted.smoothed_loss!r}."
        )
    return f"it differs at step {wanted.step:,}, in what was changed by “{wanted.what}”."


def _difference(wanted: Parameters, found: Parameters) -> str | None:
    """Say where parameters first differ in a bit; None if nowhere."""
    if wanted.architecture != found.architecture:
        return f"it ends with {found.architecture} and not {wanted.architecture}."
    for name, array in wanted.named.items():
        bits, found_bits = (
            np.ascontiguousarray(each).view(f"u{each.itemsize}")
            for each in (array, found.named[name])
        )
        places = np.argwhere(bits != found_bits)
        if len(places):
            place = tuple(map(int, places[0]))
            return (
                f"it differs at the end, first in {name} at {list(place)}, which is "
                f"{found.named[name][place]!r} and was {array[place]!r}."
            )
    return None
