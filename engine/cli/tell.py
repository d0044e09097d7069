"""The command ``tell``: tell the kinds of names with a network that was trained for it."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.cli.command import Command
from engine.cli.options.arguments import OptionError, blaming, file_name, one_of
from engine.cli.options.data_options import add_source, read_file
from engine.cli.options.output_files import add_force, check_text_output
from engine.cli.options.saved_run import add_saved_network, saved_network
from engine.data.reading.casing import unify
from engine.data.training_data import MAX_NAME_LENGTH
from engine.data.vocabulary import END, UnknownSymbolError
from engine.nn.classifier import probabilities_of_names
from engine.racing.comparison_formats import columns
from engine.runs.saved_network import SavedNetwork
from engine.storage.archive import CheckpointError
from engine.storage.csv_text import csv_line
from engine.storage.files import atomic_writer

_SHOWN = 3
"""Kinds that are listed for a name in text, the likeliest first."""

_LEAST_SHOWN = 0.005
"""Probability below which the second and the third are left out."""


@dataclass(frozen=True)
class ToldName:
    """A name, and how likely each kind is.

    Attributes
    ----------
    name : str
        As it was given.
    read : str
        As the network reads it.
    probabilities : dict of str to float
        Of all kinds by title, in the order of the network.
    """

    name: str
    read: str
    probabilities: dict[str, float]

    @property
    def ranked(self) -> list[tuple[str, float]]:
        """The kinds and their probabilities, the likeliest first."""
        return sorted(self.probabilities.items(), key=lambda each: -each[1])

    @property
    def kind(self) -> str:
        """The likeliest kind."""
        return self.ranked[0][0]


def to_text(told: Sequence[ToldName]) -> str:
    """Write a line for each name: the likeliest kinds, with their probabilities in percent."""
    lines = []
    for each in told:
        first, *others = each.ranked[:_SHOWN]
        shown = [first, *(other for other in others if other[1] >= _LEAST_SHOWN)]
        words = [f"{title} {probability:.1%}" for title, probability in shown]
        lines.append((each.name, ", ".join(words)))
    return columns(lines, of_numbers=False)


def to_csv(told: Sequence[ToldName]) -> str:
    """Write a table: the name, as it is read, the likeliest kind, and the probability of each."""
    header = ("name", "read", "kind", "probability", *told[0].probabilities)
    rows = (
        (each.name, each.read, each.kind, each.ranked[0][1], *each.probabilities.values())
        for each in told
    )
    return csv_line(header) + "".join(map(csv_line, rows))


def to_json(told: Sequence[ToldName]) -> str:
    """Write a list of objects with the name, the likeliest kind, and all probabilities."""
    objects = [
        {"name": each.name, "kind": each.kind, "probabilities": each.probabilities} for each in told
    ]
    return json.dumps(objects, ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, Callable[[Sequence[ToldName]], str]] = {
    "text": to_text,
    "csv": to_csv,
    "json": to_json,
}
"""The formats of the output by name; the first is the default."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_network(parser)
    parser.add_argument("given", nargs="*", metavar="NAME", help="a name whose kind is told")
    add_source(parser, "--names", "FILE", "a list of names whose kinds are told, instead of NAME")
    parser.add_argument(
        "--format",
        type=one_of(FORMATS),
        metavar=f"{{{','.join(FORMATS)}}}",
        default=next(iter(FORMATS)),
        help="format of the output (default: %(default)s)",
    )
    parser.add_argument(
        "--output",
        type=file_name,
        metavar="FILE",
        help="where to write what is told (default: the terminal)",
    )
    add_force(parser, "the file of --output if it exists")


def _run(options: argparse.Namespace) -> int:
    """Tell the kind of each name, in the order in which they are given."""
    if bool(options.given) == (options.names is not None):
        raise OptionError(
            "NAME cannot be combined with --names. Leave out one of them."
            if options.given
            else "NAME: a name is missing. Give one or more, or a file of names with --names FILE."
        )
    if options.force and options.output is None:
        raise OptionError("--force needs --output.")
    model = saved_network(options)
    _check_tells(options, model)
    if options.output is not None:
        inputs = [options.model, *(options.names.places if options.names is not None else ())]
        check_text_output(options.output, inputs, "Kinds do", force=options.force)
    text = FORMATS[options.format](_told(_names(options), model, options))
    if options.output is None:
        print(text, end="")
    else:
        with atomic_writer(options.output) as file:
            file.write(text.encode("utf-8"))
    return 0


def _check_tells(options: argparse.Namespace, model: SavedNetwork) -> None:
    """Check that the network is one that tells kinds.

    Raises
    ------
    CheckpointError
        If it is not.
    """
    if model.parameters.architecture.task == "tell":
        return
    if model.kind == "text":
        what, command = "was trained on a text", "write"
    else:
        what, command = "writes names", "sample"
    raise CheckpointError(
        f"“{options.model}” {what}, and tells no kinds. Use the command {command}, or train a "
        "network with --task tell."
    )


def _names(options: argparse.Namespace) -> Sequence[str]:
    """Return the names as they were given, repeats included.

    Raises
    ------
    OptionError
        If a name is blank, too long, or of several lines.
    ValueError
        If the file of names cannot be used.
    """
    if options.names is not None:
        # The network's own case is applied later, so that names are written as they were given.
        corpus = read_file(
            options.names, options, kind="names", lower_case=False, for_training=False
        )
        return corpus.names
    with blaming("NAME"):
        for name in options.given:
            if not name.strip():
                raise ValueError("A name needs at least one letter.")
            if END in name:
                raise ValueError("A name must be on one line.")
            if len(name) > MAX_NAME_LENGTH:
                raise ValueError(
                    f"“{name[:20]}…” has {len(name):,} characters. A name may have "
                    f"{MAX_NAME_LENGTH} at most."
                )
    return [name.strip() for name in options.given]


def _told(names: Sequence[str], model: SavedNetwork, options: argparse.Namespace) -> list[ToldName]:
    """Tell the kind of each name.

    Raises
    ------
    CheckpointError or OptionError
        If a name has a symbol that the network has never seen, or its parameters are not finite.
    """
    if not model.parameters.is_finite():
        raise CheckpointError(
            f"The parameters in “{options.model}” are not finite numbers. Choose another network."
        )
    read = [unify(name, lower_case=model.lower_case) for name in names]
    try:
        encoded = model.vocabulary.encode_all(read)
    except UnknownSymbolError as error:
        name = next(name for name, each in zip(names, read, strict=True) if error.symbol in each)
        message = f"“{name}” cannot be told. {error}"
        raise (CheckpointError if options.names is not None else OptionError)(message) from error
    found = probabilities_of_names(model.parameters, encoded)
    return [
        ToldName(name, as_read, dict(zip(model.kinds, row, strict=True)))
        for name, as_read, row in zip(names, read, found.tolist(), strict=True)
    ]


TELL = Command(
    "tell",
    "tell the kinds of names with a trained network",
    "Reads names, and tells the kind of each, in the order in which they are given. The network is "
    "one that was trained with --task tell.",
    _add_options,
    _run,
)
