"""Tables as CSV that spreadsheets show as text, never as formulas.

A spreadsheet takes a cell that begins with one of `=+-@` for a formula, quoted or not. Such a
cell gets an apostrophe in front, as the guides of OWASP on CSV injection advise. `unescape_cell`
takes it away again, so nothing is lost.
"""

import re
from collections.abc import Iterable

_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
"""The beginning of a formula. Apostrophes may come before it, so that `unescape_cell` can tell."""

_QUOTED = re.compile(r'[",;\t\r\n]')  # ";" and tabs separate cells in some languages' spreadsheets


def escape_cell(text: str) -> str:
    """Put an apostrophe in front of a text that a spreadsheet would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape_cell(text: str) -> str:
    """Undo `escape_cell`. Any other text stays as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def csv_line(cells: Iterable[object]) -> str:
    r"""Return a line of a table, with its line feed.

    Parameters
    ----------
    cells : iterable
        Text is escaped, numbers are written with all their digits, and None is an empty cell.
    """
    return ",".join(map(_field, cells)) + "\n"


def _field(cell: object) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    text = escape_cell(cell)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
