"""A handful of names, and the kinds that a network tells them to be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames, kinds_of
from engine.nn.classifier import log_probabilities_of_names
from engine.nn.parameters import Parameters


@dataclass(frozen=True)
class ToldExample:
    """A name, or a passage of a tune, whose kind a network has told.

    Attributes
    ----------
    name : str
        As in the data; of a passage, the title of its tune and its bars.
    kind : str
        The title of its kind in the data.
    told : str
        The title of the kind that is told.
    probability : float
        That the network gives to the kind that it tells, from 0 to 1.
    """

    name: str
    kind: str
    told: str
    probability: float

    @property
    def is_right(self) -> bool:
        """Whether the kind is told."""
        return self.told == self.kind


def handful(names: EncodedNames, count: int, seed: int) -> NDArray[np.intp]:
    """Return the places of some names: of as many kinds as can be, in an order without meaning.

    Parameters
    ----------
    names : EncodedNames
        Names with kinds, at least one.
    count : int
        How many to return; all, if there are fewer.
    seed : int
        Says which.
    """
    random, kinds = np.random.default_rng(seed), kinds_of(names)
    # Each kind's names in an order of their own: the rank of a name within its kind.
    ranks = np.empty(len(kinds), np.intp)
    for kind in np.unique(kinds):
        places = np.flatnonzero(kinds == kind)
        ranks[random.permutation(places)] = np.arange(len(places))
    shuffled = random.permutation(len(kinds))
    return shuffled[np.argsort(ranks[shuffled], kind="stable")][:count]


def told_names(
    parameters: Parameters, names: EncodedNames, written: Sequence[str], titles: tuple[str, ...]
) -> tuple[ToldExample, ...]:
    """Tell the kinds of names, or of passages of tunes.

    Parameters
    ----------
    parameters : Parameters
        Of a network that tells kinds.
    names : EncodedNames
        Names with kinds, at least one.
    written : sequence of str
        What each is called.
    titles : tuple of str
        Of the kinds.
    """
    log_p: NDArray[np.float64] = log_probabilities_of_names(parameters, names)  # (m, n_kinds)
    told = np.nan_to_num(log_p, nan=-np.inf).argmax(axis=1)
    sure = np.exp(log_p.max(axis=1))
    return tuple(
        ToldExample(
            name,
            titles[kind],
            titles[told_kind],
            float(probability),
        )
        for name, kind, told_kind, probability in zip(
            *(written, kinds_of(names).tolist(), told.tolist(), sure.tolist()), strict=True
        )
    )
