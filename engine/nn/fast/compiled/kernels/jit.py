"""How the kernels are compiled: three decorators.

Numba's "contract" joins a product and a sum into one operation, which rounds once. No rule that
assumes finite numbers is allowed, because a loss that is not a number has to show. The order of
sums is only free in `sums`: elsewhere it is as written.
"""

from collections.abc import Callable
from typing import Any

from numba import njit

Function = Callable[..., Any]

inlined: Callable[[Function], Function] = njit(fastmath={"contract"}, error_model="numpy", forceinline=True)
"""A function of numbers, put into the loops that call it, so that they become vector code.

It keeps its own rules there: LLVM puts it in, and not Numba (``inline="always"``), which would
compile it by the caller's.
"""

loops: Callable[[Function], Function] = njit(fastmath={"contract"}, error_model="numpy")
"""A function of arrays."""

sums: Callable[[Function], Function] = njit(fastmath={"contract", "nsz", "reassoc"}, error_model="numpy")
"""A function that adds up a row, which becomes vector code only if the order of the sum is free."""

entry: Callable[[Function], Function] = njit(fastmath={"contract"}, error_model="numpy", nogil=True, cache=True)
"""A function that Python calls: kept on the disk, and run without the interpreter's lock."""
