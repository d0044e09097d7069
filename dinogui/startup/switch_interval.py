"""How long a thread waits before it asks the running thread for the interpreter."""

import sys

from dinogui.startup.switches import is_enabled

_SECONDS = 0.0005


def shorten_switch_interval() -> None:
    """Let waiting threads ask for the interpreter after 0.5 ms instead of 5 ms.

    Python's default of 5 ms is a tenth of a frame's time, and a frame needs the interpreter several
    times while the network trains. Without it, the event loop is up to twice as late beside the
    compiled step, between whose calls the training thread keeps the interpreter for milliseconds.
    """
    if is_enabled("switch-interval"):
        sys.setswitchinterval(_SECONDS)
