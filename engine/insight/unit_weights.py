"""What a hidden unit listens to and speaks to: its weights to the layers below and above it."""

from dataclasses import dataclass

import numpy as np

from engine.insight.results import read_only
from engine.nn.ablation import HiddenUnit, check_unit
from engine.nn.cells import CELLS
from engine.nn.parameters import Array, LayerParameters, Parameters
from engine.training.messages import Snapshot


@dataclass(frozen=True)
class UnitWeights:
    """The weights of one unit, in float64.

    Attributes
    ----------
    incoming : (n,) array
        What each symbol adds to the unit's candidate in layer 1: Wax x, or Wax E x with an
        embedding. In a higher layer, the weight of each unit of the layer below. Read-only.
    outgoing : (n,) array
        What the unit adds to each symbol's logit if it is 1: its column of Wya. In a lower layer,
        its weight in the candidate of each unit of the layer above. Read-only.
    reads_symbols, predicts_symbols : bool
        Whether `incoming` and `outgoing` are by symbol; otherwise they are by unit.
    """

    incoming: Array
    outgoing: Array
    reads_symbols: bool
    predicts_symbols: bool


def unit_weights(snapshot: Snapshot, unit: HiddenUnit) -> UnitWeights:
    """Return what a unit listens to and what it speaks to.

    Parameters
    ----------
    snapshot : Snapshot
    unit : HiddenUnit

    Raises
    ------
    ValueError
        If the network has no such unit.
    """
    parameters = snapshot.parameters
    check_unit(parameters, unit)
    is_lowest, is_highest = unit.layer == 1, unit.layer == len(parameters.layers)
    layer = parameters.layers[unit.layer - 1]
    incoming = _candidate(parameters, layer)[:, unit.index]
    if is_lowest and parameters.E is not None:
        with np.errstate(all="ignore"):
            incoming = parameters.E @ incoming
    if is_highest:
        outgoing = parameters.Wya[:, unit.index]
    else:
        outgoing = _candidate(parameters, parameters.layers[unit.layer])[unit.index]
    return UnitWeights(
        read_only(incoming.astype(np.float64)),
        read_only(outgoing.astype(np.float64)),
        is_lowest,
        is_highest,
    )


def _candidate(parameters: Parameters, layer: LayerParameters) -> Array:
    """Return the weights from a layer's input to the candidate of its units: (n_in, n_a)."""
    cell = CELLS[parameters.architecture.cell]
    place = cell.GATES.index(cell.CANDIDATES[0]) * layer.n_a
    return layer.V[:, place : place + layer.n_a]
