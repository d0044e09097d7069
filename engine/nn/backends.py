"""The backends: what computes the steps of a run."""

from engine.nn.fast.compiled.kernel_store import (
    KernelsNotReadyError,
    kernel_state,
    load_kernels,
)

BACKENDS = ("numpy", "compiled")
"""NumPy, or the compiled kernels of `engine.nn.fast.compiled` where they serve.

The two differ in the last bits, so a run names the one that it is made with.
"""

BACKEND_TITLES = {"numpy": "NumPy", "compiled": "Faster step"}
"""What people read."""


def best_backend() -> str:
    """Return the backend that new runs take: the compiled one where it is ready."""
    return "compiled" if kernel_state().status == "ready" else "numpy"


def check_backend(backend: str) -> None:
    """Check that steps can be computed with that backend here.

    Raises
    ------
    KernelsNotReadyError
        If it is the compiled one, and its kernels are not ready; the message says why.
    """
    state = kernel_state()
    if backend == "compiled" and state.status != "ready":
        raise KernelsNotReadyError(state.reason)


def load_backend(backend: str) -> None:
    """Load what computes steps with that backend, which also finds files that are damaged.

    Raises
    ------
    KernelsNotReadyError
        As `check_backend` does, and if the files of the kernels are damaged.
    """
    check_backend(backend)
    if backend == "compiled":
        load_kernels()
