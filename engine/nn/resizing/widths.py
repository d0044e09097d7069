"""Change widths while a network trains, and keep what it has learned."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames
from engine.nn.cells import CELLS
from engine.nn.network import states_of_names
from engine.nn.parameters import Array, LayerParameters, Normal, Parameters

Indices = NDArray[np.intp]

_RIDGE = 1e-6
"""Ridge of the states' covariance, relative to its mean variance: units may be copies."""


@dataclass(frozen=True)
class Resized:
    """A network of other widths, or of more or fewer layers.

    Attributes
    ----------
    parameters : Parameters
        Of their own; those of before are unchanged.
    origins : tuple of (n_a,) arrays of int
        For each unit of each layer its index before in the same layer, or -1 for a new unit. All
        units of a new layer are new. The layers are in the order of `layers_of`.
    """

    parameters: Parameters
    origins: tuple[Indices, ...]

    @property
    def keeps_output(self) -> bool:
        """Whether the output layer reads a unit that it has read before."""
        highest = self.origins[-self.parameters.architecture.n_directions :]
        return all(bool((origin >= 0).any()) for origin in highest)

    def carry(self, state: Array, layer: int = 0) -> Array:
        """Return a layer's state (..., n_a before) in its new width; new units start at 0.

        Of a network that reads in both directions, the state is that of the layer from the left.
        """
        origin = self.origins[layer * self.parameters.architecture.n_directions]
        carried: Array = np.where(origin >= 0, state[..., origin], 0.0).astype(state.dtype)
        return carried

    def transfer(self, moments: Parameters) -> Parameters:
        """Return an optimiser's moments in the new shapes; new parameters start at 0.

        The network must have as many layers as before.
        """
        return select(moments, self.origins)

    def then(self, later: "Resized") -> "Resized":
        """Return this change and a later one as one."""
        origins = [
            np.where(origin >= 0, earlier[origin], -1)
            for earlier, origin in zip(self.origins, later.origins, strict=False)
        ]
        # Above them, the later change has added layers, whose units are all new.
        return Resized(later.parameters, (*origins, *later.origins[len(origins) :]))


def layers_of(parameters: Parameters) -> tuple[LayerParameters, ...]:
    """Return all layers, the lowest first, each followed by the one in the other direction."""
    if not parameters.reverse_layers:
        return parameters.layers
    pairs = zip(parameters.layers, parameters.reverse_layers, strict=True)
    return tuple(layer for pair in pairs for layer in pair)


def resize(
    parameters: Parameters,
    widths: Sequence[int],
    random: Normal,
    probe: EncodedNames,
    *,
    carries_state: bool = False,
) -> Resized:
    """Widen or narrow each layer to its width; see `widen` and `narrow`.

    The layers of both directions have the same widths, and change together.

    Parameters
    ----------
    parameters : Parameters
    widths : sequence of int
        The new width of each layer, the lowest first.
    random, probe, carries_state
        As in `widen` and `narrow`.

    Raises
    ------
    ValueError
        If the number of layers differs, or a width is below 1.
    """
    if len(widths) != len(parameters.layers):
        raise ValueError(f"widths must name {len(parameters.layers)} layers, got {widths!r}.")
    origins = [np.arange(layer.n_a) for layer in layers_of(parameters)]
    n_directions = parameters.architecture.n_directions
    for place, n_a in enumerate(widths):
        present = parameters.layers[place].n_a
        if n_a == present:
            continue
        if n_a > present:
            step = widen(parameters, n_a, random, layer=place)
        else:
            step = narrow(parameters, n_a, probe, layer=place, carries_state=carries_state)
        parameters, sides = step.parameters, _sides(place, n_directions)
        origins[sides] = step.origins[sides]
    return Resized(parameters, tuple(origins))


def widen(parameters: Parameters, n_a: int, random: Normal, *, layer: int = 0) -> Resized:
    """Add hidden units to a layer without changing what the network computes.

    The incoming weights of a new unit are drawn at random, with the standard deviation of the old
    units' present ones; its outgoing weights are zero. So the network computes the same function,
    and the zeros have a gradient from the first step on, because the unit is already active.

    Source: function-preserving growth, Chen, Goodfellow and Shlens, "Net2Net", 2016,
    https://arxiv.org/abs/1511.05641.

    Parameters
    ----------
    parameters : Parameters
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
    n_before = parameters.layers[layer].n_a
    if n_a <= n_before:
        raise ValueError(f"n_a must be larger than {n_before} to widen, got {n_a}.")
    origins = [np.arange(each.n_a) for each in layers_of(parameters)]
    sides = _sides(layer, parameters.architecture.n_directions)
    origin = np.where(np.arange(n_a) < n_before, np.arange(n_a), -1)
    origins[sides] = [origin] * parameters.architecture.n_directions
    grown = select(parameters, tuple(origins))
    start = Parameters(grown.architecture).layers[layer]
    CELLS[grown.architecture.cell].set_start_biases(start.b)
    for old, new in zip(layers_of(parameters)[sides], layers_of(grown)[sides], strict=True):
        is_new = np.tile(origin < 0, new.gates)
        new.b[is_new] = start.b[is_new]
        for incoming, scale in ((new.V, old.V.std()), (new.U[:n_before], old.U.std())):
            drawn = random.standard_normal((len(incoming), int(is_new.sum())))
            incoming[:, is_new] = drawn * scale
    return Resized(grown, tuple(origins))


def _sides(layer: int, n_directions: int) -> slice:
    """Return where the parts of a layer are among `layers_of`: one for each direction."""
    return slice(layer * n_directions, (layer + 1) * n_directions)


def narrow(
    parameters: Parameters,
    n_a: int,
    probe: EncodedNames,
    *,
    layer: int = 0,
    carries_state: bool = False,
) -> Resized:
    """Prune the hidden units of a layer that matter least, and let the others compensate.

    Units are pruned one at a time. Each is replaced by its linear regression on the remaining
    units: its outgoing weights are distributed over theirs, and the constant goes into a bias. The
    next unit to go is the one whose regression error, through its outgoing weights, is smallest
    in the mean square over `probe`. The inverse covariance of the states holds all coefficients.

    Source: the algebra is that of the optimal brain surgeon (Hassibi and Stork, 1993), with the
    covariance of the states in place of the Hessian.

    Parameters
    ----------
    parameters : Parameters
    n_a : int
        The new width, smaller than the present one.
    probe : EncodedNames
        Names whose states are compared.
    layer : int
        Counted from the lowest, 0.
    carries_state : bool
        Whether names begin with the state of the name before. Then the mean recurrent input from
        the pruned units goes into the bias. Else that input is zero at the first step, so with
        one-hot symbols the mean goes into every row of V, one of which is added at each later step.

    Raises
    ------
    ValueError
        If `n_a` is not smaller than the present width, or below 1.
    """
    n_before = parameters.layers[layer].n_a
    if not 1 <= n_a < n_before:
        raise ValueError(f"n_a must lie between 1 and {n_before - 1} to narrow, got {n_a}.")
    states = states_of_names(parameters, probe)[layer].astype(np.float64)
    sides = _sides(layer, parameters.architecture.n_directions)
    prunings = []
    for direction, old in enumerate(layers_of(parameters)[sides]):
        part = slice(direction * n_before, (direction + 1) * n_before)
        to_next = [weights[part].T for weights in _read_by(parameters, layer)]
        pruned = _Pruning(old.U.T, np.vstack(to_next), states[:, part])
        while len(pruned.units) > n_a:
            # Half of the surplus at a time: smaller arrays make the rest quicker.
            pruned.drop(max((len(pruned.units) - n_a) // 2, 1))
        prunings.append(pruned)
    origins = [np.arange(each.n_a) for each in layers_of(parameters)]
    origins[sides] = [pruned.units for pruned in prunings]
    shrunk = select(parameters, tuple(origins))
    for direction, pruned in enumerate(prunings):
        _set_weights(shrunk, layer, direction, pruned, carries_state=carries_state)
    return Resized(shrunk, tuple(origins))


def _read_by(parameters: Parameters, layer: int) -> list[Array]:
    """Return the weights by which a layer's units are read: (directions x n_a, n_out) arrays.

    They are views: of the next layer of each direction, or of the output layer.
    """
    if layer == len(parameters.layers) - 1:
        return [parameters.Wya.T]
    sides = _sides(layer + 1, parameters.architecture.n_directions)
    return [above.V for above in layers_of(parameters)[sides]]


def _set_weights(
    shrunk: Parameters, layer: int, direction: int, pruned: "_Pruning", *, carries_state: bool
) -> None:
    """Set the outgoing weights of a narrowed layer, and add the constants of the pruned units."""
    n_directions, n_a = shrunk.architecture.n_directions, len(pruned.units)
    new = layers_of(shrunk)[layer * n_directions + direction]
    recurrent = new.gates * n_a
    new.U[:] = pruned.weights[:recurrent].T
    is_one_hot = layer == 0 and shrunk.architecture.embedding is None
    if is_one_hot and not carries_state:
        new.V[:] += pruned.constant[:recurrent]
    else:
        new.b[:] += pruned.constant[:recurrent]
    begin = recurrent
    for weights, biases in zip(_read_by(shrunk, layer), _biases_above(shrunk, layer), strict=True):
        end = begin + len(biases)
        weights[direction * n_a : (direction + 1) * n_a] = pruned.weights[begin:end].T
        biases += pruned.constant[begin:end]
        begin = end


def _biases_above(parameters: Parameters, layer: int) -> list[Array]:
    """Return the biases that belong to the weights of `_read_by`."""
    if layer == len(parameters.layers) - 1:
        return [parameters.by]
    sides = _sides(layer + 1, parameters.architecture.n_directions)
    return [above.b for above in layers_of(parameters)[sides]]


class _Pruning:
    """The outgoing weights of a layer's units, while units are pruned.

    Parameters
    ----------
    to_itself : (gates x n_a, n_a) array
        The recurrent weights.
    to_next : (n_out, n_a) array
        The weights of the next layer or of the output layer.
    states : (N, n_a) array
        Of the layer, to regress units on each other.

    Attributes
    ----------
    units : (k,) array of int
        Indices of the remaining units.
    weights : (gates x k + n_out, k) array
        Their outgoing weights: first the recurrent ones, then those to the next layer.
    constant : (gates x k + n_out,) array
        What the pruned units' regressions add on average to each pre-activation.
    """

    def __init__(self, to_itself: Array, to_next: Array, states: Array) -> None:
        n_a = len(states.T)
        self._gates = len(to_itself) // n_a
        self.units: Indices = np.arange(n_a)
        self.weights: Array = np.vstack((to_itself, to_next)).astype(np.float64)
        self.constant: Array = np.zeros(len(self.weights))
        self._mean: Array = states.mean(axis=0)
        self._precision = inverse_covariance(states - self._mean)

    def drop(self, count: int) -> None:
        """Prune `count` units, one after the other."""
        weights, precision = self.weights, self._precision
        k = len(self.units)
        recurrent = self._gates * k
        alive = np.ones(k, dtype=bool)
        scratch = np.empty_like(weights)  # allocated per unit, it would double the time
        for _ in range(count):
            with np.errstate(divide="ignore", invalid="ignore"):  # dead units: 0 / 0
                harm = np.einsum("ij,ij->j", weights, weights) / precision.diagonal()
            harm[~alive] = np.inf
            j = int(np.argmin(harm))
            # Regression of unit j on the others: a_j = mean_j + sum of share_k (a_k - mean_k).
            # As share_j is -1, the same lines set unit j's own row and column to zero.
            share = -precision[j] / precision[j, j]
            self.constant -= weights[:, j] * (share @ self._mean)
            weights += np.multiply.outer(weights[:, j], share, out=scratch)
            share *= math.sqrt(precision[j, j])
            precision -= np.multiply.outer(share, share, out=scratch[:k])
            weights[j:recurrent:k] = 0.0  # the incoming recurrent weights of unit j
            alive[j] = False
        left = np.flatnonzero(alive)
        incoming = np.flatnonzero(np.tile(alive, self._gates))
        rows = np.concatenate((incoming, np.arange(recurrent, len(weights))))
        self.units, self._mean = self.units[left], self._mean[left]
        self.constant = self.constant[rows]
        self.weights = weights[np.ix_(rows, left)]
        self._precision = precision[np.ix_(left, left)]


def inverse_covariance(centred: Array, ridge_share: float = _RIDGE) -> Array:
    """Return the inverse of the covariance of centred states: (n_a, n_a)."""
    covariance = centred.T @ centred / len(centred)
    ridge = ridge_share * float(covariance.diagonal().mean()) + np.finfo(float).tiny
    return np.asarray(np.linalg.inv(covariance + ridge * np.eye(len(covariance))))


def select(parameters: Parameters, origins: tuple[Indices, ...]) -> Parameters:
    """Return the parameters of the units in `origins`; those of new units (-1) are zero."""
    n_directions = parameters.architecture.n_directions
    widths = tuple(len(origin) for origin in origins[::n_directions])
    selected = Parameters(replace(parameters.architecture, widths=widths))
    inputs = np.arange(parameters.architecture.n_input)
    for layer, width in enumerate(parameters.architecture.widths):
        sides = _sides(layer, n_directions)
        olds, news = layers_of(parameters)[sides], layers_of(selected)[sides]
        for old, new, origin in zip(olds, news, origins[sides], strict=True):
            _select_layer(old, new, origin, inputs)
        inputs = np.concatenate(
            [
                np.where(origin >= 0, direction * width + origin, -1)
                for direction, origin in enumerate(origins[sides])
            ]
        )
    selected.Wya[:] = np.pad(parameters.Wya, ((0, 0), (0, 1)))[:, inputs]
    selected.by[:] = parameters.by
    if selected.E is not None and parameters.E is not None:
        selected.E[:] = parameters.E
    return selected


def _select_layer(
    old: LayerParameters, new: LayerParameters, origin: Indices, inputs: Indices
) -> None:
    """Write the weights of the units in `origin`, which read the `inputs`, into a new layer."""
    rows = np.concatenate((origin, np.where(inputs >= 0, old.n_a + inputs, -1)))
    columns = np.concatenate(
        [np.where(origin >= 0, gate * old.n_a + origin, -1) for gate in range(old.gates)]
    )
    # Padded with a row and a column of zeros, which -1 selects.
    new.W[:] = np.pad(old.W, ((0, 1), (0, 1)))[np.ix_(rows, columns)]
    new.b[:] = np.pad(old.b, (0, 1))[columns]
    if new.K is not None and old.K is not None:
        new.K[:] = np.pad(old.K, ((0, 0), (0, 1)))[:, columns]
