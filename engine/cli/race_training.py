"""CLI races: the loop of the command ``race``, and what it prints on the way."""

import time
from pathlib import Path

from engine.cli.command import EXIT_FAILURE
from engine.cli.early_end import report_early_end, until_output_fails
from engine.cli.terminal.messages import print_message
from engine.cli.terminal.signal_handling import InterruptFlag, deferred_signals
from engine.data.reading.casing import title_case
from engine.racing.compared_run import ComparedRun
from engine.racing.comparison import compare
from engine.racing.comparison_formats import columns, to_table
from engine.racing.race import Race, RacingLane
from engine.racing.race_folder import save_race

_SLICE_SECONDS = 0.2
"""Seconds of training between two checks for a signal."""

_REPORT_SECONDS = 2.0
"""Seconds between two reports, at least."""

_REPORT_SHARE = 0.05
"""The same as a share of the time so far, so that a long race does not print without end."""

_NAMES = 8
"""Names of each lane at the end."""


def race_and_save(race: Race, folder: str | None, *, with_data: bool | None = None) -> int:
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

    Returns
    -------
    int
        The exit code.
    """
    with deferred_signals() as interrupt:
        failure = until_output_fails(lambda: _race_and_compare(race, interrupt))
        if folder is not None:
            save_race(folder, race, with_data=with_data)
    saved = "Nothing was saved: --save was not given."
    if folder is not None:
        saved = f"Saved in the folder “{Path(folder)}”."
    code = report_early_end(race.step, saved, interrupt, failure)
    if code is not None:
        return code
    if all(lane.has_diverged for lane in race.lanes):
        print_message(f"All lanes have diverged. {saved}")
        return EXIT_FAILURE
    return 0


def _race_and_compare(race: Race, interrupt: InterruptFlag) -> None:
    _race(race, interrupt)
    if not interrupt.is_set:
        _print_result(race)


def _race(race: Race, interrupt: InterruptFlag) -> None:
    diverged = {lane.title for lane in race.lanes if lane.has_diverged}
    begin = reported_at = time.perf_counter()
    while not race.is_over and not interrupt.is_set:
        race.advance(_SLICE_SECONDS)
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
    return "nats per character" if race.corpus.kind == "names" else "nats per symbol"


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
    runs = [ComparedRun.of_lane(lane).measured() for lane in race.lanes]
    print(to_table(compare(runs)))
    best, title = min(
        ((run.best.nats_per_character, run.title) for run in runs if run.best is not None),
        default=(0.0, ""),
    )
    if title:
        print(f"{title} has the lowest held-out loss: {best:.4f} {_unit(race)}.")
    if race.corpus.kind == "names":
        print("\nNames from the same random numbers:\n")
        names = [map(title_case, lane.names(_NAMES)) for lane in race.lanes]
        titles = tuple(lane.title for lane in race.lanes)
        lines = [titles, *zip(*names, strict=True)]
        print(columns(lines, of_numbers=False), end="")
