"""Reads the names back from a table that was exported as CSV."""

import os
from pathlib import Path

from engine.data.corpus import MAX_FILE_BYTES, MIN_DISTINCT_NAMES, Corpus, names_from_bytes
from engine.data.text_file import decoded, read_chunks, size_of
from engine.data.training_data import CorpusError, OnProgress
from engine.storage.csv_text import unescape_cell

NAME_COLUMN = "name"
"""The header of the first column of every exported table."""

_WANTED = "a table of names that was exported as CSV"


def is_exported_table(header: str) -> bool:
    """Tell whether the first line of a file is the header of an exported table."""
    return header.startswith(f"{NAME_COLUMN},")


def read_exported_table(
    path: str | os.PathLike[str],
    *,
    lower_case: bool,
    on_progress: OnProgress | None = None,
    at_least: int = MIN_DISTINCT_NAMES,
) -> Corpus:
    """Read the first column of a table. What protected names from being formulas is removed.

    Parameters
    ----------
    path, lower_case, on_progress, at_least
        As in `engine.data.corpus.read_names`.

    Raises
    ------
    CorpusError
        If the file cannot be read, or its first column holds no names.
    """
    import csv  # slow to import, and the window is painted without it

    path = Path(path)
    size_of(path, _WANTED, MAX_FILE_BYTES)
    lines = "".join(decoded(read_chunks(path), path.name, _WANTED)).split("\n")
    try:
        cells = [row[0] for row in csv.reader(lines) if row]
    except csv.Error as error:
        raise CorpusError(
            f"“{path.name}” is not a table of names: {error}. Choose {_WANTED}."
        ) from error
    names = "\n".join(map(unescape_cell, cells[1:]))
    return names_from_bytes(
        names.encode(),
        path.name,
        lower_case=lower_case,
        on_progress=on_progress,
        at_least=at_least,
    )
