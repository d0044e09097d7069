"""The choice of a symbol: `engine.sampling.decoding` and its random streams.

The noise of some rows is computed together, each of its operations in a loop of its own. Row by row
and in one loop, it took twice as long: the operations of a number wait for each other.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.compiled.kernels.jit import inlined, loops, uncounted_entry
from engine.nn.fast.compiled.kernels.rows import maximum
from engine.nn.fast.compiled.kernels.scalars import exp, float_of_bits, log
from engine.nn.fast.compiled.kernels.types import Indices, Vector

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FACTOR_1, _FACTOR_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFT_1, _SHIFT_2, _SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)
_POSITION_BITS, _SYMBOL_BITS, _UNUSED_BITS = np.uint64(12), np.uint64(21), np.uint64(12)
"""As in `engine.sampling.random_streams`."""

_ONE_BITS = np.uint64(0x3FF0000000000000)
"""Those of 1.0: with others as its lowest 52 bits, it is a number from 1 below 2."""


class Strategy(NamedTuple):
    """An `engine.sampling.decoding.DecodingStrategy`.

    Attributes
    ----------
    temperature : float
    k : int
        The number of likeliest symbols to choose among: 1 for greedy, n_y for all.
    top_p : float
    """

    temperature: float
    k: int
    top_p: float


@uncounted_entry
def choose(
    z: Any,
    names: Indices,
    position: int,
    start: int,
    strategy: Strategy,
    log_weights: Vector,
    order: Indices,
    noise: Vector,
    chosen: Indices,
) -> None:
    """Set the symbol chosen in each row.

    Parameters
    ----------
    z : (m or more, n_y) array
        Logits, of float64 or float32; -inf for a symbol that must not be chosen.
    names : (m,) array
        The number of each row's name in the random streams.
    position : int
        The letter's position in its name.
    start : int
        The random streams' start, as a signed number.
    strategy : Strategy
    log_weights, order : (n_y,) arrays
        Overwritten.
    noise : (rows x n_y,) array
        For one or more rows. Overwritten.
    chosen : (m,) array
        Set to indices of symbols.
    """
    n_y = len(order)
    restricts = strategy.k < n_y or strategy.top_p < 1.0
    at_a_time = len(noise) // n_y
    for begin in range(0, len(names), at_a_time):
        end = min(begin + at_a_time, len(names))
        _set_noise(noise, names[begin:end], position, start, n_y)
        for row in range(begin, end):
            _set_log_weights(log_weights, z[row], maximum(z[row]))
            if strategy.temperature != 1.0:
                _divide(log_weights, strategy.temperature)
            if restricts:
                _restrict(log_weights, order, strategy.k, strategy.top_p)
            chosen[row] = _place_of_maximum(log_weights, noise[(row - begin) * n_y :])


@loops
def _set_noise(noise: Vector, names: Indices, position: int, start: int, n_y: int) -> None:
    """Set the Gumbel noise of some rows, -ln(-ln u): one after the other, (n_y,) each."""
    for row in range(len(names)):
        counter = ((np.uint64(names[row]) << _POSITION_BITS) + np.uint64(position)) << _SYMBOL_BITS
        _set_uniforms(noise[row * n_y : (row + 1) * n_y], counter * _GAMMA + np.uint64(start))
    _set_minus_log(noise[: len(names) * n_y])
    _set_minus_log(noise[: len(names) * n_y])


@loops
def _set_uniforms(row: Vector, first: Any) -> None:
    """Set the uniform random numbers of the counters from `first` on, above 0 and below 1."""
    for j in range(len(row)):
        bits = _mixed(first + np.uint64(j) * _GAMMA)
        # (bits / 2^12 + 0.5) / 2^52
        row[j] = float_of_bits(np.int64((bits >> _UNUSED_BITS) | _ONE_BITS)) - 1.0 + 2.0**-53


@inlined
def _mixed(bits: Any) -> Any:
    """Turn a counter into random bits: the output function of SplitMix64."""
    bits += _GAMMA
    bits = (bits ^ (bits >> _SHIFT_1)) * _FACTOR_1
    bits = (bits ^ (bits >> _SHIFT_2)) * _FACTOR_2
    return bits ^ (bits >> _SHIFT_3)


@loops
def _set_minus_log(row: Vector) -> None:
    for j in range(len(row)):
        row[j] = -log(row[j])


@loops
def _set_log_weights(log_weights: Vector, z: Any, largest: Any) -> None:
    highest = np.float64(largest)
    for j in range(len(log_weights)):
        log_weights[j] = np.float64(z[j]) - highest


@loops
def _divide(row: Vector, divisor: float) -> None:
    for j in range(len(row)):
        row[j] /= divisor


@loops
def _place_of_maximum(log_weights: Vector, noise: Vector) -> int:
    """Return the symbol with the largest sum, the first of equal ones."""
    place, largest = 0, log_weights[0] + noise[0]
    for j in range(1, len(log_weights)):
        total = log_weights[j] + noise[j]
        if total > largest:
            place, largest = j, total
    return place


@loops
def _restrict(log_weights: Vector, order: Indices, k: int, top_p: float) -> None:
    """Set to -inf the log weights that top-k and top-p leave out.

    The likeliest symbols are taken from a heap, and stand at the end of `order`: the first of them
    is its last. Top-p takes those one by one whose probabilities it needs.
    """
    n, left = len(order), len(order)
    _make_heap(order, log_weights)
    if k < n:
        while left > n - k:
            left -= 1
            _take_likeliest(order, log_weights, left)
        _leave_out(log_weights, order, left)
    if top_p < 1.0:
        total = 0.0
        for j in range(n):
            total += exp(log_weights[j])
        reached, place = 0.0, n
        while place > 0 and reached < top_p:
            place -= 1
            if place < left:
                _take_likeliest(order, log_weights, place)
            reached += exp(log_weights[order[place]]) / total
        _leave_out(log_weights, order, place)


@loops
def _leave_out(log_weights: Vector, order: Indices, end: int) -> None:
    """Set the log weights of the symbols before a place in the order to -inf."""
    for place in range(end):
        log_weights[order[place]] = -np.inf


@loops
def _make_heap(order: Indices, log_weights: Vector) -> None:
    """Make a heap of all symbols (n_y,), the likeliest of which is its first."""
    n = len(order)
    for j in range(n):
        order[j] = j
    for place in range(n // 2 - 1, -1, -1):
        _sift_down(order, log_weights, place, n)


@loops
def _take_likeliest(order: Indices, log_weights: Vector, left: int) -> None:
    """Move the first of a heap behind it, which leaves so many in it."""
    order[0], order[left] = order[left], order[0]
    _sift_down(order, log_weights, 0, left)


@loops
def _sift_down(order: Indices, log_weights: Vector, place: int, end: int) -> None:
    """Make a heap of the entries from `place` to `end`, all but the first of which are one."""
    child = 2 * place + 1
    while child < end:
        if child + 1 < end and _is_likelier(log_weights, order[child + 1], order[child]):
            child += 1
        if not _is_likelier(log_weights, order[child], order[place]):
            return
        order[place], order[child] = order[child], order[place]
        place, child = child, 2 * child + 1


@loops
def _is_likelier(log_weights: Vector, i: int, j: int) -> bool:
    """Whether symbol i comes before j; of equal symbols, the first in the vocabulary does."""
    if log_weights[i] == log_weights[j]:
        return i < j
    return bool(log_weights[i] > log_weights[j])


def examples() -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the functions that Python calls, each with arguments of types it is compiled for."""
    vector, indices = np.empty(0), np.empty(0, np.int64)
    found: list[tuple[Any, tuple[Any, ...]]] = []
    for dtype in (np.float64, np.float32):
        z: NDArray[Any] = np.empty((0, 0), dtype)
        strategy = Strategy(1.0, 0, 1.0)
        found.append((choose, (z, indices, 0, 0, strategy, vector, indices, vector, indices)))
    return found
