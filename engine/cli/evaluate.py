"""The command ``evaluate``: compare a trained network with baselines."""

import argparse
import math

from engine.cli.command import Command
from engine.cli.kinds.evaluation import evaluate_kinds, evaluate_told_tunes
from engine.cli.melodies.evaluation import print_copied, print_losses_of_notes
from engine.cli.options.arguments import OptionError, file_name
from engine.cli.options.data_options import add_source, read_file
from engine.cli.options.output_files import add_force, check_text_output
from engine.cli.options.saved_run import (
    add_saved_network,
    reading_kinds,
    reading_melodies,
    saved_network,
)
from engine.cli.terminal.messages import print_message
from engine.evaluation.baselines import uniform_loss
from engine.evaluation.held_out.data import HeldOutData, held_out_of_text
from engine.evaluation.held_out.documents import HeldOutDocuments
from engine.evaluation.held_out.names import HeldOutNames
from engine.evaluation.novelty import PASSAGE, copied_passage_share, known_word_share
from engine.nn.network import NamesLoss, loss_of_names
from engine.runs.saved_network import SavedNetwork
from engine.sampling.text import TextGenerator

_HELD_OUT_OF_UNKNOWN = 0.5
"""Share that counts as held out if the network was trained on the whole text."""

_SAMPLE_LENGTH = 4_000
"""Symbols of each text sample whose novelty is measured."""
_SAMPLE_TEMPERATURES = (1.0, 0.5)


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_saved_network(parser)
    add_source(parser, "names", "NAMES.txt", "or TEXT.txt, if the network was trained on a text")
    parser.add_argument(
        "--confusion",
        type=file_name,
        metavar="FILE.csv",
        help="of a network that tells kinds: a table of how often each kind was told for each",
    )
    add_force(parser, "the file of --confusion if it exists")


def _run(options: argparse.Namespace) -> int:
    """Measure a network on the data of a file."""
    if options.force and options.confusion is None:
        raise OptionError("--force needs --confusion.")
    model = saved_network(options)
    if options.confusion is not None:
        _check_confusion(model, options)
    if model.kind == "text":
        _evaluate_text(model, options)
    elif model.kind == "melodies":
        _evaluate_melodies(model, options)
    elif model.kinds:
        _evaluate_kinds(model, options)
    else:
        _evaluate_names(model, options)
    return 0


def _evaluate_melodies(model: SavedNetwork, options: argparse.Namespace) -> None:
    """Print the losses on tunes and how much is copied, or how their kinds are told."""
    chosen = reading_melodies(options)
    tells = model.parameters.architecture.task == "tell"
    melodies = read_file(
        options.names, chosen, kind="melodies", lower_case=None, for_training=not tells
    )
    if tells:
        evaluate_told_tunes(model, melodies, options.confusion)
        return
    titles = () if melodies.kinds is None else melodies.kinds.titles
    if model.kinds and titles != model.kinds:
        raise OptionError(
            "The tunes do not have the kinds that the network knows. Read them as the run has: "
            "with --kinds or --kind-column, and the same files."
        )
    share = model.held_out or _HELD_OUT_OF_UNKNOWN
    held_out = held_out_of_text(melodies, model.seed, share, None, model.vocabulary)
    rows = _held_out_rows(model, held_out, "held-out tunes")
    print_losses_of_notes(_measured(held_out), rows, melodies, len(model.vocabulary))
    print_copied(model, melodies, share)


def _check_confusion(model: SavedNetwork, options: argparse.Namespace) -> None:
    """Check before the work that there will be a confusion matrix, and that it can be written.

    Raises
    ------
    OptionError
        If not.
    """
    if model.parameters.architecture.task != "tell":
        raise OptionError("--confusion needs a network that tells kinds, and this one writes.")
    inputs = [options.model, *options.names.places]
    check_text_output(
        options.confusion,
        inputs,
        "A confusion matrix does",
        force=options.force,
        option="--confusion",
    )


def _evaluate_kinds(model: SavedNetwork, options: argparse.Namespace) -> None:
    """Print how a network writes or tells the names of each kind."""
    corpus = read_file(
        options.names,
        reading_kinds(options, model),
        kind="names",
        lower_case=model.lower_case,
        for_training=False,
    )
    evaluate_kinds(model, corpus, options.confusion)


def _evaluate_names(model: SavedNetwork, options: argparse.Namespace) -> None:
    """Print the losses of a network and of the baselines on names."""
    corpus = read_file(
        options.names, options, kind="names", lower_case=model.lower_case, for_training=False
    )
    everything = model.vocabulary.encode_all(corpus.distinct)
    is_single = len(corpus.distinct) == 1
    title = "network, the only name" if is_single else "network, all distinct names"
    rows, measured = [(title, loss_of_names(model.parameters, everything))], ""
    if is_single:
        print_message(f"There is only one name in “{corpus.source}”, so none is held out.")
    elif model.held_out is None:
        print_message("The network was trained on all names; none were held out.")
    else:
        training, names = corpus.split_places(model.seed, model.held_out)
        held_out = HeldOutNames(
            model.vocabulary.encode_all(corpus.distinct_at(training)),
            model.vocabulary.encode_all(corpus.distinct_at(names)),
            model.seed,
            len(model.vocabulary),
            corpus.weights_at(training),
        )
        rows += _held_out_rows(model, held_out, "held-out names")
        measured = _measured(held_out)
    print(f"{measured:30}nats per character")
    for title, loss in rows:
        print(f"{title:30}{loss.nats_per_character:16.4f}")
    print(f"{'uniform guessing':30}{uniform_loss(len(model.vocabulary)):16.4f}")


def _held_out_rows(
    model: SavedNetwork, held_out: HeldOutData, what: str
) -> list[tuple[str, NamesLoss]]:
    """Return the losses of network and n-gram models on everything that is held out."""
    rows = [(f"network, {what}", held_out.loss(model.parameters, in_full=True))]
    losses = held_out.n_gram_losses(held_out.fit_n_grams(), in_full=True)
    return rows + [(f"{order}-gram, {what}", loss) for order, loss in enumerate(losses, start=1)]


def _measured(held_out: HeldOutData) -> str:
    """Say on how much network and n-gram models were measured."""
    return f"held out: {held_out.size.describe(in_full=True)}"


def _evaluate_text(model: SavedNetwork, options: argparse.Namespace) -> None:
    """Print the losses on the held-out end of a text, and the novelty of what is written."""
    text = read_file(options.names, options, kind="text", lower_case=model.lower_case)
    share = model.held_out or _HELD_OUT_OF_UNKNOWN
    held_out = held_out_of_text(text, model.seed, share, model.window, model.vocabulary)
    has_documents = isinstance(held_out, HeldOutDocuments)
    what = "held-out documents" if text.documents is not None else "held-out end"
    rows = _held_out_rows(model, held_out, what)
    print(f"{_measured(held_out):30}{'nats per symbol':>16}{'bits per symbol':>16}", end="")
    print(f"{'nats per document':>19}" if has_documents else "")
    for title, loss in rows:
        _print_row(title, loss.nats_per_character, loss.nats_per_name if has_documents else None)
    _print_row("uniform guessing", uniform_loss(len(model.vocabulary)))
    _print_novelty(model, text.decode(text.split(share, model.seed)[0]))


def _print_row(title: str, nats: float, nats_per_document: float | None = None) -> None:
    print(f"{title:30}{nats:16.4f}{nats / math.log(2):16.4f}", end="")
    print("" if nats_per_document is None else f"{nats_per_document:19.1f}")


def _print_novelty(model: SavedNetwork, training: str) -> None:
    """Print how much of what the network writes is words, and how much is copied."""
    samples = [
        TextGenerator(
            model.parameters,
            model.vocabulary,
            temperature=temperature,
            window=model.window,
            document_break=model.document_break,
        ).write(_SAMPLE_LENGTH)
        for temperature in _SAMPLE_TEMPERATURES
    ]
    print(f"\n{f'Of {_SAMPLE_LENGTH:,} symbols written at temperature':48}", end="")
    print("".join(f"{temperature:>8g}" for temperature in _SAMPLE_TEMPERATURES))
    for title, share in (
        ("words that occur in the training text", known_word_share),
        (f"passages of {PASSAGE} symbols copied from it", copied_passage_share),
    ):
        print(f"{title:48}" + "".join(f"{share(sample, training):>8.1%}" for sample in samples))


EVALUATE = Command(
    "evaluate",
    "compare a trained network with baselines",
    "Measures a network, in nats per character, on the distinct names of a file, and on those "
    "that a run with the network's seed holds out of it; and compares it with uniform guessing and "
    "with n-gram models fitted on the rest. A network trained on a text is measured on the "
    "held-out end, or on held-out documents, and by what it writes; one trained on melodies, on "
    "held-out tunes, and by what it copies; one that knows kinds, by kind.",
    _add_options,
    _run,
)
