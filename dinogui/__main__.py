"""The command ``dinogui``, which is also ``python -m dinogui``.

Everything else is imported only when Ctrl+C can no longer leave a traceback.
"""

import os
import sys
from collections.abc import Sequence

from engine.cli.terminal.signal_handling import exit_on_interrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, and return the exit code."""
    with exit_on_interrupt():
        from dinogui.options import parse
        from dinogui.startup.platform_check import CannotStartError

        options = parse(arguments)
        try:
            prepare(for_screenshot=options.screenshot is not None, scale=options.scale)
        except CannotStartError as error:
            print(error, file=sys.stderr)
            return 1

        from dinogui.app import run  # imports Qt, and NumPy, which reads the limit only once

        return run(options)  # the window has a handler of its own


def prepare(*, for_screenshot: bool = False, scale: float | None = None) -> None:
    """Prepare the process before NumPy and Qt are imported.

    Parameters
    ----------
    for_screenshot : bool
        Whether the window is shown to nobody.
    scale : float, optional
        Pixels for each pixel of the window, in a screenshot.

    Raises
    ------
    CannotStartError
        If no window can be opened on this machine.
    """
    import gc

    from dinogui.startup.lean_dataclasses import compile_no_methods
    from dinogui.startup.lean_pyside import read_no_sources
    from dinogui.startup.platform_check import check_display, check_import
    from dinogui.startup.switches import is_enabled
    from engine.nn.fast.blas import limit_blas_threads
    from engine.nn.fast.malloc_tuning import tune_malloc

    # Imports leave no garbage. Without looking for it, the start takes 8 % less processor time
    # (two cores). Once there is a window, `dinogui.startup.garbage` decides when to collect.
    if is_enabled("no-garbage-collection-at-start"):
        gc.disable()
    if for_screenshot and not os.environ.get("QT_QPA_PLATFORM"):
        # A screenshot needs no display, and without one it is the same on every machine.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if for_screenshot:
        os.environ["QT_SCALE_FACTOR"] = f"{scale or 1:g}"  # Qt reads it only once
    compile_no_methods()
    limit_blas_threads()
    tune_malloc()
    check_import()
    read_no_sources()
    check_display(dict(os.environ))


if __name__ == "__main__":
    sys.exit(main())
