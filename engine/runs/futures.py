"""Futures: what the next steps of a run would be with one of its knobs turned.

Several trainers go on from the same state, each with another value of one hyperparameter, and none
of them touches the run itself. One whose value stays the same does what the run will do, to the
bit.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.architecture import MAX_HIDDEN, MIN_HIDDEN
from engine.training.history.checkpoints import Checkpoint, Checkpoints
from engine.training.history.trainer_state import TrainerState
from engine.training.messages import Chunk
from engine.training.ranges import MAX_CLIP, MAX_LEARNING_RATE
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer

KnobName = Literal["learning_rate", "clip", "widths"]
"""A hyperparameter that is a single number; of the widths, that of the lowest layer."""

FACTORS = (0.5, 1.0, 2.0, 4.0)
"""The usual multiples of the value in force."""

STEPS = 2_000
"""The usual number of steps of a future."""

MAX_STEPS = 100_000
"""The most steps of a future: the losses of all of them are kept."""

MAX_FUTURES = 6

_SLICE = 100
"""No future is more steps than this ahead of another one."""

_DIGITS = 3
"""Significant digits of a multiple, so that what is shown is the value itself."""


OnLogEntry = Callable[[int, Trainer], None]
"""Takes the index of a future and its trainer; changes neither."""


@dataclass(frozen=True)
class Turn:
    """How a knob is turned: to a multiple of the value in force, or to a value.

    Attributes
    ----------
    factor : float or None
        1 leaves the run as it is. None means that `value` counts.
    value : float or None
        None means off.
    """

    factor: float | None = None
    value: float | None = None


@dataclass(frozen=True)
class Growth:
    """The latest steps of a future.

    Attributes
    ----------
    index : int
        The place of the future among all, from 0.
    step : int
        Steps made, counted from the beginning of the run.
    chunk : Chunk
        The losses of those that are new.
    epoch : float
    examples : int
    seconds : float
        As in `engine.training.messages.Progress`.
    has_diverged : bool
        Whether it has stopped because its loss became infinite, NaN or absurdly large.
    is_over : bool
        Whether there will be no more steps.
    """

    index: int
    step: int
    chunk: Chunk
    epoch: float
    examples: int
    seconds: float
    has_diverged: bool
    is_over: bool


class Futures:
    """Makes the futures of a run in lock-step.

    Parameters
    ----------
    corpus : Corpus or Text
        The run's data.
    state : TrainerState
        Where they begin.
    knob : str
        A hyperparameter; see `KnobName`.
    turns : sequence of Turn
        From 1 to `MAX_FUTURES`. If several lead to the same value, there is one future for them.
    n_steps : int
        How many steps each one makes at most, from 1 to `MAX_STEPS`. One that ends by itself as the
        run would, or that diverges, makes fewer.
    seconds : float
        The time that the run had been trained for.
    on_log_entry : callable, optional
        Called after each step that is logged, with the index of the future and its trainer.

    Attributes
    ----------
    values : tuple of float or None
        What the knob is turned to in each future. None means off.

    Raises
    ------
    ValueError
        If a value is not allowed, or there is not enough memory for a network.
    """

    def __init__(
        self,
        corpus: Corpus | Text,
        state: TrainerState,
        knob: KnobName,
        turns: Sequence[Turn],
        n_steps: int = STEPS,
        seconds: float = 0.0,
        on_log_entry: OnLogEntry | None = None,
    ) -> None:
        if not 1 <= len(turns) <= MAX_FUTURES:
            raise ValueError(f"There can be 1 to {MAX_FUTURES} futures, not {len(turns):,}.")
        if not 1 <= n_steps <= MAX_STEPS:
            raise ValueError(f"A future has 1 to {MAX_STEPS:,} steps, not {n_steps:,}.")
        self._end, self._on_log_entry = state.step + n_steps, on_log_entry
        self._futures: list[_Future] = []
        values: list[float | None] = []
        for turn in turns:
            trainer = Trainer.restored(corpus, state, checkpoints=Checkpoints())
            trainer.use_ready_backend()  # as the run itself would go on
            value = _turn(trainer, knob, turn)
            if value not in values:
                values.append(value)
                self._futures.append(_Future(trainer, seconds))
        self.values = tuple(values)

    def __len__(self) -> int:
        return len(self._futures)

    @property
    def is_over(self) -> bool:
        """Whether no future will make any more steps."""
        return not any(self._goes_on(future) for future in self._futures)

    def advance(self, seconds: float) -> tuple[Growth, ...]:
        """Go on with all futures for a time; at least one step is made, unless all are over.

        Parameters
        ----------
        seconds : float
            A single step may take longer.

        Returns
        -------
        tuple of Growth
            One for each future that has made steps or has stopped, in their order.
        """
        begin = time.perf_counter()
        grown: dict[int, list[Chunk]] = {}
        while not self.is_over:
            index = min(
                (i for i, future in enumerate(self._futures) if self._goes_on(future)),
                key=lambda i: self._futures[i].trainer.step,
            )
            future = self._futures[index]
            left = max(seconds - (time.perf_counter() - begin), 0.0)
            steps = min(_SLICE, self._end - future.trainer.step)
            grown.setdefault(index, []).append(future.run(steps, left))
            if self._on_log_entry is not None and future.is_at_log_entry:
                self._on_log_entry(index, future.trainer)
            if time.perf_counter() - begin >= seconds:
                break
        return tuple(self._growth(index, chunks) for index, chunks in sorted(grown.items()))

    def state(self, index: int) -> TrainerState:
        """Return a copy of a future as it is now, from which a run can go on."""
        return self._futures[index].trainer.state()

    def seconds(self, index: int) -> float:
        """Return the time that a run with this future has been trained for."""
        return self._futures[index].seconds

    def checkpoints(self, index: int) -> tuple[Checkpoint, ...]:
        """Return states of a future at many of its steps; those before it are not among them."""
        return tuple(self._futures[index].trainer.checkpoints or ())

    def _goes_on(self, future: "_Future") -> bool:
        return not future.has_stopped and future.trainer.step < self._end

    def _growth(self, index: int, chunks: Sequence[Chunk]) -> Growth:
        future = self._futures[index]
        trainer = future.trainer
        return Growth(
            index,
            trainer.step,
            Chunk.join(chunks),
            trainer.epoch,
            trainer.learner.loader.taken,
            future.seconds,
            trainer.divergence is not None,
            not self._goes_on(future),
        )


class _Future:
    """One of the futures."""

    def __init__(self, trainer: Trainer, seconds: float) -> None:
        self.trainer, self.seconds = trainer, seconds
        self.has_stopped = False

    @property
    def is_at_log_entry(self) -> bool:
        """Whether the step just made is one that is logged."""
        return self.trainer.divergence is None and self.trainer.is_at_log_entry

    def run(self, steps: int, seconds: float) -> Chunk:
        begin = time.perf_counter()
        chunk = self.trainer.run(steps, seconds)
        self.seconds += time.perf_counter() - begin
        self.has_stopped = self.trainer.divergence is not None or self.trainer.ended is not None
        return chunk


def _turn(trainer: Trainer, knob: KnobName, turn: Turn) -> float | None:
    """Turn a knob of a run, and return what it is turned to."""
    before, rate = trainer.hyperparameters, trainer.learning_rate
    if turn.factor == 1.0:  # the rate may have fallen below the one that is set
        return rate if knob == "learning_rate" else knob_value(before, knob)
    wanted = turned(before, knob, turn, rate)
    sets_rate = knob == "learning_rate" and wanted.learning_rate != rate
    if wanted != before or sets_rate:
        # As a change that could be undone: a run in which it is made has the same record.
        trainer.set_hyperparameters(wanted, undo_group=0, sets_rate=sets_rate)
    return knob_value(wanted, knob)


def knob_value(hyperparameters: Hyperparameters, knob: KnobName) -> float | None:
    """Return what a knob is set to. None means off."""
    if knob == "widths":
        return float(hyperparameters.widths[0])
    return hyperparameters.clip if knob == "clip" else hyperparameters.learning_rate


def turned(
    hyperparameters: Hyperparameters, knob: KnobName, turn: Turn, rate_in_force: float
) -> Hyperparameters:
    """Return hyperparameters with a knob turned.

    A multiple stays within what is allowed. It is rounded to three digits, and for widths to a
    whole number.

    Parameters
    ----------
    hyperparameters : Hyperparameters
    knob : str
        See `KnobName`.
    turn : Turn
    rate_in_force : float
        The learning rate may have fallen below the one that is set; a multiple is one of this.

    Raises
    ------
    ValueError
        If a value is not allowed, or a multiple of a clip value is asked for that is off.
    """
    if turn.factor == 1.0:
        return hyperparameters
    value = turn.value
    if turn.factor is not None:
        now = rate_in_force if knob == "learning_rate" else knob_value(hyperparameters, knob)
        if now is None:
            raise ValueError("The clip value is off, so it has no multiples. Type values instead.")
        value = float(f"{now * turn.factor:.{_DIGITS}g}")
        value = min(value, {"learning_rate": MAX_LEARNING_RATE, "clip": MAX_CLIP}.get(knob, value))
    if knob == "widths":
        width = round(value or 0)
        if turn.factor is not None:
            width = min(max(width, MIN_HIDDEN), MAX_HIDDEN)
        return replace(hyperparameters, widths=(width, *hyperparameters.widths[1:]))
    if knob == "clip":
        return replace(hyperparameters, clip=value)
    return replace(hyperparameters, learning_rate=value or 0.0)
