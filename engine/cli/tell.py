"""The command ``tell``: tell the kinds of names with a network that was trained for it."""

import argparse
from collections.abc import Sequence

from engine.cli.command import EXIT_FAILURE, Command
from engine.cli.kinds.told_names import FORMATS, ToldLine
from engine.cli.melodies.telling import told_tunes
from engine.cli.options.arguments import OptionError, blaming, file_name, one_of
from engine.cli.options.data_options import add_source, read_file, source_of_words
from engine.cli.options.output_files import add_force, check_text_output
from engine.cli.options.saved_run import add_saved_network, saved_network
from engine.cli.terminal.messages import print_message
from engine.data.passages import BARS
from engine.data.reading.casing import unify
from engine.data.sources.pasted_source import STANDARD_INPUT
from engine.data.training_data import MAX_NAME_LENGTH, DataKind, counted
from engine.data.vocabulary import END, UnknownSymbolError
from engine.nn.classifier import probabilities_of_names
from engine.runs.saved_network import SavedNetwork
from engine.storage.archive import CheckpointError
from engine.storage.files import atomic_writer

_WRITERS: dict[DataKind, tuple[str, str]] = {
    "names": ("writes names", "sample"),
    "text": ("was trained on a text", "write"),
    "melodies": ("plays melodies", "write"),
}
"""What a network does that tells no kinds, and the command for it."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_network(parser)
    parser.add_argument(
        "given",
        nargs="*",
        metavar="NAME",
        help="a name whose kind is told, or a file of tunes if the network tells the kinds of "
        "tunes; “-” reads the standard input",
    )
    add_source(parser, "--names", "FILE", "a list of names, or files of tunes, instead of NAME")
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
    """Tell the kind of each name, or of each passage of a tune, in their order.

    A name with a symbol that the network has never seen is not told. That is a failure if it stands
    on the command line; in a list, such names are to be expected.
    """
    _check_given(options)
    model = saved_network(options)
    _check_tells(options, model)
    if options.output is not None:
        inputs = [options.model, *(options.names.places if options.names is not None else ())]
        check_text_output(options.output, inputs, "Kinds do", force=options.force)
    _check_finite(model, options)
    is_of_tunes = model.kind == "melodies"
    told = told_tunes(model, options) if is_of_tunes else _told(_names(options), model)
    text = FORMATS[options.format](told, model.kinds)
    if options.output is None:
        print(text, end="")
    else:
        with atomic_writer(options.output) as file:
            file.write(text.encode("utf-8"))
    untold = [each for each in told if each.probabilities is None]
    if not untold:
        return 0
    if options.names is None:
        for each in untold:
            print_message(f"“{each.name}” cannot be told. {each.reason}")
        return EXIT_FAILURE
    are, have = ("is", "has") if len(untold) == 1 else ("are", "have")
    print_message(
        f"{len(untold):,} of {counted(len(told), 'name')} {are} not told, because the network has "
        f"never seen a letter that {'it' if len(untold) == 1 else 'they'} {have}."
    )
    return 0


def _check_given(options: argparse.Namespace) -> None:
    """Check that there are names, and take the standard input for a list of them.

    Raises
    ------
    OptionError
        If there are none, or options do not go together.
    """
    if options.given == [STANDARD_INPUT]:
        if options.names is not None:
            raise OptionError("NAME cannot be combined with --names. Leave out one of them.")
        options.given, options.names = [], source_of_words([STANDARD_INPUT])
    if bool(options.given) == (options.names is not None):
        raise OptionError(
            "NAME cannot be combined with --names. Leave out one of them."
            if options.given
            else "NAME: a name is missing. Give one or more, or a file of names with --names FILE."
        )
    if options.force and options.output is None:
        raise OptionError("--force needs --output.")


def _check_tells(options: argparse.Namespace, model: SavedNetwork) -> None:
    """Check that the network is one that tells kinds.

    Raises
    ------
    CheckpointError
        If it is not.
    """
    if model.parameters.architecture.task == "tell":
        return
    what, command = _WRITERS[model.kind]
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


def _check_finite(model: SavedNetwork, options: argparse.Namespace) -> None:
    """Check that the network's parameters are finite.

    Raises
    ------
    CheckpointError
        If they are not.
    """
    if not model.parameters.is_finite():
        raise CheckpointError(
            f"The parameters in “{options.model}” are not finite numbers. Choose another network."
        )


def _told(names: Sequence[str], model: SavedNetwork) -> list[ToldLine]:
    """Tell the kind of each name, or say why it cannot be told."""
    read = [unify(name, lower_case=model.lower_case) for name in names]
    reasons = _reasons(read, model)
    known = [each for each in read if each not in reasons]
    found = probabilities_of_names(model.parameters, model.vocabulary.encode_all(known)).tolist()
    rows = iter(found)
    return [
        ToldLine(name, as_read, None, reasons[as_read])
        if as_read in reasons
        else ToldLine(name, as_read, dict(zip(model.kinds, next(rows), strict=True)))
        for name, as_read in zip(names, read, strict=True)
    ]


def _reasons(read: Sequence[str], model: SavedNetwork) -> dict[str, str]:
    """Return why names cannot be told, for those that cannot."""
    try:
        model.vocabulary.encode_all(read)
    except UnknownSymbolError:
        pass
    else:
        return {}
    reasons = {}
    for name in dict.fromkeys(read):
        try:
            model.vocabulary.encode(name)
        except UnknownSymbolError as error:
            reasons[name] = str(error)
    return reasons


TELL = Command(
    "tell",
    "tell the kinds of names, or of tunes, with a trained network",
    "Reads names, and tells the kind of each, in the order in which they are given. Of files of "
    f"tunes, it tells the kind of each {BARS} bars, and their mean. The network is one that was "
    "trained with --task tell.",
    _add_options,
    _run,
)
