"""The options that describe a run: what it begins with, its network, its steps and its data.

Commands that begin runs add options of their own to these.
"""

import argparse
import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.cli.options.arguments import (
    OptionError,
    blaming,
    clip_value,
    one_of,
    positive_number_up_to,
    proper_share,
    share,
    whole_number,
    whole_numbers,
)
from engine.cli.options.backend_option import add_backend, backend_of_new_run
from engine.cli.options.data_options import (
    add_data_options,
    add_source,
    check_data_options,
    choices_of,
    read_file,
)
from engine.cli.options.kind_options import (
    KIND_HYPERPARAMETERS,
    KIND_SETTINGS,
    add_kind_settings,
    check_kind_settings,
    has_kinds,
)
from engine.cli.terminal.messages import print_message
from engine.data.corpus import Corpus
from engine.data.passages import BARS
from engine.data.reader import kind_of
from engine.data.reading.registry import LAYOUTS
from engine.data.text import Text
from engine.data.training_data import CorpusError, DataKind
from engine.nn.architecture import DTYPES, MAX_HIDDEN, MAX_LAYERS, MIN_HIDDEN
from engine.nn.cells import CELLS
from engine.nn.optimizers import CLIPPINGS, OPTIMIZERS
from engine.runs.saved_network import is_saved_network
from engine.training.presets import PRESETS_BY_KEY, Preset
from engine.training.ranges import (
    DECAY_BELOW,
    DROPOUT_BELOW,
    L2_BELOW,
    MAX_LEARNING_RATE,
    MAX_SEED,
)
from engine.training.recipes import DEFAULT, RECIPES
from engine.training.settings import (
    MAX_BATCH,
    MAX_LENGTH,
    SCHEDULES,
    Hyperparameters,
    RunSettings,
    check_recipe,
    default_hyperparameters,
)

Rule = tuple[str, bool, str]
"""An option, whether it may be given here, and what to say if it may not."""

_DEFAULT_PRESETS: dict[DataKind, str] = {"text": "long", "melodies": "jazz"}
_DEFAULT_KIND_PRESETS = {"write": "kinds", "tell": "tell"}
_PRESET_TO_TELL_TUNES = "player"

_HYPERPARAMETERS = (
    *("learning_rate", "clip", "clipping", "optimizer", "batch", "dropout", "l2", "decay"),
    "schedule",
    *KIND_HYPERPARAMETERS,
)
_SETTINGS = ("cell", "embedding", "dtype", "window", "stride", "length", *KIND_SETTINGS)

_TEXT_ONLY = ("window", "stride", "streams", "length", "lower_case")

_DATA_IN_WORDS: dict[DataKind, str] = {
    "names": "names",
    "text": "a text",
    "melodies": "melodies",
}

_FILES_IN_WORDS: dict[DataKind, str] = {
    "names": "a list of names",
    "text": "a text",
    "melodies": "a file of melodies",
}

_DEFAULTS: dict[str, Any] = {
    **{name: getattr(default_hyperparameters(DEFAULT), name) for name in _HYPERPARAMETERS},
    **{name: getattr(RunSettings(), name) for name in _SETTINGS},
    **dict.fromkeys(("text", "lower_case"), False),
    "streams": None,
    "recipe": DEFAULT.name,
    "layers": 1,
    "hidden": Hyperparameters().widths,
    "held_out": RunSettings().held_out,
    "preset": DEFAULT.name,
    "seed": 0,
}
"""The value of each option that is not given, unless a preset says otherwise."""


def add_run_options(
    parser: argparse.ArgumentParser,
    names: str = "files, folders or zip archives of names, one per line, or “-” for the standard "
    "input",
) -> None:
    """Add the options. Those that are not given are absent from the result, see `complete`.

    Parameters
    ----------
    parser : ArgumentParser
    names : str
        The help of the file of names.
    """
    parser.argument_default = argparse.SUPPRESS
    add_source(parser, "names", "NAMES.txt", names)
    _add_beginnings(parser)
    _add_network_options(parser)
    _add_step_options(parser)
    _add(parser, "held_out", proper_share, "F", "share of the data that is held out")
    add_data_options(parser)
    add_kind_settings(parser)
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
        f"{_DEFAULT_PRESETS['text']} is the default, with melodies "
        f"{_DEFAULT_PRESETS['melodies']}, and with kinds, "
        f"{' or '.join(_DEFAULT_KIND_PRESETS.values())}; to tell the kinds of tunes, "
        f"{_PRESET_TO_TELL_TUNES}. {' '.join(summaries)}",
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
        f"(default: {written(_DEFAULTS['hidden'])})",
    )
    _add(parser, "embedding", whole_number(1, MAX_HIDDEN), "N", "learned numbers per letter")
    _add_choice(parser, "dtype", DTYPES, "type of the parameters")


def _add_step_options(parser: argparse.ArgumentParser) -> None:
    """Add the hyperparameters of a step."""
    _add(parser, "batch", whole_number(1, MAX_BATCH), "N", "names, streams or passages per step")
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
    add_backend(parser, "default: the faster step where it is ready")


def _add_text_options(parser: argparse.ArgumentParser) -> None:
    text = parser.add_argument_group("running text")
    text.add_argument(
        "--text", action="store_true", help="the file is a running text (default: recognised)"
    )
    ways = text.add_mutually_exclusive_group()
    length = whole_number(1, MAX_LENGTH)
    ways.add_argument("--window", type=length, metavar="N", help="symbols per window")
    ways.add_argument(
        "--streams", type=whole_number(1, MAX_BATCH), metavar="N", help="streams read in parallel"
    )
    _add(text, "stride", length, "N", "symbols from one window to the next")
    _add(text, "length", length, "N", "symbols per step of a stream")
    text.add_argument("--lower-case", action="store_true", help="lower-case the text")


def complete(given: argparse.Namespace, others: Mapping[str, Any]) -> argparse.Namespace:
    """Return the options with the defaults of those that are not given.

    Parameters
    ----------
    given : Namespace
    others : mapping of str to value
        The defaults of the options that the command adds to these.

    Returns
    -------
    Namespace
        With the further attribute ``given``, the names of the options that are given.
    """
    options = argparse.Namespace(**(_DEFAULTS | dict(others) | vars(given)))
    kind = options.kind = _kind_of(given)
    if "preset" not in given:
        options.preset = _default_preset(options, vars(given))
    preset = PRESETS_BY_KEY[options.preset]
    values = {name: value for name, value in _values_of(preset).items() if name in options}
    options = argparse.Namespace(**(vars(options) | values | vars(given)))
    options.kind = kind
    if options.streams is not None:
        options.batch, options.window = options.streams, None
    options.given = frozenset(vars(given))
    return options


def _default_preset(options: argparse.Namespace, given: Collection[str]) -> str:
    """Return the preset that suits the data and the task, if none is given."""
    if options.kind == "melodies" and options.task == "tell":
        return _PRESET_TO_TELL_TUNES
    if options.kind in _DEFAULT_PRESETS:
        return _DEFAULT_PRESETS[options.kind]
    if has_kinds(given) and options.recipe == DEFAULT.name:
        return _DEFAULT_KIND_PRESETS[options.task]
    return str(options.recipe)


def _kind_of(given: argparse.Namespace) -> DataKind:
    """Return what the run learns from: as is said, or else as the file is recognised.

    Raises
    ------
    OptionError
        If --text does not go with --layout or --melodies.
    """
    choices = choices_of(given)
    kind: DataKind | None = LAYOUTS[choices.layout].kind if choices.layout else None
    if "text" in given:
        if kind not in (None, "text"):
            option = "--melodies" if "melodies" in given else f"--layout {given.layout}"
            raise OptionError(f"--text cannot be combined with {option}.")
        return "text"
    try:
        return kind_of(given.names, choices)
    except CorpusError:  # which is reported when the whole file is read
        return kind or "names"


def check_run_options(options: argparse.Namespace, others: Iterable[Rule] = ()) -> None:
    """Check that the given options go together, so that none is silently ignored.

    Parameters
    ----------
    options : Namespace
        As `complete` returns them.
    others : iterable of Rule
        Those of the options that the command adds to these.

    Raises
    ------
    OptionError
        If one of them does not fit the others.
    """
    check_data_options(options, options.kind)
    is_notebook, is_in_windows = options.recipe != DEFAULT.name, options.window is not None
    preset, is_by_kind = PRESETS_BY_KEY[options.preset], has_kinds(options.given)
    rules: tuple[Rule, ...] = (
        *((name, options.kind != "names", "needs --text.") for name in _TEXT_ONLY),
        *(
            (name, options.kind != "melodies", "cannot be combined with melodies.")
            for name in ("window", "lower_case")
        ),
        *_rules_of_tunes(options),
        ("preset", options.kind == preset.kind, _preset_advice(preset, options.kind)),
        (
            "recipe",
            not is_notebook or options.kind == "names",
            f"{options.recipe} is for names. Leave it out for {_DATA_IN_WORDS[options.kind]}.",
        ),
        (
            "keep_case",
            "lower_case" not in options.given,
            "cannot be combined with --lower-case. Leave out one of them.",
        ),
        *(
            (name, is_by_kind, "needs --kinds or --kind-column.")
            for name in (*KIND_SETTINGS, *KIND_HYPERPARAMETERS)
        ),
        (
            "preset",
            is_by_kind or not preset.is_of_kinds,
            f"{preset.key} is for {'tunes' if preset.kind == 'melodies' else 'names'} with kinds. "
            "Add --kinds or --kind-column, or choose another preset.",
        ),
        *(
            (
                name,
                not is_notebook,
                f"cannot be combined with --recipe {options.recipe}, which is the course's and "
                "knows no kinds. Leave out one of them.",
            )
            for name in ("kinds", "kind_column")
        ),
        holds_out_rule(options, "held_out"),
        ("stride", is_in_windows, "needs --window."),
        ("length", not is_in_windows, "cannot be combined with windows: --window is their length."),
        *others,
    )
    for name, is_met, complaint in rules:
        if name in options.given and not is_met:
            raise OptionError(f"{flag_of(name)} {complaint}")
    check_kind_settings(options)
    if options.given.issuperset(("layers", "hidden")):
        widths_of(options)


def _rules_of_tunes(options: argparse.Namespace) -> tuple[Rule, ...]:
    """Return the rules of options that say nothing of a run on melodies."""
    is_of_tunes, tells = options.kind == "melodies", options.task == "tell"
    return (
        (
            "balance",
            tells or not is_of_tunes,
            "needs --task tell: to play, each epoch reads all tunes once.",
        ),
        *(
            (
                name,
                not (tells and is_of_tunes),
                f"cannot be combined with --task tell, which reads {BARS} bars at a time.{advice}",
            )
            for name, advice in (("length", ""), ("streams", " Choose --batch."))
        ),
    )


def _preset_advice(preset: Preset, kind: DataKind) -> str:
    """Return what to do about a preset for another kind of data."""
    purpose = f"{preset.key} is for {_DATA_IN_WORDS[preset.kind]}"
    if kind == "names":
        return f"{purpose}: add --{preset.kind}."
    if (preset.kind, kind) == ("names", "text"):
        return f"{purpose}. Leave out --text, or choose another preset."
    return f"{purpose}. Choose another preset."


def holds_out_rule(options: argparse.Namespace, name: str) -> Rule:
    """Return the rule that an option needs a recipe that holds something out."""
    return (
        name,
        RECIPES[options.recipe].holds_out,
        f"cannot be combined with --recipe {options.recipe}, which learns from all names. "
        "Leave out one of them.",
    )


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
        If the recipe does not go with the rest, or the backend is not ready.
    """
    hyperparameters = Hyperparameters(
        widths=widths_of(options),
        backend=backend_of_new_run(options),
        **{name: getattr(options, name) for name in _HYPERPARAMETERS},
    )
    settings = RunSettings(
        held_out=options.held_out,
        seed=options.seed,
        **{name: getattr(options, name) for name in _SETTINGS},
    )
    with blaming("--recipe"):
        check_recipe(RECIPES[options.recipe], hyperparameters, settings)
    return hyperparameters, settings


def read_run_data(options: argparse.Namespace) -> Corpus | Text:
    """Read the data, and print a summary.

    Raises
    ------
    ValueError
        If the file cannot be used; the message says why.
    """
    run = next((place for place in options.names.places if is_saved_network(place)), None)
    if run is not None:
        raise ValueError(
            f"“{Path(run).name}” is a saved run, not {_FILES_IN_WORDS[options.kind]}. "
            "To continue it, use the command resume. To begin with its network, use train "
            "--init-from."
        )
    if options.kind != "names":
        text = read_file(
            options.names,
            options,
            kind=options.kind,
            lower_case=(options.kind == "text" and options.lower_case) or None,
            says_always=True,
        )
        assert isinstance(text, Text)
        print_message(text.summary())
        return text
    corpus = read_file(options.names, options, kind="names", lower_case=None, says_always=True)
    keeps_repeats = not RECIPES[options.recipe].holds_out
    print_message(corpus.summary(keeps_repeats=keeps_repeats))
    return corpus


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
    help_text = f"{text} (default: {written(_DEFAULTS[name])})"
    parser.add_argument(flag_of(name), type=parse, metavar=metavar, help=help_text)


def _add_choice(
    parser: argparse._ActionsContainer, name: str, allowed: Iterable[str], text: str
) -> None:
    words = tuple(allowed)
    _add(parser, name, one_of(words), f"{{{','.join(words)}}}", text)


def flag_of(name: str) -> str:
    """Return the option that sets an attribute."""
    return f"--{name.replace('_', '-')}"


def written(value: object) -> str:
    """Write a value as its option takes it."""
    if value is None:
        return "none"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
