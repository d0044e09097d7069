"""Counter-based random streams: the same name and position always get the same random numbers."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Bits = NDArray[np.uint64]

MAX_POSITIONS = 1 << 12
"""Number of positions in a name that have random numbers of their own."""

_SYMBOL_BITS = np.uint64(21)  # enough for every code point
_POSITION_BITS = np.uint64(12)
_UNUSED_BITS = np.uint64(12)  # of 64; a float64 has room for the other 52
_BLOCK = 1 << 14
"""Numbers that are computed at once. What they need stays in the processor's cache."""

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

    @property
    def start(self) -> int:
        """The 64 bits from which the counters of this seed begin, as a signed number."""
        return int(self._start.view(np.int64)[0])

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
        numbers = np.empty((len(names), symbols))
        # The counter of a symbol is start * 2**21 + symbol. SplitMix64 multiplies it by gamma. The
        # two terms are multiplied apart, modulo 2**64, so that the second is shared by all rows.
        starts = (names.astype(np.uint64) << _POSITION_BITS) + np.uint64(position)  # (m,)
        starts = (starts << _SYMBOL_BITS) * _GAMMA + self._start
        offsets = np.arange(symbols, dtype=np.uint64) * _GAMMA  # (n_y,)
        rows = max(_BLOCK // max(symbols, 1), 1)
        for first in range(0, len(names), rows):
            bits = _mix(np.add.outer(starts[first : first + rows], offsets))
            bits >>= _UNUSED_BITS
            block = numbers[first : first + rows]
            block[:] = bits
            block += 0.5
            block *= 2.0**-52
        return numbers

    def gumbel(self, names: NDArray[np.integer], position: int, symbols: int) -> Numbers:
        """Return Gumbel noise, -ln(-ln u) of `uniforms`: (m, n_y).

        If it is added to log probabilities, the maximum is at a symbol with its probability.
        """
        noise = self.uniforms(names, position, symbols)
        for _ in range(2):
            np.log(noise, out=noise)
            np.negative(noise, out=noise)
        return noise


def _mix(bits: Bits) -> Bits:
    """Turn counters into random bits, in place: the output function of SplitMix64."""
    bits += _GAMMA
    shifted = np.empty_like(bits)
    for shift, factor in zip(_SHIFTS, _FACTORS, strict=False):
        bits ^= np.right_shift(bits, shift, out=shifted)
        bits *= factor
    bits ^= np.right_shift(bits, _SHIFTS[-1], out=shifted)
    return bits
