"""Turns the optimisations of `dinogui.startup` off, one by one.

The environment variable ``DINOGUI_WITHOUT`` lists what to leave out, separated by commas::

    DINOGUI_WITHOUT=first_paint,lean_pyqtgraph dinogui

``tests/benchmarks/bench_window.py --only optimizations`` measures what each of them is worth in
this way.
"""

import os

VARIABLE = "DINOGUI_WITHOUT"

OPTIMIZATIONS = (
    "no_garbage_collection_at_start",
    "lean_pyqtgraph",
    "first_paint",
    "freeze",
    "switch_interval",
    "shared_processor",
)
"""Their names. `garbage.GarbageCollector` is not among them: it is there for safety."""


def is_enabled(optimization: str) -> bool:
    """Return whether one of `OPTIMIZATIONS` is to be used, which is so unless it is turned off."""
    return optimization not in os.environ.get(VARIABLE, "").split(",")
