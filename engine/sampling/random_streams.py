"""Counter-based random streams: the same name and position always get the same random numbers."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Bits = NDArray[np.uint64]

MAX_POSITIONS = 1 << 12
"""Number of positions in a name that have random numbers of their own."""

_SYMBOL_BITS = np.uint64(21)  # enough for every code point
_POSITION_BITS = np.uint64(12)
# The constants of SplitMix64: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number
# Generators", OOPSLA 2014.
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FACTORS = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)


class RandomStreams:
    """Random numbers for decoding, determined by a seed.

    There is no state: a number is computed from the seed, the name's number, the position of the
    letter and the symbol. So more names never change those before them, and with the same seed,
    another network or temperature shows only its own effect.

    Parameters
    ----------
    seed : int
        0 or more.
    """

    def __init__(self, seed: int) -> None:
        if seed < 0:
            raise ValueError(f"seed must be 0 or more, got {seed}.")
        # Mixed, so that the streams of neighbouring seeds do not overlap.
        self._start = _mix(np.array([seed % 2**64], dtype=np.uint64))

    def uniforms(self, names: NDArray[np.integer], position: int, symbols: int) -> Numbers:
        """Return a uniform random number for each name and symbol.

        Parameters
        ----------
        names : (m,) array
            The names' numbers, from 0 to 2**31 - 1.
        position : int
            The letter's position, from 0 to `MAX_POSITIONS` - 1.
        symbols : int
            Size of the vocabulary, n_y.

        Returns
        -------
        (m, n_y) array
            Above 0 and below 1.
        """
        letters = (names.astype(np.uint64) << _POSITION_BITS) + np.uint64(position)
        kinds = np.arange(symbols, dtype=np.uint64)
        counters: Bits = np.add.outer(letters << _SYMBOL_BITS, kinds)
        bits = _mix(counters * _GAMMA + self._start) >> np.uint64(12)
        return (bits.astype(np.float64) + 0.5) * 2.0**-52

    def gumbel(self, names: NDArray[np.integer], position: int, symbols: int) -> Numbers:
        """Return Gumbel noise, -ln(-ln u) of `uniforms`: (m, n_y).

        If it is added to log probabilities, the maximum is at a symbol with its probability.
        """
        u = self.uniforms(names, position, symbols)
        return np.asarray(-np.log(-np.log(u)))


def _mix(bits: Bits) -> Bits:
    """Turn counters into random bits: the output function of SplitMix64."""
    bits = bits + _GAMMA
    for shift, factor in zip(_SHIFTS, _FACTORS, strict=False):
        bits = (bits ^ (bits >> shift)) * factor
    return np.asarray(bits ^ (bits >> _SHIFTS[-1]))
