"""The command ``dinogui``, which is also ``python -m dinogui``."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from dinogui.options import parse
from dinogui.startup.platform_check import CannotStartError, check_display, check_import
from dinogui.startup.switches import is_enabled
from engine.nn.fast.blas import limit_blas_threads
from engine.nn.fast.malloc_tuning import tune_malloc


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, and return the exit code."""
    options = parse(arguments)
    try:
        prepare(options)
    except CannotStartError as error:
        print(error, file=sys.stderr)
        return 1

    from dinogui.app import run  # imports Qt, and NumPy, which reads the limit only once

    return run(options)


def prepare(options: argparse.Namespace) -> None:
    """Prepare the process before NumPy and Qt are imported.

    Raises
    ------
    CannotStartError
        If no window can be opened on this machine.
    """
    # Imports leave no garbage. Without looking for it, the start takes 8 % less processor time
    # (two cores). Once there is a window, `dinogui.startup.garbage` decides when to collect.
    if is_enabled("no-garbage-collection-at-start"):
        gc.disable()
    if options.screenshot is not None and not os.environ.get("QT_QPA_PLATFORM"):
        # A screenshot needs no display, and without one it is the same on every machine.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    limit_blas_threads()
    tune_malloc()
    check_import()
    check_display(dict(os.environ))


if __name__ == "__main__":
    sys.exit(main())
