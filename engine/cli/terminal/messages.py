"""Messages for people, on a console that may not take what is printed.

No command fails because a console does not have a character, or because its messages cannot be
written.
"""

import io
import os
import sys
from contextlib import suppress
from typing import TextIO

_ESCAPES = {
    code: f"\\x{code:02x}"
    for code in (*range(0x20), *range(0x7F, 0xA0))
    if chr(code) not in "\n\r\t"
}
"""Controls, as in the name of a file, which could command a terminal."""


def escape_unknown_characters() -> None:
    """Print characters that the output's encoding does not have as escapes (U+010D and so on).

    By default, Python raises an error for them, as in a console for Western European letters; on
    the error stream only if a program has put a file in its place.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_message(message: str, end: str = "\n") -> None:
    """Print a message for people to stderr. If that cannot be written, the message is dropped."""
    if sys.stderr is None:  # it was closed when the program started
        return
    try:
        print(message.translate(_ESCAPES), end=end, file=sys.stderr, flush=True)
    except OSError:
        discard_stream(sys.stderr)


def ask_for_input(what: str) -> None:
    """Say how to end what is typed, if the standard input is a keyboard.

    Parameters
    ----------
    what : str
        "data": what is to be typed.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        print_message(f"Type the {what}, and end with Ctrl+D (on Windows with Ctrl+Z and Enter).")


def discard_stream(stream: TextIO) -> None:
    """Discard what is still to be written to a stream that has failed.

    Python flushes the standard streams once more as it ends, and would report the error again.
    """
    with suppress(OSError, ValueError):  # a stream that is not a file of the system
        number = stream.fileno()
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
