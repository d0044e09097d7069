"""The window's headless twin: ``python -m engine train NAMES.txt``."""

import sys

from engine.blas import limit_blas_threads

if __name__ == "__main__":
    limit_blas_threads()

    from engine.command_line import main  # imports NumPy, which reads the limit only once

    sys.exit(main())
