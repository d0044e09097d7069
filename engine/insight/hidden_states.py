"""What the hidden units do while a name is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from engine.insight.reading import in_float64, one_name, read
from engine.insight.results import count_not_finite, read_only
from engine.nn.parameters import Array
from engine.training.messages import Snapshot


@dataclass(frozen=True)
class States:
    """What the units of each layer do at each step.

    Attributes
    ----------
    layers : tuple of Mapping of str to (T, n_a) array
        The lowest first; read-only. Row t is the step that has read t letters. The keys are those
        of `quantity_names`: "a" and "c_tilde" lie between -1 and 1, the gates, "Gamma_u" and so
        on, between 0 and 1; the "c" of an LSTM has no bounds.
    not_finite : int
        Entries that are infinite or no number.
    """

    layers: tuple[Mapping[str, Array], ...]
    not_finite: int


def states(snapshot: Snapshot, name: ArrayLike, *, first: int | None = None) -> States:
    """Read a name, in float64, and return what all units do.

    Parameters
    ----------
    snapshot : Snapshot
    name : (T,) array
        As indices, its END included; or a stretch of a text. Read from a zero state.
    first : int, optional
        What is read first, x<1>: the symbol before a stretch of a text. Absent, x<1> = 0.

    Raises
    ------
    ValueError
        If there is nothing in the name, or what is no index of a symbol.
    """
    batch = one_name(name, len(snapshot.vocabulary), first)
    with np.errstate(all="ignore"):
        layers = read(in_float64(snapshot.parameters), batch)
    found = tuple(
        MappingProxyType({key: read_only(array) for key, array in layer.quantities.items()})
        for layer in layers
    )
    return States(found, count_not_finite(*(array for layer in found for array in layer.values())))
