"""Arrays that begin where a cache line does.

NumPy's own begin at any multiple of 16 bytes. A vector instruction that reads across the border
of two cache lines takes twice as long, and a product of a vector with 200 x 200 numbers half as
long again.
"""

import math

import numpy as np
from numpy.typing import DTypeLike, NDArray

_LINE = 64
"""Bytes in a cache line, and in the longest vector that is computed with at once (AVX-512)."""


def aligned_zeros(shape: tuple[int, ...], dtype: DTypeLike = np.float64) -> NDArray[np.floating]:
    """Return zeros whose first number begins a cache line."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    room = np.zeros(size + _LINE, np.uint8)
    begin = -room.ctypes.data % _LINE
    array: NDArray[np.floating] = room[begin : begin + size].view(dtype).reshape(shape)
    return array


def aligned_copy(array: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return a copy whose first number begins a cache line."""
    copy = aligned_zeros(array.shape, array.dtype)
    copy[...] = array
    return copy
