"""Memory that was freed is kept for what comes next, where the C library is glibc."""

import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""The names that mallopt has for its settings, in malloc.h."""

_KEPT_BYTES = 128 << 20
"""What is kept at the most: the arrays of a step on large batches and more."""

_LARGEST_BYTES = 32 << 20
"""The largest array that comes from there, which is the largest that glibc allows."""


def keep_freed_memory() -> None:
    """Ask the C library not to give back to the system what the program frees.

    A step frees its arrays, and the next asks for as many again. Memory from the system comes in
    pages, each of which is cleared when it is first written to: a tenth of a large batch's time.
    """
    if sys.platform != "linux":
        return
    import ctypes  # NumPy needs it as well; here, so that other systems do without

    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # other C libraries have none
        library.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        library.mallopt(_MMAP_THRESHOLD, _LARGEST_BYTES)
