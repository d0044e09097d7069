"""Keeps Qt from painting in threads of its own."""

import os

from dinogui.startup.switches import is_enabled

_VARIABLE = "QT_NO_GUI_THREADPOOL"
"""Qt reads it once, when it first fills an area."""


def paint_in_one_thread() -> None:
    """Let the GUI thread fill areas alone. Call before anything is painted.

    Qt (6.4 and later) divides each area that is higher than some lines among threads, and waits for
    them. While it waits, it holds the interpreter. The areas of a frame are a few pixels wide, so
    waking a thread takes longer than filling them: it happened 250 times a second.
    """
    if is_enabled("one-painting-thread"):
        os.environ.setdefault(_VARIABLE, "1")
