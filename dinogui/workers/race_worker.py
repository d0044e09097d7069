"""The worker that trains the lanes of a race in turns, while the run shown stands."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Order, RefusedError, Worker
from dinogui.workers.training.batch_helper import BatchHelper
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.parameters import Parameters
from engine.training.messages import AnyLogEntry, Chunk, HeldOutLoss

if TYPE_CHECKING:
    from engine.racing.lane import Lane
    from engine.racing.lane_curve import Points
    from engine.racing.race import Race, RacePlan, RacingLane

# `engine.racing` is imported when somebody first races: no start needs to wait for it.

_SLICE_SECONDS = 0.0236
"""Length of a slice of all lanes together: short enough for an order to wait."""

_REPORT_SECONDS = 0.1
_PARAMETERS_SECONDS = 1.0
"""From one report with parameters to the next: to copy those of large networks takes time."""


@dataclass(frozen=True)
class RaceRequest:
    """An order to begin a race.

    Attributes
    ----------
    corpus : Corpus or Text
    lanes : tuple of Lane
        With titles.
    plan : RacePlan
    number : int
        By which later orders name the race.
    """

    corpus: Corpus | Text
    lanes: tuple[Lane, ...]
    plan: RacePlan
    number: int


@dataclass(frozen=True)
class LaneReport:
    """How far a lane is.

    Attributes
    ----------
    chunk : Chunk
        Every step since the last report.
    step, epoch, examples, seconds
        So far, as in `engine.training.messages.Progress`.
    n_parameters : int
    best : HeldOutLoss or None
        The lowest held-out loss so far; None if nothing is held out.
    has_diverged : bool
        Whether its loss is no longer a number. It has stopped.
    parameters : Parameters or None
        Of its network, read-only; None if they were reported a moment ago.
    """

    chunk: Chunk
    step: int
    epoch: float
    examples: int
    seconds: float
    n_parameters: int
    best: HeldOutLoss | None
    has_diverged: bool
    parameters: Parameters | None = None


@dataclass(frozen=True)
class RaceReport:
    """How far a race is.

    Attributes
    ----------
    lanes : tuple of LaneReport
    is_over : bool
        Whether no lane goes on.
    note : str
        Sentences that say how the lanes go on in another way than before; empty for most.
    """

    lanes: tuple[LaneReport, ...]
    is_over: bool
    note: str = ""


@dataclass(frozen=True)
class LaneCopy:
    """A lane as it is between two steps.

    Attributes
    ----------
    run : RunCopy
        What training goes on from.
    log : tuple of AnyLogEntry
        What its network has written after the steps that are logged.
    """

    run: RunCopy
    log: tuple[AnyLogEntry, ...]


@dataclass(frozen=True)
class OpenedRace:
    """A race that was saved.

    Attributes
    ----------
    corpus : Corpus or Text
    lanes : tuple of Lane
    plan : RacePlan
    extras : tuple of mapping
        Those of each lane's file, with its curves, unless an earlier version of the command line
        saved the race.
    points : tuple of (array, array)
        The smoothed and the held-out losses of each lane; see `engine.racing.lane_curve`.
    report : RaceReport
    left : RaceReport or None
        How far the race is in whose place it was opened; None if there was none.
    """

    corpus: Corpus | Text
    lanes: tuple[Lane, ...]
    plan: RacePlan
    extras: tuple[Mapping[str, Any], ...]
    points: tuple[tuple[Points, Points], ...]
    report: RaceReport
    left: RaceReport | None


class RaceWorker(Worker):
    """Trains the lanes of one race, and reports some ten times a second how far they are.

    Lives in the thread of the races.
    """

    task = "The race"
    refusals = (ValueError,)

    def __init__(self) -> None:
        super().__init__()
        self._race: Race | None = None
        self._number = 0  # of that race, as the client counts
        self._left: dict[int, Race] = {}  # that wait to be written, by a number of the client's
        self._running: Order | None = None
        self._helper = BatchHelper()
        self._chunks: dict[RacingLane, list[Chunk]] = {}
        self._reported_at = self._copied_at = -math.inf
        # An interval of zero fires when all that was queued has been done: so orders come first.
        self._slices = self.timer(RaceWorker._advance)

    # Orders

    def begin(self, request: RaceRequest) -> RaceReport:
        """Make the lanes of a race, in place of the one before."""
        from engine.racing.race import Race

        self.forget()
        what = request.corpus, request.lanes, request.plan
        race = Race(*what, self._helper, while_measuring=self.stop_if_closing)
        self._enter(race, request.number)
        return self._report_of(race)

    def run(self, number: int) -> RaceReport:
        """Go on with a race until it is over or paused, and report a `RaceReport` meanwhile.

        Raises
        ------
        RefusedError
            If it is not the present race.
        RecordFullError
            If a lane has to go on with NumPy, and its record has no room for that.
        """
        race = self._race_of(number)
        if not race.is_over:
            note = race.use_ready_backends()
            self._running = self.defer()
            if note:
                self.report(replace(self._report_of(race), note=note), self._running)
            self._slices.start(0)
        return self._report_of(race)

    def pause(self) -> None:
        """Stop between two slices, and answer the order to run."""
        self.halt()
        order, self._running = self._running, None
        if order is not None and self._race is not None:
            self.finish(order, self._report_of(self._race))

    def extend(self, amount: float) -> RacePlan:
        """Let the race go on for further steps, or seconds if it goes by seconds; return its plan.

        Raises
        ------
        ValueError
            If that is more than a run can make.
        """
        race = self._known
        if race.plan.pace == "seconds":
            race.extend(seconds=amount)
        else:
            race.extend(steps=round(amount))
        return race.plan

    def copy(self, number: int, index: int) -> LaneCopy:
        """Return a lane of a race as it is between two steps, so that a run can go on from there.

        Raises
        ------
        RefusedError
            If it is not the present race.
        """
        lane = self._race_of(number).lanes[index]
        trainer = lane.trainer
        run = RunCopy(trainer.state(), lane.seconds, tuple(trainer.checkpoints or ()))
        return LaneCopy(run, tuple(lane.log))

    def names(
        self, count: int, seed: int, weights: tuple[float, ...] | None = None
    ) -> tuple[tuple[str, ...], ...]:
        """Return names of each lane, which stand for the same random numbers in all of them.

        A lane that has diverged, or that tells kinds, writes none.

        Parameters
        ----------
        count, seed : int
        weights : tuple of float, optional
            How much of each kind, if the lanes are told kinds.
        """
        blend = None if weights is None else np.array(weights)
        return tuple(
            () if lane.has_diverged else tuple(lane.names(count, seed=seed, blend=blend))
            for lane in self._known.lanes
        )

    def leave(self, number: int) -> RaceReport | None:
        """End a race, but hold it until `keep` writes it; return how far it is.

        None is returned if it is not the present race: another one was opened in its place, which
        nobody has seen.
        """
        self.pause()
        race = self._race
        if race is None or number != self._number:
            self.forget()
            self._left.pop(number, None)
            return None
        report = self._report_of(race)
        self._left[number] = race
        self.forget()
        return report

    def keep(
        self,
        number: int | None,
        folder: str,
        extras: Sequence[Mapping[str, Any]],
        with_data: bool | None = None,
    ) -> str:
        """Write a race that was left, or the present one, to a folder of the window's own.

        It returns the same as `save`.

        Parameters
        ----------
        number : int or None
            That was given to `leave`; None for the present race.
        folder, extras, with_data
            As in `save`.
        """
        race = self._known if number is None else self._left.pop(number, None)
        if race is None:
            raise RefusedError("There is no race any more.")
        return _write(folder, race, extras, with_data)

    def save(
        self, folder: str, extras: Sequence[Mapping[str, Any]], with_data: bool | None = None
    ) -> str:
        """Save the race in a folder, whole or not at all; return what was left out, if anything.

        Parameters
        ----------
        folder : str
            A new or an empty one, or that of another race, which is replaced.
        extras : sequence of mapping
            What the window stores with each lane.
        with_data : bool, optional
            As in `engine.racing.race_folder.save_race`.
        """
        from engine.racing.race_folder import holds_other_files

        race = self._known
        try:
            holds_others = holds_other_files(folder)
        except OSError as error:
            raise _not_written(folder, error) from error
        if holds_others:
            raise RefusedError(
                f"“{folder}” holds other files. Save the race in a new or empty folder."
            )
        return _write(folder, race, extras, with_data)

    def drop(self, number: int) -> None:
        """Free the memory of a race that was left."""
        self._left.pop(number, None)

    def open(
        self, folder: str, at_hand: Corpus | Text | None, left: int, number: int
    ) -> OpenedRace:
        """Open a race that was saved, and leave the one before, which stays if that fails.

        Parameters
        ----------
        folder : str
        at_hand : Corpus or Text or None
            What the race learns from, if that is not in its folder.
        left : int
            The number of the race before; see `leave`.
        number : int
            By which later orders name the race that is opened.
        """
        from engine.racing.race_folder import open_lanes, open_race

        saved = open_lanes(folder)
        own = next((run.corpus for _, run in saved if run.corpus is not None), None)
        race = open_race(folder, at_hand if own is None else own, self._helper)
        report_of_left = self.leave(left)
        self._enter(race, number)
        return OpenedRace(
            race.corpus,
            tuple(lane.lane for lane in race.lanes),
            race.plan,
            tuple(run.extras for _, run in saved),
            tuple((lane.curve.smoothed, lane.curve.held_out) for lane in race.lanes),
            self._report_of(race),
            report_of_left,
        )

    def forget(self) -> None:
        """Stop, and free the memory of the race."""
        self.pause()
        self._race = None
        self._chunks = {}

    # Slices

    @property
    def _known(self) -> Race:
        if self._race is None:
            raise RefusedError("There is no race any more. Begin another one with Run > Race.")
        return self._race

    def _race_of(self, number: int) -> Race:
        race = self._known
        if number != self._number:
            raise RefusedError("Another race was opened meanwhile.")
        return race

    def _enter(self, race: Race, number: int) -> None:
        self._race, self._number = race, number
        for lane in race.lanes:
            lane.trainer.call_while_measuring(self._stop_racing_if_closing)
        self._chunks = {lane: [] if lane.opening is None else [lane.opening] for lane in race.lanes}

    def _stop_racing_if_closing(self, _share: float) -> None:
        """Give the race up if the application is closing: a lane is in the middle of a step."""
        if self.is_closing:
            self._race = None
        self.stop_if_closing()

    def _advance(self) -> None:
        race = self._race
        if race is None or self._running is None:
            return
        for lane, chunk in race.advance(_SLICE_SECONDS):
            self._chunks[lane].append(chunk)
        if race.is_over:
            self.pause()
        elif time.perf_counter() - self._reported_at >= _REPORT_SECONDS:
            self.report(self._report_of(race), self._running)

    def _report_of(self, race: Race) -> RaceReport:
        now = self._reported_at = time.perf_counter()
        is_due = self._running is None or now - self._copied_at >= _PARAMETERS_SECONDS
        if is_due:
            self._copied_at = now
        return RaceReport(
            tuple(self._lane_report(lane, with_parameters=is_due) for lane in race.lanes),
            race.is_over,
        )

    def _lane_report(self, lane: RacingLane, *, with_parameters: bool) -> LaneReport:
        trainer = lane.trainer
        chunks, self._chunks[lane] = self._chunks[lane], []
        best = trainer.best
        return LaneReport(
            Chunk.join(chunks) if chunks else Chunk.of((), (), (), (), held_out=()),
            trainer.step,
            trainer.epoch,
            trainer.learner.loader.taken,
            lane.seconds,
            trainer.parameters.flat.size,
            None if best is None else best.held_out,
            lane.has_diverged,
            trainer.parameters.frozen_copy() if with_parameters else None,
        )

    # After an error, and at the end

    def recover_from(self, error: Exception, order: Order | None) -> None:
        """End the race: nobody knows what state it is in."""
        self.halt()
        self._running = self._race = None
        self._chunks = {}

    def end(self) -> None:
        """Stop for good, and end the helper's thread."""
        super().end()
        self._helper.end()


def _write(
    folder: str, race: Race, extras: Sequence[Mapping[str, Any]], with_data: bool | None
) -> str:
    """Write a race, and return a sentence that says what was left out; empty if nothing was."""
    from engine.racing.race_folder import save_race
    from engine.runs.run_file import NO_ROOM_SENTENCE

    try:
        has_room = save_race(folder, race, with_data=with_data, extras=extras)
    except OSError as error:
        raise _not_written(folder, error) from error
    return "" if has_room else NO_ROOM_SENTENCE


def _not_written(folder: str, error: OSError) -> RefusedError:
    return RefusedError(f"“{folder}” cannot be written: {error.strerror or error}.")
