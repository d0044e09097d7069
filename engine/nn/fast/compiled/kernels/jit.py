"""How the kernels are compiled: four decorators.

Numba's "contract" joins a product and a sum into one operation, which rounds once. No rule that
assumes finite numbers is allowed, because a loss that is not a number has to show. The order of
sums is only free in `sums`: elsewhere it is as written. Numbers are divided as NumPy does: a test
for a division by zero would keep loops from becoming vector code.

Only `entry` may allocate. Without Numba's reference counts, a row that is handed to a function
costs nothing; with them, a batch takes half as long again. An assignment to a slice would allocate
too.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def inlined(function: Function) -> Function:
    """Compile a function of numbers, and put it into the loops that call it.

    It keeps its own rules there: LLVM puts it in, and not Numba (``inline="always"``), which would
    compile it by the caller's.
    """
    compiled: Function = njit(
        fastmath={"contract"}, error_model="numpy", forceinline=True, _nrt=False
    )(function)
    return compiled


def loops(function: Function) -> Function:
    """Compile a function of arrays."""
    compiled: Function = njit(fastmath={"contract"}, error_model="numpy", _nrt=False)(function)
    return compiled


def sums(function: Function) -> Function:
    """Compile a function that adds up a row: vector code, if the order of the sum is free."""
    compiled: Function = njit(
        fastmath={"contract", "nsz", "reassoc"}, error_model="numpy", _nrt=False
    )(function)
    return compiled


def entry(function: Function) -> Function:
    """Compile a function that Python calls, and that runs without the interpreter's lock.

    `engine.nn.fast.compiled.kernel_store` keeps it on the disk.
    """
    compiled: Function = njit(fastmath={"contract"}, error_model="numpy", nogil=True)(function)
    return compiled


def uncounted_entry(function: Function) -> Function:
    """Compile an `entry` that allocates nothing, without reference counts.

    It may take rows of its arguments in its own loops.
    """
    compiled: Function = njit(fastmath={"contract"}, error_model="numpy", nogil=True, _nrt=False)(
        function
    )
    return compiled
