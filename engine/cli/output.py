"""Output: the files that a command may write, and a console that may not take what is printed.

No command overwrites its own input, or a file of another kind. No command fails because a console
does not have a character, or because its messages cannot be written.
"""

import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from engine.cli.arguments import blaming
from engine.storage.files import check_writable

_ZIP_SIGNATURE = b"PK"


def check_output(option: str, path: str, inputs: Iterable[str | None]) -> None:
    """Check before the work that an output file can be written.

    Parameters
    ----------
    option : str
        The option that gave the path.
    path : str
    inputs : iterable of str or None
        The files that the command reads. None stands for one that was not given.

    Raises
    ------
    OptionError
        If the output is one of the inputs, by whatever path, or cannot be written.
    """
    with blaming(option):
        for given in inputs:
            if given is not None and _is_same_file(path, given):
                raise ValueError(f"“{path}” is read by this command. Choose another file.")
        check_writable(path)


def check_run_output(option: str, path: str, inputs: Iterable[str | None]) -> None:
    """Check before the work that a run can be saved to a file; otherwise like `check_output`.

    Raises
    ------
    OptionError
        Also if there is a file that is not a saved run.
    """
    check_output(option, path, inputs)
    with blaming(option):
        if Path(path).exists() and not _is_archive(path):
            raise ValueError(
                f"“{path}” is not a saved run, and is not overwritten. Choose another file."
            )


def _is_same_file(path: str, other: str) -> bool:
    with suppress(OSError):  # one of them does not exist
        return os.path.samefile(path, other)
    return False


def _is_archive(path: str) -> bool:
    with Path(path).open("rb") as file:
        return file.read(len(_ZIP_SIGNATURE)) == _ZIP_SIGNATURE


def escape_unknown_characters() -> None:
    """Print characters that the output's encoding does not have as escapes (U+010D and so on).

    By default, Python raises an error for them, as in a console for Western European letters.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def print_message(message: str) -> None:
    """Print a message for people to stderr. If that cannot be written, the message is dropped."""
    if sys.stderr is None:  # it was closed when the program started
        return
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        discard_stream(sys.stderr)


def discard_stream(stream: TextIO) -> None:
    """Discard what is still to be written to a stream that has failed.

    Python flushes the standard streams once more as it ends, and would report the error again.
    """
    with suppress(OSError, ValueError):  # a stream that is not a file of the system
        number = stream.fileno()
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
