"""The command ``compile``: compile the faster step for this machine."""

import argparse
import os
import sys
import time
from functools import partial

from engine.cli.command import EXIT_FAILURE, Command
from engine.cli.terminal.messages import print_message
from engine.cli.terminal.signal_handling import InterruptFlag, Terminated, deferred_signals
from engine.nn.fast.compiled.kernel_store import (
    KernelCompilationError,
    KernelState,
    checked_kernel_state,
    compile_kernels,
    kernel_state,
)

_NICENESS = 15
_BELOW_NORMAL = 0x4000
"""BELOW_NORMAL_PRIORITY_CLASS of Windows."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check",
        action="store_true",
        help="print the state, compile nothing, and exit with 0 if the step is ready, else with 1",
    )
    parser.add_argument(
        "--low-priority",
        action="store_true",
        help="let all other programs go first; the window compiles in this way",
    )


def _run(options: argparse.Namespace) -> int:
    """Compile the kernels, or print their state."""
    state = checked_kernel_state()
    if options.check or state.status == "ready":
        print(_describe(state))
        return 0 if state.status == "ready" else EXIT_FAILURE
    if options.low_priority:
        _lower_priority()
    if state.status == "not compiled":
        print_message("Compiling a faster step, once for this machine…")
    elif state.status == "broken":
        print_message("Trying again to compile the faster step…")
    begin = time.perf_counter()
    # Inside of the compiler, an exception of a signal may be lost.
    with deferred_signals() as interrupt:
        compile_kernels(partial(_report, interrupt))
    seconds = time.perf_counter() - begin
    state = kernel_state()
    if state.status != "ready":
        raise KernelCompilationError(state.reason)
    print(f"Compiled in {seconds:.1f} s.")
    print(_describe(state))
    return 0


def _describe(state: KernelState) -> str:
    """Return the state and what it means."""
    if state.place is None:
        return f"{state.status}: {state.reason}"
    kilobytes = sum(path.stat().st_size for path in state.place.iterdir()) / 1_000
    return (
        f"{state.status}: New runs take the faster step. It is kept in “{state.place}” "
        f"({kilobytes:,.0f} KB), which may be removed at any time."
    )


def _report(interrupt: InterruptFlag, done: int, total: int) -> None:
    """Keep a line on the terminal that says how far the work is, and end it after a signal.

    Raises
    ------
    KeyboardInterrupt
        If there was one.
    """
    if interrupt.number is not None:
        raise Terminated(interrupt.number)
    if sys.stderr is not None and sys.stderr.isatty():
        print_message(f"\r{done} of {total} functions", end="\n" if done == total else "")


def _lower_priority() -> None:
    """Let the system run all other programs first."""
    if sys.platform == "win32":
        import ctypes

        kernel32 = ctypes.windll.kernel32
        kernel32.SetPriorityClass(kernel32.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_NICENESS)


COMPILE = Command(
    "compile",
    "compile a faster step, once for this machine",
    "Compiles the step that trains a run of single names or of batches, so that it is faster than "
    "with NumPy alone; it needs Numba: pip install 'dinogui[fast]'. The window does this by itself "
    "after its start. The states are: “not installed”, Numba is not there; “not compiled”, it is, "
    "and nothing has been compiled for this machine and these versions; “ready”, new runs take the "
    "faster step; “broken”, it could not be compiled, and runs are trained with NumPy.",
    _add_options,
    _run,
)
