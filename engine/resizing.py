"""A hidden size that changes on the live network, without losing what was learned."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.network import states_of_names
from engine.parameters import Array, Normal, Parameters
from engine.vocabulary import EncodedNames

_RIDGE = 1e-6
"""Added to the states' covariance, as a share of its mean variance: units may be copies."""


@dataclass(frozen=True)
class Resized:
    """A network of another width.

    Attributes
    ----------
    parameters : Parameters
        New ones; the old are left alone.
    origin : (n_a,) array of int
        For each unit the index it had before, or -1 where it is new.
    """

    parameters: Parameters
    origin: NDArray[np.intp]

    def carry(self, state: Array) -> Array:
        """Carry a state (n_a before,) over to the new width (n_a,); new units start at 0."""
        return np.where(self.origin >= 0, state[self.origin], 0.0)


def widen(parameters: Parameters, n_a: int, random: Normal) -> Resized:
    """Add hidden units that change nothing yet, and can learn.

    What a new unit hears is drawn at random, with the spread that the old units' weights have by
    now; what it says to the other units and to the output begins at zero. So the network computes
    the same function as before, and the zeros have a gradient from the first step on, because
    the unit they stand behind is already active (function-preserving growth: Chen, Goodfellow
    and Shlens, "Net2Net", 2016).

    Parameters
    ----------
    n_a : int
        The new width, larger than the present one.
    random : Normal
        Source of the new weights.

    Raises
    ------
    ValueError
        If `n_a` is not larger than the present width.
    """
    old = parameters.n_a
    if n_a <= old:
        raise ValueError(f"n_a must be larger than {old} to widen, got {n_a}.")
    new = Parameters(parameters.n_x, n_a, parameters.n_y)
    added = n_a - old
    new.Wax[:old], new.Waa[:old, :old], new.ba[:old] = parameters.Wax, parameters.Waa, parameters.ba
    new.Wya[:, :old], new.by[:] = parameters.Wya, parameters.by
    new.Wax[old:] = random.standard_normal((added, parameters.n_x)) * parameters.Wax.std()
    new.Waa[old:, :old] = random.standard_normal((added, old)) * parameters.Waa.std()
    return Resized(new, np.where(np.arange(n_a) < old, np.arange(n_a), -1))


def narrow(
    parameters: Parameters, n_a: int, probe: EncodedNames, *, carries_state: bool = False
) -> Resized:
    """Take away the hidden units that matter least, and let the others stand in for them.

    One unit goes at a time: that whose loss changes least what the units and the output are told,
    in the mean square over `probe`, after the others have taken over what they can of it. They do
    so by linear regression, whose coefficients the inverse covariance of the states holds; what is
    constant goes where a constant can stand. (The same algebra as in Hassibi and Stork's "optimal
    brain surgeon", 1993, with the states' covariance in place of the Hessian.)

    Parameters
    ----------
    n_a : int
        The new width, smaller than the present one.
    probe : EncodedNames
        Names to judge by.
    carries_state : bool
        Whether names begin with the state of the name before. Then what the units that are gone
        used to say on average goes into ba. Else the state before the first letter is zero, and
        they said nothing then: so it goes into every column of Wax, of which one is read at each
        letter but the first.

    Raises
    ------
    ValueError
        If `n_a` is not smaller than the present width, or below 1.
    """
    old = parameters.n_a
    if not 1 <= n_a < old:
        raise ValueError(f"n_a must lie between 1 and {old - 1} to narrow, got {n_a}.")
    states = states_of_names(parameters, probe)
    telling = _Telling(parameters, states)
    while len(telling.units) > n_a:
        # Half of the surplus, then the arrays are cut down to what is left.
        telling.drop(max((len(telling.units) - n_a) // 2, 1))
    kept = telling.units
    new = Parameters(parameters.n_x, n_a, parameters.n_y)
    new.Wax[:], new.ba[:] = parameters.Wax[kept], parameters.ba[kept]
    new.Waa[:], new.Wya[:] = telling.weights[:n_a], telling.weights[n_a:]
    new.by[:] = parameters.by + telling.constant[n_a:]
    if carries_state:
        new.ba += telling.constant[:n_a]
    else:
        new.Wax += telling.constant[:n_a, None]
    return Resized(new, kept)


class _Telling:
    """What each unit tells the units and the output, while units are taken away.

    Attributes
    ----------
    units : (k,) array of int
        Indices of the units that are left.
    weights : (k + n_y, k) array
        Waa above Wya.
    constant : (k + n_y,) array
        What the units that are gone told the units, above what they told the output.
    """

    def __init__(self, parameters: Parameters, states: Array) -> None:
        self.units: NDArray[np.intp] = np.arange(parameters.n_a)
        self.weights: Array = np.vstack((parameters.Waa, parameters.Wya))
        self.constant: Array = np.zeros(len(self.weights))
        self._mean: Array = states.mean(axis=0)
        self._precision = _inverse_covariance(states - self._mean)

    def drop(self, count: int) -> None:
        """Take away `count` units, one after the other."""
        weights, precision = self.weights, self._precision
        k = len(self.units)
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
            weights[j] = 0.0
            alive[j] = False
        left = np.flatnonzero(alive)
        rows = np.concatenate((left, np.arange(k, len(weights))))
        self.units, self._mean = self.units[left], self._mean[left]
        self.constant = self.constant[rows]
        self.weights = weights[np.ix_(rows, left)]
        self._precision = precision[np.ix_(left, left)]


def _inverse_covariance(centred: Array) -> Array:
    """Return the inverse of the covariance of centred states: (n_a, n_a)."""
    covariance = centred.T @ centred / len(centred)
    ridge = _RIDGE * float(covariance.diagonal().mean()) + np.finfo(float).tiny
    return np.asarray(np.linalg.inv(covariance + ridge * np.eye(len(covariance))))
