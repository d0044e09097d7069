"""The command ``race``: train several runs at once, side by side."""

import argparse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from engine.cli.command import Command
from engine.cli.options.arguments import (
    OptionError,
    blaming,
    file_name,
    one_of,
    positive_number_up_to,
    whole_number,
)
from engine.cli.options.data_options import DATA_OPTIONS, add_source, read_file
from engine.cli.options.output_files import check_race_output
from engine.cli.options.run_options import (
    Rule,
    add_run_options,
    check_run_options,
    complete,
    flag_of,
    read_run_data,
    settings_of,
)
from engine.cli.race_training import race_and_save
from engine.cli.terminal.messages import print_message
from engine.data.corpus import Corpus
from engine.data.sources.data_source import DataSource
from engine.data.text import Text
from engine.nn.fast.split_batches import Helper
from engine.racing.equal_parameters import at_equal_parameters
from engine.racing.lane import Lane, check_lanes, titled
from engine.racing.lane_sets import LANE_SETS
from engine.racing.lane_text import LANE_SETTINGS, lanes_of_text, sets_widths
from engine.racing.race import PACES, Race, RacePlan
from engine.racing.race_folder import RACE_FILE, is_race_folder, open_lanes, open_race
from engine.runs.run_file import SavedRun
from engine.storage.files import check_writable
from engine.training.ending import MAX_SECONDS
from engine.training.ranges import MAX_STEPS
from engine.training.recipes import COURSE_ITERATIONS, RECIPES

_MAX_PARAMETERS = 10**9

_DEFAULTS: dict[str, Any] = {
    "lanes": "cells",
    "by": PACES[0],
    "force": False,
    **dict.fromkeys(("equal_parameters", "steps", "seconds", "save", "data")),
}
"""The value of each option that is not given."""

_OF_SAVED_RACES = ("names", "steps", "seconds", "save", "force", "data", *DATA_OPTIONS)
"""What can be given with the folder of a saved race."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_run_options(
        parser,
        "files, folders or zip archives of names, one per line; or the folder of a race, to go on",
    )
    parser.add_argument(
        "--lanes",
        type=_lanes,
        metavar=f"{{{','.join(LANE_SETS)}}}|LANES",
        help="ready-made lanes, or those of a text such as "
        '"cell=rnn; cell=gru; hidden=80,80, learning_rate=0.005": a semicolon between two lanes, '
        "a comma or a space between what is set in one. A lane can set "
        f"{', '.join(LANE_SETTINGS)}; the other options hold for all lanes (default: cells)",
    )
    parser.add_argument(
        "--equal-parameters",
        type=whole_number(1, _MAX_PARAMETERS),
        metavar="N",
        help="choose the widths of each lane so that it has about N parameters",
    )
    parser.add_argument(
        "--steps",
        type=whole_number(1, MAX_STEPS),
        metavar="N",
        help=f"steps of each lane (default: {COURSE_ITERATIONS}, unless --seconds is given); of a "
        "saved race, further steps",
    )
    parser.add_argument(
        "--seconds",
        type=positive_number_up_to(MAX_SECONDS),
        metavar="S",
        help="seconds of training of each lane, with --by seconds; of a saved race, further ones",
    )
    parser.add_argument(
        "--by",
        type=one_of(PACES),
        metavar=f"{{{','.join(PACES)}}}",
        help="whether all lanes have made the same number of steps on the way, or were trained for "
        "the same time (default: steps)",
    )
    parser.add_argument(
        "--save", type=file_name, metavar="FOLDER", help="the folder to save the race in"
    )
    add_source(
        parser,
        "--data",
        "FILE.txt",
        "for a saved race: what it learned from, if that is not in its folder",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="save the race in the folder of --save even if it holds another race, which is "
        "replaced, or other files, which stay",
    )


def _lanes(text: str) -> str:
    """Read the value of ``--lanes``: a set, or lanes; which of them, is seen later."""
    if text not in LANE_SETS and "=" not in text:
        raise argparse.ArgumentTypeError(
            f"“{text}” is neither one of {', '.join(LANE_SETS)}, nor lanes such as "
            "“cell=rnn; cell=gru”."
        )
    return text


def _run(given: argparse.Namespace) -> int:
    """Race, and save the race if asked."""
    if _is_saved_race(given.names):
        return _go_on(given)
    options = complete(given, _DEFAULTS)
    check_run_options(options, _rules(options))
    base = _base(options)
    typed = _typed_lanes(options, base)
    plan = _plan(options)
    if options.save is not None:
        check_race_output(options.save, force=options.force)
    corpus = read_run_data(options)
    lanes = _chosen_lanes(options, base, typed, corpus)
    with ThreadPoolExecutor(1) as helper:
        race = Race(corpus, lanes, plan, helper)
        _introduce(race)
        return race_and_save(race, options.save, with_data=None if options.names.places else True)


def _is_saved_race(source: DataSource) -> bool:
    """Tell whether the data that are named are the folder of a race, whole or damaged."""
    if len(source.places) != 1:
        return False
    folder = Path(source.places[0])
    return folder.is_dir() and (is_race_folder(folder) or any(folder.glob("*.npz")))


def _rules(options: argparse.Namespace) -> tuple[Rule, ...]:
    is_set = options.lanes in LANE_SETS
    return (
        ("seconds", options.by == "seconds", "needs --by seconds."),
        ("force", options.save is not None, "needs --save."),
        ("data", False, "is for saved races. The data come first, as in race NAMES.txt."),
        (
            "equal_parameters",
            options.lanes != "widths" and (is_set or not sets_widths(options.lanes)),
            "cannot be combined with lanes that set the widths. Leave out one of them.",
        ),
        (
            "equal_parameters",
            "hidden" not in options.given or len(set(options.hidden)) > 1,
            "chooses the widths, so it cannot be combined with one width for all layers. "
            "Leave out --hidden, or give the proportions of several layers, such as 80,40.",
        ),
    )


def _base(options: argparse.Namespace) -> Lane:
    """Return what all lanes have in common."""
    hyperparameters, settings = settings_of(options)
    return Lane(hyperparameters, settings, RECIPES[options.recipe])


def _plan(options: argparse.Namespace) -> RacePlan:
    steps = options.steps
    if steps is None and options.seconds is None:
        steps = COURSE_ITERATIONS
    return RacePlan(options.by, steps, options.seconds)


def _typed_lanes(options: argparse.Namespace, base: Lane) -> tuple[Lane, ...]:
    """Return the lanes that were typed, checked as far as is possible without the data."""
    if options.lanes in LANE_SETS:
        return ()
    with blaming("--lanes"):
        lanes = lanes_of_text(options.lanes, base)
        check_lanes(lanes)
    return lanes


def _chosen_lanes(
    options: argparse.Namespace, base: Lane, typed: Sequence[Lane], corpus: Corpus | Text
) -> tuple[Lane, ...]:
    """Return the lanes of the race, with their widths and titles."""
    lanes, n_symbols, n_kinds = typed, len(corpus.vocabulary), corpus.n_kinds
    with blaming("--lanes"):
        if not lanes:
            lanes = LANE_SETS[options.lanes].make(base, n_symbols, n_kinds)
        check_lanes(lanes)
    if options.equal_parameters is not None:
        with blaming("--equal-parameters"):
            lanes = at_equal_parameters(lanes, n_symbols, options.equal_parameters, n_kinds)
            check_lanes(lanes)
    return titled(lanes)


def _introduce(race: Race) -> None:
    lanes = ", ".join(
        f"{lane.title} ({lane.trainer.parameters.flat.size:,} parameters)" for lane in race.lanes
    )
    print_message(f"{len(race.lanes)} lanes: {lanes}.")


def _go_on(given: argparse.Namespace) -> int:
    """Go on with a saved race."""
    for name in vars(given):
        if name not in _OF_SAVED_RACES:
            raise OptionError(
                f"{flag_of(name)} cannot be combined with a saved race, whose lanes are chosen "
                "already. Leave it out."
            )
    options = argparse.Namespace(**(_DEFAULTS | vars(given)))
    if options.force and options.save is None:
        raise OptionError("--force needs --save.")
    saved_in = options.names.places[0]
    folder = options.save or saved_in
    if options.save is None:
        check_writable(Path(folder) / RACE_FILE)
    else:
        check_race_output(folder, force=options.force, going_on=saved_in)
    with ThreadPoolExecutor(1) as helper:
        race, saved = _opened(options, helper)
        _extend(race, options)
        change = race.use_ready_backends()
        if change:
            print_message(change)
        print_message(f"Going on at step {race.step:,} with “{race.corpus.source}”.")
        is_inside = saved[0].corpus is not None
        return race_and_save(race, folder, with_data=is_inside, saved=saved)


def _opened(options: argparse.Namespace, helper: Helper) -> tuple[Race, list[SavedRun]]:
    """Open the race; return it, and the saved runs of its lanes."""
    folder = options.names.places[0]
    saved = [run for _, run in open_lanes(folder)]
    first = saved[0]
    corpus: Corpus | Text | None = None
    if options.data is not None:
        network = first.network
        with blaming("--data"):
            data = read_file(
                options.data,
                options,
                kind=network.kind,
                lower_case=network.lower_case,
                otherwise=first.choices,
            )
            corpus = first.data(data)
    return open_race(folder, corpus, helper), saved


def _extend(race: Race, options: argparse.Namespace) -> None:
    """Let the race go on as asked, or to its end, or, if it is over, for as long as another one."""
    steps, seconds = options.steps, options.seconds
    if seconds is not None and race.plan.pace == "steps":
        raise OptionError("--seconds: this race goes by steps. Give --steps instead.")
    if steps is None and seconds is None:
        if not race.is_over:
            return
        steps = COURSE_ITERATIONS
    with blaming("--steps" if seconds is None else "--seconds"):
        race.extend(steps=steps, seconds=seconds)


RACE = Command(
    "race",
    "train several runs at once, side by side",
    "Trains two to six runs on the same data, with the same seed and in the same order, in "
    "lock-step by steps or by seconds. Prints a line for each every few seconds, and at the end "
    "what differs between them, what they have reached, and names of each from the same random "
    "numbers. A lane that diverges stops alone. Given the folder of a saved race, goes on with it.",
    _add_options,
    _run,
)
