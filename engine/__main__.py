"""The engine without a window: ``python -m engine train NAMES.txt``."""

import sys

from engine.nn.fast.blas import limit_blas_threads
from engine.nn.fast.malloc_tuning import tune_malloc

if __name__ == "__main__":
    limit_blas_threads()
    tune_malloc()

    from engine.cli.main import main  # after the limit, which NumPy reads when it is imported

    sys.exit(main())
