"""The forward and backward pass over a name, with every intermediate value kept.

`engine.nn.network.Network` keeps no more than its gradients need. Here every quantity of every
step is kept under the name that its cell gives it: see `engine.nn.cell_protocol.Cell.QUANTITIES`.
"""

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.data.vocabulary import EncodedNames
from engine.nn.cell_protocol import Cell, Quantity
from engine.nn.cells import CELLS
from engine.nn.layers.batch_backend import State
from engine.nn.layers.inputs import embedded, input_pre_activations
from engine.nn.layers.layer_stack import zero_states
from engine.nn.packing import Packed
from engine.nn.parameters import Array, LayerParameters, Parameters


@dataclass(frozen=True)
class LayerReading:
    """The forward pass through one layer; rows as in `engine.nn.packing.Packed`.

    Attributes
    ----------
    parameters : LayerParameters
    inputs : (N, n_in) array or None
        The layer's input; None for one-hot symbols.
    initial : State
        The state before each name's first step.
    tape : dataclass
        As the cell's `forward` returned it.
    quantities : dict of str to (N, n_a) array
        By the names of the cell's `QUANTITIES`.
    """

    parameters: LayerParameters
    inputs: Array | None
    initial: State
    tape: Any
    quantities: dict[str, Array]


@dataclass(frozen=True)
class LayerGradients:
    """The backward pass through one layer: total derivatives of the loss; rows as in `Packed`.

    Attributes
    ----------
    da : (N, n_a) array
        dL/da<t>: through the output at t, the layers above and all later steps; in nats.
    dc : (N, n_a) array or None
        dL/dc<t> likewise; None if the cell has no memory cell c. In nats.
    dz : (N, gates x n_a) array
        dL/d(pre-activations), in the order of the cell's gates; in nats.
    named : dict of str to (N, n_a) array
        All of them by name: "da", "dc" if there is one, and the cell's `GATE_GRADIENTS`.
    """

    da: Array
    dc: Array | None
    dz: Array
    named: dict[str, Array]


def quantities(cell: str) -> tuple[Quantity, ...]:
    """Return what a cell computes at each step, in the order in which people see it."""
    return CELLS[cell].QUANTITIES


def quantity_names(cell: str) -> tuple[str, ...]:
    """Return the names of `quantities`."""
    return tuple(quantity.name for quantity in quantities(cell))


def in_float64(parameters: Parameters) -> Parameters:
    """Return parameters in float64: the same object if they are, else a copy."""
    architecture = parameters.architecture
    if architecture.dtype == "float64":
        return parameters
    return Parameters(replace(architecture, dtype="float64"), parameters.flat.astype(np.float64))


def one_name(name: ArrayLike, n_symbols: int, first: int | None = None, copies: int = 1) -> Packed:
    """Make a batch of one name.

    Parameters
    ----------
    name : (T,) array
        The targets, as indices: a name and its END, or a chunk of a text. The inputs are the same
        shifted by one.
    n_symbols : int
        Size of the vocabulary.
    first : int, optional
        The first input, x<1>; if absent, x<1> = 0.
    copies : int
        How many times the name stands in the batch.

    Raises
    ------
    ValueError
        If the name is empty or holds something other than indices of symbols.
    """
    symbols = np.asarray(name)
    if symbols.ndim != 1 or not symbols.size or not np.issubdtype(symbols.dtype, np.integer):
        raise ValueError(f"name must be a list of one index or more, got {name!r}.")
    if symbols.min() < 0 or symbols.max() >= n_symbols:
        raise ValueError(f"name must hold indices from 0 to {n_symbols - 1}, got {name!r}.")
    if first is not None and not 0 <= first < n_symbols:
        raise ValueError(f"first must lie from 0 to {n_symbols - 1}, got {first!r}.")
    names = EncodedNames(symbols.astype(np.intp), np.array([0, len(symbols)]))
    batch = Packed.of(names, np.zeros(copies, np.intp))
    if first is not None:
        batch.inputs[:copies] = first
    return batch


def read(parameters: Parameters, batch: Packed, layers: int | None = None) -> list[LayerReading]:
    """Make the forward pass over a batch, from a zero state and without dropout.

    Parameters
    ----------
    parameters : Parameters
        Their type is that of the results.
    batch : Packed
    layers : int, optional
        How many layers to compute, from the lowest, 1 or more; all if absent.

    Returns
    -------
    list of LayerReading
        The lowest layer first.
    """
    cell = CELLS[parameters.architecture.cell]
    a = embedded(parameters, batch.inputs)  # (N, n_in) or None
    states = zero_states(parameters, batch.n_names)
    found: list[LayerReading] = []
    for layer, initial in zip(parameters.layers[:layers], states[:layers], strict=True):
        z = input_pre_activations(layer, a, batch.inputs)  # (N, gates x n_a)
        tape = cell.forward(layer.U, z, batch.steps, initial)
        found.append(LayerReading(layer, a, initial, tape, _quantities(cell, tape)))
        a = tape.a  # (N, n_a)
    return found


def logits(parameters: Parameters, layers: list[LayerReading]) -> Array:
    """Return the logits of the output layer, Wya a<t> + by: (N, n_y)."""
    return np.asarray(layers[-1].tape.a @ parameters.Wya.T + parameters.by)


def backward_pass(
    parameters: Parameters, layers: list[LayerReading], batch: Packed, dy: Array
) -> list[LayerGradients]:
    """Make the backward pass through all layers.

    Parameters
    ----------
    parameters, layers, batch
        The whole forward pass; the names of the batch have one length.
    dy : (N, n_y) array
        dL/d(logits), in nats.

    Returns
    -------
    list of LayerGradients
        The lowest layer first.
    """
    cell = CELLS[parameters.architecture.cell]
    da = dy @ parameters.Wya  # (N, n_a)
    found: list[LayerGradients] = []
    for layer in reversed(layers):
        found.append(_through(cell, layer, batch, da))
        if layer.inputs is not None:
            da = found[-1].dz @ layer.parameters.V.T  # (N, n_in)
    return found[::-1]


def _quantities(cell: Cell, tape: Any) -> dict[str, Array]:
    """Return the quantities of a forward pass: (N, n_a) each."""
    columns: dict[str, Array] = {}
    if any(quantity.gate for quantity in cell.QUANTITIES):
        columns = _columns(cell.GATES, tape.gates)
    return {
        quantity.name: columns[quantity.gate] if quantity.gate else getattr(tape, quantity.name)
        for quantity in cell.QUANTITIES
    }


def _columns(names: tuple[str, ...], array: Array) -> dict[str, Array]:
    """Divide an array (N, gates x n_a) into one of (N, n_a) for each gate, by name."""
    return dict(zip(names, np.split(array, len(names), axis=1), strict=True))


def _previous(initial: Array, states: Array) -> Array:
    """Return the state before each row's step, where all names have one length: (N, n_a)."""
    return np.concatenate((initial, states[: len(states) - len(initial)]))


def _through(cell: Cell, layer: LayerReading, batch: Packed, da: Array) -> LayerGradients:
    """Make the backward pass through one layer.

    Parameters
    ----------
    da : (N, n_a) array
        dL/da through the output layer or the next layer. Overwritten.
    """
    previous = tuple(
        _previous(initial, getattr(layer.tape, name))
        for name, initial in zip(cell.STATES, layer.initial, strict=True)
    )
    # A copy of the tape, as the cell may overwrite it and its arrays are results.
    U, left, tape = layer.parameters.U, da.copy(), deepcopy(layer.tape)
    dz, _ = cell.backward(U, tape, left, batch.steps, previous)
    states = cell.state_gradients(U, layer.tape, da, left, dz, batch.n_names)
    named = {f"d{name}": array for name, array in zip(cell.STATES, states, strict=True)}
    named |= _columns(cell.GATE_GRADIENTS, dz)
    return LayerGradients(named["da"], named.get("dc"), dz, named)
