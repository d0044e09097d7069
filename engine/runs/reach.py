"""Any step of a run is reached again: the nearest checkpoint, and what follows from the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.fast.compiled.kernel_store import KernelsNotReadyError
from engine.nn.fast.split_batches import Helper
from engine.nn.machine import this_machine
from engine.nn.memory import NotEnoughMemoryError
from engine.runs.repeating import OnStep, begin_again, repeat_rest
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.history.checkpoints import Checkpoint
from engine.training.history.machine_history import machines_of
from engine.training.history.run_history import RunHistory
from engine.training.record import Event, EventKind
from engine.training.trainer import Trainer


@dataclass(frozen=True)
class Reached:
    """A run as it was after an earlier step.

    Attributes
    ----------
    trainer : Trainer
        With the network, the optimizer, the random states and the record of that step. It can
        be trained on.
    note : str
        Sentences that say what is not as it was; empty if all of it is the same to the bit.
    """

    trainer: Trainer
    note: str = ""


def reach(
    history: RunHistory,
    corpus: Corpus | Text,
    step: int,
    on_step: OnStep | None = None,
    helper: Helper | None = None,
) -> Reached:
    """Return a run as it was after a step, and after all events at that step.

    The same processor and libraries give the same bits. If the run was made on others, it is
    compared with its next checkpoint as well.

    Parameters
    ----------
    history : RunHistory
    corpus : Corpus or Text
        The run's data.
    step : int
        From 0 to the steps that the run has made.
    on_step : callable, optional
        Called several times a second with the steps made; an exception ends the search.
    helper : Helper, optional
        As in `engine.training.trainer.Trainer`.

    Raises
    ------
    ValueError
        If the run has not made so many steps, or its record and checkpoints do not suit the data.
    """
    if not 0 <= step <= history.step:
        raise ValueError(
            f"step must be from 0 to {history.step:,}, which the run has made, got {step:,}."
        )
    report = on_step or (lambda step: None)
    past = history.up_to(step)
    nearest, trainer = _begin_nearest(past, corpus, helper)
    try:
        _, difference = repeat_rest(trainer, past.record.events, past.step, report)
        foreign = _is_foreign(nearest)
    except KernelsNotReadyError as error:
        difference, foreign = _not_ready(error), False
    if difference is None and not foreign:
        return Reached(trainer)
    if difference is None:
        following = next((each for each in history.checkpoints if each.step > step), None)
        if following is None or (nearest is not None and nearest.step == step):
            return Reached(trainer)
        difference = _difference_at(history, following, corpus, helper, report)
        if difference is None:
            return Reached(trainer)
    kept = max(past.checkpoints, key=lambda each: each.step, default=None)
    return Reached(
        _begin_at(kept, past, corpus, helper), _note(kept, difference, is_foreign=foreign)
    )


def _note(kept: Checkpoint | None, difference: str, *, is_foreign: bool) -> str:
    """Say why a step cannot be reached, and what is used instead; see `repeat_rest`."""
    cause = "This run cannot be repeated exactly"
    if is_foreign:
        cause = "This run was made on another processor, so it cannot be repeated exactly here"
    instead = "The beginning of the run is used instead."
    if kept is not None:
        instead = f"The nearest checkpoint, that of step {kept.step:,}, is used instead."
    return f"{cause}: {difference} {instead}"


def nearest_checkpoint(past: RunHistory) -> Checkpoint | None:
    """Return the last checkpoint from which the whole past follows; None for the beginning.

    A checkpoint does not hold what earlier resizes and returns have taken away. So if an event
    after it brings that back, the run has to be repeated from before they were made.
    """
    events = past.record.events
    usable = len(past.checkpoints)
    needed = len(events)  # by the events after the checkpoint that is looked at
    place = len(events)
    while usable:
        checkpoint = past.checkpoints[usable - 1]
        while place > checkpoint.n_events:
            place -= 1
            needed = min(needed, _needs(events, place, events[place]))
        if checkpoint.n_events <= needed:
            return checkpoint
        usable -= 1
    return None


_RETURNS: dict[EventKind, tuple[EventKind, ...]] = {
    "undo go back": ("go back", "go back and halve the rate"),
    "undo go to best": ("go to best",),
}


def _needs(events: Sequence[Event], place: int, event: Event) -> int:
    """Return the place of the first event that a checkpoint must come before, to repeat this one.

    It is its own place if the event needs no earlier one.
    """
    if event.resize is not None:
        return min(event.resize, place)
    undone = _RETURNS.get(event.kind)
    if undone is None:
        return place
    return next((i for i in range(place - 1, -1, -1) if events[i].kind in undone), place)


def _begin_nearest(
    past: RunHistory, corpus: Corpus | Text, helper: Helper | None
) -> tuple[Checkpoint | None, Trainer]:
    """Begin with the nearest checkpoint that is sound; None stands for the beginning."""
    while True:
        nearest = nearest_checkpoint(past)
        try:
            return nearest, _begin_at(nearest, past, corpus, helper)
        except NotEnoughMemoryError:
            raise
        except (ValueError, TypeError, LookupError, ArithmeticError):
            if nearest is None:
                raise
            others = tuple(each for each in past.checkpoints if each is not nearest)
            past = replace(past, checkpoints=others)


def _begin_at(
    checkpoint: Checkpoint | None, past: RunHistory, corpus: Corpus | Text, helper: Helper | None
) -> Trainer:
    if checkpoint is None:
        return begin_again(past.record, corpus, helper)
    return Trainer.restored(corpus, checkpoint.state_in(past.record.events), helper)


def _difference_at(
    history: RunHistory,
    checkpoint: Checkpoint,
    corpus: Corpus | Text,
    helper: Helper | None,
    report: OnStep,
) -> str | None:
    """Repeat the run from the checkpoint before one; return how it then differs, if it does."""
    there = RunHistory(
        replace(history.record, events=history.record.events[: checkpoint.n_events]),
        checkpoint.step,
        tuple(each for each in history.checkpoints if each.step < checkpoint.step),
    )
    _, trainer = _begin_nearest(there, corpus, helper)
    try:
        _, difference = repeat_rest(trainer, there.record.events, there.step, report)
    except KernelsNotReadyError as error:
        return _not_ready(error)
    if difference is not None:
        return difference
    if np.array_equal(trainer.parameters.flat, checkpoint.state.parameters.flat):
        return None
    return f"its parameters differ by step {checkpoint.step:,}."


def _not_ready(error: KernelsNotReadyError) -> str:
    """Return the end of a sentence that says why steps of a run cannot be made here."""
    return f"it was made with the faster step, which is not ready. ({error})"


def _is_foreign(checkpoint: Checkpoint | None) -> bool:
    """Whether a checkpoint was made with another processor or other libraries."""
    if checkpoint is None:
        return False
    machines = machines_of(ValidatedMapping(checkpoint.state.values).part("made_by."))
    here = this_machine(checkpoint.state.hyperparameters.backend)
    return bool(machines) and machines[-1].machine != here


def steps_between(history: RunHistory, step: int) -> int:
    """Return how many steps have to be repeated to reach a step."""
    nearest = nearest_checkpoint(history.up_to(step))
    return step - (0 if nearest is None else nearest.step)
