"""The states and gates of all hidden units while the network reads a name."""

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
    """Every quantity of each layer at each step.

    Attributes
    ----------
    layers : tuple of Mapping of str to (T, n_a) array
        The lowest first; read-only. Row t is the step that has read t letters. The keys are those
        of `quantity_names`; the bounds of the values are in `quantities`.
    not_finite : int
        Entries that are infinite or NaN.
    """

    layers: tuple[Mapping[str, Array], ...]
    not_finite: int


def states(snapshot: Snapshot, name: ArrayLike, *, first: int | None = None) -> States:
    """Return the states and gates of all units, computed in float64.

    Parameters
    ----------
    snapshot : Snapshot
    name : (T,) array
        As indices, its END included, or a chunk of a text. The initial state is zero.
    first : int, optional
        x<1>: the symbol before a chunk of a text. If absent, x<1> = 0.

    Raises
    ------
    ValueError
        If the name is empty or holds something other than indices of symbols.
    """
    batch = one_name(name, len(snapshot.vocabulary), first)
    with np.errstate(all="ignore"):
        layers = read(in_float64(snapshot.parameters), batch)
    found = tuple(
        MappingProxyType({key: read_only(array) for key, array in layer.quantities.items()})
        for layer in layers
    )
    return States(found, count_not_finite(*(array for layer in found for array in layer.values())))
