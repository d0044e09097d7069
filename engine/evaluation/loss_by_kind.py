"""The loss of names by their kind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames, kinds_of
from engine.nn.functions import log_softmax
from engine.nn.network import NamesLoss, Network
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters

_BATCH = 256
"""Names that are read at once. This bounds the memory."""


@dataclass(frozen=True)
class LossByKind:
    """The mean loss of the names of each kind, and of all names.

    Attributes
    ----------
    of_kinds : tuple of (NamesLoss or None)
        None for a kind that has no names.
    in_all : NamesLoss
        The mean over all names, so that a kind of many names counts for more.
    """

    of_kinds: tuple[NamesLoss | None, ...]
    in_all: NamesLoss

    @classmethod
    def of_totals(cls, totals: NDArray[np.floating], names: EncodedNames) -> "LossByKind":
        """Return the means that belong to sums.

        Parameters
        ----------
        totals : (n_kinds,) array
            The loss of all names of each kind, in nats.
        names : EncodedNames
            One or more, with kinds.
        """
        kinds = kinds_of(names)
        counts = np.bincount(kinds, minlength=len(totals)).tolist()
        characters = np.bincount(kinds, names.lengths, len(totals)).tolist()
        of_kinds = [
            NamesLoss(nats / count, nats / length) if count else None
            for nats, count, length in zip(totals.tolist(), counts, characters, strict=True)
        ]
        total = float(totals.sum())
        return cls(tuple(of_kinds), NamesLoss(total / len(names), total / len(names.symbols)))


def loss_by_kind(parameters: Parameters, names: EncodedNames) -> LossByKind:
    """Return the loss of a network on names, by their kind.

    Parameters
    ----------
    parameters : Parameters
        Of a network that writes and is told kinds. It is told the kind of each name.
    names : EncodedNames
        One or more, with kinds. Each is read with an initial state of zero.
    """
    network, n_kinds = Network(parameters), parameters.architecture.n_kinds
    totals = np.zeros(n_kinds)
    for begin in range(0, len(names), _BATCH):
        batch = Packed.of(names, np.arange(begin, min(begin + _BATCH, len(names))))
        assert batch.kinds is not None  # a network that is told kinds has read them
        z = network.states(batch)[-1] @ parameters.Wya.T + parameters.by  # (N, n_y)
        nats = -log_softmax(z)[np.arange(len(z)), batch.targets]  # (N,)
        of_rows = [batch.kinds[: rows.stop - rows.start] for rows in batch.steps]
        totals += np.bincount(np.concatenate(of_rows), nats, n_kinds)
    return LossByKind.of_totals(totals, names)
