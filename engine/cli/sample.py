"""The command ``sample``: write names with a trained network."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from engine.cli.command import EXIT_FAILURE, Command
from engine.cli.kinds.sampling import NameSource, sample_in_turn, sources_of_kinds
from engine.cli.options.arguments import (
    OptionError,
    blame,
    blaming,
    file_name,
    one_of,
    probability,
    temperature,
    whole_number,
)
from engine.cli.options.data_options import add_source, read_file
from engine.cli.options.kind_options import add_blend_options, chosen_blend
from engine.cli.options.output_files import add_force, check_text_output
from engine.cli.options.saved_run import (
    add_saved_network,
    reading_kinds,
    saved_network,
    tells_and_does_not_write,
)
from engine.cli.terminal.messages import print_message
from engine.data.corpus import Corpus
from engine.data.reading.casing import unify
from engine.data.training_data import MAX_NAME_LENGTH
from engine.data.vocabulary import END
from engine.nn.kinds import of_blend
from engine.runs.saved_network import SavedNetwork
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.sampling.export import COLUMNS, DEFAULT_FORMAT, EXPORT_FORMATS, ExportRow
from engine.sampling.known_names import KnownNames
from engine.sampling.names import MAX_LENGTH
from engine.storage.archive import CheckpointError
from engine.storage.files import atomic_writer

_COUNT = 10
"""Names that are written if no number is given."""

_TEXTS = ("prefix", "suffix", "containing")
"""The options, and attributes of `Constraints`, that are text of a name."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_network(parser)
    length = whole_number(1, MAX_NAME_LENGTH)
    options = (
        (
            "--count",
            whole_number(1, 100_000),
            None,
            "N",
            f"number of names (default: {_COUNT}; of kinds in turn, at least one of each)",
        ),
        (
            "--temperature",
            temperature,
            1.0,
            "T",
            "below 1, likely letters become likelier (default: %(default)s)",
        ),
        ("--top-k", whole_number(1), None, "K", "choose among the K likeliest letters"),
        (
            "--top-p",
            probability,
            1.0,
            "P",
            "choose among the likeliest letters that sum to P",
        ),
        ("--prefix", str, "", "S", "what every name begins with"),
        ("--suffix", str, "", "S", "what every name ends with"),
        ("--containing", str, "", "S", "what every name contains"),
        ("--shortest", length, 1, "N", "smallest number of letters (default: %(default)s)"),
        ("--longest", length, None, "N", f"largest number of letters (default: {MAX_LENGTH})"),
        ("--seed", whole_number(0), 0, "N", "the same seed gives the same names"),
        ("--output", file_name, None, "FILE", "where to write the names (default: the terminal)"),
    )
    for flag, read, default, metavar, text in options:
        parser.add_argument(flag, type=read, default=default, metavar=metavar, help=text)
    add_blend_options(parser)
    add_source(parser, "--names", "NAMES.txt", "the training names, to know what is new")
    parser.add_argument("--ending", dest="suffix", default="", help=argparse.SUPPRESS)
    parser.add_argument("--greedy", action="store_true", help="always choose the likeliest letter")
    parser.add_argument(
        "--only-new",
        action="store_true",
        help="leave out the names of NAMES.txt",
    )
    add_force(parser, "the file of --output if it exists")
    parser.add_argument("--no-repeats", action="store_true", help="write each name only once")
    parser.add_argument(
        "--format",
        type=one_of(EXPORT_FORMATS),
        metavar=f"{{{','.join(EXPORT_FORMATS)}}}",
        default=DEFAULT_FORMAT,
        help="format of the output (default: %(default)s)",
    )


def _run(options: argparse.Namespace) -> int:
    """Write the names, and print a note if there are too few."""
    _check_combination(options)
    model = saved_network(options)
    if model.parameters.architecture.task == "tell":
        raise CheckpointError(tells_and_does_not_write(options.model, model.kind))
    if model.kind != "names":
        raise CheckpointError(
            f"“{options.model}” was trained on "
            f"{'a text' if model.kind == 'text' else model.kind}, not on names. Use the command "
            "write."
        )
    sources = _sources(options, model)
    if options.output is not None:
        check_text_output(
            options.output,
            [options.model, *(options.names.places if options.names is not None else ())],
            "Names do",
            force=options.force,
        )
    corpus = _corpus(options, model)
    rows, notes = sample_in_turn(
        sources,
        model,
        _constraints(options, model, corpus, len(sources)),
        _known(model, corpus) if corpus else None,
        with_nearest=options.format != DEFAULT_FORMAT,
    )
    text = _written(options, rows, has_kinds=bool(model.kinds), in_turn=len(sources) > 1)
    if options.output is None:
        print(text, end="")
    else:
        with atomic_writer(options.output) as file:
            file.write(text.encode("utf-8"))
    for note in notes:
        print_message(note)
    return 0 if rows else EXIT_FAILURE


def _sources(options: argparse.Namespace, model: SavedNetwork) -> list[NameSource]:
    """Return what writes the names: the network, at a kind or a blend if it is told kinds.

    Raises
    ------
    OptionError
        If the kind or the blend that was chosen is none of the network's.
    """
    chosen = chosen_blend(options, model.kinds)
    if chosen is not None:
        title, blend = chosen
        return [NameSource(title, of_blend(model.parameters, blend))]
    if model.kinds:
        return sources_of_kinds(model.parameters, model.kinds)
    return [NameSource("", model.parameters)]


def _written(
    options: argparse.Namespace, rows: list[ExportRow], *, has_kinds: bool, in_turn: bool
) -> str:
    """Return the names in the format that was chosen.

    In text, the kind stands beside a name if kinds take turns: otherwise all are of the same.
    """
    if options.format == DEFAULT_FORMAT and in_turn:
        return "".join(f"{row['name']}\t{row['kind']}\n" for row in rows)
    table = (COLUMNS[0], "kind", *COLUMNS[1:]) if has_kinds else COLUMNS
    return EXPORT_FORMATS[options.format].to_text(rows, table)


def _check_combination(options: argparse.Namespace) -> None:
    """Check that the options go together, as far as that is known before any file is read."""
    if options.only_new and options.names is None:
        raise OptionError("--only-new needs --names NAMES.txt, to know which names are not new.")
    if options.longest is not None:
        with _blaming_field(options):
            Constraints(shortest=options.shortest, longest=options.longest)


def _corpus(options: argparse.Namespace, model: SavedNetwork) -> Corpus | None:
    if options.names is None:
        return None
    with blaming("--names"):
        return read_file(
            options.names,
            reading_kinds(options, model),
            kind="names",
            lower_case=model.lower_case,
        )


def _constraints(
    options: argparse.Namespace, model: SavedNetwork, corpus: Corpus | None, n_sources: int
) -> Constraints:
    longest = options.longest
    if longest is None:
        # Do not cut off names that are no longer than the training names.
        lengths = model.vocabulary.lengths(corpus.distinct) if corpus else []
        longest = max([MAX_LENGTH, *lengths])
    texts = {name: _normalised(getattr(options, name), f"--{name}", model) for name in _TEXTS}
    with _blaming_field(options):
        return Constraints(
            count=options.count or max(_COUNT, n_sources),
            temperature=options.temperature,
            greedy=options.greedy,
            top_k=options.top_k,
            top_p=options.top_p,
            shortest=options.shortest,
            longest=longest,
            only_new=options.only_new,
            no_repeats=options.no_repeats,
            seed=options.seed,
            one_each=model.vocabulary.one_each,
            **texts,
        )


@contextmanager
def _blaming_field(options: argparse.Namespace) -> Iterator[None]:
    """Report a constraint that is refused as an error of its option."""
    try:
        yield
    except SamplingError as error:
        # If --longest was not given, the error must be in --shortest.
        is_default = error.field == "longest" and options.longest is None
        field = "shortest" if is_default else error.field
        raise OptionError(blame(f"--{field.replace('_', '-')}", str(error))) from error


def _normalised(text: str, option: str, model: SavedNetwork) -> str:
    """Normalise a text like the training names, and check that the network knows its letters."""
    text = unify(text, lower_case=model.lower_case)
    with blaming(option):
        if END not in text:  # which `Constraints` refuses
            model.vocabulary.encode(text)
    return text


def _known(model: SavedNetwork, corpus: Corpus) -> KnownNames:
    """Split the names as the network's run did; their letters are those that it knows."""
    one_each = model.vocabulary.one_each
    if model.held_out is None:
        return KnownNames(corpus.distinct, one_each=one_each)
    return KnownNames(*corpus.split(model.seed, model.held_out), one_each)


SAMPLE = Command(
    "sample",
    "write names with a trained network",
    "Writes names that meet the given constraints. If there are too few, they are written all the "
    "same, and a note on the error stream says why. A network that is told kinds writes names of "
    "one, of a blend of several, or of all kinds in turn, with the kind beside each.",
    _add_options,
    _run,
)
