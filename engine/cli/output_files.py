"""Checks of output files: no command overwrites its own input, or a file of another kind."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

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
