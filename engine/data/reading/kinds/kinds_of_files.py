"""Several files, each of which is a kind; and what to say where one is not."""

from collections.abc import Sequence
from dataclasses import replace

from engine.data.name_kinds import MAX_KINDS
from engine.data.reading.choices import ReadingChoices
from engine.data.reading.kinds.file_titles import file_titles
from engine.data.reading.kinds.kind_columns import columns_of_kind_words
from engine.data.reading.layout import Entries
from engine.data.sources.kinds_of_file import listed
from engine.data.training_data import CorpusError, counted

_SHOWN = 8
"""Columns that a sentence lists."""

QUESTION = "Is each file a kind of names?"


def could_be_kinds(n_files: int, n_of_names: int, choices: ReadingChoices) -> bool:
    """Tell whether to ask if each file is a kind: all are of names, and nothing is chosen yet.

    Parameters
    ----------
    n_files, n_of_names : int
        Files in all, and those that are recognised as names.
    choices : ReadingChoices
    """
    is_open = choices.kinds is None and choices.kind_column is None
    return is_open and n_of_names == n_files and 2 <= n_files <= MAX_KINDS


def sole_kind_column(entries: Entries, choices: ReadingChoices) -> int | None:
    """Return the number of the column that has the kinds of a single file, if none was chosen.

    Returns
    -------
    int or None
        None if the names have no kinds, or have them already, or the column is chosen.

    Raises
    ------
    CorpusError
        If it is not clear which column has them.
    """
    if not choices.has_kinds or choices.kind_column is not None or entries.kinds is not None:
        return None
    table = entries.table
    if table is None:
        raise CorpusError(
            "It has no column of kinds. Choose several files or a folder, of which each file is a "
            "kind, or read the names without kinds."
        )
    candidates: Sequence[int] = table.kind_columns
    if not candidates and table.has_header:
        # What the column lacks, or has too much of, is said when its kinds are read.
        usual = columns_of_kind_words(table.headers)
        candidates = [number for number in usual if number != table.column]
        candidates = candidates or table.few_valued
    if len(candidates) == 1:
        return candidates[0]
    found = "no column" if not candidates else "several columns"
    others = (number for number in range(1, len(table.headers) + 1) if number != table.column)
    shown = list(candidates or others)
    if not shown:
        raise CorpusError(
            "The table has no column but that of the names. Read the names without kinds."
        )
    columns = listed([f"{number} “{table.headers[number - 1]:.40}”" for number in shown], _SHOWN)
    raise CorpusError(
        f"The table has {found} that could be the kinds. Choose the column of the kinds "
        f"(--kind-column): {columns}."
    )


def with_kinds_of_files(found: Sequence[Entries], names: Sequence[str]) -> list[Entries]:
    """Return the entries of each file with the file's title as the kind of all its names.

    Parameters
    ----------
    found : sequence of Entries
        Those of each file.
    names : sequence of str
        What each file is called, as in `SourcePart.name`.
    """
    titles = file_titles(names)
    return [
        replace(entries, kinds=[title] * len(entries.names))
        for entries, title in zip(found, titles, strict=True)
    ]


def without_names(found: Sequence[Entries], names: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence on the files that have no name in them, and so are no kinds, if any are.

    Parameters
    ----------
    found, names
        As in `with_kinds_of_files`.
    """
    empty = [
        name
        for entries, name in zip(found, names, strict=True)
        if not any(map(str.strip, entries.names))
    ]
    if not empty:
        return ()
    are = "is no kind" if len(empty) == 1 else "are no kinds"
    return (f"{counted(len(empty), 'file')} without a name {are}: {listed(empty)}.",)
