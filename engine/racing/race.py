"""A race: several runs on the same data, seed and order, trained in turns."""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import OnProgress, ignore_progress
from engine.nn.fast.split_batches import Helper
from engine.nn.kinds import Blend, of_blend
from engine.racing.lane import Lane, check_lanes
from engine.racing.lane_curve import LaneCurve
from engine.sampling.log_entries import log_entry
from engine.sampling.names import names_of_kinds, sample_names
from engine.training.ending import MAX_SECONDS, Until
from engine.training.history.checkpoints import MAX_BYTES, Checkpoints
from engine.training.messages import AnyLogEntry, Chunk
from engine.training.ranges import MAX_STEPS
from engine.training.trainer import Trainer

Pace = Literal["steps", "seconds"]
"""What the lanes of a race have the same of while it goes on."""

PACES: tuple[Pace, ...] = get_args(Pace)

_FIRST_STEPS = 8
"""Steps of a lane in the first slice, before it is known how long they take."""

LONGEST_SECONDS = 1.0
"""How long a slice may take before it is left between two lanes: somebody may want to stop."""

_MOST_GROWTH = 4
"""How many times as long as the last slice the next one can be, in steps."""


@dataclass(frozen=True)
class RacePlan:
    """How long a race is, and what the lanes have the same of on the way.

    Attributes
    ----------
    pace : str
        One of `PACES`: whether all lanes have made the same number of steps, or have been trained
        for the same number of seconds.
    steps : int or None
        Steps after which a lane has arrived; None for no such end.
    seconds : float or None
        Seconds of training after which a lane has arrived; None for no such end.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it.
    """

    pace: Pace = "steps"
    steps: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.pace not in PACES:
            raise ValueError(f"pace must be one of {', '.join(PACES)}, got {self.pace!r}.")
        Until(steps=self.steps)  # which checks it
        if self.seconds is None:
            return
        if not 0 < self.seconds <= MAX_SECONDS:
            raise ValueError(f"seconds must be above 0, got {self.seconds!r}.")
        if self.pace == "steps":
            raise ValueError("A race by steps does not end after seconds. Let it go by seconds.")


class RacingLane:
    """A lane of a race that is under way.

    Parameters
    ----------
    lane : Lane
    trainer : Trainer
    seconds : float
        Time spent on its training so far.
    log : iterable of AnyLogEntry
        What its network has written so far, after the steps that are logged.

    Attributes
    ----------
    lane, trainer, seconds
        As given; training changes the last two.
    log : list of AnyLogEntry
        As given, and what was written since: the same as in a run that is trained alone.
    curve : LaneCurve
    opening : Chunk or None
        What was measured before the first step; None if the race goes on with the lane.
    """

    def __init__(
        self,
        lane: Lane,
        trainer: Trainer,
        seconds: float = 0.0,
        log: Iterable[AnyLogEntry] = (),
    ) -> None:
        self.lane, self.trainer, self.seconds = lane, trainer, seconds
        self.log = list(log)
        self.curve = LaneCurve()
        self.opening: Chunk | None = None
        if not trainer.step:
            self.opening = trainer.opening()
            self.curve.add(self.opening, 0, (0.0, 0.0))

    @property
    def title(self) -> str:
        """What to call it."""
        return self.lane.title

    @property
    def has_diverged(self) -> bool:
        """Whether its loss is no longer a number. It has stopped, and the others go on."""
        return self.trainer.divergence is not None

    def names(self, count: int, *, seed: int = 0, blend: Blend | None = None) -> list[str]:
        """Sample names. The same seed stands for the same random numbers in every lane.

        Parameters
        ----------
        count, seed : int
        blend : (n_kinds,) array, optional
            At which a network writes that is told kinds. If absent, it writes names of all kinds.

        Returns
        -------
        list of str
            Empty if the network tells kinds, and writes none.
        """
        parameters, vocabulary = self.trainer.parameters, self.trainer.vocabulary
        if parameters.architecture.task == "tell":
            return []
        if parameters.architecture.n_kinds:
            if blend is None:
                return names_of_kinds(parameters, vocabulary, count, seed=seed)
            parameters = of_blend(parameters, blend)
        return sample_names(parameters, vocabulary, count, seed=seed)

    def run(self, max_steps: int, seconds: float = math.inf) -> list[Chunk]:
        """Make so many steps, or fewer if the time is up or the loss is no longer a number."""
        trainer, chunks = self.trainer, list[Chunk]()
        end, time_up = trainer.step + max_steps, self.seconds + seconds
        while trainer.step < end and not self.has_diverged and self.seconds < time_up:
            before, begin = self.seconds, time.perf_counter()
            chunk = trainer.run(end - trainer.step, time_up - before)
            self.seconds += time.perf_counter() - begin
            self.curve.add(chunk, trainer.step, (before, self.seconds))
            chunks.append(chunk)
            if len(chunk):
                self._log_if_due()
        return chunks

    def _log_if_due(self) -> None:
        """Write the log entry of the step just made, if it is one that is logged.

        This does not count as time spent on the training: a run alone is measured the same way.
        """
        if self.trainer.is_at_log_entry and not self.has_diverged:
            entry = log_entry(self.trainer)
            if entry is not None:
                self.log.append(entry)


class Race:
    """Trains two to six lanes in turns, in lock-step by steps or by seconds.

    Each lane is a run like any other: it can be saved, repeated and continued by itself. It starts
    no thread; `advance` makes a slice of each lane, so that a caller can look at them in between.

    Parameters
    ----------
    corpus : Corpus or Text
        What all lanes learn from.
    lanes : sequence of Lane
        Two to six, with titles; see `engine.racing.lane.titled`.
    plan : RacePlan
    helper : Helper, optional
        As in `engine.training.trainer.Trainer`.
    while_measuring : OnProgress
        See `engine.training.trainer.Trainer.call_while_measuring`.

    Attributes
    ----------
    corpus, plan
        As given. `extend` changes the plan, to go on with a race that is over.
    lanes : tuple of RacingLane

    Raises
    ------
    ValueError
        If the lanes cannot race with each other, or one does not suit its recipe; or there is not
        enough memory for a step.
    """

    def __init__(
        self,
        corpus: Corpus | Text,
        lanes: Sequence[Lane],
        plan: RacePlan | None = None,
        helper: Helper | None = None,
        while_measuring: OnProgress = ignore_progress,
    ) -> None:
        check_lanes(lanes)
        racing = []
        for lane in lanes:
            trainer = Trainer(
                corpus,
                lane.hyperparameters,
                lane.recipe,
                lane.settings,
                helper=helper,
                measures_later=True,
                checkpoints=Checkpoints(max_bytes=MAX_BYTES // len(lanes)),
            )
            trainer.call_while_measuring(while_measuring)
            trainer.measure_at_start()
            racing.append(RacingLane(lane, trainer))
        self._begin(corpus, racing, plan)

    @classmethod
    def continued(
        cls,
        corpus: Corpus | Text,
        lanes: Sequence[RacingLane],
        plan: RacePlan | None = None,
    ) -> "Race":
        """Return a race that goes on with lanes that are under way.

        Raises
        ------
        ValueError
            If the lanes cannot race with each other.
        """
        check_lanes([each.lane for each in lanes])
        race = cls.__new__(cls)
        race._begin(corpus, lanes, plan)
        return race

    def _begin(
        self, corpus: Corpus | Text, lanes: Sequence[RacingLane], plan: RacePlan | None
    ) -> None:
        self.corpus, self.lanes = corpus, tuple(lanes)
        self.plan = plan or RacePlan()
        self._slice_steps = _FIRST_STEPS

    @property
    def racing(self) -> tuple[RacingLane, ...]:
        """The lanes that have neither arrived nor diverged."""
        return tuple(each for each in self.lanes if not self._has_stopped(each))

    @property
    def is_over(self) -> bool:
        """Whether no lane goes on."""
        return not self.racing

    @property
    def step(self) -> int:
        """Steps of the lane that has made most."""
        return max(each.trainer.step for each in self.lanes)

    @property
    def seconds(self) -> float:
        """Seconds that all lanes together were trained for."""
        return sum(each.seconds for each in self.lanes)

    @property
    def leader(self) -> RacingLane | None:
        """The lane with the lowest held-out loss so far; None if nothing is held out."""
        measured = [each for each in self.lanes if each.trainer.best is not None]
        return min(measured, key=_best_loss) if measured else None

    def use_ready_backends(self) -> str:
        """Let each lane that goes on do so with NumPy if its own backend is not ready here.

        Returns
        -------
        str
            Sentences for people that say so; empty if nothing was changed.
            See `engine.training.trainer.Trainer.use_ready_backend`.
        """
        changes = [lane.trainer.use_ready_backend() for lane in self.racing]
        return next(filter(None, changes), "")

    def extend(self, *, steps: int | None = None, seconds: float | None = None) -> None:
        """Let the race go on for further steps, or further seconds of training of each lane.

        Raises
        ------
        ValueError
            If it goes by steps and seconds are given; or if that is more than a run can make.
        """
        self.plan = replace(
            self.plan,
            steps=None if steps is None else self.step + steps,
            seconds=None if seconds is None else max(each.seconds for each in self.lanes) + seconds,
        )

    def advance(
        self, seconds: float, *, longest: float = LONGEST_SECONDS
    ) -> list[tuple[RacingLane, Chunk]]:
        """Make a slice of each lane that goes on.

        By steps, afterwards all of them have made the same number of steps; how many is chosen so
        that the slices take about the given time together, and each at least one step. If steps are
        so long that this takes too long, it returns between two lanes, and the next call goes on
        there. By seconds, each lane gets an equal share of the time.

        Parameters
        ----------
        seconds : float
            About how long the call is to take.
        longest : float
            Seconds after which no other lane is begun.

        Returns
        -------
        list of (RacingLane, Chunk)
            The steps that were made, those of each lane in their order.
        """
        racing = self.racing
        if not racing:
            return []
        if self.plan.pace == "steps":
            return self._advance_by_steps(racing, seconds, longest)
        return self._advance_by_seconds(racing, seconds / len(racing))

    def _advance_by_steps(
        self, racing: Sequence[RacingLane], seconds: float, longest: float
    ) -> list[tuple[RacingLane, Chunk]]:
        # Those that were left behind catch up first.
        target = min(each.trainer.step for each in racing) + self._slice_steps
        target = min(target, self.plan.steps or MAX_STEPS)
        before, made, chunks = self.seconds, 0, list[tuple[RacingLane, Chunk]]()
        for lane in racing:
            missing = target - lane.trainer.step
            if self.seconds - before > longest:
                break
            if missing > 0:
                chunks += [(lane, chunk) for chunk in lane.run(missing)]
                made = max(made, missing)
        taken = self.seconds - before
        wanted = round(made * seconds / taken) if taken > 0 else made
        self._slice_steps = max(min(wanted, made * _MOST_GROWTH), 1)
        return chunks

    def _advance_by_seconds(
        self, racing: Sequence[RacingLane], share: float
    ) -> list[tuple[RacingLane, Chunk]]:
        # A lane whose last step took longer than its share waits until the others have caught up.
        target = min(each.seconds for each in racing) + share
        target = min(target, self.plan.seconds or MAX_SECONDS)
        end, chunks = self.plan.steps or MAX_STEPS, list[tuple[RacingLane, Chunk]]()
        for lane in racing:
            if lane.seconds < target:
                made = lane.run(end - lane.trainer.step, target - lane.seconds)
                chunks += [(lane, chunk) for chunk in made]
        return chunks

    def _has_stopped(self, lane: RacingLane) -> bool:
        steps, seconds = self.plan.steps, self.plan.seconds
        return (
            lane.has_diverged
            or (steps is not None and lane.trainer.step >= steps)
            or (seconds is not None and lane.seconds >= seconds)
        )


def _best_loss(lane: RacingLane) -> float:
    best = lane.trainer.best
    return math.inf if best is None else best.held_out.nats_per_character
