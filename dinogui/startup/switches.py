"""Turns the optimisations of `dinogui.startup` off, one by one.

The environment variable ``DINOGUI_WITHOUT`` lists what to leave out, separated by commas::

    DINOGUI_WITHOUT=first-paint,lean-pyqtgraph dinogui

``tests/benchmarks/bench_window.py --only optimizations`` measures what each of them is worth in
this way.
"""

from engine.nn.fast.switches import is_left_out

OPTIMIZATIONS = (
    "no-garbage-collection-at-start",
    "lean-dataclasses",
    "lean-pyside",
    "lean-pyqtgraph",
    "first-paint",
    "freeze",
    "switch-interval",
    "one-painting-thread",
)
"""Their names. `garbage.GarbageCollector` is not among them: it is there for safety."""


def is_enabled(optimization: str) -> bool:
    """Return whether one of `OPTIMIZATIONS` is to be used, which is so unless it is turned off."""
    return not is_left_out(optimization)
