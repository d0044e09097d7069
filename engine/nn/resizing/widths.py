"""Widths and layers that change on the live network, without losing what was learned."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.nn.cells import CELLS
from engine.nn.network import states_of_names
from engine.nn.parameters import Array, Normal, Parameters

Indices = NDArray[np.intp]

_RIDGE = 1e-6
"""Added to the states' covariance, as a share of its mean variance: units may be copies."""

_FIT_RIDGE = 1e-2
"""The same where an output layer is fitted: larger, as huge weights would not outlive a step."""

_OPEN = 2.0
"""Bias of the gates of a layer that is put on top, which are to let through what it reads."""


@dataclass(frozen=True)
class Resized:
    """A network of other widths.

    Attributes
    ----------
    parameters : Parameters
        New ones; the old are left alone.
    origins : tuple of (n_a,) arrays of int
        For each unit of each layer the index it had before, or -1 where it is new.
    """

    parameters: Parameters
    origins: tuple[Indices, ...]

    def carry(self, state: Array, layer: int = 0) -> Array:
        """Carry a layer's state (..., n_a before) over to its new width; new units start at 0."""
        origin = self.origins[layer]
        carried: Array = np.where(origin >= 0, state[..., origin], 0.0).astype(state.dtype)
        return carried

    def transfer(self, moments: Parameters) -> Parameters:
        """Carry over what an optimiser keeps of each parameter; what is new starts at 0."""
        return select(moments, self.origins)


def resize(
    parameters: Parameters,
    widths: Sequence[int],
    random: Normal,
    probe: EncodedNames,
    *,
    carries_state: bool = False,
) -> Resized:
    """Bring each layer to a width: see `widen` and `narrow`, which are applied layer by layer.

    Raises
    ------
    ValueError
        If the number of layers differs, or a width is below 1.
    """
    if len(widths) != len(parameters.layers):
        raise ValueError(f"widths must name {len(parameters.layers)} layers, got {widths!r}.")
    origins = [np.arange(layer.n_a) for layer in parameters.layers]
    for place, n_a in enumerate(widths):
        present = parameters.layers[place].n_a
        if n_a == present:
            continue
        if n_a > present:
            step = widen(parameters, n_a, random, layer=place)
        else:
            step = narrow(parameters, n_a, probe, layer=place, carries_state=carries_state)
        parameters, origins[place] = step.parameters, step.origins[place]
    return Resized(parameters, tuple(origins))


def widen(parameters: Parameters, n_a: int, random: Normal, *, layer: int = 0) -> Resized:
    """Add hidden units to a layer, which change nothing yet and can learn.

    What a new unit hears is drawn at random, with the spread that the old units' weights have by
    now; what it says to others begins at zero. So the network computes the same function as
    before, and the zeros have a gradient from the first step on, because the unit they stand
    behind is already active (function-preserving growth: Chen, Goodfellow and Shlens, "Net2Net",
    2016).

    Parameters
    ----------
    n_a : int
        The new width, larger than the present one.
    random : Normal
        Source of the new weights.
    layer : int
        Counted from the lowest, 0.

    Raises
    ------
    ValueError
        If `n_a` is not larger than the present width.
    """
    old = parameters.layers[layer]
    if n_a <= old.n_a:
        raise ValueError(f"n_a must be larger than {old.n_a} to widen, got {n_a}.")
    origins = [np.arange(each.n_a) for each in parameters.layers]
    origins[layer] = np.where(np.arange(n_a) < old.n_a, np.arange(n_a), -1)
    grown = select(parameters, tuple(origins))
    new = grown.layers[layer]
    start = Parameters(grown.architecture).layers[layer]
    CELLS[grown.architecture.cell].set_start_biases(start.b)
    is_new = np.tile(origins[layer] < 0, new.gates)
    new.b[is_new] = start.b[is_new]
    for heard, spread in ((new.V, old.V.std()), (new.U[: old.n_a], old.U.std())):
        heard[:, is_new] = random.standard_normal((len(heard), int(is_new.sum()))) * spread
    return Resized(grown, tuple(origins))


def narrow(
    parameters: Parameters,
    n_a: int,
    probe: EncodedNames,
    *,
    layer: int = 0,
    carries_state: bool = False,
) -> Resized:
    """Take away the hidden units of a layer that matter least, and let the others stand in.

    One unit goes at a time: that whose loss changes least what others are told, in the mean square
    over `probe`, after the others have taken over what they can of it. They do so by linear
    regression, whose coefficients the inverse covariance of the states holds; what is constant
    goes where a constant can stand. (The same algebra as in Hassibi and Stork's "optimal brain
    surgeon", 1993, with the states' covariance in place of the Hessian.)

    Parameters
    ----------
    n_a : int
        The new width, smaller than the present one.
    probe : EncodedNames
        Names to judge by.
    layer : int
        Counted from the lowest, 0.
    carries_state : bool
        Whether names begin with the state of the name before. Then what the units that are gone
        used to say to the layer itself on average goes into its bias. Else the state before the
        first letter is zero, and they said nothing then: so, where symbols are one-hot, it goes
        into every row of V, of which one is read at each letter but the first.

    Raises
    ------
    ValueError
        If `n_a` is not smaller than the present width, or below 1.
    """
    old = parameters.layers[layer]
    if not 1 <= n_a < old.n_a:
        raise ValueError(f"n_a must lie between 1 and {old.n_a - 1} to narrow, got {n_a}.")
    states = states_of_names(parameters, probe)[layer].astype(np.float64)
    is_top = layer == len(parameters.layers) - 1
    to_above = parameters.Wya if is_top else parameters.layers[layer + 1].V.T
    telling = _Telling(old.U.T, to_above, states)
    while len(telling.units) > n_a:
        # Half of the surplus, then the arrays are cut down to what is left.
        telling.drop(max((len(telling.units) - n_a) // 2, 1))
    origins = [np.arange(each.n_a) for each in parameters.layers]
    origins[layer] = telling.units
    shrunk = select(parameters, tuple(origins))
    new = shrunk.layers[layer]
    inside = new.gates * n_a
    new.U[:] = telling.weights[:inside].T
    is_one_hot = layer == 0 and parameters.architecture.embedding is None
    if is_one_hot and not carries_state:
        new.V[:] += telling.constant[:inside]
    else:
        new.b[:] += telling.constant[:inside]
    if is_top:
        shrunk.Wya[:] = telling.weights[inside:]
        shrunk.by[:] += telling.constant[inside:]
    else:
        shrunk.layers[layer + 1].V[:] = telling.weights[inside:].T
        shrunk.layers[layer + 1].b[:] += telling.constant[inside:]
    return Resized(shrunk, tuple(origins))


def add_layer(parameters: Parameters, n_a: int, random: Normal, probe: EncodedNames) -> Parameters:
    """Put a layer on top of a network.

    It lets through what it reads, as well as its cell can, and hears itself but faintly. The
    output layer is fitted anew, by linear regression of the logits over `probe` on the new layer's
    states, so that little is lost; how much is for the caller to measure.

    Parameters
    ----------
    n_a : int
        Width of the new layer.
    random : Normal
        Source of the new weights.
    probe : EncodedNames
        Names to fit by.

    Raises
    ------
    ValueError
        If there are as many layers as there may be.
    """
    grown = _add_empty_layer(parameters, n_a)
    top = grown.layers[-1]
    cell = CELLS[grown.architecture.cell]
    top.W[:] = random.standard_normal(top.W.shape) * (0.1 / math.sqrt(len(top.W)))
    below = len(top.V)
    for place, gate in enumerate(cell.GATES):
        columns = slice(place * n_a, (place + 1) * n_a)
        if gate in cell.CANDIDATES:
            top.V[:, columns] += np.eye(below, n_a)
        else:
            top.b[columns] = _OPEN if gate in cell.OPEN_GATES else -_OPEN
    old_states = states_of_names(parameters, probe)[-1].astype(np.float64)
    logits = old_states @ parameters.Wya.T + parameters.by
    states = states_of_names(grown, probe)[-1].astype(np.float64)
    mean, mean_logits = states.mean(axis=0), logits.mean(axis=0)
    solved = _inverse_covariance(states - mean, _FIT_RIDGE) @ (
        (states - mean).T @ (logits - mean_logits) / len(states)
    )
    grown.Wya[:], grown.by[:] = solved.T, mean_logits - mean @ solved
    return grown


def _add_empty_layer(parameters: Parameters, n_a: int) -> Parameters:
    """Put a layer of zeros on top, under an output layer of zeros; the rest is copied."""
    before = parameters.architecture
    grown = Parameters(replace(before, widths=(*before.widths, n_a)))
    for old, new in zip(parameters.layers, grown.layers, strict=False):
        new.W[:], new.b[:] = old.W, old.b
    if grown.E is not None and parameters.E is not None:
        grown.E[:] = parameters.E
    return grown


class _Telling:
    """What each unit of a layer tells the layer itself and what is above, while units go.

    Parameters
    ----------
    to_itself : (gates x n_a, n_a) array
    to_above : (n_out, n_a) array
    states : (N, n_a) array

    Attributes
    ----------
    units : (k,) array of int
        Indices of the units that are left.
    weights : (gates x k + n_out, k) array
    constant : (gates x k + n_out,) array
        What the units that are gone told on average.
    """

    def __init__(self, to_itself: Array, to_above: Array, states: Array) -> None:
        n_a = len(states.T)
        self._gates = len(to_itself) // n_a
        self.units: Indices = np.arange(n_a)
        self.weights: Array = np.vstack((to_itself, to_above)).astype(np.float64)
        self.constant: Array = np.zeros(len(self.weights))
        self._mean: Array = states.mean(axis=0)
        self._precision = _inverse_covariance(states - self._mean)

    def drop(self, count: int) -> None:
        """Take away `count` units, one after the other."""
        weights, precision = self.weights, self._precision
        k = len(self.units)
        inside = self._gates * k
        alive = np.ones(k, dtype=bool)
        room = np.empty_like(weights)  # made anew for each unit, it would cost as much as the rest
        for _ in range(count):
            with np.errstate(divide="ignore", invalid="ignore"):  # dead units: 0 / 0
                harm = np.einsum("ij,ij->j", weights, weights) / precision.diagonal()
            harm[~alive] = np.inf
            j = int(np.argmin(harm))
            # Regression of unit j on the others: a_j = mean_j + sum of share_k (a_k - mean_k).
            # With share_j = -1 the same lines empty unit j's own row and column.
            share = -precision[j] / precision[j, j]
            self.constant -= weights[:, j] * (share @ self._mean)
            weights += np.multiply.outer(weights[:, j], share, out=room)
            share *= math.sqrt(precision[j, j])
            precision -= np.multiply.outer(share, share, out=room[:k])
            weights[j:inside:k] = 0.0  # nobody is told anything by way of what unit j hears
            alive[j] = False
        left = np.flatnonzero(alive)
        heard = np.flatnonzero(np.tile(alive, self._gates))
        rows = np.concatenate((heard, np.arange(inside, len(weights))))
        self.units, self._mean = self.units[left], self._mean[left]
        self.constant = self.constant[rows]
        self.weights = weights[np.ix_(rows, left)]
        self._precision = precision[np.ix_(left, left)]


def _inverse_covariance(centred: Array, ridge_share: float = _RIDGE) -> Array:
    """Return the inverse of the covariance of centred states: (n_a, n_a)."""
    covariance = centred.T @ centred / len(centred)
    ridge = ridge_share * float(covariance.diagonal().mean()) + np.finfo(float).tiny
    return np.asarray(np.linalg.inv(covariance + ridge * np.eye(len(covariance))))


def select(parameters: Parameters, origins: tuple[Indices, ...]) -> Parameters:
    """Copy what belongs to units that were there before; what is new is zero."""
    widths = tuple(len(origin) for origin in origins)
    selected = Parameters(replace(parameters.architecture, widths=widths))
    below = np.arange(parameters.architecture.n_input)
    for old, new, origin in zip(parameters.layers, selected.layers, origins, strict=True):
        rows = np.concatenate((origin, np.where(below >= 0, old.n_a + below, -1)))
        columns = np.concatenate(
            [np.where(origin >= 0, gate * old.n_a + origin, -1) for gate in range(old.gates)]
        )
        # A row and a column of zeros at the end, which -1 picks.
        new.W[:] = np.pad(old.W, ((0, 1), (0, 1)))[np.ix_(rows, columns)]
        new.b[:] = np.pad(old.b, (0, 1))[columns]
        below = origin
    selected.Wya[:] = np.pad(parameters.Wya, ((0, 0), (0, 1)))[:, below]
    selected.by[:] = parameters.by
    if selected.E is not None and parameters.E is not None:
        selected.E[:] = parameters.E
    return selected
