"""The options of the command ``train``: which there are, which go together, and what they say."""

import argparse
from collections.abc import Iterable

from engine.cli.arguments import (
    OptionError,
    add_seed,
    blaming,
    clip_value,
    file_name,
    one_of,
    positive_number,
    proper_share,
    share,
    whole_number,
    whole_numbers,
)
from engine.cli.write import TEXT_OPTIONS, add_text_options
from engine.nn.architecture import DTYPES, MAX_HIDDEN, MAX_LAYERS, MIN_HIDDEN, Architecture
from engine.nn.cells import CELLS
from engine.nn.optimizers import CLIPPINGS, OPTIMIZERS
from engine.training.recipes import DEFAULT, RECIPES
from engine.training.settings import MAX_BATCH, Hyperparameters, RunSettings, check_recipe

COURSE_ITERATIONS = 35_000


def add_train(train: argparse.ArgumentParser) -> None:
    """Add what `train` takes."""
    hyperparameters, settings = Hyperparameters(), RunSettings()
    train.add_argument("names", metavar="NAMES.txt", help="UTF-8 text, one name a line")
    _add_choice(
        train,
        "--recipe",
        sorted(RECIPES),
        DEFAULT.name,
        " ".join(f"{r.name}: {r.summary}" for r in RECIPES.values()) + " ",
    )
    numbers = (
        ("--steps", whole_number(1), COURSE_ITERATIONS, "N", "steps to make"),
        ("--batch", whole_number(1, MAX_BATCH), hyperparameters.batch, "N", "names a step"),
        ("--layers", whole_number(1, MAX_LAYERS), 1, "N", "layers of the network"),
        (
            "--learning-rate",
            positive_number,
            hyperparameters.learning_rate,
            "X",
            "how far a step goes",
        ),
        ("--decay", share(1e9), hyperparameters.decay, "X", "learning rate / (1 + X epoch)"),
        ("--clip", clip_value, hyperparameters.clip, "X", "bound of the gradient, or “off”"),
        ("--dropout", share(1.0), hyperparameters.dropout, "P", "share of each layer left out"),
        ("--l2", share(1e9), hyperparameters.l2, "X", "pull of the parameters towards zero"),
        ("--embedding", whole_number(1, MAX_HIDDEN), None, "N", "learned numbers a letter"),
        ("--held-out", proper_share, settings.held_out, "F", "share of the names held out"),
    )
    for flag, read, default, metavar, text in numbers:
        train.add_argument(
            flag, type=read, default=default, metavar=metavar, help=f"{text} (default: %(default)s)"
        )
    train.add_argument(
        "--hidden",
        type=whole_numbers(MIN_HIDDEN, MAX_HIDDEN, MAX_LAYERS),
        default=hyperparameters.widths,
        metavar="N[,N...]",
        help=f"hidden units of all layers, or of each, {MIN_HIDDEN} to {MAX_HIDDEN} (default: 50)",
    )
    _add_choice(train, "--cell", CELLS, settings.cell)
    _add_choice(train, "--optimizer", OPTIMIZERS, hyperparameters.optimizer)
    _add_choice(train, "--clipping", CLIPPINGS, hyperparameters.clipping)
    _add_choice(train, "--dtype", DTYPES, settings.dtype)
    train.add_argument(
        "--init-from",
        type=file_name,
        metavar="FILE.npz",
        help="begin a new run with the parameters of a saved network; its cell, widths and "
        "embedding, and its dtype unless that is given, come with them",
    )
    train.add_argument("--save", type=file_name, metavar="FILE.npz", help="where to keep the run")
    train.add_argument(
        "--keep-data",
        action="store_true",
        help="keep the data in the file as well, however large (up to 2 MB it is kept anyway)",
    )
    add_text_options(train)
    add_seed(train)


def check_together(options: argparse.Namespace) -> None:
    """Look whether the options that were given go together: none is ignored in silence.

    Parameters
    ----------
    options : Namespace
        With ``given``, the names of those that were typed.

    Raises
    ------
    OptionError
    """
    is_notebook, is_in_windows = options.recipe != DEFAULT.name, options.window is not None
    rules = (
        *((name, options.text, "goes with --text.") for name in TEXT_OPTIONS),
        (
            "recipe",
            not (is_notebook and options.text),
            f"{options.recipe} is for names. Leave it out for a text.",
        ),
        (
            "held_out",
            not is_notebook,
            f"does not go with --recipe {options.recipe}, which learns from all names. "
            "Leave one of them out.",
        ),
        ("stride", is_in_windows, "goes with --window."),
        ("length", not is_in_windows, "does not go with windows: --window is their length."),
        ("keep_data", options.save is not None, "goes with --save."),
    )
    for name, is_met, told in rules:
        if name in options.given and not is_met:
            raise OptionError(f"{_flag(name)} {told}")


def adopt_network(options: argparse.Namespace, found: Architecture) -> None:
    """Let a saved network say what is not given of the new one.

    Raises
    ------
    OptionError
        If something else is given than the network has.
    """
    if "layers" not in options.given:
        options.layers = len(found.widths)
    if "hidden" not in options.given and options.layers == len(found.widths):
        options.hidden = found.widths
    is_wide = "hidden" in options.given
    present = (
        ("layers", options.layers, len(found.widths)),
        ("hidden", widths_of(options) if is_wide else None, found.widths),
        ("cell", options.cell, found.cell),
        ("embedding", options.embedding, found.embedding),
    )
    for name, wanted, had in present:
        if name in options.given and wanted != had:
            raise OptionError(
                f"{_flag(name)} {_told(wanted)} does not fit the network in “{options.init_from}”, "
                f"which has {_told(had)}. Leave it out to begin with that network."
            )
    options.cell, options.embedding = found.cell, found.embedding
    if "dtype" not in options.given:
        options.dtype = found.dtype


def widths_of(options: argparse.Namespace) -> tuple[int, ...]:
    """Return the width of each layer, of one number for all or a number for each.

    Raises
    ------
    OptionError
        If it names more layers or fewer than there are to be.
    """
    given: tuple[int, ...] = options.hidden
    if len(given) == 1:
        return given * int(options.layers)
    if options.layers not in (1, len(given)):
        raise OptionError(
            f"--hidden names {len(given)} layers and --layers {options.layers}. "
            "Give one number for all layers, or one for each."
        )
    return given


def plan_of(options: argparse.Namespace) -> tuple[Hyperparameters, RunSettings]:
    """Return what the options say of a run.

    Raises
    ------
    OptionError
        If the recipe does not go with the rest.
    """
    hyperparameters = Hyperparameters(
        learning_rate=options.learning_rate,
        clip=options.clip,
        widths=widths_of(options),
        clipping=options.clipping,
        optimizer=options.optimizer,
        batch=options.batch,
        dropout=options.dropout,
        l2=options.l2,
        decay=options.decay,
    )
    settings = RunSettings(
        options.cell,
        options.embedding,
        options.dtype,
        options.held_out,
        options.seed,
        options.window,
        options.stride,
        options.length,
    )
    with blaming("--recipe"):
        check_recipe(RECIPES[options.recipe], hyperparameters, settings)
    return hyperparameters, settings


def _add_choice(
    train: argparse.ArgumentParser, flag: str, allowed: Iterable[str], chosen: str, text: str = ""
) -> None:
    words = tuple(allowed)
    train.add_argument(
        flag,
        type=one_of(words),
        default=chosen,
        metavar=f"{{{','.join(words)}}}",
        help=f"{text}(default: %(default)s)",
    )


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _told(value: object) -> str:
    """Write a value as its option takes it."""
    if value is None:
        return "none"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
