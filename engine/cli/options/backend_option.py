"""The option that says what computes the steps of a run."""

import argparse
from dataclasses import replace

from engine.cli.options.arguments import blaming, one_of
from engine.cli.terminal.messages import print_message
from engine.nn.backends import BACKENDS, best_backend, check_backend
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
    """Return the backend that is asked for, or else the best one that is ready.

    Raises
    ------
    OptionError
        If the one that is asked for is not ready.
    """
    asked: str | None = getattr(options, "backend", None)
    if asked is None:
        return best_backend()
    with blaming("--backend"):
        check_backend(asked)
    return asked


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
