"""The matrix products of the BLAS that NumPy computes with, as addresses that kernels can call."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

ROW_MAJOR, AS_IT_IS, TRANSPOSED = 101, 111, 112
"""In CBLAS: rows are contiguous; whether a matrix is to be transposed."""

_NAMES = ["scipy_cblas_{}64_", "cblas_{}64_", "cblas_{}$NEWLAPACK$ILP64"]
"""With 64-bit integers: OpenBLAS as NumPy's wheels bring it, that of others, and Accelerate."""

if sys.platform != "darwin":
    # With 32-bit integers. Small ones are passed alike, except on the stack of Apple's processors.
    _NAMES.append("cblas_{}")

_LETTERS = {"float32": "s", "float64": "d"}
"""Of each type, in the functions' names."""


class BlasMissingError(Exception):
    """NumPy computes with a library that has no such functions."""


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
    """Return the functions for float64 or float32.

    Raises
    ------
    BlasMissingError
        If they are not found.
    """
    letter = _LETTERS[dtype.name]
    return BlasFunctions(_address(f"{letter}gemm"), _address(f"{letter}gemv"))


def _address(name: str) -> int:
    """Return the address of a function."""
    for library in _libraries():
        for pattern in _NAMES:
            with suppress(AttributeError):
                function = getattr(library, pattern.format(name))
                address = ctypes.cast(function, ctypes.c_void_p).value
                if address:
                    return address
    raise BlasMissingError(f"NumPy's matrix library has no function {name} that can be called")


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
