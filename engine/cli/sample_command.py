"""The command ``sample``: names as they are wished for, to the terminal or to a file."""

import argparse
import sys

from engine.cli.arguments import (
    OptionError,
    blaming,
    file_name,
    one_of,
    positive_number,
    probability,
    whole_number,
)
from engine.cli.output_files import check_output
from engine.data.corpus import MAX_NAME_LENGTH, Corpus, read_names, unify
from engine.data.vocabulary import END
from engine.runs.checkpoint import Checkpoint, load_network
from engine.sampling.candidates import propose
from engine.sampling.constraints import Constraints
from engine.sampling.export import FORMATS, export
from engine.sampling.known_names import KnownNames
from engine.sampling.names import MAX_LENGTH, SamplingError
from engine.storage.archive import CheckpointError

EXIT_NOTHING_FOUND = 1

_TEXTS = {"prefix": "prefix", "suffix": "suffix", "containing": "containing"}
"""Options, and the wishes that they say."""


def add_sample(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.add_argument("model", metavar="MODEL.npz")
    length = whole_number(1, MAX_NAME_LENGTH)
    options = (
        ("--count", whole_number(1, 100_000), 10, "N", "how many names (default: %(default)s)"),
        ("--temperature", positive_number, 1.0, "T", "below 1 likelier (default: %(default)s)"),
        ("--top-k", whole_number(1), None, "K", "choose from the K likeliest letters"),
        ("--top-p", probability, 1.0, "P", "from the fewest letters that make up P, 1 at most"),
        ("--prefix", str, "", "S", "what every name begins with"),
        ("--suffix", str, "", "S", "what every name ends with"),
        ("--containing", str, "", "S", "what every name holds somewhere"),
        ("--shortest", length, 1, "N", "letters at least (default: %(default)s)"),
        ("--longest", length, None, "N", f"letters at most (default: {MAX_LENGTH})"),
        ("--seed", whole_number(0), 0, "N", "the same seed gives the same names"),
        ("--names", file_name, None, "NAMES.txt", "what it was trained on, to tell what is new"),
        ("--output", file_name, None, "FILE", "where to write; to the terminal if absent"),
    )
    for flag, read, default, metavar, text in options:
        parser.add_argument(flag, type=read, default=default, metavar=metavar, help=text)
    parser.add_argument("--greedy", action="store_true", help="always the likeliest letter")
    parser.add_argument(
        "--only-new", action="store_true", help="no names of NAMES.txt, which has to be given"
    )
    parser.add_argument("--no-repeats", action="store_true", help="each name once")
    parser.add_argument(
        "--format",
        type=one_of(FORMATS),
        metavar=f"{{{','.join(FORMATS)}}}",
        default="txt",
        help="(default: %(default)s)",
    )


def sample(options: argparse.Namespace) -> int:
    """Write the names, say if there are too few, and return the exit code."""
    model = load_network(options.model)
    if model.kind == "text":
        raise CheckpointError(
            f"“{options.model}” has learned a text, not names. Let it go on with: write."
        )
    if options.only_new and options.names is None:
        raise OptionError("Only --names NAMES.txt can tell what --only-new leaves out. Give it.")
    if options.output is not None:
        check_output("--output", options.output, [options.model, options.names])
    corpus = _corpus(options.names, model)
    search = propose(
        model.parameters,
        model.vocabulary,
        _constraints(options, model, corpus),
        _known(model, corpus) if corpus else None,
        step=model.step,
        with_nearest=options.format != "txt",
    )
    *_, found = search
    if options.output is None:
        print(FORMATS[options.format](found.candidates), end="")
    else:
        export(options.output, found.candidates, options.format)
    if found.note:
        print(found.note, file=sys.stderr)
    return 0 if found.candidates else EXIT_NOTHING_FOUND


def _corpus(path: str | None, model: Checkpoint) -> Corpus | None:
    if path is None:
        return None
    with blaming("--names"):
        return read_names(path, lower_case=model.lower_case)


def _constraints(
    options: argparse.Namespace, model: Checkpoint, corpus: Corpus | None
) -> Constraints:
    longest = options.longest
    if longest is None:
        # Names as long as those that it learned from are not to be lost.
        longest = max(MAX_LENGTH, len(corpus.longest) if corpus else 0)
    wished = {
        field: _as_learned(getattr(options, name), f"--{name}", model)
        for name, field in _TEXTS.items()
    }
    try:
        return Constraints(
            count=options.count,
            temperature=options.temperature,
            greedy=options.greedy,
            top_k=options.top_k,
            top_p=options.top_p,
            shortest=options.shortest,
            longest=longest,
            only_new=options.only_new,
            no_repeats=options.no_repeats,
            seed=options.seed,
            **wished,
        )
    except SamplingError as error:
        # A longest that nobody gave cannot be at fault.
        is_ours = error.field == "longest" and options.longest is None
        raise OptionError(
            f"{_option_of('shortest' if is_ours else error.field)}: {error}"
        ) from error


def _as_learned(text: str, option: str, model: Checkpoint) -> str:
    """Write what was asked for as the network knows it, and look whether it knows it."""
    text = unify(text, lower_case=model.lower_case)
    with blaming(option):
        if END not in text:  # which is told apart
            model.vocabulary.encode(text)
    return text


def _option_of(field: str) -> str:
    """Return the option that a wish was given by."""
    options = {field: name for name, field in _TEXTS.items()}
    return f"--{options.get(field, field).replace('_', '-')}"


def _known(model: Checkpoint, corpus: Corpus) -> KnownNames:
    """Split the names as the run of the network did."""
    if model.held_out is None:
        return KnownNames(corpus.distinct)
    return KnownNames(*corpus.split(model.seed, model.held_out))
