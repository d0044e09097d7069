"""The engine without a window: ``python -m engine train NAMES.txt``."""

import sys

from engine.cli.terminal.signal_handling import exit_on_interrupt


def start() -> int:
    """Prepare the process, run the command line, and return the exit code."""
    with exit_on_interrupt():
        from engine.nn.fast.blas import limit_blas_threads
        from engine.nn.fast.malloc_tuning import tune_malloc

        limit_blas_threads()
        tune_malloc()

        from engine.cli.main import main  # after the limit, which NumPy reads when it is imported
    return main()


if __name__ == "__main__":
    sys.exit(start())
