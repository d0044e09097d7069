"""Weights of names, as they stand in a column of a table."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import combining, normalize

from engine.data.training_data import MAX_WEIGHT, CorpusError

_THOUSANDS = re.compile(r"([+-]?\d{1,3})(?:([ ,'’])\d{3}(?:\2\d{3})*)(\.0*)?")
_COUNT_WORDS = """
    count freq number quantity total weight births occurrences
    anzahl haufigkeit haeufigkeit menge gewicht nombre effectif quantite poids cantidad numero
    frecuencia peso recuento conteo quantita conteggio occorrenze contagem quantidade ocorrencias
    aantal antal antall lukumaara maara liczba ilosc pocet cetnost darab sayi sayı adet
    αριθμος количество число частота кількість 数 數 개수 빈도
"""
"""Words in the titles of columns of counts, in lower case and without accents."""

_YEAR_WORDS = frozenset(
    ("year", "jahr", "annee", "anno", "ano", "jaar", "vuosi", "rok", "год", "рік", "年")
)
"""Titles of columns of years, written likewise."""


def could_be_weights(cells: Sequence[str], header: str) -> bool:
    """Tell whether a column could be weights: whole numbers that are not just the row's number."""
    filled = [cell for cell in cells if cell]
    try:
        values = [weight_of(cell) for cell in filled]
    except ValueError:
        return False
    if not values or min(values) < 0 or not any(values):
        return False
    title = _without_accents(header.strip().lower())
    is_numbering = all(after == before + 1 for before, after in pairwise(values))
    is_year = not _YEAR_WORDS.isdisjoint(re.split(r"[\W_]+", title))
    return any(word in title for word in _COUNT_WORDS.split()) or not (is_numbering or is_year)


def _without_accents(text: str) -> str:
    bare = "".join(each for each in normalize("NFKD", text) if not combining(each))
    return normalize("NFC", bare)


def names_and_weights(
    names: Sequence[str], cells: Sequence[str], header: str, first_row: int
) -> tuple[list[str], list[int], int]:
    """Read the weights of names.

    Parameters
    ----------
    names : sequence of str
        Blank ones have no weight.
    cells : sequence of str
        Those of the column of the weights, in the same rows.
    header : str
        The title of this column.
    first_row : int
        The number of the first of these rows in the table.

    Returns
    -------
    names : list of str
        With blanks in place of those whose weight is 0.
    weights : list of int
    n_zeros : int
        The number of names whose weight is 0.

    Raises
    ------
    CorpusError
        If a weight cannot be one, or all are zero.
    """
    numbered = enumerate(zip(names, cells, strict=True), start=first_row)
    weights = [_checked_weight(cell, row) if name else 0 for row, (name, cell) in numbered]
    if not any(weights):
        raise CorpusError(
            f"All weights in “{header}” are zero, so no name would be drawn. Choose another column."
        )
    kept = [name if weight else "" for name, weight in zip(names, weights, strict=True)]
    n_zeros = sum(bool(name) for name in names) - sum(bool(name) for name in kept)
    return kept, weights, n_zeros


def _checked_weight(cell: str, row: int) -> int:
    try:
        weight = weight_of(cell)
    except ValueError:
        what = f"The weight “{cell:.40}” in row {row:,}" if cell else f"The weight in row {row:,}"
        is_large = cell.isdecimal() and len(cell) > len(str(MAX_WEIGHT))
        why = f"is larger than {MAX_WEIGHT:,}" if is_large else "is not a whole number"
        raise CorpusError(
            f"{what} {why if cell else 'is missing'}. Choose another column, or correct the file."
        ) from None
    if weight < 0:
        raise CorpusError(
            f"The weight in row {row:,} is negative: {cell}. "
            "Choose another column, or correct the file."
        )
    return weight


def weight_of(cell: str) -> int:
    """Read a weight, which may be written as 1,000 or 1 000 or 1000.0.

    Raises
    ------
    ValueError
        If it is not a whole number, or is one of more than 15 digits.
    """
    if not cell.isdecimal() and _THOUSANDS.fullmatch(cell):
        cell = re.sub("[ ,'’]", "", cell)
    value = float(cell)
    if not math.isfinite(value) or value != int(value) or abs(value) > MAX_WEIGHT:
        raise ValueError(f"{cell:.40} is not a whole number.")
    return int(value)
