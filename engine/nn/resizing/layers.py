"""Add layers to a network while it trains, or take them away, and keep what it has learned."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.data.vocabulary import EncodedNames
from engine.nn.cell_protocol import Cell
from engine.nn.cells import CELLS
from engine.nn.network import states_of_names
from engine.nn.parameters import Array, LayerParameters, Normal, Parameters
from engine.nn.resizing.widths import Resized, inverse_covariance, layers_of, resize

_FIT_RIDGE = 1e-2
"""Ridge for fitting an output layer, relative to the states' mean variance.

It is larger than that for pruning, because training soon undoes very large weights.
"""

_OPEN_BIAS = 2.0
"""Bias of the gates of an added layer: + opens them, - closes them."""


def reshape(
    parameters: Parameters,
    widths: Sequence[int],
    random: Normal,
    probe: EncodedNames,
    *,
    carries_state: bool = False,
) -> Resized:
    """Give a network other widths, and more or fewer layers on top.

    Parameters
    ----------
    parameters : Parameters
    widths : sequence of int
        The new width of each layer, the lowest first.
    random, probe, carries_state
        As in `engine.nn.resizing.widths.resize`.
    """
    if len(widths) < len(parameters.layers):
        parameters = remove_layers(parameters, len(widths), probe)
    present = len(parameters.layers)
    resized = resize(parameters, widths[:present], random, probe, carries_state=carries_state)
    after = resized.parameters
    for width in widths[present:]:
        after = add_layer(after, width, random, probe)
    n_directions = parameters.architecture.n_directions
    new = tuple(np.full(width, -1) for width in widths[present:] for _ in range(n_directions))
    return Resized(after, resized.origins + new)


def add_layer(parameters: Parameters, n_a: int, random: Normal, probe: EncodedNames) -> Parameters:
    """Add a layer on top of a network.

    It passes its input on as well as its cell can, with small recurrent weights. The output layer
    is fitted again, so that the loss changes little; the caller measures how much.

    Parameters
    ----------
    parameters : Parameters
    n_a : int
        Width of the new layer.
    random : Normal
        Source of the new weights.
    probe : EncodedNames
        Names to fit by.

    Raises
    ------
    ValueError
        If the network has `MAX_LAYERS` layers already, or `n_a` is below 1.
    """
    grown = with_layers(parameters, len(parameters.layers), (n_a,))
    n_below = parameters.layers[-1].n_a
    highest = layers_of(grown)[-grown.architecture.n_directions :]
    for direction, top in enumerate(highest):
        _pass_on(top, CELLS[grown.architecture.cell], random, direction * n_below)
    fit_output(grown, parameters, probe)
    return grown


def _pass_on(top: LayerParameters, cell: Cell, random: Normal, first: int) -> None:
    """Let a new layer pass its inputs on, from the one at `first` on: those of its direction."""
    n_in, n_a = len(top.V), top.n_a
    top.W[:] = random.standard_normal(top.W.shape) * (0.1 / math.sqrt(len(top.W)))
    for place, gate in enumerate(cell.GATES):
        columns = slice(place * n_a, (place + 1) * n_a)
        if gate in cell.CANDIDATES:
            top.V[:, columns] += np.eye(n_in, n_a, -first)
        else:
            top.b[columns] = _OPEN_BIAS if gate in cell.OPEN_GATES else -_OPEN_BIAS


def remove_layers(parameters: Parameters, count: int, probe: EncodedNames) -> Parameters:
    """Return the lowest `count` layers of a network, with an output layer that is fitted again.

    Parameters
    ----------
    parameters : Parameters
    count : int
        1 or more, and less than there are.
    probe : EncodedNames
        Names to fit by.
    """
    shrunk = with_layers(parameters, count)
    fit_output(shrunk, parameters, probe)
    return shrunk


def with_layers(parameters: Parameters, count: int, widths: Sequence[int] = ()) -> Parameters:
    """Copy the lowest `count` layers, and add layers of zeros of other `widths` on top.

    The output layer is zero. An embedding is copied if a layer is.
    """
    before = parameters.architecture
    found = Parameters(replace(before, widths=(*before.widths[:count], *widths)))
    kept = layers_of(parameters)[: count * before.n_directions]
    for old, new in zip(kept, layers_of(found), strict=False):
        new.block[:] = old.block
        if new.K is not None and old.K is not None:
            new.K[:] = old.K
    if count and found.E is not None and parameters.E is not None:
        found.E[:] = parameters.E
    return found


def fit_output(parameters: Parameters, original: Parameters, probe: EncodedNames) -> None:
    """Set the output layer by linear regression of another network's logits over `probe`."""
    old_states = states_of_names(original, probe)[-1].astype(np.float64)
    logits = old_states @ original.Wya.T + original.by
    states = states_of_names(parameters, probe)[-1].astype(np.float64)
    mean, mean_logits = states.mean(axis=0), logits.mean(axis=0)
    solved: Array = inverse_covariance(states - mean, _FIT_RIDGE) @ (
        (states - mean).T @ (logits - mean_logits) / len(states)
    )
    parameters.Wya[:], parameters.by[:] = solved.T, mean_logits - mean @ solved
