"""The option that says what computes the steps of a run."""

import argparse
from dataclasses import replace

from engine.cli.options.arguments import blaming, one_of
from engine.cli.terminal.messages import print_message
from engine.nn.backends import BACKENDS, best_backend, load_backend
from engine.nn.fast.compiled.kernel_store import KernelsNotReadyError
from engine.training.trainer import Trainer


def add_backend(parser: argparse._ActionsContainer, default: str) -> None:
    """Add the option; `default` says what it is without."""
    parser.add_argument(
        "--backend",
        type=one_of(BACKENDS),
        metavar=f"{{{','.join(BACKENDS)}}}",
        help="what computes the steps: NumPy, or the faster step that “compile” makes ready "
        f"({default})",
    )


def backend_of_new_run(options: argparse.Namespace) -> str:
    """Return the backend that is asked for, or else the best one that is ready. It is loaded.

    So its loading does not count as time of the training.

    Raises
    ------
    OptionError
        If the one that is asked for is not ready.
    """
    asked: str | None = getattr(options, "backend", None)
    if asked is not None:
        with blaming("--backend"):
            load_backend(asked)
        return asked
    try:
        load_backend(best := best_backend())
    except KernelsNotReadyError as error:  # its files are damaged
        print_message(f"Training with NumPy. {error}")
        return "numpy"
    return best


def set_backend(trainer: Trainer, asked: str | None) -> None:
    """Let a run go on with the backend that is asked for, or else with one that is ready.

    Raises
    ------
    OptionError
        If the one that is asked for is not ready.
    """
    if asked is not None:
        with blaming("--backend"):
            trainer.set_hyperparameters(replace(trainer.hyperparameters, backend=asked))
        return
    change = trainer.use_ready_backend()
    if change:
        print_message(change)
