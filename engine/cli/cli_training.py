"""Training in a terminal: names or text, told of on the way, and interrupted by Ctrl+C."""

from engine.cli.name_commands import run_names
from engine.cli.signal_handling import interruption_noted
from engine.cli.write import run_text
from engine.data.corpus import Corpus
from engine.training.trainer import Trainer


def run_told(trainer: Trainer, steps: int, minutes: float | None = None) -> tuple[bool, bool]:
    """Train until so many steps are made in all, and print what is measured on the way.

    Parameters
    ----------
    trainer : Trainer
    steps : int
        Of no account where there are minutes.
    minutes : float, optional
        To train a text for instead.

    Returns
    -------
    is_well, is_interrupted : bool
        Whether the loss is a number still, and whether Ctrl+C has ended it before.
    """
    with interruption_noted() as interruption:
        if isinstance(trainer.corpus, Corpus):
            is_well = run_names(trainer, interruption, steps)
        else:
            is_well = run_text(trainer, interruption, steps, minutes)
    return is_well, interruption.is_asked
