"""The list of the functions that Python calls, and how they are kept on the disk.

A function is compiled for types, and the types are those of examples. To add one, add a line to
`entries`. Its arguments may be arrays without a number in them: they are looked at, not computed
with. Nothing else may be given to it later, not even an array that is read-only, not contiguous or
of another dtype: Numba refuses it, because it must not compile while something waits.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import event
from numba.core.caching import UserProvidedCacheLocator
from numba.core.compiler_lock import global_compiler_lock

from engine.nn.fast.compiled.blas_functions import blas_functions
from engine.nn.fast.compiled.kernels import batches, choice, names, updates


class KernelMissingError(Exception):
    """A kernel is not on the disk for this processor."""


@dataclass(frozen=True)
class KernelEntry:
    """A function that Python calls.

    Attributes
    ----------
    function : callable
        What the decorator of `jit` has made of it.
    examples : sequence of tuple
        Arguments, one tuple for each combination of types.
    """

    function: Any
    examples: Sequence[tuple[Any, ...]]

    @property
    def types(self) -> list[tuple[Any, ...]]:
        """The types of the arguments of each example."""
        return [tuple(numba.typeof(each) for each in example) for example in self.examples]


def entries() -> tuple[KernelEntry, ...]:
    """Return all functions that Python calls."""
    examples: dict[Any, list[tuple[Any, ...]]] = {}
    for kernels in (names, batches, updates, choice):
        for function, arguments in kernels.examples():
            examples.setdefault(function, []).append(arguments)
    return tuple(KernelEntry(function, each) for function, each in examples.items())


def compile_entries(folder: Path, on_progress: Callable[[int, int], None] | None = None) -> None:
    """Compile all kernels, and write them into a folder.

    Parameters
    ----------
    folder : Path
        An empty folder.
    on_progress : callable, optional
        Called with the number of functions that are compiled, and the number of all.

    Raises
    ------
    BlasMissingError
        If the matrix products that the kernels call are not to be found.
    OSError
        If not all were written.
    """
    _find_blas()
    todo = [(entry.function, types) for entry in entries() for types in entry.types]
    fresh: dict[Any, Any] = {}
    with _kept_in(folder):
        for done, (function, types) in enumerate(todo, start=1):
            if function not in fresh:
                # This process may have compiled the function already, without keeping it.
                fresh[function] = numba.jit(**function.targetoptions)(function.py_func)
                fresh[function].enable_caching()
            fresh[function].compile(types)
            if on_progress is not None:
                on_progress(done, len(todo))
    n_files = len(list(folder.glob("*.nbc")))
    if n_files != len(todo):
        raise OSError(f"{n_files} of {len(todo)} kernels were written")


def load_entries(folder: Path) -> None:
    """Load all kernels from the folder into which `compile_entries` has written them.

    Threads that need the kernels at the same moment take turns: Numba's settings are the process's.

    Raises
    ------
    BlasMissingError
        As in `compile_entries`.
    KernelMissingError
        If one of them is not there for this processor. It is not compiled.
    """
    _find_blas()
    refusing = event.install_listener("numba:compile", _Refusal())
    with global_compiler_lock, _kept_in(folder), refusing:
        for entry in entries():
            missing = [types for types in entry.types if types not in entry.function.signatures]
            if missing:
                entry.function.enable_caching()
            for types in missing:
                entry.function.compile(types)
            entry.function.disable_compile()


def _find_blas() -> None:
    """Find the functions that the kernels call, which are looked up once."""
    for dtype in (np.float64, np.float32):
        blas_functions(np.dtype(dtype))


class StoreLocator(UserProvidedCacheLocator):  # type: ignore[misc, unused-ignore]
    """Tells Numba where the kernels are kept.

    Its own locators ask for a folder that can be written to, and look at the dates or the paths of
    the source. Here the folder's name says what the kernels were compiled from.
    """

    def ensure_cache_path(self) -> None:
        """Do nothing: the folder is there."""

    def get_cache_path(self) -> str:
        """Return the folder."""
        return str(numba.config.CACHE_DIR)

    def get_source_stamp(self) -> str:
        """Return the same for every source."""
        return ""


class _Refusal(event.Listener):  # type: ignore[misc, unused-ignore]
    """Refuses to compile."""

    def on_start(self, event: Any) -> None:
        name = event.data["dispatcher"].__name__
        raise KernelMissingError(f"{name} is not there for this processor")

    def on_end(self, event: Any) -> None:
        pass


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Let Numba keep functions in a folder; the settings of others are left as they were."""
    config = numba.config
    before = config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES
    config.CACHE_DIR = str(folder)
    config.CACHE_LOCATOR_CLASSES = f"{__name__}.{StoreLocator.__name__}"
    try:
        yield
    finally:
        config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES = before
