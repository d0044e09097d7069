"""How a classifier reads one name: what it says after each letter, and which letters decided.

A letter's effect is found by leaving it out: the name is read again without it, and the
log-probability of a kind is compared. This is exact and says what it says: without this letter, the
network would have been so much less sure. Gradient x input would take one backward pass instead of
as many names as there are letters, but it is a linear approximation of a strongly curved function,
and a one-hot input cannot be made a little smaller by a person who wants to try it out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.data.vocabulary import END_INDEX, EncodedNames
from engine.insight.reading import one_name
from engine.insight.results import read_only
from engine.nn.classifier import log_probabilities_of_names
from engine.nn.parameters import Array
from engine.training.messages import Snapshot


@dataclass(frozen=True)
class KindReading:
    """What a classifier says of a name of T letters, and of its parts.

    Attributes
    ----------
    log_probabilities : (T + 1, n_kinds) array
        ln p(kind) after 0 to T letters, in nats; read-only.
    without : (T, n_kinds) array
        The same of the name without its first letter, without its second letter and so on;
        read-only.
    """

    log_probabilities: Array
    without: Array

    @property
    def probabilities(self) -> Array:
        """The probability of each kind after 0 to T letters: (T + 1, n_kinds)."""
        return np.exp(self.log_probabilities)

    @property
    def told(self) -> int:
        """The kind that is told of the whole name: the most probable one."""
        return int(self.log_probabilities[-1].argmax())

    def letter_effects(self, kind: int) -> Array:
        """Return what each letter does for a kind, as ln p(kind|name) - ln p(kind|without it).

        Returns
        -------
        (T,) array
            In nats. Above 0: the letter speaks for the kind. Below 0: it speaks against it.
        """
        return np.asarray(self.log_probabilities[-1, kind] - self.without[:, kind])


def kind_reading(snapshot: Snapshot, name: ArrayLike) -> KindReading:
    """Read all beginnings of a name, and the name without each letter, as one list of names.

    Parameters
    ----------
    snapshot : Snapshot
        Of a network that tells kinds.
    name : (T + 1,) array
        As indices, its END included; there may be no letters.

    Raises
    ------
    ValueError
        If the name is empty or holds something other than indices of symbols, or if the network is
        one that writes.
    """
    letters = one_name(name, len(snapshot.vocabulary)).targets[:-1]  # (T,)
    length = len(letters)
    names = [letters[:count] for count in range(length + 1)]
    names += [np.delete(letters, place) for place in range(length)]
    with np.errstate(all="ignore"):
        found = log_probabilities_of_names(snapshot.parameters, _ended(names))
    return KindReading(read_only(found[: length + 1]), read_only(found[length + 1 :]))


def _ended(names: list[NDArray[np.intp]]) -> EncodedNames:
    """Return names as one array, each followed by its end."""
    bounds = np.cumsum([0, *(len(name) + 1 for name in names)])
    symbols = np.full(bounds[-1], END_INDEX, np.intp)
    for start, name in zip(bounds[:-1].tolist(), names, strict=True):
        symbols[start : start + len(name)] = name
    return EncodedNames(symbols, bounds)
