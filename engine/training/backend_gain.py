"""Which runs the compiled step makes faster."""

from engine.nn.architecture import Architecture
from engine.nn.compiled_path import CompiledPath
from engine.nn.fast_path import FastPath
from engine.training.settings import Hyperparameters

_MOST_UNITS = 192
"""Units of the widest layer up to which batches of one gain.

``tests/benchmarks/bench_backends.py`` measures it. Single names on the fast path gain 1.1 to 14
times, and batches 1.07 to 2.5 times. Batches of one gain 1.1 to 2.2 times up to this width, and 0.7
to 1.3 times beyond.
"""


def gains_from_kernels(
    architecture: Architecture, hyperparameters: Hyperparameters, *, reads_names: bool
) -> bool:
    """Return whether the compiled step makes a run faster than NumPy does.

    Parameters
    ----------
    architecture : Architecture
    hyperparameters : Hyperparameters
    reads_names : bool
        Whether its data are names, and no text and no melodies.
    """
    if not CompiledPath.serves(architecture):
        return False
    if hyperparameters.batch > 1 or max(architecture.widths) <= _MOST_UNITS:
        return True
    return reads_names and not hyperparameters.dropout and FastPath.serves(architecture)
