"""The engine's command line: it reads words, trains, and prints what the course prints."""

import argparse
import os
import sys
from collections.abc import Sequence

from engine.architecture import DTYPES, MAX_HIDDEN, MAX_LAYERS, MIN_HIDDEN
from engine.arguments import (
    add_seed,
    clip_value,
    positive_number,
    share,
    whole_number,
    whole_numbers,
)
from engine.atomic import check_place
from engine.baselines import MAX_ORDER, NGrams, uniform_loss
from engine.cells import CELLS
from engine.checkpoint import CheckpointError, load
from engine.corpus import CorpusError, read_names
from engine.messages import MAX_BATCH, Hyperparameters, RunSettings
from engine.name_commands import run_names
from engine.network import loss_of_names
from engine.optimizers import CLIPPINGS, OPTIMIZERS
from engine.recipes import DEFAULT, RECIPES
from engine.run_commands import add_replay, add_resume, replay_run, resume_run
from engine.run_file import save_run
from engine.sample_command import add_sample, sample
from engine.sampling import SamplingError
from engine.text import read_text
from engine.text_commands import (
    add_text_options,
    add_write,
    evaluate_text,
    preset_of,
    run_text,
    text_defaults,
    write_text,
)
from engine.trainer import Trainer
from engine.vocabulary import UnknownSymbolError

COURSE_ITERATIONS = 35_000

EXIT_BAD_INPUT = 1
EXIT_USAGE = 2
# What a shell reports of a program that such a signal has ended.
EXIT_INTERRUPTED = 128 + 2
EXIT_BROKEN_PIPE = 128 + 13


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    options = _parse(arguments)
    commands = {
        "train": _train,
        "resume": _resume,
        "replay": replay_run,
        "sample": sample,
        "write": write_text,
        "evaluate": _evaluate,
    }
    try:
        return commands[options.command](options)
    except (CorpusError, CheckpointError, SamplingError, UnknownSymbolError, ValueError) as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    except BrokenPipeError:  # whoever read the output has had enough
        # Python flushes the output once more as it ends, and must not meet the pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    except OSError as error:
        print(f"{error.filename or 'The output'}: {error.strerror}.", file=sys.stderr)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = _parser().parse_args(arguments)
    if options.command != "train":
        return options
    if not options.text:
        for name in ("window", "streams", "minutes", "lower_case"):
            if getattr(options, name):
                raise SystemExit(_usage_error(f"--{name.replace('_', '-')} goes with --text."))
        return options
    # What is not given is the preset's: so the words are read again, with other defaults.
    options = _parser(text_defaults(preset_of(options.preset))).parse_args(arguments)
    if options.streams is not None:
        options.batch, options.window = options.streams, None
    return options


def _usage_error(message: str) -> int:
    print(message, file=sys.stderr)
    return EXIT_USAGE


def _parser(text: dict[str, object] | None = None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m engine",
        description="Train a recurrent network on names or on text, without a window.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser(
        "train",
        help="train on a file of names, or on a text",
        description="Train on a file of names, one a line. Prints the smoothed loss, in nats "
        "a name, and seven names every 2,000 iterations, as the course does. With --text, train "
        "on a running text, and print the held-out loss, in nats a symbol, and some verse.",
    )
    _add_train(train)
    train.set_defaults(**(text or {}))
    add_resume(
        commands.add_parser(
            "resume",
            help="go on with a run from its file",
            description="Goes on training as if the run had never been saved: so many steps more "
            "give the same parameters, to the bit, as all of them at once.",
        ),
        COURSE_ITERATIONS,
    )
    add_replay(
        commands.add_parser(
            "replay",
            help="repeat a run from its record",
            description="Repeats a run from what it was started with and all that was done to it, "
            "and compares what comes out with its file, bit for bit.",
        )
    )
    add_write(commands.add_parser("write", help="continue a text with a network trained on one"))
    add_sample(
        commands.add_parser(
            "sample",
            help="write names with a trained network",
            description="Writes names as they are wished for. What too few names meet is told on "
            "the error stream; what was found is written all the same.",
        )
    )
    evaluate = commands.add_parser(
        "evaluate",
        help="measure a trained network, beside models that count",
        description="Measures a network, in nats a character, on all distinct names of a file and "
        "on those that a training run with the network's own seed holds out of it; beside it "
        "uniform guessing and n-gram models, fitted on the rest. One trained on a text is measured "
        "on its held-out end, and by what it writes.",
    )
    evaluate.add_argument("model", metavar="MODEL.npz")
    evaluate.add_argument("names", metavar="NAMES.txt")
    return parser


def _add_train(train: argparse.ArgumentParser) -> None:
    knobs, settings = Hyperparameters(), RunSettings()
    train.add_argument("names", metavar="NAMES.txt", help="UTF-8 text, one name a line")
    train.add_argument(
        "--recipe",
        choices=sorted(RECIPES),
        default=DEFAULT.name,
        help=" ".join(f"{r.name}: {r.summary}" for r in RECIPES.values())
        + " (default: %(default)s)",
    )
    numbers = (
        ("--steps", whole_number(1), COURSE_ITERATIONS, "N", "steps to make"),
        ("--batch", whole_number(1, MAX_BATCH), knobs.batch, "N", "names a step"),
        ("--layers", whole_number(1, MAX_LAYERS), 1, "N", "layers of the network"),
        ("--learning-rate", positive_number, knobs.learning_rate, "X", "how far a step goes"),
        ("--decay", share(1e9), knobs.decay, "X", "learning rate / (1 + X epoch)"),
        ("--clip", clip_value, knobs.clip, "X", "bound of the gradient, or “off”"),
        ("--dropout", share(1.0), knobs.dropout, "P", "share of each layer left out"),
        ("--l2", share(1e9), knobs.l2, "X", "pull of the parameters towards zero"),
        ("--embedding", whole_number(1, MAX_HIDDEN), None, "N", "learned numbers a letter"),
        ("--held-out", share(1.0), settings.held_out, "F", "share of the names held out"),
    )
    for flag, read, default, metavar, text in numbers:
        train.add_argument(
            flag, type=read, default=default, metavar=metavar, help=f"{text} (default: %(default)s)"
        )
    train.add_argument(
        "--hidden",
        type=whole_numbers(MIN_HIDDEN, MAX_HIDDEN),
        default=knobs.widths,
        metavar="N[,N...]",
        help=f"hidden units of all layers, or of each, {MIN_HIDDEN} to {MAX_HIDDEN} (default: 50)",
    )
    choices = (
        ("--cell", tuple(CELLS), settings.cell),
        ("--optimizer", tuple(OPTIMIZERS), knobs.optimizer),
        ("--clipping", CLIPPINGS, knobs.clipping),
        ("--dtype", DTYPES, settings.dtype),
    )
    for flag, allowed, chosen in choices:
        train.add_argument(flag, choices=allowed, default=chosen, help="(default: %(default)s)")
    train.add_argument("--save", metavar="FILE.npz", help="where to keep the run")
    train.add_argument(
        "--keep-data",
        action="store_true",
        help="keep the data in the file as well, however large (up to 2 MB it is kept anyway)",
    )
    add_text_options(train)
    add_seed(train)


def _widths(options: argparse.Namespace) -> tuple[int, ...]:
    """Return the width of each layer, of one number for all or a number for each."""
    given: tuple[int, ...] = options.hidden
    if len(given) == 1:
        return given * int(options.layers)
    if options.layers not in (1, len(given)):
        raise ValueError(
            f"--hidden names {len(given)} layers and --layers {options.layers}. "
            "Give one number for all layers, or one for each."
        )
    return given


def _train(options: argparse.Namespace) -> int:
    knobs = Hyperparameters(
        learning_rate=options.learning_rate,
        clip=options.clip,
        widths=_widths(options),
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
    if options.save is not None:
        check_place(options.save)
    if options.text:
        trainer = _text_trainer(options, knobs, settings)
        is_well = run_text(trainer, options.steps, options.minutes)
    else:
        trainer = _names_trainer(options, knobs, settings)
        is_well = run_names(trainer, options.steps)
    if not is_well:
        return _diverged(options.learning_rate)
    if options.save is not None:
        with_data = True if options.keep_data else None
        save_run(options.save, trainer.corpus, trainer.state(), with_data=with_data)
    return 0


def _names_trainer(
    options: argparse.Namespace, knobs: Hyperparameters, settings: RunSettings
) -> Trainer:
    recipe = RECIPES[options.recipe]
    corpus = read_names(options.names)
    print(corpus.summary(keeps_repeats=not recipe.holds_out), file=sys.stderr)
    return Trainer(corpus, knobs, recipe, settings)


def _text_trainer(
    options: argparse.Namespace, knobs: Hyperparameters, settings: RunSettings
) -> Trainer:
    text = read_text(options.names, lower_case=options.lower_case)
    print(text.summary(), file=sys.stderr)
    return Trainer(text, knobs, settings=settings)


def _diverged(learning_rate: float) -> int:
    print(
        f"The loss was no number any more. Train again with "
        f"a learning rate below {learning_rate:g}, or a smaller clip value.",
        file=sys.stderr,
    )
    return EXIT_BAD_INPUT


def _resume(options: argparse.Namespace) -> int:
    code = resume_run(options)
    if code is None:
        print("The loss was no number any more. The file is left as it was.", file=sys.stderr)
    return EXIT_BAD_INPUT if code is None else code


def _evaluate(options: argparse.Namespace) -> int:
    model = load(options.model)
    if model.kind == "text":
        return evaluate_text(model, options.names)
    corpus = read_names(options.names)
    encode = model.vocabulary.encode_all
    everything = encode(corpus.distinct)
    rows = [("network, all distinct names", loss_of_names(model.parameters, everything))]
    if model.held_out is None:
        print("The network was trained with nothing held out.", file=sys.stderr)
    else:
        training, held_out = map(encode, corpus.split(model.seed, model.held_out))
        counted = NGrams(training, len(model.vocabulary)).losses(held_out)
        rows.append(("network, held-out names", loss_of_names(model.parameters, held_out)))
        rows += [
            (f"{order}-gram, held-out names", counted[order - 1])
            for order in range(1, MAX_ORDER + 1)
        ]
    print(f"{'':30}nats a character")
    for title, loss in rows:
        print(f"{title:30}{loss.nats_a_character:16.4f}")
    print(f"{'uniform guessing':30}{uniform_loss(len(model.vocabulary)):16.4f}")
    return 0
