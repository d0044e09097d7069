"""The files that a command writes, checked before the work.

No command replaces its own input, or, without ``--force``, a file of another kind.
"""

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

from engine.cli.options.arguments import blaming
from engine.data.sources.places import is_among
from engine.racing.race_folder import RACE_FILE, is_race_folder
from engine.runs.saved_network import is_saved_network
from engine.storage.files import check_writable


def check_text_output(
    path: str,
    inputs: Iterable[str | None],
    what: str,
    *,
    force: bool,
    option: str = "--output",
) -> None:
    """Check before the work that text can be written to the file that an option gave.

    Parameters
    ----------
    path : str
    inputs : iterable of str or None
        The files that the command reads. None stands for one that was not given.
    what : str
        What is written, with a capital: "Names do".
    force : bool
        Whether an existing file may be replaced.
    option : str

    Raises
    ------
    OptionError
        If the output is one of the inputs, by whatever path, or a saved run, or cannot be written;
        without `force` also if there is a file already.
    """
    with blaming(option):
        _check_output(path, inputs)
        if is_saved_network(path):
            raise ValueError(
                f"“{path}” is a saved run. {what} not replace it. Choose another file."
            )
        if Path(path).exists() and not force:
            raise ValueError(
                f"“{path}” exists already. Choose another file, or add --force to replace it."
            )


def check_run_output(path: str, inputs: Iterable[str | None], *, force: bool) -> None:
    """Check before the work that a run can be saved to the file that ``--save`` gave.

    Parameters
    ----------
    path, inputs
        As in `check_text_output`.
    force : bool
        Whether a file of another kind may be replaced. A saved run or network always may.

    Raises
    ------
    OptionError
        If the output is one of the inputs, by whatever path, or cannot be written; without `force`
        also if there is a file that is not a saved run.
    """
    with blaming("--save"):
        _check_output(path, inputs)
        if Path(path).exists() and not is_saved_network(path) and not force:
            raise ValueError(
                f"“{path}” exists already and is not a saved run. Choose another file, or add "
                "--force to replace it."
            )


def check_race_output(path: str, *, force: bool, going_on: str | None = None) -> None:
    """Check before the work that a race can be saved in the folder that ``--save`` gave.

    Parameters
    ----------
    path : str
    force : bool
        Whether the folder may hold another race, which is replaced, or other files, which stay.
    going_on : str, optional
        The folder of the race that goes on. It may be the same.

    Raises
    ------
    OptionError
        If it is a file, or cannot be written; without `force` also if there is another race in the
        folder, or other files and no race.
    """
    folder = Path(path)
    with blaming("--save"):
        if folder.exists() and not folder.is_dir():
            raise ValueError(f"“{path}” is a file. Choose a folder.")
        if not folder.is_dir():
            check_writable(folder)
            return
        check_writable(folder / RACE_FILE)
        if force or (going_on is not None and os.path.samefile(path, going_on)):
            return
        if is_race_folder(folder):
            raise ValueError(
                f"“{path}” holds a race already. To go on with it, give its folder in place of the "
                "data. To save another race, choose another folder, or add --force to replace it."
            )
        if any(folder.iterdir()):
            raise ValueError(
                f"“{path}” holds other files and no race. Choose another folder, or add --force to "
                "save the race beside them."
            )


def add_force(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option ``--force``.

    Parameters
    ----------
    parser : ArgumentParser
    what : str
        The file that it replaces, as the help names it.
    """
    parser.add_argument("--force", action="store_true", help=f"replace {what}")


def _check_output(path: str, inputs: Iterable[str | None]) -> None:
    for given in inputs:
        if given is not None and _is_read(path, given):
            raise ValueError(f"“{path}” is read by this command. Choose another file.")
    check_writable(path)


def _is_read(path: str, given: str) -> bool:
    """Tell whether a file is an input, or in a folder that is one; of a folder, no run is read."""
    if os.path.isdir(given) and is_saved_network(path):
        return False
    return is_among(path, os.path.abspath(given))
