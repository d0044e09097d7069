"""The engine's command line: it reads words, trains, and prints what the course prints."""

import argparse
import os
import sys
import time
from collections.abc import Sequence

from engine.arguments import add_seed, clip_value, positive_number, whole_number
from engine.baselines import uniform_loss
from engine.corpus import Corpus, CorpusError, read_names
from engine.messages import Hyperparameters
from engine.network import loss_of_names
from engine.parameters import MAX_HIDDEN, MIN_HIDDEN
from engine.recipes import DEFAULT, RECIPES
from engine.sampling import logged_names, title_case
from engine.trainer import Trainer

COURSE_ITERATIONS = 35_000

EXIT_BAD_INPUT = 1
# What a shell reports of a program that such a signal has ended.
EXIT_INTERRUPTED = 128 + 2
EXIT_BROKEN_PIPE = 128 + 13


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        corpus = read_names(options.names)
        recipe = RECIPES[options.recipe]
        print(corpus.summary(keeps_repeats=not recipe.holds_out), file=sys.stderr)
        return _train(corpus, options)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    except BrokenPipeError:  # whoever read the output has had enough
        # Python flushes the output once more as it ends, and must not meet the pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    knobs = Hyperparameters()
    parser = argparse.ArgumentParser(
        prog="python -m engine",
        description="Train a character-level recurrent network on names, without a window.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser(
        "train",
        help="train on a file of names",
        description="Train on a file of names, one a line. Prints the smoothed loss, in nats a "
        "name, and seven names every 2,000 iterations, as the course does.",
    )
    train.add_argument("names", metavar="NAMES.txt", help="UTF-8 text, one name a line")
    train.add_argument(
        "--recipe",
        choices=sorted(RECIPES),
        default=DEFAULT.name,
        help=" ".join(f"{r.name}: {r.summary}" for r in RECIPES.values())
        + " (default: %(default)s)",
    )
    train.add_argument(
        "--steps",
        type=whole_number(1),
        default=COURSE_ITERATIONS,
        metavar="N",
        help="names to learn from, one a step (default: %(default)s)",
    )
    train.add_argument(
        "--hidden",
        type=whole_number(MIN_HIDDEN, MAX_HIDDEN),
        default=knobs.hidden,
        metavar="N",
        help=f"hidden units, {MIN_HIDDEN} to {MAX_HIDDEN} (default: %(default)s)",
    )
    train.add_argument(
        "--learning-rate",
        type=positive_number,
        default=knobs.learning_rate,
        metavar="X",
        help="(default: %(default)s)",
    )
    train.add_argument(
        "--clip",
        type=clip_value,
        default=knobs.clip,
        metavar="X",
        help="bound of every gradient entry, or “off” (default: %(default)s)",
    )
    add_seed(train)
    return parser


def _train(corpus: Corpus, options: argparse.Namespace) -> int:
    trainer = Trainer(
        corpus,
        Hyperparameters(options.learning_rate, options.clip, options.hidden),
        RECIPES[options.recipe],
        options.seed,
    )
    seconds = 0.0
    while trainer.step < options.steps:
        start = time.perf_counter()
        trainer.run(options.steps - trainer.step)
        seconds += time.perf_counter() - start
        if trainer.divergence is not None:
            print(
                f"At step {trainer.step:,} the loss was no number any more. Train again with "
                f"a learning rate below {options.learning_rate:g}, or a smaller clip value.",
                file=sys.stderr,
            )
            return EXIT_BAD_INPUT
        if trainer.is_at_log_entry:
            _print_log_entry(trainer)
    print(
        f"{trainer.step:,} steps in {seconds:.2f} s: {trainer.step / seconds:,.0f} steps a second."
    )
    if trainer.held_out is not None:
        loss = loss_of_names(trainer.parameters, trainer.held_out)
        print(
            f"Held out: {loss.nats_a_name:.3f} nats a name, {loss.nats_a_character:.4f} nats a "
            f"character (guessing: {uniform_loss(len(corpus.vocabulary)):.4f})."
        )
    return 0


def _print_log_entry(trainer: Trainer) -> None:
    """Print the smoothed loss and seven names, laid out as in the course."""
    print(f"Iteration: {trainer.step - 1}, Loss: {trainer.smoothed_loss:f}\n")
    names = logged_names(
        trainer.parameters,
        trainer.vocabulary,
        is_legacy=trainer.recipe.is_legacy,
        seed=trainer.step,
    )
    for name in names:
        print(title_case(name))
    print("\n", flush=True)
