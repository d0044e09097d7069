"""The matrix product of the BLAS that NumPy brings, as an address that kernels can call.

NumPy's wheels bring OpenBLAS, whose functions have 64-bit integers and names of their own. Where
there is no such function, as with Apple's Accelerate, kernels call NumPy instead: slower, since it
needs the interpreter, and the same otherwise.
"""

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

_NAMES = ("scipy_cblas_{}gemm64_", "cblas_{}gemm64_")
"""Of functions with 64-bit integers; the letter is that of the type."""

_OF_TYPES: dict[str, tuple[str, Any]] = {
    "float32": ("s", ctypes.c_float),
    "float64": ("d", ctypes.c_double),
}


def gemm_address(dtype: np.dtype[Any]) -> int:
    """Return the address of a function with the signature of CBLAS's `gemm`.

    Parameters
    ----------
    dtype : dtype
        float64 or float32.
    """
    letter, _ = _OF_TYPES[dtype.name]
    return _address_in_blas(letter) or numpy_gemm_address(dtype)


@cache
def _address_in_blas(letter: str) -> int | None:
    """Return the address of the function in NumPy's BLAS; None if it is not to be found."""
    for library in _libraries():
        for name in _NAMES:
            with suppress(AttributeError):
                function = getattr(library, name.format(letter))
                return ctypes.cast(function, ctypes.c_void_p).value
    return None


def _libraries() -> Iterator[ctypes.CDLL]:
    """Return libraries in which the function may be found."""
    if sys.platform == "win32":
        found = Path(np.__file__).parent.with_name("numpy.libs").glob("*openblas*.dll")
        paths = [str(path) for path in found]
    else:  # a name is also looked up in the libraries that this one depends on
        spec = find_spec("numpy._core._multiarray_umath")
        paths = [] if spec is None or spec.origin is None else [spec.origin]
    for path in paths:
        with suppress(OSError):
            yield ctypes.CDLL(path)


def numpy_gemm_address(dtype: np.dtype[Any]) -> int:
    """Return the address of a function that calls NumPy."""
    address = ctypes.cast(_numpy_gemm(dtype), ctypes.c_void_p).value
    assert address is not None  # a function is somewhere
    return address


@cache  # it must not be freed as long as a kernel may call it
def _numpy_gemm(dtype: np.dtype[Any]) -> Any:
    """Return a function with the signature of CBLAS's `gemm`, for products z = x W of rows."""
    _, real = _OF_TYPES[dtype.name]
    whole, index, pointer = ctypes.c_int, ctypes.c_int64, ctypes.c_void_p

    def multiply(
        order: int, transposes_x: int, transposes_W: int, m: int, n: int, k: int, alpha: float,
        x: int, x_row: int, W: int, W_row: int, beta: float, z: int, z_row: int,
    ) -> None:  # fmt: skip
        of_x, of_W = _matrix(x, (m, k), x_row, dtype), _matrix(W, (k, n), W_row, dtype)
        _matrix(z, (m, n), z_row, dtype)[...] = of_x @ of_W

    kind: Callable[..., Any] = ctypes.CFUNCTYPE(
        *(None, whole, whole, whole, index, index, index, real),
        *(pointer, index, pointer, index, real, pointer, index),
    )
    return kind(multiply)


def _matrix(
    address: int, shape: tuple[int, int], row: int, dtype: np.dtype[Any]
) -> NDArray[np.floating]:
    """Return the matrix at an address, whose rows begin so many numbers apart."""
    (m, n), size = shape, dtype.itemsize
    memory = (ctypes.c_char * (((m - 1) * row + n) * size)).from_address(address)
    return as_strided(np.frombuffer(memoryview(memory), dtype), shape, (row * size, size))
