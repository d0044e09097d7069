"""The export formats: names as text that other programs read.

To add a format, write its function and add it to `EXPORT_FORMATS`. The command line's `--format`
and the window's dialogs go by that registry. Names are exported capitalised, as they are shown.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.data.reading.casing import title_case
from engine.sampling.candidates import Candidate
from engine.storage.csv_text import csv_line
from engine.storage.files import atomic_writer

COLUMNS = (
    *("name", "status", "nearest", "distance", "nats_per_character"),
    *("step", "seed", "number", "temperature"),
)
"""Columns of a table of candidates. What is not known is empty."""

ExportRow = Mapping[str, object]


class FormatFunction(Protocol):
    """Turns names into the text of a file."""

    def __call__(self, rows: Sequence[ExportRow], columns: Sequence[str]) -> str:
        """Return the text.

        Parameters
        ----------
        rows : sequence of mapping
            What is known of each name, by column. Every row has the column "name". It may hold
            more than `columns`, for formats that are not tables.
        columns : sequence of str
            The columns of a table, in order.
        """


@dataclass(frozen=True)
class ExportFormat:
    """A way to write names to a file.

    Attributes
    ----------
    name : str
        The name in the registry and on the command line.
    title : str
        What the window calls it.
    suffix : str
        Of such files: ".csv".
    to_text : FormatFunction
    """

    name: str
    title: str
    suffix: str
    to_text: FormatFunction


def to_txt(rows: Sequence[ExportRow], columns: Sequence[str]) -> str:
    """Write the names only, one per line."""
    return "".join(f"{row['name']}\n" for row in rows)


def to_csv(rows: Sequence[ExportRow], columns: Sequence[str]) -> str:
    """Write a table with a header, in which no name is taken for a formula."""
    lines = (csv_line(row.get(column) for column in columns) for row in rows)
    return csv_line(columns) + "".join(lines)


def to_json(rows: Sequence[ExportRow], columns: Sequence[str]) -> str:
    """Write a list of objects with everything that is known."""
    return json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1) + "\n"


EXPORT_FORMATS: dict[str, ExportFormat] = {
    each.name: each
    for each in (
        ExportFormat("txt", "Text, one name per line", ".txt", to_txt),
        ExportFormat("csv", "Table", ".csv", to_csv),
        ExportFormat("json", "JSON", ".json", to_json),
    )
}
"""All formats by name, in the order in which they are offered. The first is the default."""

DEFAULT_FORMAT = next(iter(EXPORT_FORMATS))


def format_of_path(path: str | os.PathLike[str], otherwise: str = DEFAULT_FORMAT) -> str:
    """Return the name of the format that a file's suffix stands for.

    Parameters
    ----------
    path : path
    otherwise : str
        The format if the suffix stands for none.
    """
    suffix = os.path.splitext(path)[1].lower()
    return next((each.name for each in EXPORT_FORMATS.values() if each.suffix == suffix), otherwise)


def export(path: str | os.PathLike[str], candidates: Iterable[Candidate], form: str) -> None:
    """Write candidates to a file in UTF-8, completely or not at all.

    Parameters
    ----------
    path : path
    candidates : iterable of Candidate
    form : str
        One of `EXPORT_FORMATS`.

    Raises
    ------
    ValueError
        If there is no such format.
    OSError
        If the file cannot be written. An older file is then left as it was.
    """
    export_rows(path, candidate_rows(candidates), COLUMNS, form)


def export_rows(
    path: str | os.PathLike[str], rows: Sequence[ExportRow], columns: Sequence[str], form: str
) -> None:
    """Write names with whatever is known of them; otherwise like `export`.

    Parameters
    ----------
    rows, columns
        As in `FormatFunction`.
    """
    if form not in EXPORT_FORMATS:
        raise ValueError(f"form must be one of {', '.join(EXPORT_FORMATS)}, got {form!r}.")
    content = EXPORT_FORMATS[form].to_text(rows, columns)
    with atomic_writer(path) as file:
        file.write(content.encode("utf-8"))


def candidate_rows(candidates: Iterable[Candidate]) -> list[ExportRow]:
    """Return what is known of each candidate: `COLUMNS`, and ``surprisals`` of all its symbols."""
    return [_row(candidate) for candidate in candidates]


def _row(candidate: Candidate) -> ExportRow:
    nearest = candidate.nearest
    return {
        "name": title_case(candidate.name),
        "status": candidate.status.value if candidate.status else None,
        "nearest": title_case(nearest.name) if nearest else None,
        "distance": nearest.distance if nearest else None,
        "nats_per_character": candidate.score.nats_per_character,
        "step": candidate.step,
        "seed": candidate.seed,
        "number": candidate.number,
        "temperature": candidate.temperature,
        "surprisals": list(candidate.score.surprisals),
    }
