"""Where a command writes: nothing that it reads, and nothing of another kind, is written over."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from engine.cli.arguments import blaming
from engine.storage.files import check_writable

_ZIP_BEGINS = b"PK"


def check_output(option: str, place: str, inputs: Iterable[str | None]) -> None:
    """Look whether an output can be written, before the work.

    Parameters
    ----------
    option : str
        That the place was given by.
    place : str
    inputs : iterable of str or None
        Files that the command reads, where they were given.

    Raises
    ------
    OptionError
        If it is one of the inputs, by whatever name, or cannot be written.
    """
    with blaming(option):
        for given in inputs:
            if given is not None and _is_same(place, given):
                raise ValueError(f"“{place}” is read by this command. Choose another file.")
        check_writable(place)


def check_run_output(option: str, place: str, inputs: Iterable[str | None]) -> None:
    """Look whether a run can be saved in a place; otherwise as `check_output`.

    Raises
    ------
    OptionError
        If there is a file of another kind than a run's, too.
    """
    check_output(option, place, inputs)
    with blaming(option):
        if Path(place).exists() and not _begins_as_archive(place):
            raise ValueError(
                f"“{place}” is no saved run, and is not written over. Choose another file."
            )


def _is_same(place: str, given: str) -> bool:
    with suppress(OSError):  # one of them is not there
        return os.path.samefile(place, given)
    return False


def _begins_as_archive(place: str) -> bool:
    with Path(place).open("rb") as file:
        return file.read(len(_ZIP_BEGINS)) == _ZIP_BEGINS
