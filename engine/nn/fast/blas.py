"""How many threads NumPy's matrix library may use."""

import os
import sys

_VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def limit_blas_threads(threads: int = 1) -> None:
    """Ask the matrix library for `threads` threads, unless the environment already says.

    The matrices of one name are so small that handing parts of them to another thread costs more
    than it saves, and the second core belongs to the window.

    Parameters
    ----------
    threads : int
        1 or more.

    Raises
    ------
    RuntimeError
        If NumPy is imported already: the library reads its settings only once, as it is loaded.
    """
    if "numpy" in sys.modules:
        raise RuntimeError("limit_blas_threads must be called before numpy is imported.")
    for variable in _VARIABLES:
        os.environ.setdefault(variable, str(threads))
