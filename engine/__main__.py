"""The engine without a window: ``python -m engine train NAMES.txt``."""

import sys

from engine.nn.fast.blas import limit_blas_threads
from engine.nn.fast.malloc_tuning import keep_freed_memory

if __name__ == "__main__":
    limit_blas_threads()
    keep_freed_memory()

    from engine.cli.main import main  # after the limit, which NumPy reads when it is imported

    sys.exit(main())
