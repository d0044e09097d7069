"""Random numbers that belong to a place: the same name and letter get the same ones, always."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Bits = NDArray[np.uint64]

MAX_PLACES = 1 << 12
"""Letters of a name that have dice of their own."""

_SYMBOL_BITS = np.uint64(21)  # as many as code points take
_PLACE_BITS = np.uint64(12)
# The constants of SplitMix64: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number
# Generators", OOPSLA 2014.
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FACTORS = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)


class RandomStreams:
    """Noise to choose letters by, fixed by a seed.

    There is no state: a number is computed from the seed, the name's number, the letter's place
    and the symbol. So more names never change those before them, and whoever throws the same dice
    for another network, or at another temperature, sees what that alone has changed.

    Parameters
    ----------
    seed : int
        0 or more.
    """

    def __init__(self, seed: int) -> None:
        if seed < 0:
            raise ValueError(f"seed must be 0 or more, got {seed}.")
        # Stirred, so that the streams of neighbouring seeds do not run into each other.
        self._start = _stir(np.array([seed % 2**64], dtype=np.uint64))

    def uniforms(self, names: NDArray[np.integer], place: int, symbols: int) -> Numbers:
        """Return a number for each name and symbol.

        Parameters
        ----------
        names : (m,) array
            The names' numbers, from 0 to 2**31 - 1.
        place : int
            The letter's, from 0 to `MAX_PLACES` - 1.
        symbols : int
            How many there are to choose from, n_y.

        Returns
        -------
        (m, n_y) array
            Above 0 and below 1.
        """
        throws = (names.astype(np.uint64) << _PLACE_BITS) + np.uint64(place)
        kinds = np.arange(symbols, dtype=np.uint64)
        counters: Bits = np.add.outer(throws << _SYMBOL_BITS, kinds)
        bits = _stir(counters * _GAMMA + self._start) >> np.uint64(12)
        return (bits.astype(np.float64) + 0.5) * 2.0**-52

    def gumbel(self, names: NDArray[np.integer], place: int, symbols: int) -> Numbers:
        """Return -ln(-ln u) of `uniforms`: (m, n_y).

        Added to log probabilities, the largest sum stands at a symbol with just its probability.
        """
        u = self.uniforms(names, place, symbols)
        return np.asarray(-np.log(-np.log(u)))


def _stir(bits: Bits) -> Bits:
    """Turn counters into numbers that look random: the output function of SplitMix64."""
    bits = bits + _GAMMA
    for shift, factor in zip(_SHIFTS, _FACTORS, strict=False):
        bits = (bits ^ (bits >> shift)) * factor
    return np.asarray(bits ^ (bits >> _SHIFTS[-1]))
