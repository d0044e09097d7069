"""CLI training: the loop of the commands that train, and what it prints on the way."""

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

from engine.cli.arguments import write_error
from engine.cli.command import EXIT_BROKEN_PIPE, EXIT_FAILURE
from engine.cli.output import discard_stream, print_message
from engine.cli.signal_handling import InterruptFlag, deferred_signals
from engine.data.training_data import counted
from engine.evaluation.baselines import uniform_loss
from engine.sampling.names import logged_names, title_case
from engine.sampling.text import TextGenerator
from engine.training.messages import Chunk
from engine.training.trainer import Trainer

_NAMES_CHUNK, _TEXT_CHUNK = 0.2, 1.0
"""Seconds of training between two checks for a signal."""

_SAMPLE_LENGTH = 200
"""Symbols of text printed with each held-out loss."""

_ENDLESS = 10**9


def train_and_save(
    trainer: Trainer,
    steps: int,
    minutes: float | None,
    path: str | None,
    save: Callable[[], None],
    *,
    advice: str = "",
) -> int:
    """Train up to a step, print the measurements on the way, save the run, and say what happened.

    Ctrl+C, SIGTERM and SIGHUP end the training after the current chunk. So does an output that
    cannot be written. Then the run is saved, and nothing more is measured. A run that has diverged
    is not saved.

    Parameters
    ----------
    trainer : Trainer
    steps : int
        The step to train to. Ignored if `minutes` is given.
    minutes : float or None
        How long to train on a text instead.
    path : str or None
        The file that `save` writes. If None, the run is not saved.
    save : callable
        Saves the trainer's present state.
    advice : str
        What to do if the training diverges, as a sentence.

    Returns
    -------
    int
        The exit code.
    """
    with deferred_signals() as interrupt:
        failure = None
        try:
            _train(trainer, interrupt, steps, minutes)
            if sys.stdout is not None:
                sys.stdout.flush()
        except OSError as error:
            failure = error
            discard_stream(sys.stdout)
        is_saved = path is not None and trainer.divergence is None
        if is_saved:
            save()
    saved = f"Saved in “{path}”." if is_saved else f"Nothing was saved: {_why_unsaved(path)}."
    if trainer.divergence is not None:
        what_to_do = f" {advice}" if advice else ""
        not_saved = "" if path is None else f" {saved}"
        print_message(f"The loss is no longer a number.{not_saved}{what_to_do}")
        return EXIT_FAILURE
    if interrupt.is_set:
        print_message(f"\nInterrupted at step {trainer.step:,}. {saved}")
        return interrupt.exit_code
    if failure is not None:
        print_message(f"{write_error(failure)} Stopped at step {trainer.step:,}. {saved}")
        return EXIT_BROKEN_PIPE if isinstance(failure, BrokenPipeError) else EXIT_FAILURE
    return 0


def _why_unsaved(path: str | None) -> str:
    if path is None:
        return "--save was not given"
    state = "left as it was" if Path(path).exists() else "not written"
    return f"“{path}” was {state}"


def _train(trainer: Trainer, interrupt: InterruptFlag, steps: int, minutes: float | None) -> None:
    if trainer.corpus.kind == "names":
        _train_on_names(trainer, interrupt, steps)
    else:
        _train_on_text(trainer, interrupt, steps, minutes)


def describe_loss(nats: float) -> str:
    """Write a loss per symbol, given in nats, in nats and bits."""
    return f"{nats:.4f} nats, {nats / math.log(2):.4f} bits per symbol"


def _train_on_names(trainer: Trainer, interrupt: InterruptFlag, steps: int) -> None:
    """Train on names, and print what the course prints."""
    seconds, first_step = 0.0, trainer.step
    while trainer.step < steps:
        start = time.perf_counter()
        trainer.run(steps - trainer.step, _NAMES_CHUNK)
        seconds += time.perf_counter() - start
        if trainer.divergence is not None or interrupt.is_set:
            return
        if trainer.is_at_log_entry:
            _print_log_entry(trainer)
    made = trainer.step - first_step
    rate = counted(round(made / seconds), "step")
    print(f"{counted(made, 'step')} in {seconds:.2f} s: {rate} a second.")
    loss, size = trainer.held_out_loss(), trainer.held_out_size
    if loss is not None and size is not None:
        print(
            f"Held out: {loss.nats_per_name:.3f} nats per name, "
            f"{loss.nats_per_character:.4f} nats per character, on {size.describe(in_full=True)} "
            f"(guessing: {uniform_loss(len(trainer.vocabulary)):.4f})."
        )


def _train_on_text(
    trainer: Trainer, interrupt: InterruptFlag, steps: int, minutes: float | None
) -> None:
    """Train on a text, and print the held-out loss and some text."""
    size = trainer.held_out_size
    if size is not None and not size.is_whole:
        print(f"Held out: {size.describe()} are measured on the way, and all at the end.")
    _print_measurements(trainer, trainer.opening(), 0.0)
    seconds, first_step = 0.0, trainer.step
    max_seconds = math.inf
    if minutes is not None:
        steps, max_seconds = first_step + _ENDLESS, 60.0 * minutes
    while trainer.step < steps and seconds < max_seconds:
        start = time.perf_counter()
        chunk = trainer.run(steps - trainer.step, min(max_seconds - seconds, _TEXT_CHUNK))
        seconds += time.perf_counter() - start
        if trainer.divergence is not None or interrupt.is_set:
            return
        _print_measurements(trainer, chunk, seconds)
    made = trainer.step - first_step
    print(f"{counted(made, 'step')} in {seconds:.2f} s: {made / seconds:,.1f} a second.")
    loss = trainer.held_out_loss()
    if loss is not None and size is not None:
        guessing = uniform_loss(len(trainer.vocabulary))
        print(
            f"Held out: {describe_loss(loss.nats_per_character)}, "
            f"on {size.describe(in_full=True)} (guessing: {describe_loss(guessing)})."
        )


def _print_log_entry(trainer: Trainer) -> None:
    """Print the smoothed loss and seven names, in the course's layout."""
    print(f"Iteration: {trainer.step - 1}, Loss: {trainer.smoothed_loss:f}\n")
    names = logged_names(
        trainer.parameters,
        trainer.vocabulary,
        is_legacy=trainer.recipe.is_legacy,
        seed=trainer.step,
    )
    for name in names:
        print(title_case(name))
    print("\n", flush=True)


def _print_measurements(trainer: Trainer, chunk: Chunk, seconds: float) -> None:
    """Print the held-out losses of a chunk, each with some text."""
    for measured in chunk.held_out:
        training = trainer.smoothed_loss
        print(
            f"Step {measured.step:,}, {seconds:.0f} s, epoch {trainer.epoch:.2f}: "
            f"held out {describe_loss(measured.nats_per_character)}"
            + ("" if training is None else f", training {describe_loss(training)}")
        )
        if measured.step:
            generator = TextGenerator(
                trainer.parameters,
                trainer.vocabulary,
                seed=measured.step,
                window=trainer.settings.window,
            )
            print(f"{generator.write(_SAMPLE_LENGTH).strip()}\n", flush=True)
