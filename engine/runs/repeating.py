"""A run is made again from its record: begun, trained to an event, and the event repeated."""

from collections.abc import Callable, Sequence

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.fast.split_batches import Helper
from engine.training.recipes import RECIPES
from engine.training.record import Event, Record, changed
from engine.training.trainer import Trainer

OnStep = Callable[[int], None]
"""Called several times a second with the steps made. An exception ends the replay."""

_SECONDS = 0.2
"""Time between two calls of it; one step may take longer."""


def begin_again(record: Record, corpus: Corpus | Text, helper: Helper | None) -> Trainer:
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


def repeat_rest(
    trainer: Trainer, events: Sequence[Event], step: int, report: OnStep
) -> tuple[int, str | None]:
    """Repeat what follows in a record, up to a step.

    Parameters
    ----------
    trainer : Trainer
    events : sequence of Event
        All of the run up to that step; those that the trainer has are not looked at.
    step : int
    report : callable

    Returns
    -------
    done : int
        How many events the trainer has in common with the run.
    difference : str or None
        The end of a sentence that says how the next one differs; None if none does.
    """
    done = trainer.n_events
    for expected in events[done:]:
        _repeat_event(trainer, expected, done, report)
        found = trainer.events_since(done)
        if not found or found[0] != expected:
            return done, _event_difference(expected, found[0] if found else None)
        done += 1
    _run_to(trainer, step, report, done)
    extra = trainer.events_since(done)
    return done, _event_difference(None, extra[0]) if extra else None


def _repeat_event(trainer: Trainer, event: Event, done: int, report: OnStep) -> None:
    """Train up to an event and repeat it, unless the run diverges by itself before."""
    _run_to(trainer, event.step, report, done)
    if trainer.n_events > done:
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
    while trainer.step < step and trainer.n_events <= done:
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
