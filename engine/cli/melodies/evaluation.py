"""What the command ``evaluate`` prints of a network that was trained on melodies."""

import math

import numpy as np

from engine.data.melodies import Melodies
from engine.data.training_data import counted
from engine.evaluation.baselines import uniform_loss
from engine.evaluation.copied_notes import COPIED_FROM, KnownTunes
from engine.evaluation.held_out.data import held_out_of_text
from engine.nn.kinds import of_blend
from engine.runs.saved_network import SavedNetwork
from engine.sampling.melody.improvise import improvise
from engine.sampling.melody.request import DEFAULT_TEMPERATURE, MelodyRequest

_HELD_OUT_OF_UNKNOWN = 0.5
"""Share that counts as held out if the network was trained on all tunes."""

COPIED_OF = 1_000
"""Notes that are played to see how many of them are copied."""


def evaluate_melodies(model: SavedNetwork, melodies: Melodies) -> None:
    """Print the losses on held-out tunes, and how much of what the network plays is copied."""
    share = model.held_out or _HELD_OUT_OF_UNKNOWN
    held_out = held_out_of_text(melodies, model.seed, share, None, model.vocabulary)
    rows = [("network, held-out tunes", held_out.loss(model.parameters, in_full=True))]
    losses = held_out.n_gram_losses(held_out.fit_n_grams(), in_full=True)
    rows += [(f"{order}-gram, held-out tunes", loss) for order, loss in enumerate(losses, start=1)]
    measured = f"held out: {held_out.size.describe(in_full=True)}"
    print(f"{measured:30}{'nats per note':>16}{'bits per note':>16}{'nats per symbol':>17}")
    guessing = uniform_loss(len(model.vocabulary))
    pairs = [(title, loss.nats_per_name, loss.nats_per_character) for title, loss in rows]
    for title, per_note, per_symbol in (
        *pairs,
        ("uniform guessing", guessing * melodies.mean_length, guessing),
    ):
        print(f"{title:30}{per_note:16.4f}{per_note / math.log(2):16.4f}{per_symbol:17.4f}")
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
        parameters = of_blend(parameters, np.full(n_kinds, 1 / n_kinds))
    copied = n_notes = seed = 0
    while n_notes < COPIED_OF:
        request = MelodyRequest(bar=melodies.bar, seed=seed)
        notes = improvise(parameters, model.vocabulary, request).melody.notes
        copied += int(known.look_up(notes).are_copied.sum())
        n_notes += len(notes)
        seed += 1
    return copied / n_notes, n_notes
