"""Malloc tuning: the C library keeps freed memory for the next step.

Why: a step frees its arrays, and the next step allocates as many again. By default glibc returns
most of that memory to the system, which clears each page when it hands it out again: 15,000 pages
for a step on 128 names.

Worth: a sixth of such a step's time.
Switch: "malloc", see `engine.nn.fast.switches`. Only glibc, on Linux, has the setting.
"""

import sys

from engine.nn.fast.switches import is_on

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""mallopt's numbers for its settings, from malloc.h."""

_KEPT_BYTES = 128 << 20
"""At most this much is kept: more than the arrays of a step on a large batch."""

_LARGEST_BYTES = 32 << 20
"""The largest array that is served from kept memory; glibc allows no more."""


_MOST_ARENAS = 2
"""Each thread takes its memory from one of so many parts, and each part keeps what was freed in it.

Two are enough for the two threads that compute. By default there are eight for each processor, and
the threads of many runs, one after the other, leave freed memory in all of them.
"""


def tune_malloc() -> None:
    """Let the C library keep up to 128 MB of freed memory. May be called more than once.

    Call it before threads are started.
    """
    if sys.platform != "linux" or not is_on("malloc"):
        return
    import ctypes  # NumPy imports it anyway; here, so that other systems need not

    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # other C libraries have none
        library.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        library.mallopt(_MMAP_THRESHOLD, _LARGEST_BYTES)
        library.mallopt(_ARENA_MAX, _MOST_ARENAS)
