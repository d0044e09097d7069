"""The options of the command ``train``: their defaults, their combinations, and what they set."""

import argparse
import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from engine.cli.options.arguments import (
    OptionError,
    blaming,
    clip_value,
    file_name,
    one_of,
    positive_number_up_to,
    proper_share,
    share,
    whole_number,
    whole_numbers,
)
from engine.cli.options.output_files import add_force
from engine.nn.architecture import DTYPES, MAX_HIDDEN, MAX_LAYERS, MIN_HIDDEN, Architecture
from engine.nn.cells import CELLS
from engine.nn.optimizers import CLIPPINGS, OPTIMIZERS
from engine.training.ending import MAX_LOSS, MAX_MINUTES, MAX_PATIENCE, Until
from engine.training.history.checkpoints import MAX_COUNT
from engine.training.presets import PRESETS_BY_KEY, Preset
from engine.training.ranges import (
    DECAY_BELOW,
    DROPOUT_BELOW,
    L2_BELOW,
    MAX_LEARNING_RATE,
    MAX_SEED,
    MAX_STEPS,
)
from engine.training.recipes import COURSE_ITERATIONS, DEFAULT, RECIPES
from engine.training.settings import (
    MAX_BATCH,
    MAX_LENGTH,
    SCHEDULES,
    Hyperparameters,
    RunSettings,
    check_recipe,
    default_hyperparameters,
)

_DEFAULT_TEXT_PRESET = "long"

_HYPERPARAMETERS = (
    *("learning_rate", "clip", "clipping", "optimizer", "batch", "dropout", "l2", "decay"),
    "schedule",
)
_SETTINGS = ("cell", "embedding", "dtype", "window", "stride", "length")

_TEXT_ONLY = ("window", "stride", "streams", "length", "lower_case")

_HELD_OUT_ONLY = ("held_out", "patience", "keep_best")

_DEFAULTS: dict[str, Any] = {
    **{name: getattr(default_hyperparameters(DEFAULT), name) for name in _HYPERPARAMETERS},
    **{name: getattr(RunSettings(), name) for name in _SETTINGS},
    **dict.fromkeys(("init_from", "save", "streams", "minutes", "until_loss", "patience")),
    "checkpoints": None,
    **dict.fromkeys(("keep_data", "keep_best", "force", "text", "lower_case"), False),
    "recipe": DEFAULT.name,
    "steps": COURSE_ITERATIONS,
    "layers": 1,
    "hidden": Hyperparameters().widths,
    "held_out": RunSettings().held_out,
    "preset": DEFAULT.name,
    "seed": 0,
}
"""The value of each option that is not given, unless a preset says otherwise."""


def add_train_options(parser: argparse.ArgumentParser) -> None:
    """Add the options. Those that are not given are absent from the result, see `complete`."""
    parser.argument_default = argparse.SUPPRESS
    parser.add_argument(
        "names", type=file_name, metavar="NAMES.txt", help="UTF-8 text, one name per line"
    )
    _add_beginnings(parser)
    _add(parser, "steps", whole_number(1, MAX_STEPS), "N", "number of steps")
    add_end_options(parser, "how long to train; without --steps, as many steps as that takes")
    _add_network_options(parser)
    _add_step_options(parser)
    _add(parser, "held_out", proper_share, "F", "share of the names that is held out")
    _add_file_options(parser)
    _add_text_options(parser)
    _add(parser, "seed", whole_number(0, MAX_SEED), "N", "the same seed gives the same run")


def _add_beginnings(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what the others begin with."""
    _add_choice(
        parser,
        "recipe",
        sorted(RECIPES),
        " ".join(f"{recipe.name}: {recipe.summary}" for recipe in RECIPES.values()),
    )
    summaries = (f"{key}: {preset.describe()}" for key, preset in PRESETS_BY_KEY.items())
    _add_choice(
        parser,
        "preset",
        PRESETS_BY_KEY,
        "what the options begin with that are not given; with --text, "
        f"{_DEFAULT_TEXT_PRESET} is the default. {' '.join(summaries)}",
    )


def _add_network_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the network's architecture, and of its initial parameters."""
    _add_choice(parser, "cell", CELLS, "cell of all layers")
    _add(parser, "layers", whole_number(1, MAX_LAYERS), "N", "layers of the network")
    parser.add_argument(
        "--hidden",
        type=whole_numbers(MIN_HIDDEN, MAX_HIDDEN, MAX_LAYERS),
        metavar="N[,N...]",
        help=f"hidden units of all layers, or of each, {MIN_HIDDEN} to {MAX_HIDDEN} "
        f"(default: {_written(_DEFAULTS['hidden'])})",
    )
    _add(parser, "embedding", whole_number(1, MAX_HIDDEN), "N", "learned numbers per letter")
    _add_choice(parser, "dtype", DTYPES, "type of the parameters")
    parser.add_argument(
        "--init-from",
        type=file_name,
        metavar="FILE.npz",
        help="start a new run with the parameters of a saved network; its cell, widths and "
        "embedding come with them, and its dtype unless that is given",
    )


def _add_step_options(parser: argparse.ArgumentParser) -> None:
    """Add the hyperparameters of a step."""
    _add(parser, "batch", whole_number(1, MAX_BATCH), "N", "names per step")
    _add_choice(parser, "optimizer", OPTIMIZERS, "how the parameters are updated")
    _add(parser, "learning_rate", positive_number_up_to(MAX_LEARNING_RATE), "X", "size of a step")
    _add(
        parser,
        "decay",
        share(DECAY_BELOW),
        "X",
        "how fast the learning rate falls from where it was last set; 0 keeps it constant",
    )
    _add_choice(
        parser,
        "schedule",
        SCHEDULES,
        "how it falls: inverse divides it by (1 + decay epoch), exponential multiplies it by "
        "exp(-decay epoch)",
    )
    _add(parser, "clip", clip_value, "X", "bound of the gradient, or “off”")
    _add_choice(parser, "clipping", CLIPPINGS, "clip each entry of the gradient, or its norm")
    _add(parser, "dropout", share(DROPOUT_BELOW), "P", "share of each layer that is left out")
    _add(parser, "l2", share(L2_BELOW), "X", "pull of the parameters towards zero")


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the run's file."""
    parser.add_argument("--save", type=file_name, metavar="FILE.npz", help="where to save the run")
    parser.add_argument(
        "--keep-data",
        action="store_true",
        help="save the data in the file too, even if they are large (up to 2 MB always are)",
    )
    parser.add_argument(
        "--checkpoints",
        type=whole_number(0, MAX_COUNT),
        metavar="N",
        help="save at most N earlier states of the run, from which any of its steps can be reached "
        "again (default: as many as fit into 16 MB)",
    )
    add_force(parser, "the file of --save even if it is not a saved run")


def _add_text_options(parser: argparse.ArgumentParser) -> None:
    text = parser.add_argument_group("running text")
    text.add_argument("--text", action="store_true", help="the file is a running text")
    ways = text.add_mutually_exclusive_group()
    length = whole_number(1, MAX_LENGTH)
    ways.add_argument("--window", type=length, metavar="N", help="symbols per window")
    ways.add_argument(
        "--streams", type=whole_number(1, MAX_BATCH), metavar="N", help="streams read in parallel"
    )
    _add(text, "stride", length, "N", "symbols from one window to the next")
    _add(text, "length", length, "N", "symbols per step of a stream")
    text.add_argument("--lower-case", action="store_true", help="lower-case the text")


def add_end_options(parser: argparse.ArgumentParser, minutes: str) -> None:
    """Add the options that end a run, except --steps.

    Parameters
    ----------
    parser : ArgumentParser
    minutes : str
        The help of --minutes.
    """
    parser.add_argument(
        "--minutes", type=positive_number_up_to(MAX_MINUTES), metavar="M", help=minutes
    )
    parser.add_argument(
        "--until-loss",
        type=positive_number_up_to(MAX_LOSS),
        metavar="X",
        help="end when the held-out loss, in nats per character, is X or less; with the notebook "
        "recipe, the smoothed loss",
    )
    parser.add_argument(
        "--patience",
        type=whole_number(1, MAX_PATIENCE),
        metavar="N",
        help="end when N measurements of the held-out loss in a row were no better than the best; "
        "it is measured every 1,000 names, or every few hundred thousand symbols of a text",
    )
    parser.add_argument(
        "--keep-best",
        action="store_true",
        help="when the run ends, go back to the network with the lowest held-out loss",
    )


def complete(given: argparse.Namespace) -> argparse.Namespace:
    """Return the options with the defaults of those that are not given.

    Returns
    -------
    Namespace
        With the further attribute ``given``, the names of the options that are given.
    """
    options = argparse.Namespace(**(_DEFAULTS | vars(given)))
    if "preset" not in given:
        options.preset = _DEFAULT_TEXT_PRESET if options.text else options.recipe
    values = _values_of(PRESETS_BY_KEY[options.preset])
    options = argparse.Namespace(**(vars(options) | values | vars(given)))
    if options.streams is not None:
        options.batch, options.window = options.streams, None
    options.given = frozenset(vars(given))
    return options


def check_combination(options: argparse.Namespace) -> None:
    """Check that the given options go together, so that none is silently ignored.

    Parameters
    ----------
    options : Namespace
        As `complete` returns them.

    Raises
    ------
    OptionError
        If one of them does not fit the others.
    """
    is_notebook, is_in_windows = options.recipe != DEFAULT.name, options.window is not None
    rules = (
        *((name, options.text, "needs --text.") for name in _TEXT_ONLY),
        (
            "preset",
            options.text == (PRESETS_BY_KEY[options.preset].kind == "text"),
            f"{options.preset} is for names. Leave out --text, or choose another preset."
            if options.text
            else f"{options.preset} is for a text: add --text.",
        ),
        (
            "recipe",
            not (is_notebook and options.text),
            f"{options.recipe} is for names. Leave it out for a text.",
        ),
        *(
            (
                name,
                not is_notebook,
                f"cannot be combined with --recipe {options.recipe}, which learns from all names. "
                "Leave out one of them.",
            )
            for name in _HELD_OUT_ONLY
        ),
        ("stride", is_in_windows, "needs --window."),
        ("length", not is_in_windows, "cannot be combined with windows: --window is their length."),
        *(
            (name, options.save is not None, "needs --save.")
            for name in ("keep_data", "keep_best", "force", "checkpoints")
        ),
    )
    for name, is_met, complaint in rules:
        if name in options.given and not is_met:
            raise OptionError(f"{_flag(name)} {complaint}")
    if options.given.issuperset(("layers", "hidden")):
        widths_of(options)


def adopt_network(options: argparse.Namespace, found: Architecture) -> None:
    """Set the options that are not given to those of a saved network.

    Parameters
    ----------
    options : Namespace
        As `complete` returns them. They are changed.
    found : Architecture
        That of the saved network.

    Raises
    ------
    OptionError
        If a given option differs from the saved network.
    """
    if "layers" not in options.given:
        options.layers = len(found.widths)
    if "hidden" not in options.given and options.layers == len(found.widths):
        options.hidden = found.widths
    has_widths = "hidden" in options.given
    present = (
        ("layers", options.layers, len(found.widths)),
        ("hidden", widths_of(options) if has_widths else None, found.widths),
        ("cell", options.cell, found.cell),
        ("embedding", options.embedding, found.embedding),
    )
    for name, wanted, saved in present:
        if name in options.given and wanted != saved:
            raise OptionError(
                f"{_flag(name)} {_written(wanted)} does not fit the network in "
                f"“{options.init_from}”, which has {_written(saved)}. Leave it out to start with "
                "that network."
            )
    options.cell, options.embedding = found.cell, found.embedding
    if "dtype" not in options.given:
        options.dtype = found.dtype


def widths_of(options: argparse.Namespace) -> tuple[int, ...]:
    """Return the width of each layer, from one number for all layers or one for each.

    Raises
    ------
    OptionError
        If the number of widths differs from the number of layers.
    """
    given: tuple[int, ...] = options.hidden
    if len(given) == 1:
        return given * int(options.layers)
    if options.layers not in (1, len(given)):
        raise OptionError(
            f"--hidden has {len(given)} widths, but --layers is {options.layers}. "
            "Give one width for all layers, or one for each."
        )
    return given


def settings_of(options: argparse.Namespace) -> tuple[Hyperparameters, RunSettings]:
    """Return the hyperparameters and settings of a run.

    Raises
    ------
    OptionError
        If the recipe does not go with the rest.
    """
    hyperparameters = Hyperparameters(
        widths=widths_of(options), **{name: getattr(options, name) for name in _HYPERPARAMETERS}
    )
    settings = RunSettings(
        held_out=options.held_out,
        seed=options.seed,
        **{name: getattr(options, name) for name in _SETTINGS},
    )
    with blaming("--recipe"):
        check_recipe(RECIPES[options.recipe], hyperparameters, settings)
    return hyperparameters, settings


def until_of(options: argparse.Namespace) -> Until:
    """Return when the run ends by itself.

    Parameters
    ----------
    options : Namespace
        As `complete` returns them.
    """
    is_by_time = "minutes" in options.given and "steps" not in options.given
    steps = None if is_by_time else options.steps
    return Until(steps, options.minutes, options.until_loss, options.patience)


def _values_of(preset: Preset) -> dict[str, Any]:
    """Return the options that a preset sets."""
    until: dict[str, Any] = {}
    if preset.until is not None:
        until = dataclasses.asdict(preset.until)
        until["until_loss"] = until.pop("loss")
    return {
        **until,
        **{name: getattr(preset.hyperparameters, name) for name in _HYPERPARAMETERS},
        **{name: getattr(preset.settings, name) for name in _SETTINGS},
        "hidden": preset.hyperparameters.widths,
        "recipe": preset.recipe.name,
        "lower_case": preset.lower_case,
    }


def _add(
    parser: argparse._ActionsContainer,
    name: str,
    parse: Callable[[str], Any],
    metavar: str,
    text: str,
) -> None:
    help_text = f"{text} (default: {_written(_DEFAULTS[name])})"
    parser.add_argument(_flag(name), type=parse, metavar=metavar, help=help_text)


def _add_choice(
    parser: argparse._ActionsContainer, name: str, allowed: Iterable[str], text: str
) -> None:
    words = tuple(allowed)
    _add(parser, name, one_of(words), f"{{{','.join(words)}}}", text)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _written(value: object) -> str:
    """Write a value as its option takes it."""
    if value is None:
        return "none"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
