"""The matrix products of the BLAS that NumPy brings, as addresses that kernels can call.

NumPy's wheels bring OpenBLAS, whose functions have 64-bit integers and names of their own. Where
there are no such functions, as with Apple's Accelerate, kernels call NumPy instead: slower, since
it needs the interpreter, and the same otherwise.
"""

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

ROW_MAJOR, AS_IT_IS, TRANSPOSED = 101, 111, 112
"""In CBLAS: rows are contiguous; whether a matrix is to be transposed."""

_NAMES = ("scipy_cblas_{}64_", "cblas_{}64_")
"""Of functions with 64-bit integers."""

_OF_TYPES: dict[str, tuple[str, Any]] = {
    "float32": ("s", ctypes.c_float),
    "float64": ("d", ctypes.c_double),
}
"""The letter of each type in the functions' names, and what C has for it."""

_WHOLE, _INDEX, _POINTER = ctypes.c_int, ctypes.c_int64, ctypes.c_void_p


class BlasFunctions(NamedTuple):
    """The addresses of functions with the signatures of CBLAS, for numbers of one type.

    Attributes
    ----------
    gemm : int
        The product of two matrices.
    gemv : int
        That of a matrix and a vector.
    """

    gemm: int
    gemv: int


@cache
def blas_functions(dtype: np.dtype[Any]) -> BlasFunctions:
    """Return the functions for float64 or float32."""
    letter, _ = _OF_TYPES[dtype.name]
    gemm, gemv = (_address(letter + name) for name in ("gemm", "gemv"))
    return BlasFunctions(gemm, gemv) if gemm and gemv else numpy_functions(dtype)


def _address(name: str) -> int | None:
    """Return the address of a function in NumPy's BLAS; None if it is not to be found."""
    for library in _libraries():
        for pattern in _NAMES:
            with suppress(AttributeError):
                return _address_of(getattr(library, pattern.format(name)))
    return None


def _libraries() -> Iterator[ctypes.CDLL]:
    """Return libraries in which the functions may be found."""
    if sys.platform == "win32":
        found = Path(np.__file__).parent.with_name("numpy.libs").glob("*openblas*.dll")
        paths = [str(path) for path in found]
    else:  # a name is also looked up in the libraries that this one depends on
        spec = find_spec("numpy._core._multiarray_umath")
        paths = [] if spec is None or spec.origin is None else [spec.origin]
    for path in paths:
        with suppress(OSError):
            yield ctypes.CDLL(path)


def _address_of(function: Any) -> int:
    address = ctypes.cast(function, _POINTER).value
    assert address is not None  # a function is somewhere
    return address


def numpy_functions(dtype: np.dtype[Any]) -> BlasFunctions:
    """Return functions that call NumPy, for the products of kernels."""
    return BlasFunctions(*map(_address_of, _numpy_functions(dtype)))


@cache  # they must not be freed as long as a kernel may call them
def _numpy_functions(dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """Return gemm and gemv, of matrices whose rows are contiguous; nothing is scaled or added."""
    _, real = _OF_TYPES[dtype.name]

    def matrix(address: int, m: int, n: int, row: int) -> NDArray[np.floating]:
        """Return the matrix at an address, whose rows begin so many numbers apart."""
        memory = (real * ((m - 1) * row + n)).from_address(address)
        return as_strided(
            np.frombuffer(memory, dtype), (m, n), (row * dtype.itemsize, dtype.itemsize)
        )

    def factor(address: int, how: int, m: int, n: int, row: int) -> NDArray[np.floating]:
        """Return an (m, n) matrix, which in memory may be its transpose."""
        return matrix(address, n, m, row).T if how == TRANSPOSED else matrix(address, m, n, row)

    def gemm(
        _order: int, of_x: int, of_W: int, m: int, n: int, k: int,
        _alpha: float, x: int, x_row: int, W: int, W_row: int, _beta: float, z: int, z_row: int,
    ) -> None:  # fmt: skip
        matrix(z, m, n, z_row)[...] = factor(x, of_x, m, k, x_row) @ factor(W, of_W, k, n, W_row)

    def gemv(
        _order: int, of_W: int, m: int, n: int,
        _alpha: float, W: int, W_row: int, x: int, _x_step: int, _beta: float, z: int, _z_step: int,
    ) -> None:  # fmt: skip
        n_z, n_x = (n, m) if of_W == TRANSPOSED else (m, n)
        matrix(z, 1, n_z, n_z)[0] = factor(W, of_W, n_z, n_x, W_row) @ matrix(x, 1, n_x, n_x)[0]

    matrices = (real, _POINTER, _INDEX, _POINTER, _INDEX, real, _POINTER, _INDEX)
    of_gemm: Callable[..., Any] = ctypes.CFUNCTYPE(
        None, *(3 * [_WHOLE]), *(3 * [_INDEX]), *matrices
    )
    of_gemv: Callable[..., Any] = ctypes.CFUNCTYPE(
        None, *(2 * [_WHOLE]), *(2 * [_INDEX]), *matrices
    )
    return of_gemm(gemm), of_gemv(gemv)
