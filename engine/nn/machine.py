"""The machine: what the last bits of a computation depend on, besides the program.

The matrix library has a kernel for each family of processors. They add in different orders, and so
round differently. Other versions of NumPy may do so too.

It is found out when a run is first saved, as that takes some milliseconds.
"""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

_CPUINFO = Path("/proc/cpuinfo")
_KERNEL_FUNCTIONS = tuple(
    f"{prefix}openblas_get_corename{suffix}" for prefix in ("scipy_", "") for suffix in ("64_", "")
)
"""What OpenBLAS calls the function, as it is built for NumPy or for others."""


@dataclass(frozen=True)
class Machine:
    """What computed a run.

    Attributes
    ----------
    processor : str
        Its name, as the system has it.
    numpy : str
        The version of NumPy.
    blas : str
        The matrix library that NumPy calls, and its version.
    kernel : str
        The part of that library which was chosen for the processor; empty if it does not say.
    compiler : str
        What compiled the kernels of `engine.nn.fast.compiled`, and its version; empty where NumPy
        computes the steps.
    """

    processor: str
    numpy: str
    blas: str
    kernel: str
    compiler: str = ""

    def describe_difference(self, other: "Machine") -> str:
        """Return what differs in this machine, in words; empty if nothing does."""
        words = {
            "processor": self.processor,
            "numpy": f"NumPy {self.numpy}",
            "blas": self.blas,
            "kernel": f"the kernel {self.kernel or 'unknown'}",
            "compiler": f"steps compiled by {self.compiler}" if self.compiler else "NumPy's steps",
        }
        differing = (
            field.name
            for field in fields(Machine)
            if getattr(self, field.name) != getattr(other, field.name)
        )
        return ", ".join(words[name] for name in differing)


@cache
def this_machine(backend: str = "numpy") -> Machine:
    """Return the machine that this process runs on, with one of `engine.nn.backends.BACKENDS`."""
    compiler = _compiler() if backend == "compiled" else ""
    return Machine(_processor(), np.__version__, _blas(), _kernel(), compiler)


def _processor() -> str:
    try:
        with _CPUINFO.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    import platform  # here because the import is slow

    return platform.processor() or platform.machine() or "unknown"


def _compiler() -> str:
    from importlib.metadata import PackageNotFoundError, version  # here because it is slow

    try:
        return f"Numba {version('numba')} with llvmlite {version('llvmlite')}"
    except PackageNotFoundError:
        return "an unknown compiler"


def _blas() -> str:
    built_with = np.show_config(mode="dicts") or {}
    blas = built_with.get("Build Dependencies", {}).get("blas", {})
    return f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip()


def _kernel() -> str:
    import ctypes  # here because hardly anything else needs it

    try:
        # A symbol is looked for in the library and in those that it loads, such as OpenBLAS.
        library = ctypes.CDLL(np._core._multiarray_umath.__file__)  # type: ignore[attr-defined]
    except (OSError, AttributeError):
        return ""
    for name in _KERNEL_FUNCTIONS:
        try:
            function = getattr(library, name)
        except AttributeError:  # another library, or a system that looks in this one only
            continue
        function.restype = ctypes.c_char_p
        return (function() or b"").decode(errors="replace")
    return ""
