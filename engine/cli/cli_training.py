"""CLI training: the loop of the commands that train, and what it prints on the way."""

import math
import time
from collections.abc import Callable
from pathlib import Path

from engine.cli.command import EXIT_FAILURE
from engine.cli.early_end import report_early_end, until_output_fails
from engine.cli.kinds.introduction import always_largest
from engine.cli.terminal.messages import print_message
from engine.cli.terminal.signal_handling import InterruptFlag, deferred_signals
from engine.data.melodies import Melodies
from engine.data.reading.casing import title_case
from engine.data.training_data import counted
from engine.evaluation.baselines import uniform_loss
from engine.evaluation.held_out.kinds import HeldOutKinds
from engine.evaluation.units import Unit, nats_unit
from engine.melody.symbols import note_names
from engine.nn.network import NamesLoss
from engine.racing.comparison_formats import columns
from engine.runs.run_file import NO_ROOM_SENTENCE
from engine.sampling.log_entries import log_entry, melody_log_entry
from engine.sampling.text import TextGenerator
from engine.training.curves.run_curves import Curves
from engine.training.ending import Ended
from engine.training.messages import AnyLogEntry, Chunk, HeldOutLoss, LogEntry, LossRise
from engine.training.ranges import MAX_STEPS
from engine.training.trainer import Trainer
from engine.training.watching.loss_watch import advice_for

_NAMES_CHUNK, _TEXT_CHUNK = 0.2, 1.0
"""Seconds of training between two checks for a signal."""

_SAMPLE_LENGTH = 200
"""Symbols of text printed with each held-out loss."""

Log = list[AnyLogEntry]
"""What the network wrote during training."""


def train_and_save(
    trainer: Trainer,
    path: str | None,
    save: Callable[[float], bool],
    curves: Curves,
    log: Log,
    *,
    keep_best: bool = False,
    seconds_before: float = 0.0,
    describe_end: Callable[[Ended], str] | None = None,
    advice: str = "",
) -> int:
    """Train until the run ends, print the measurements, save the run, and say what happened.

    Ctrl+C, SIGTERM and SIGHUP end the training after the current chunk. So does an output that
    cannot be written. Then the run is saved, and nothing more is measured. A run that has diverged
    is not saved.

    Parameters
    ----------
    trainer : Trainer
        Its `until` says when it ends.
    path : str or None
        The file that `save` writes. If None, the run is not saved.
    save : callable
        Saves the trainer's present state; takes the seconds that the run was trained for in all.
        It returns what `save_run` does.
    curves : Curves
        Take the losses of the run, so that `save` can store them.
    log : list of AnyLogEntry
        Takes what the network writes after the steps that are logged, so that `save` can store it.
    keep_best : bool
        Whether to go back to the best network when the run has ended.
    seconds_before : float
        Seconds that the run was trained for before.
    describe_end : callable, optional
        Says why the run has ended. By default, nothing is said of an end after so many steps.
    advice : str
        What to do if the training diverges, as a sentence.

    Returns
    -------
    int
        The exit code.
    """
    loss_report = _LossReport(trainer)
    with deferred_signals() as interrupt:
        training = _Training(
            trainer,
            interrupt,
            loss_report,
            curves,
            log,
            keep_best,
            seconds_before,
            path is not None,
        )
        failure = until_output_fails(lambda: training.run(describe_end or _describe_end))
        is_saved = path is not None and trainer.divergence is None
        if is_saved:
            has_room = save(seconds_before + training.seconds)
            if not has_room:
                print_message(NO_ROOM_SENTENCE)
    loss_report.end(is_saved=is_saved)
    saved = f"Saved in “{path}”." if is_saved else f"Nothing was saved: {_why_unsaved(path)}."
    if trainer.divergence is not None:
        what_to_do = f" {advice}" if advice else ""
        not_saved = "" if path is None else f" {saved}"
        print_message(f"The loss is no longer a number.{not_saved}{what_to_do}")
        return EXIT_FAILURE
    return report_early_end(trainer.step, saved, interrupt, failure) or 0


def _describe_end(ended: Ended) -> str:
    """Say why a new run has ended, unless it is the usual end."""
    return "" if ended.reason == "steps" else ended.sentence()


class _LossReport:
    """Says when the loss of a run rises and stays high, when it has recovered, and how it ends.

    Training goes on in any case. The last good network is kept, so nothing is lost by it, and many
    a run recovers.

    Parameters
    ----------
    trainer : Trainer
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._rise: LossRise | None = None
        self._unit = unit_of(trainer)

    def update(self) -> None:
        """Print a line if the loss has risen, or has recovered, since the last call."""
        trainer, rise = self._trainer, self._trainer.rise
        if rise == self._rise:
            return
        before, self._rise = self._rise, rise
        if rise is None:
            if before is not None and trainer.watched_loss is not None:
                print_message(
                    f"Step {trainer.step:,}: the loss has come down again, to "
                    f"{trainer.watched_loss:.2f} {self._unit}; before it rose, it was "
                    f"{before.before:.2f}."
                )
            return
        print_message(
            f"Step {rise.step:,}: since step {rise.since:,} the loss has risen from "
            f"{rise.before:.2f} to {rise.now:.2f} {self._unit}; guessing costs "
            f"{rise.guessing:.2f}. {advice_for(trainer.hyperparameters)}"
        )

    def end(self, *, is_saved: bool) -> None:
        """Print a line if the training has ended with a loss that is too high."""
        trainer, rise = self._trainer, self._trainer.rise
        if rise is None:
            return
        loss = rise.now if trainer.watched_loss is None else trainer.watched_loss
        message = (
            f"Training ended at step {trainer.step:,} with a loss of {loss:.2f} "
            f"{self._unit}; guessing costs {rise.guessing:.2f}. "
            f"{advice_for(trainer.hyperparameters)}"
        )
        if is_saved and rise.good_step:
            message += (
                f" The file also holds the last good network, that of step {rise.good_step:,}: "
                "resume --go-back continues from it with half the learning rate."
            )
        print_message(message)


def _why_unsaved(path: str | None) -> str:
    if path is None:
        return "--save was not given"
    state = "left as it was" if Path(path).exists() else "not written"
    return f"“{path}” was {state}"


def unit_of(trainer: Trainer) -> str:
    """Return what the losses of a run are in."""
    return nats_unit(trainer.corpus.kind, tells=trainer.settings.task == "tell")


def describe_loss(nats: float) -> str:
    """Write a loss per symbol, given in nats, in nats and bits."""
    return f"{nats:.4f} nats, {nats / math.log(2):.4f} bits per symbol"


class _Training:
    """The loop that trains a run until it ends, and prints what is measured.

    Attributes
    ----------
    seconds : float
        Time spent on training so far.
    """

    def __init__(
        self,
        trainer: Trainer,
        interrupt: InterruptFlag,
        loss_report: _LossReport,
        curves: Curves,
        log: Log,
        keep_best: bool,
        seconds_before: float,
        is_saved: bool,
    ) -> None:
        self._trainer, self._interrupt, self._keeps_best = trainer, interrupt, keep_best
        self._loss_report, self._curves, self._log = loss_report, curves, log
        self._seconds_before, self._is_saved = seconds_before, is_saved
        self._tells = trainer.settings.task == "tell"
        self._is_on_text = trainer.corpus.kind != "names" and not self._tells
        self.seconds = 0.0

    def run(self, describe_end: Callable[[Ended], str]) -> None:
        """Train until the run ends, diverges or is interrupted."""
        trainer, first_step = self._trainer, self._trainer.step
        opening = trainer.opening()
        self._curves.append(first_step, opening)
        if self._is_on_text:
            size = trainer.held_out_size
            if size is not None and not size.is_whole:
                print(f"Held out: {size.describe()} are measured on the way, and all at the end.")
            _print_measurements(trainer, opening, 0.0)
        while True:
            self._train_a_chunk()
            if trainer.divergence is not None or self._interrupt.is_set:
                return
            if trainer.ended is not None:
                break
        made = trainer.step - first_step
        if self._is_on_text:
            rate = f"{made / self.seconds:,.1f}"
        else:
            rate = counted(round(made / self.seconds), "step")
        print(f"{counted(made, 'step')} in {self.seconds:.2f} s: {rate} a second.")
        end = describe_end(trainer.ended)
        if end:
            print_message(end)
        self._compare_with_best()
        _print_held_out(trainer)

    def _train_a_chunk(self) -> None:
        """Train for a while, and print what the course prints, or the held-out loss of a text."""
        trainer, start = self._trainer, time.perf_counter()
        length = _TEXT_CHUNK if self._is_on_text else _NAMES_CHUNK
        before = self._seconds_before + self.seconds
        has_measurements = trainer.corpus.kind != "names"
        # What is printed with a held-out loss is to be of the same moment.
        chunk = trainer.run(MAX_STEPS, length, before, ends_when_measured=has_measurements)
        self.seconds += time.perf_counter() - start
        seconds = self._seconds_before + self.seconds
        self._curves.take(
            *(chunk, trainer.step, trainer.epoch, trainer.learner.loader.taken, seconds)
        )
        self._loss_report.update()
        if trainer.divergence is not None:
            return
        entry = log_entry(trainer) if self._is_entry_due else None
        if entry is not None:
            self._log.append(entry)
        if self._interrupt.is_set:
            return
        if self._is_on_text:
            _print_measurements(trainer, chunk, self.seconds)
        elif isinstance(entry, LogEntry):
            _print_log_entry(entry)
        elif chunk.held_out if trainer.corpus.kind == "melodies" else trainer.is_at_log_entry:
            _print_told(trainer)

    @property
    def _is_entry_due(self) -> bool:
        """Whether the step just made is logged. Only names are printed, so texts are only saved."""
        return self._trainer.is_at_log_entry and (self._is_saved or not self._is_on_text)

    def _compare_with_best(self) -> None:
        """Go back to the best network if that was asked for; else say if it was much better."""
        trainer, trend = self._trainer, self._trainer.held_out_trend
        if trend is None or trainer.is_at_best:
            return
        best, latest = trend.best, trend.latest
        if self._keeps_best:
            trainer.go_to_best()
            print_message(f"Went back to the best network, that of step {best.step:,}.")
        elif trend.has_risen:
            print_message(
                f"The held-out loss has risen: {best.nats_per_character:.4f} {unit_of(trainer)} "
                f"was the best, at step {best.step:,}; now it is {latest.nats_per_character:.4f}. "
                "Use --best to write with that network, or train with --keep-best."
            )


def _print_held_out(trainer: Trainer) -> None:
    """Print the loss on all held-out data, if there is any."""
    loss, size = trainer.held_out_loss(), trainer.held_out_size
    if loss is None or size is None:
        return
    guessing = uniform_loss(trainer.n_outputs)
    if loss.accuracy is not None:
        data = trainer.learner.loader.held_out_data
        assert isinstance(data, HeldOutKinds)  # as kinds are told
        title, largest = trainer.kinds[data.largest_kind], data.largest_kind_loss(in_full=True)
        print(
            f"Held out: {loss.accuracy:.1%} told right, {loss.nats_per_name:.4f} "
            f"{unit_of(trainer)}, on {size.describe(in_full=True)} ({always_largest(title)}: "
            f"{largest.accuracy:.1%}, {largest.nats_per_name:.4f}; guessing: {guessing:.4f})."
        )
    elif trainer.corpus.kind != "names":
        print(
            f"Held out: {describe_loss(loss.nats_per_character)}{_per_unit(loss, trainer)}, "
            f"on {size.describe(in_full=True)} (guessing: {describe_loss(guessing)})."
        )
    else:
        print(
            f"Held out: {loss.nats_per_name:.3f} nats per name, "
            f"{loss.nats_per_character:.4f} nats per character, on {size.describe(in_full=True)} "
            f"(guessing: {guessing:.4f})."
        )


def _per_unit(loss: NamesLoss | HeldOutLoss, trainer: Trainer) -> str:
    """Write the loss per note or per document behind another figure, if it has one."""
    if trainer.corpus.kind == "melodies":
        return f", {loss.nats_per_name:.4f} {Unit.NATS_PER_NOTE.value}"
    if loss.nats_per_name == loss.nats_per_character:
        return ""
    return f", {loss.nats_per_name:,.1f} {Unit.NATS_PER_DOCUMENT.value}"


def _print_log_entry(entry: LogEntry) -> None:
    """Print the smoothed loss and seven names, in the course's layout, with their kinds, if any."""
    print(f"Iteration: {entry.iteration}, Loss: {entry.smoothed_loss:f}\n")
    if entry.kinds:
        rows = zip(map(title_case, entry.names), entry.kinds, strict=True)
        print(columns(list(rows), of_numbers=False), end="")
    else:
        for name in entry.names:
            print(title_case(name))
    print("\n", flush=True)


def _print_told(trainer: Trainer) -> None:
    """Print the losses of a network that tells kinds, and how much it tells right."""
    trend = trainer.held_out_trend
    if trend is None or trend.latest.accuracy is None:
        return
    latest = trend.latest
    moment = "" if latest.step == trainer.step else f", measured at step {latest.step:,}"
    print(
        f"Step {trainer.step:,}, epoch {trainer.epoch:.2f}: training {trainer.smoothed_loss:.4f}, "
        f"held out {latest.nats_per_name:.4f} {unit_of(trainer)}, "
        f"{latest.accuracy:.1%} told right{moment}",
        flush=True,
    )


def _print_measurements(trainer: Trainer, chunk: Chunk, seconds: float) -> None:
    """Print the held-out losses of a chunk, each with some text."""
    for measured in chunk.held_out:
        loss, characters = trainer.smoothed_loss, trainer.smoothed_characters
        print(
            f"Step {measured.step:,}, {seconds:.0f} s, epoch {trainer.epoch:.2f}: "
            f"held out {describe_loss(measured.nats_per_character)}{_per_unit(measured, trainer)}"
            + (f", training {describe_loss(loss / characters)}" if loss and characters else "")
        )
        if measured.step and isinstance(trainer.corpus, Melodies):
            entry = melody_log_entry(trainer.snapshot(), trainer.corpus.tempo, trainer.corpus.bar)
            if entry is not None:
                print(f"{note_names(entry.melody.notes)}\n", flush=True)
        elif measured.step:
            generator = TextGenerator(
                trainer.parameters,
                trainer.vocabulary,
                seed=measured.step,
                window=trainer.settings.window,
                document_break=trainer.corpus.document_break,
            )
            print(f"{generator.write(_SAMPLE_LENGTH).strip()}\n", flush=True)
