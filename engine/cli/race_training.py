"""CLI races: the loop of the command ``race``, and what it prints on the way."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.cli.command import EXIT_FAILURE
from engine.cli.early_end import report_early_end, until_output_fails
from engine.cli.terminal.messages import print_message
from engine.cli.terminal.signal_handling import InterruptFlag, deferred_signals
from engine.data.reading.casing import title_case
from engine.evaluation.units import nats_unit
from engine.racing.compared_run import ComparedRun, measure_all
from engine.racing.comparison import compare
from engine.racing.comparison_formats import columns, to_table
from engine.racing.race import Race, RacingLane
from engine.racing.race_folder import save_race
from engine.runs.run_file import NO_ROOM_SENTENCE, SavedRun
from engine.runs.saved_curves import curve_extras, read_curves
from engine.sampling.names import kinds_all_over
from engine.training.curves.run_curves import Curves
from engine.training.messages import Chunk

_SLICE_SECONDS = 0.2
"""Seconds of training between two checks for a signal."""

_REPORT_SECONDS = 2.0
"""Seconds between two reports, at least."""

_REPORT_SHARE = 0.05
"""The same as a share of the time so far, so that a long race does not print without end."""

_NAMES = 8
"""Names of each lane at the end."""


def race_and_save(
    race: Race,
    folder: str | None,
    *,
    with_data: bool | None = None,
    saved: Sequence[SavedRun] = (),
) -> int:
    """Race until no lane goes on, print the losses on the way, and save the race.

    Ctrl+C, SIGTERM and SIGHUP end the race after the current slice, and so does an output that
    cannot be written. Then the race is saved, and nothing more is measured. A lane that diverges
    stops alone, and is saved as it was before.

    Parameters
    ----------
    race : Race
    folder : str or None
        Where to save the race; if None, it is not saved.
    with_data : bool, optional
        As in `engine.racing.race_folder.save_race`.
    saved : sequence of SavedRun
        The lanes of a saved race that goes on.

    Returns
    -------
    int
        The exit code.
    """
    curves = _LaneCurves(race, saved)
    with deferred_signals() as interrupt:
        failure = until_output_fails(lambda: _race_and_compare(race, interrupt, curves))
        if folder is not None:
            has_room = save_race(folder, race, with_data=with_data, extras=curves.extras())
            if not has_room:
                print_message(NO_ROOM_SENTENCE)
    where = "Nothing was saved: --save was not given."
    if folder is not None:
        where = f"Saved in the folder “{Path(folder)}”."
    code = report_early_end(race.step, where, interrupt, failure)
    if code is not None:
        return code
    if all(lane.has_diverged for lane in race.lanes):
        print_message(f"All lanes have diverged. {where}")
        return EXIT_FAILURE
    return 0


class _LaneCurves:
    """The loss curves of all lanes, which are stored in their files.

    Parameters
    ----------
    race : Race
    saved : sequence of SavedRun
        The lanes of a saved race that goes on; empty for a new race.
    """

    def __init__(self, race: Race, saved: Sequence[SavedRun]) -> None:
        self._race = race
        self._extras = [dict(run.extras) for run in saved] or [{} for _ in race.lanes]
        self._curves = [self._begin(*each) for each in zip(race.lanes, self._extras, strict=True)]

    def _begin(self, lane: RacingLane, extras: Mapping[str, Any]) -> Curves | None:
        """Return the curves of a lane so far.

        A lane that was saved without curves has none from now on either: what is known of its
        losses is in its `LaneCurve`.
        """
        if lane.opening is None:
            return read_curves(extras, lane.trainer.step)
        curves = Curves()
        curves.append(0, lane.opening)
        return curves

    def take(self, made: Iterable[tuple[RacingLane, Chunk]]) -> None:
        """Add the steps that were made."""
        by_lane: dict[int, list[Chunk]] = {}
        for lane, chunk in made:
            by_lane.setdefault(id(lane), []).append(chunk)
        for lane, curves in zip(self._race.lanes, self._curves, strict=True):
            chunks = by_lane.get(id(lane))
            if curves is None or chunks is None:
                continue
            trainer = lane.trainer
            taken = trainer.learner.loader.taken
            curves.take(Chunk.join(chunks), trainer.step, trainer.epoch, taken, lane.seconds)

    def extras(self) -> list[Mapping[str, Any]]:
        """Return what the file of each lane holds besides the run."""
        return [
            extras | ({} if curves is None else curve_extras(curves))
            for extras, curves in zip(self._extras, self._curves, strict=True)
        ]


def _race_and_compare(race: Race, interrupt: InterruptFlag, curves: _LaneCurves) -> None:
    _race(race, interrupt, curves)
    if not interrupt.is_set:
        _print_result(race)


def _race(race: Race, interrupt: InterruptFlag, curves: _LaneCurves) -> None:
    diverged = {lane.title for lane in race.lanes if lane.has_diverged}
    begin = reported_at = time.perf_counter()
    while not race.is_over and not interrupt.is_set:
        curves.take(race.advance(_SLICE_SECONDS))
        for lane in race.lanes:
            if lane.has_diverged and lane.title not in diverged:
                diverged.add(lane.title)
                _say_divergence(race, lane)
        now = time.perf_counter()
        pause = max(_REPORT_SECONDS, _REPORT_SHARE * (now - begin))
        if now - reported_at >= pause and not race.is_over:
            _print_report(race)
            reported_at = now


def _say_divergence(race: Race, lane: RacingLane) -> None:
    others = "" if race.is_over else " The others go on."
    print_message(
        f"{lane.title} has diverged at step {lane.trainer.step:,}: its loss is no longer a number. "
        f"It stops.{others}"
    )


def _print_report(race: Race) -> None:
    """Print a line for each lane."""
    print(f"Step {race.step:,}, in {_unit(race)}:")
    print(columns([_line(lane) for lane in race.lanes]), flush=True)


def _unit(race: Race) -> str:
    return nats_unit(race.corpus.kind, tells=_tells(race))


def _tells(race: Race) -> bool:
    """Whether the lanes tell kinds; they all have the same task."""
    return race.lanes[0].trainer.settings.task == "tell"


def _line(lane: RacingLane) -> tuple[str, ...]:
    trainer = lane.trainer
    trend = trainer.held_out_trend
    if lane.has_diverged:
        return lane.title, "diverged", f"step {trainer.step:,}", f"{lane.seconds:,.1f} s"
    if trend is not None:
        loss = f"held out {trend.latest.nats_per_character:.4f}"
    else:
        smoothed = lane.curve.smoothed
        loss = f"smoothed {smoothed[-1, 2]:.4f}" if len(smoothed) else ""
    return lane.title, loss, f"step {trainer.step:,}", f"{lane.seconds:,.1f} s"


def _print_result(race: Race) -> None:
    """Print what differs between the lanes, what they have reached, and names of each."""
    runs = measure_all(ComparedRun.of_lane(lane) for lane in race.lanes)
    print(to_table(compare(runs)))
    best, title = min(
        ((run.best.nats_per_character, run.title) for run in runs if run.best is not None),
        default=(0.0, ""),
    )
    if title:
        print(f"{title} has the lowest held-out loss: {best:.4f} {_unit(race)}.")
    if race.corpus.kind == "names" and not _tells(race):
        _print_names(race)


def _print_names(race: Race) -> None:
    """Print names of each lane, and their kinds if the networks are told kinds."""
    print("\nNames from the same random numbers:\n")
    names = [map(title_case, lane.names(_NAMES)) for lane in race.lanes]
    table = [tuple(lane.title for lane in race.lanes), *zip(*names, strict=True)]
    if race.corpus.kinds is not None:
        titles = race.corpus.kinds.titles
        kinds = ("kind", *(titles[kind] for kind in kinds_all_over(len(titles), _NAMES)))
        table = [(*line, kind) for line, kind in zip(table, kinds, strict=True)]
    print(columns(table, of_numbers=False), end="")
