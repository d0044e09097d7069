"""How the kernels are compiled: five decorators.

Numba's "contract" joins a product and a sum into one operation, which rounds once. No rule that
assumes finite numbers is allowed, because a loss that is not a number has to show. The order of
sums is only free in `sums`: elsewhere it is as written. Numbers are divided as NumPy does: a test
for a division by zero would keep loops from becoming vector code.
"""

from collections.abc import Callable
from typing import Any

from numba import njit

Function = Callable[..., Any]

inlined: Callable[[Function], Function] = njit(
    fastmath={"contract"}, error_model="numpy", forceinline=True
)
"""A function of numbers, put into the loops that call it, so that they become vector code.

It keeps its own rules there: LLVM puts it in, and not Numba (``inline="always"``), which would
compile it by the caller's.
"""

loops: Callable[[Function], Function] = njit(fastmath={"contract"}, error_model="numpy")
"""A function of arrays."""

sums: Callable[[Function], Function] = njit(
    fastmath={"contract", "nsz", "reassoc"}, error_model="numpy"
)
"""A function that adds up a row, which becomes vector code only if the order of the sum is free."""

entry: Callable[[Function], Function] = njit(fastmath={"contract"}, error_model="numpy", nogil=True)
"""A function that Python calls, and that runs without the interpreter's lock.

`engine.nn.fast.compiled.kernel_store` keeps it on the disk.
"""

uncounted_loops: Callable[[Function], Function] = njit(
    fastmath={"contract"}, error_model="numpy", forceinline=True, _nrt=False
)
"""A function of parts of arrays that is put into the loop that calls it.

References to arrays are not counted: an atomic count up and down for each part of a row would take
as long as the arithmetic. Such a function must not allocate; nor must it assign an array as a
whole, because Numba copies it first.
"""

uncounted_entry: Callable[[Function], Function] = njit(
    fastmath={"contract"}, error_model="numpy", nogil=True, _nrt=False
)
"""An `entry` that does not count references either."""
