"""Switches by which benchmarks turn single optimisations off.

``DINOGUI_WITHOUT=malloc,aligned python tests/benchmarks/bench_engine.py`` measures without two
of them. The variable is read once, as the modules are imported, so that a step does no more work
than without switches. Split batches, gate blocks and the fast path add numbers up in another order
than the general path: without them a run differs from its saved copy in the last bits.
"""

import os

VARIABLE = "DINOGUI_WITHOUT"
"""The environment variable: names from `OPTIMIZATIONS`, separated by commas."""

OPTIMIZATIONS = ("aligned", "fast-path", "gate-blocks", "malloc", "split-batches")


def is_on(name: str) -> bool:
    """Return whether an optimisation is to be used.

    Raises
    ------
    ValueError
        If there is no optimisation of this name.
    """
    if name not in OPTIMIZATIONS:
        raise ValueError(f"name must be one of {', '.join(OPTIMIZATIONS)}, got {name!r}.")
    return not is_left_out(name)


def is_left_out(name: str) -> bool:
    """Return whether the environment variable names an optimisation."""
    return name in os.environ.get(VARIABLE, "").split(",")
