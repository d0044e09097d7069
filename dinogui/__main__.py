"""The command ``dinogui``, also ``python -m dinogui``."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from dinogui.options import parse
from dinogui.startup.platform_check import CannotStartError, check_display, check_import
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

    from dinogui.app import run  # imports NumPy, which reads the limit only once, and Qt

    return run(options)


def prepare(options: argparse.Namespace) -> None:
    """Do what has to be done before NumPy and Qt are imported.

    Raises
    ------
    CannotStartError
        If there can be no window here.
    """
    # Nothing that is imported is garbage: to look for some takes a tenth of the time of a start.
    # From the window on, `dinogui.startup.garbage` says when it is looked for.
    gc.disable()
    if options.screenshot is not None and not os.environ.get("QT_QPA_PLATFORM"):
        # A picture of the window needs no screen, and is the same on every machine without one.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    limit_blas_threads()
    tune_malloc()
    check_import()
    check_display(dict(os.environ))


if __name__ == "__main__":
    sys.exit(main())
