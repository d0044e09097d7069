"""One BLAS thread: NumPy's matrix library computes in the thread that calls it.

Why: the matrices of one name are so small that handing parts of them to another thread costs more
than it saves, and the second core belongs to the window. More threads also change the last bits, so
that a run could not be repeated. Variables such as OPENBLAS_NUM_THREADS that the process inherits
are therefore overwritten.

Switch: the argument of `limit_blas_threads`, for benchmarks.
"""

import os
import sys

_VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def limit_blas_threads(threads: int = 1) -> None:
    """Limit the matrix library to `threads` threads, whatever the environment says.

    Parameters
    ----------
    threads : int
        1 or more.

    Raises
    ------
    RuntimeError
        If NumPy is imported already: the library reads its settings only once, when it is loaded.
    """
    if "numpy" in sys.modules:
        raise RuntimeError("limit_blas_threads must be called before numpy is imported.")
    for variable in _VARIABLES:
        os.environ[variable] = str(threads)
