"""What a network does with a name: everything it computes on the way up, and on the way back.

The network of the trainer keeps no more than its step needs. Here all is kept, by the course's
names: a and c are what a cell says and remembers, Gamma_u, Gamma_r, Gamma_f, Gamma_i and Gamma_o
are its gates, and c_tilde is its candidate. dz is a tanh cell's gradient before its tanh.
"""

from dataclasses import dataclass, fields, replace
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.data.vocabulary import EncodedNames
from engine.nn.cells import CELLS
from engine.nn.network import State, embedded, from_below, zero_states
from engine.nn.packing import Packed
from engine.nn.parameters import Array, LayerParameters, Parameters


@dataclass(frozen=True)
class LayerReading:
    """What one layer has computed; rows as in `engine.nn.packing.Packed`.

    Attributes
    ----------
    parameters : LayerParameters
    below : (N, n_in) array or None
        What it read; None where that was one-hot symbols.
    first : State
        What each name began with.
    tape : a cell's Tape
    quantities : dict of str to (N, n_a) array
        All of its numbers, by the course's names: a first, then c of an LSTM, then the gates.
    """

    parameters: LayerParameters
    below: Array | None
    first: State
    tape: Any
    quantities: dict[str, Array]


@dataclass(frozen=True)
class LayerGradients:
    """What the loss says of one layer, through everything that follows; rows as in `Packed`.

    Attributes
    ----------
    da : (N, n_a) array
        dL/da<t>, the total derivative: through the output at t, through the layers above and
        through all later steps.
    dc : (N, n_a) array or None
        dL/dc<t> of an LSTM, likewise.
    dz : (N, gates x n_a) array
        dL/d(gates before their sigmoids and tanh), as they stand in the cell's block.
    by_name : dict of str to (N, n_a) array
        The columns of `dz`: dz, or dGamma_u and so on, which the course takes through the sigmoid.
    """

    da: Array
    dc: Array | None
    dz: Array
    by_name: dict[str, Array]


def quantity_names(cell: str) -> tuple[str, ...]:
    """Return the names of what a cell computes at each step, in the order they are shown in."""
    module = CELLS[cell]
    return (*module.STATES, *_gate_names(module))


def in_float64(parameters: Parameters) -> Parameters:
    """Return parameters in float64: the same where they are, else a copy."""
    architecture = parameters.architecture
    if architecture.dtype == "float64":
        return parameters
    return Parameters(replace(architecture, dtype="float64"), parameters.flat.astype(np.float64))


def one_name(name: ArrayLike, n_symbols: int, first: int | None = None, copies: int = 1) -> Packed:
    """Make a batch of one name.

    Parameters
    ----------
    name : (T,) array
        What is to be predicted, as indices: a name and its END, or a stretch of a text. What is
        read is the same shifted by one.
    n_symbols : int
        Size of the vocabulary.
    first : int, optional
        What is read first, x<1>; if absent, x<1> = 0.
    copies : int
        How often it stands in the batch.

    Raises
    ------
    ValueError
        If there is nothing in it, or what is no index of a symbol.
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
    """Read a batch, each name from a zero state, nothing dropped out.

    Parameters
    ----------
    parameters : Parameters
        In whose type everything is computed.
    batch : Packed
    layers : int, optional
        How many layers to go up, 1 or more; all if absent.

    Returns
    -------
    list of LayerReading
        The lowest first.
    """
    cell = CELLS[parameters.architecture.cell]
    below = embedded(parameters, batch.inputs)
    states = zero_states(parameters, batch.n_names)
    found: list[LayerReading] = []
    for layer, first in zip(parameters.layers[:layers], states[:layers], strict=True):
        z = from_below(layer, below, batch.inputs)
        tape = cell.forward(layer.U, z, batch.steps, first)
        found.append(LayerReading(layer, below, first, tape, _quantities(cell, tape)))
        below = tape.a
    return found


def logits(parameters: Parameters, layers: list[LayerReading]) -> Array:
    """Return what the output layer says before its softmax: (N, n_y)."""
    return np.asarray(layers[-1].tape.a @ parameters.Wya.T + parameters.by)


def walk_back(
    parameters: Parameters, layers: list[LayerReading], batch: Packed, dy: Array
) -> list[LayerGradients]:
    """Walk back through all layers.

    Parameters
    ----------
    parameters, layers, batch
        What has been read, all of it; the names of the batch have one length.
    dy : (N, n_y) array
        dL/d(logits).

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
        if layer.below is not None:
            da = found[-1].dz @ layer.parameters.V.T
    return found[::-1]


def before(first: Array, states: Array) -> Array:
    """Return the state that each row began with, where all names have one length: (N, n_a)."""
    return np.concatenate((first, states[: len(states) - len(first)]))


def _by_gate(cell: ModuleType, block: Array, before: str = "") -> dict[str, Array]:
    """Name the columns of a gated cell's block, the candidate last."""
    columns = np.split(block, len(cell.GATES), axis=1)
    gates = {
        _gate_name(cell, gate): column for gate, column in zip(cell.GATES, columns, strict=True)
    }
    return {before + name: gates[name] for name in _gate_names(cell)}


def _gate_name(cell: ModuleType, gate: str) -> str:
    return "c_tilde" if gate in cell.CANDIDATES else f"Gamma_{gate}"


def _gate_names(cell: ModuleType) -> list[str]:
    if cell is CELLS["rnn"]:  # its only gate is its state
        return []
    # A stable sort: the candidate goes last, and the others stay as they stand in the block.
    order = sorted(cell.GATES, key=lambda gate: gate in cell.CANDIDATES)
    return [_gate_name(cell, gate) for gate in order]


def _quantities(cell: ModuleType, tape: Any) -> dict[str, Array]:
    found = {name: getattr(tape, name) for name in cell.STATES}
    return found if cell is CELLS["rnn"] else found | _by_gate(cell, tape.gates)


def _through(cell: ModuleType, layer: LayerReading, batch: Packed, da: Array) -> LayerGradients:
    """Walk back through one layer; `da` is what comes from above, and is overwritten."""
    m = batch.n_names
    from_above = da.copy()
    previous = tuple(
        before(first, getattr(layer.tape, name))
        for name, first in zip(cell.STATES, layer.first, strict=True)
    )
    # A cell may use its tape up, and what has been read is still wanted.
    copied = {field.name: getattr(layer.tape, field.name).copy() for field in fields(layer.tape)}
    U = layer.parameters.U
    dz, _ = cell.backward(U, replace(layer.tape, **copied), da, batch.steps, previous)
    if cell is CELLS["rnn"]:  # it has put dL/dz where the gated cells put dL/da
        da = from_above
        da[: len(da) - m] += dz[m:] @ U.T
        return LayerGradients(da, None, dz, {"dz": dz})
    dc = _dc(layer.quantities, da, m) if "c" in cell.STATES else None
    return LayerGradients(da, dc, dz, _by_gate(cell, dz, before="d"))


def _dc(lstm: dict[str, Array], da: Array, m: int) -> Array:
    """Return dL/dc<t> = dL/da<t> Gamma_o (1 - tanh(c<t>)^2) + Gamma_f<t+1> dL/dc<t+1>."""
    tanh_c = np.tanh(lstm["c"])
    dc = da * lstm["Gamma_o"] * (1.0 - tanh_c * tanh_c)
    for end in range(len(dc) - m, 0, -m):
        dc[end - m : end] += lstm["Gamma_f"][end : end + m] * dc[end : end + m]
    return np.asarray(dc)
