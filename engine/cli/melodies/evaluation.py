"""What the command ``evaluate`` prints of a network that was trained on melodies."""

import math
from collections.abc import Sequence

from engine.data.melodies import Melodies
from engine.data.training_data import counted
from engine.evaluation.baselines import uniform_loss
from engine.evaluation.copied_notes import COPIED_FROM, KnownTunes
from engine.nn.kinds import even_blend, of_blend
from engine.nn.network import NamesLoss
from engine.runs.saved_network import SavedNetwork
from engine.sampling.melody.improvise import improvise
from engine.sampling.melody.request import DEFAULT_TEMPERATURE, MelodyRequest

COPIED_OF = 1_000
"""Notes that are played to see how many of them are copied."""


def print_losses_of_notes(
    measured: str, rows: Sequence[tuple[str, NamesLoss]], melodies: Melodies, n_symbols: int
) -> None:
    """Print losses per note and per symbol, and that of guessing.

    Parameters
    ----------
    measured : str
        On what they were measured.
    rows : sequence of (str, NamesLoss)
        What was measured, and its loss.
    melodies : Melodies
        From which the tunes are held out.
    n_symbols : int
        Size of the network's vocabulary.
    """
    guessing = uniform_loss(n_symbols)
    guess = NamesLoss(guessing * melodies.mean_length, guessing)
    print(f"{measured:30}{'nats per note':>16}{'bits per note':>16}{'nats per symbol':>17}")
    for title, loss in (*rows, ("uniform guessing", guess)):
        nats = loss.nats_per_name
        print(f"{title:30}{nats:16.4f}{nats / math.log(2):16.4f}{loss.nats_per_character:17.4f}")


def print_copied(model: SavedNetwork, melodies: Melodies, share: float) -> None:
    """Print how much of what a network plays is copied; see `copied_share`."""
    copied, n_notes = copied_share(model, melodies, share)
    print(
        f"\nOf {counted(n_notes, 'note')} played at temperature {DEFAULT_TEMPERATURE:g}, "
        f"{copied:.1%} stand in runs of {COPIED_FROM} or more that are copied from training tunes."
    )


def copied_share(model: SavedNetwork, melodies: Melodies, share: float) -> tuple[float, int]:
    """Let a network play, and return the share of its notes that is copied, and their number.

    Parameters
    ----------
    model : SavedNetwork
    melodies : Melodies
        What it was trained on.
    share : float
        Share that was held out.
    """
    known = KnownTunes(melodies, share, model.seed)
    n_kinds = model.parameters.architecture.n_kinds
    parameters = model.parameters
    if n_kinds:
        parameters = of_blend(parameters, even_blend(n_kinds))
    copied = n_notes = seed = 0
    while n_notes < COPIED_OF:
        request = MelodyRequest(bar=melodies.bar, seed=seed)
        notes = improvise(parameters, model.vocabulary, request).melody.notes
        copied += int(known.look_up(notes).are_copied.sum())
        n_notes += len(notes)
        seed += 1
    return copied / n_notes, n_notes
