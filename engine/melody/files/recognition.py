"""How texts that hold notes are recognised, by how they begin."""

import re

SOLO_ENDING = "_solo.csv"
"""Of the names of the Weimar Jazz Database's files."""

_ABC_KEY = re.compile(r"^K:", re.MULTILINE)
"""The field that every tune in ABC has."""

_NUMBERS = re.compile(r"\s*[+-]?\d[\d.eE+-]*\s*", re.ASCII)


def is_abc(text: str) -> bool:
    """Tell whether a text has tunes in ABC notation."""
    return _ABC_KEY.search(text) is not None


def is_solo(text: str) -> bool:
    """Tell whether a text is a table of three numbers in each row, perhaps with a header."""
    rows = [row.split(",") for row in text.lstrip().split("\n", 3)[:3] if row.strip()]
    numbers = rows[1:] or rows
    return bool(numbers) and all(len(row) >= 3 and _NUMBERS.fullmatch(row[0]) for row in numbers)
