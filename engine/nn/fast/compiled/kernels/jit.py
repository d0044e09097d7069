"""How the kernels are compiled."""

from collections.abc import Callable
from typing import Any

from numba import njit

Function = Callable[..., Any]

entry: Callable[[Function], Function] = njit(fastmath={"contract"}, nogil=True)
"""A function that Python calls. It runs without the interpreter's lock."""
