"""A comparison as text: for a terminal, as Markdown, and as CSV.

To add a format, write its function and add it to `COMPARISON_FORMATS`.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.racing.comparison import Cell, Comparison
from engine.storage.csv_text import csv_line, escape_cell

_UNKNOWN = "–"
_GAP = "  "


@dataclass(frozen=True)
class ComparisonFormat:
    """A way to write a comparison.

    Attributes
    ----------
    name : str
        On the command line.
    suffix : str
        Of such files: ".csv".
    to_text : callable
        From a comparison to the text of a file.
    """

    name: str
    suffix: str
    to_text: Callable[[Comparison], str]


def to_table(comparison: Comparison) -> str:
    """Write columns for a terminal."""
    lines = [("", *comparison.titles)]
    lines += [
        (row.label, *(shown(cell, row.form) for cell in row.cells)) for row in comparison.rows
    ]
    return columns(lines) + _note_after(comparison)


def to_markdown(comparison: Comparison) -> str:
    """Write a table that Markdown shows. No cell ends it, or is taken for markup or a formula."""
    lines = [("", *comparison.titles), ("---", *("---:" for _ in comparison.titles))]
    written = [f"| {' | '.join(map(_markdown_cell, lines[0]))} |", f"|{'|'.join(lines[1])}|"]
    written += [
        f"| {' | '.join(map(_markdown_cell, cells))} |"
        for cells in (
            (row.label, *(shown(cell, row.form) for cell in row.cells)) for row in comparison.rows
        )
    ]
    return "\n".join(written) + "\n" + _note_after(comparison)


def to_csv(comparison: Comparison) -> str:
    """Write a table with all digits, in which no cell is taken for a formula."""
    lines = [csv_line(("", *comparison.titles))]
    lines += [csv_line((row.label, *row.cells)) for row in comparison.rows]
    return "".join(lines)


COMPARISON_FORMATS: dict[str, ComparisonFormat] = {
    each.name: each
    for each in (
        ComparisonFormat("table", ".txt", to_table),
        ComparisonFormat("markdown", ".md", to_markdown),
        ComparisonFormat("csv", ".csv", to_csv),
    )
}
"""All formats by name. The first is the default."""

DEFAULT_FORMAT = next(iter(COMPARISON_FORMATS))


def shown(cell: Cell, form: str) -> str:
    """Return a cell as people read it."""
    if cell is None:
        return _UNKNOWN
    return cell if isinstance(cell, str) else format(cell, form)


def columns(lines: Sequence[tuple[str, ...]], *, of_numbers: bool = True) -> str:
    """Write lines of cells under each other.

    Parameters
    ----------
    lines : sequence of tuple of str
    of_numbers : bool
        Whether all columns but the first end at the right, as numbers do.
    """
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    written = (
        _GAP.join(
            _padded(cell, width, is_right=of_numbers and place > 0)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        for cells in lines
    )
    return "".join(f"{line.rstrip()}\n" for line in written)


def _padded(text: str, width: int, *, is_right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if is_right else text + space


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def _markdown_cell(text: str) -> str:
    escaped = escape_cell(text)
    for sign in ("\\", "|", "*", "_", "`", "[", "<"):
        escaped = escaped.replace(sign, f"\\{sign}")
    return " ".join(escaped.split())


def _note_after(comparison: Comparison) -> str:
    return f"\n{comparison.note}\n" if comparison.note else ""
