"""Training on names as the command line does it: with what the course prints."""

import time

from engine.cli.signal_handling import Interruption
from engine.data.wording import counted
from engine.evaluation.baselines import uniform_loss
from engine.nn.network import loss_of_names
from engine.sampling.names import logged_names, title_case
from engine.training.trainer import Trainer

_SLICE = 0.2
"""Seconds of training from one look at the interruption to the next."""


def run_names(trainer: Trainer, interruption: Interruption, steps: int) -> bool:
    """Train until so many steps are made in all, and print what the course prints.

    Parameters
    ----------
    trainer : Trainer
        Of names.
    interruption : Interruption
        That ends it before, with nothing measured at the end.
    steps : int

    Returns
    -------
    bool
        False if the loss was no number any more.
    """
    seconds, begun = 0.0, trainer.step
    while trainer.step < steps:
        start = time.perf_counter()
        trainer.run(steps - trainer.step, _SLICE)
        seconds += time.perf_counter() - start
        if trainer.divergence is not None:
            return False
        if interruption.is_asked:  # who reads the output may have ended with it: nothing is printed
            return True
        if trainer.is_at_log_entry:
            _print_log_entry(trainer)
    made = trainer.step - begun
    print(
        f"{counted(made, 'step')} in {seconds:.2f} s: "
        f"{counted(round(made / seconds), 'step')} a second."
    )
    if trainer.held_out is not None:
        loss = loss_of_names(trainer.parameters, trainer.held_out)
        print(
            f"Held out: {loss.nats_per_name:.3f} nats per name, "
            f"{loss.nats_per_character:.4f} nats per character "
            f"(guessing: {uniform_loss(len(trainer.vocabulary)):.4f})."
        )
    return True


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
