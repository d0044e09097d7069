"""The compiled kernels on the disk: whether they are ready, compiling them, and loading them.

They are compiled once for each machine and version, by ``python -m engine compile`` or by the
window, in a process of its own. No other process compiles anything: it loads what is there, or does
without. Importing this module imports neither Numba nor NumPy, and neither does `kernel_state`.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Literal

from engine.nn.fast.compiled.store_folder import (
    find_failure,
    find_kernels,
    is_in_work,
    is_intact,
    mark_used,
    new_kernels,
    remove_kernels,
    sole_compiler,
    store_folders,
    sweep_if_free,
    writable_folder,
    write_failure,
)
from engine.nn.fast.compiled.store_key import store_key

Status = Literal["not installed", "not compiled", "ready", "broken"]

_HOW_TO_INSTALL = "The faster step needs Numba. Install it with: pip install 'dinogui[fast]'"
_HOW_TO_COMPILE = "Compile it, once for this machine, with: python -m engine compile"
_ARE_DAMAGED = f"The files of the faster step are damaged. {_HOW_TO_COMPILE}"
_NOT_COMPILED = (
    "The faster step is not compiled yet. The window compiles it by itself some seconds after its "
    "start; so does: python -m engine compile"
)
_IS_BEING_COMPILED = (
    "The faster step is being compiled. It can be chosen when that is done, in about a minute."
)


class KernelsNotReadyError(ValueError):
    """The kernels cannot be loaded. The message is a sentence for people."""


class KernelCompilationError(ValueError):
    """The kernels could not be compiled. The message is a sentence for people."""


@dataclass(frozen=True)
class KernelState:
    """Whether there are compiled kernels for this machine.

    Attributes
    ----------
    status : str
        - "not installed": Numba is not there.
        - "not compiled": it is, and has not compiled the kernels yet.
        - "ready": they can be loaded.
        - "broken": they could not be compiled, and trying again by itself would not help.
    reason : str
        Sentences for people that say why they are not ready, and what to do; empty if they are.
    place : Path or None
        The folder in which they are kept, if they are ready.
    """

    status: Status
    reason: str
    place: Path | None = None


def kernel_state() -> KernelState:
    """Return whether the kernels are ready, as the disk has it now."""
    obstacle = _obstacle()
    if obstacle is not None:
        return obstacle
    key = store_key()
    place = find_kernels(key)
    if place is not None:
        return KernelState("ready", "", place)
    failure = find_failure(key)
    if failure is not None:
        return KernelState("broken", failure)
    is_coming = any(map(is_in_work, store_folders()))
    return KernelState("not compiled", _IS_BEING_COMPILED if is_coming else _NOT_COMPILED)


def checked_kernel_state() -> KernelState:
    """Return the same as `kernel_state`, after a look into the files."""
    state = kernel_state()
    if state.place is None or is_intact(state.place):
        return state
    return KernelState("not compiled", _ARE_DAMAGED)


def _obstacle() -> KernelState | None:
    """Return what does not depend on the disk's kernels; None if they may be compiled."""
    if find_spec("numba") is None:
        return KernelState("not installed", _HOW_TO_INSTALL)
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return KernelState(
            "broken", "The environment variable NUMBA_DISABLE_JIT turns the faster step off."
        )
    try:
        store_key()
    except OSError as error:
        return KernelState("broken", f"The faster step cannot be compiled: {error}.")
    return None


@cache
def load_kernels() -> ModuleType:
    """Load the kernels, and return their package. Nothing is compiled.

    The first call takes as long as the import of Numba.

    Raises
    ------
    KernelsNotReadyError
        If they are not ready.
    """
    state = kernel_state()
    if state.place is None:
        raise KernelsNotReadyError(state.reason)
    place = state.place
    if not is_intact(place):
        _discard(place)
        raise KernelsNotReadyError(_ARE_DAMAGED)
    try:
        from engine.nn.fast.compiled import kernels
        from engine.nn.fast.compiled.kernels.entries import load_entries

        load_entries(place)
    except Exception as error:  # it is compiled again, which tells whether it can be
        _discard(place)
        reason = _failed("The faster step cannot be loaded", error)
        raise KernelsNotReadyError(f"{reason} {_HOW_TO_COMPILE}") from error
    mark_used(place)
    sweep_if_free(place.parent, place.name)
    return kernels


def loaded_kernels() -> ModuleType | None:
    """Return the kernels if this process has loaded them already."""
    return load_kernels() if load_kernels.cache_info().currsize else None


def compile_kernels(on_progress: Callable[[int, int], None] | None = None) -> Path:
    """Compile the kernels unless they are ready, and return the folder in which they are kept.

    It takes up to some minutes of processor time. A process that is killed meanwhile leaves nothing
    that another would load. If another process compiles them, this one waits for it.

    Parameters
    ----------
    on_progress : callable, optional
        Called with the number of functions that are compiled, and the number of all.

    Raises
    ------
    KernelCompilationError
        If they cannot be compiled or written.
    """
    obstacle = _obstacle()
    if obstacle is not None:
        raise KernelCompilationError(obstacle.reason)
    try:
        folder, key = writable_folder(), store_key()
        with sole_compiler(folder, key):
            place = find_kernels(key)
            if place is None or not is_intact(place):
                place = folder / key
                with new_kernels(folder, key) as temporary:
                    _compile_into(temporary, folder, key, on_progress)
            return place
    except OSError as error:
        reason = error.strerror or str(error)
        where = f" (“{error.filename}”)" if error.filename else ""
        raise KernelCompilationError(
            f"The faster step cannot be written{where}: {reason}. To keep it elsewhere, set the "
            "environment variable DINOGUI_KERNELS to a folder."
        ) from error


def _compile_into(
    temporary: Path, folder: Path, key: str, on_progress: Callable[[int, int], None] | None
) -> None:
    """Compile the kernels, or keep the reason why that is not possible."""
    try:
        from engine.nn.fast.compiled.kernels.entries import compile_entries

        compile_entries(temporary, on_progress)
    except (OSError, MemoryError):  # the next time there may be more room
        raise
    except Exception as error:
        reason = _failed("The faster step cannot be compiled", error)
        write_failure(folder, key, reason)
        raise KernelCompilationError(reason) from error


def _discard(place: Path) -> None:
    """Remove kernels that cannot be loaded, so that they are compiled again."""
    with suppress(OSError):
        remove_kernels(place)


def _failed(what: str, error: Exception) -> str:
    """Return a sentence for people with an exception that was not foreseen."""
    lines = str(error).strip().splitlines() or [""]
    return f"{what} ({type(error).__name__}: {lines[0]})."
