"""Keeps ALSA from writing to the terminal.

Where there is no device, Linux's sound library writes some thirty lines about its configuration to
the standard error. What they come to is in the sentence that is shown.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_LIBRARY = "libasound.so.2"

_Handler = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)
"""``snd_lib_error_handler_t`` of ALSA: file, line, function, error, and what the text begins with.
"""


def _write_nothing(_file: bytes, _line: int, _function: bytes, _error: int, _text: bytes) -> None:
    """Take a message, and write nothing."""


_WRITE_NOTHING = _Handler(_write_nothing)


@cache
def _library() -> ctypes.CDLL | None:
    """Return ALSA's library; None where there is none."""
    if sys.platform != "linux":
        return None
    try:
        return ctypes.CDLL(_LIBRARY)
    except OSError:
        return None


@contextmanager
def quiet_alsa() -> Iterator[None]:
    """Let ALSA write nothing inside the ``with``."""
    library = _library()
    if library is None:
        yield
        return
    library.snd_lib_error_set_handler(_WRITE_NOTHING)
    try:
        yield
    finally:
        library.snd_lib_error_set_handler(None)  # its own again
