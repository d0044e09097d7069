"""How a classifier reads one name: what it says after each letter, and which letters decided.

A letter's effect is found by leaving it out: the name is read again without it, and the
log-probability of a kind is compared. This is exact and says what it says: without this letter, the
network would have been so much less sure. Gradient x input would take one backward pass instead of
as many names as there are letters, but it is a linear approximation of a strongly curved function,
and a one-hot input cannot be made a little smaller by a person who wants to try it out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import END_INDEX, EncodedNames
from engine.nn.classifier import log_probabilities_of_names
from engine.nn.parameters import Parameters


@dataclass(frozen=True)
class KindReading:
    """What a classifier says of a name of T letters, and of its parts.

    Attributes
    ----------
    log_probabilities : (T + 1, n_kinds) array
        ln p(kind) after 0 to T letters, in nats.
    without : (T, n_kinds) array
        The same of the name without its first letter, without its second letter and so on.
    """

    log_probabilities: NDArray[np.float64]
    without: NDArray[np.float64]

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The probability of each kind after 0 to T letters: (T + 1, n_kinds)."""
        return np.exp(self.log_probabilities)

    @property
    def told(self) -> int:
        """The kind that is told of the whole name: the most probable one."""
        return int(self.log_probabilities[-1].argmax())

    def letter_effects(self, kind: int) -> NDArray[np.float64]:
        """Return what each letter does for a kind, as ln p(kind|name) - ln p(kind|without it).

        Returns
        -------
        (T,) array
            In nats. Above 0: the letter speaks for the kind. Below 0: it speaks against it.
        """
        return np.asarray(self.log_probabilities[-1, kind] - self.without[:, kind])


def read_kind(parameters: Parameters, symbols: NDArray[np.intp]) -> KindReading:
    """Read a name: all of its beginnings, and the name without each letter, as one list of names.

    Parameters
    ----------
    parameters : Parameters
        Of a network that tells kinds.
    symbols : (T,) array
        The letters of the name as indices, without its end; there may be none.
    """
    length = len(symbols)
    names = [symbols[:count] for count in range(length + 1)]
    names += [np.delete(symbols, place) for place in range(length)]
    found = log_probabilities_of_names(parameters, _ended(names))
    return KindReading(found[: length + 1], found[length + 1 :])


def _ended(names: list[NDArray[np.intp]]) -> EncodedNames:
    """Return names as one array, each followed by its end."""
    bounds = np.cumsum([0, *(len(name) + 1 for name in names)])
    symbols = np.full(bounds[-1], END_INDEX, np.intp)
    for start, name in zip(bounds[:-1].tolist(), names, strict=True):
        symbols[start : start + len(name)] = name
    return EncodedNames(symbols, bounds)
