"""What the card computes in the background: the kinds of a typed name and of held-out names."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.examples import HeldOutExamples
from engine.evaluation.told_names import ToldExample, handful, told_names
from engine.nn.classifier import probabilities_of_names
from engine.training.messages import RunRequest, Snapshot

COUNT = 12
"""Names in the table."""


@dataclass(frozen=True)
class Telling:
    """What a network says.

    Attributes
    ----------
    titles : tuple of str
        Of the kinds, the likeliest kind of the typed name first.
    probabilities : tuple of float
        Of these kinds; empty, as the titles are, if there is no name.
    told : tuple of ToldExample
        Of some held-out names.
    """

    titles: tuple[str, ...]
    probabilities: tuple[float, ...]
    told: tuple[ToldExample, ...]


class HandfulOfNames:
    """Some held-out names of a run. They are taken from the data only once for each run and draw.

    Lives in the background thread.
    """

    def __init__(self) -> None:
        self._key: tuple[int, int] | None = None
        self._names: EncodedNames | None = None
        self._written: list[str] = []

    def tell(
        self, run: RunRequest, draw: int, snapshot: Snapshot, typed: NDArray[np.intp] | None
    ) -> Telling:
        """Let a network tell the kinds of a typed name, and of the names of a draw.

        Parameters
        ----------
        run : RunRequest
        draw : int
            Another number takes other names.
        snapshot : Snapshot
            Of a network that tells kinds.
        typed : (T,) array or None
            The symbols of a name, its end included.
        """
        if self._names is None or self._key != (run.run_id, draw):
            held_out = HeldOutExamples.of(run.corpus, run.settings.seed, run.settings.held_out)
            places = handful(held_out.encoded, COUNT, draw)
            self._names, self._key = held_out.encoded.take(places), (run.run_id, draw)
            self._written = [held_out.titles[place] for place in places.tolist()]
        told = told_names(snapshot.parameters, self._names, self._written, snapshot.kinds)
        titles, shares = _kinds_of(snapshot, typed)
        return Telling(titles, shares, told)


def _kinds_of(
    snapshot: Snapshot, typed: NDArray[np.intp] | None
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the kinds of a name, the likeliest first, and their probabilities."""
    if typed is None or len(typed) < 2:  # the end alone cannot be read
        return (), ()
    name = EncodedNames(typed, np.array([0, len(typed)]))
    shares = probabilities_of_names(snapshot.parameters, name)[0]  # (n_kinds,)
    order = np.argsort(-np.nan_to_num(shares, nan=-1.0), kind="stable").tolist()
    titles = tuple(snapshot.kinds[kind] for kind in order)
    return titles, tuple(float(shares[kind]) for kind in order)
