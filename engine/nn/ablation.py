"""Ablation: hidden units switched off, in a network of the same shape."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.nn.architecture import Architecture
from engine.nn.cells import CELLS
from engine.nn.parameters import Parameters


@dataclass(frozen=True, order=True)
class HiddenUnit:
    """A hidden unit of a network.

    Attributes
    ----------
    layer : int
        1 is the lowest.
    index : int
        0 is the first of its layer.
    """

    layer: int
    index: int


def without_units(parameters: Parameters, units: Iterable[HiddenUnit]) -> Parameters:
    """Return a read-only copy of a network with some units held at zero: a<t> = 0 at every t.

    What such a unit would compute is zero, because the weights and the bias of its candidate are,
    and a state begins at zero. Of an LSTM, the cell state c is zero too; nothing but the unit's own
    output reads it. The weights of what reads the unit are zero as well, so that it has no effect
    either on a text that had begun before. Its gates are left as they are.

    Parameters
    ----------
    parameters : Parameters
    units : iterable of HiddenUnit
        Of this network.

    Raises
    ------
    ValueError
        If the network has no such unit.
    """
    changed = parameters.copy()
    cell = CELLS[parameters.architecture.cell]
    candidates = [cell.GATES.index(gate) for gate in cell.CANDIDATES]
    for unit in units:
        check_unit(parameters, unit)
        layer = changed.layers[unit.layer - 1]
        for gate in candidates:
            layer.block[:, gate * layer.n_a + unit.index] = 0.0
            if layer.K is not None:
                layer.K[:, gate * layer.n_a + unit.index] = 0.0
        layer.U[unit.index] = 0.0
        if unit.layer < len(changed.layers):
            changed.layers[unit.layer].V[unit.index] = 0.0
        else:
            changed.Wya[:, unit.index] = 0.0
    changed.flat.flags.writeable = False
    return Parameters(changed.architecture, changed.flat)


def has_unit(architecture: Architecture, unit: HiddenUnit) -> bool:
    """Whether a network has such a unit."""
    widths = architecture.widths
    return 0 < unit.layer <= len(widths) and 0 <= unit.index < widths[unit.layer - 1]


def check_unit(parameters: Parameters, unit: HiddenUnit) -> None:
    """Raise a ValueError if a network has no such unit."""
    if not has_unit(parameters.architecture, unit):
        raise ValueError(f"The network has no unit {unit.index} in a layer {unit.layer}.")
