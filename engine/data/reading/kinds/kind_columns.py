"""The column of a table that has the kinds of names."""

import re
from collections.abc import Iterable, Sequence

from engine.data.name_kinds import MAX_KINDS
from engine.data.reading.kinds.found_kinds import SEPARATORS, key_of

_KIND_WORDS = """
    kind class type category language gender sex origin clade group label genre family country
    nation nationality ethnicity race species region culture language_code lang art sprache
    geschlecht herkunft classe tipo langue genero género sexe sexo
"""
KIND_WORDS = frozenset(_KIND_WORDS.split())
"""Headers of columns that usually have kinds, in lower case."""

_SEPARATOR = re.compile(f"[{SEPARATORS}]")
_NAMES_PER_KIND = 2
_FEW_KINDS, _NAMES_OF_FEW = 50, 10
"""A column without a header has kinds if there are few of them and each has many names."""


def kind_candidates(
    headers: Sequence[str], heads: Sequence[Sequence[str]], names: int, *, has_header: bool
) -> tuple[int, ...]:
    """Return the places of the columns that seem to have kinds.

    Parameters
    ----------
    headers : sequence of str
    heads : sequence of sequence of str
        The first cells of each column.
    names : int
        The place of the column of names.
    has_header : bool
    """
    found = []
    for place, (header, cells) in enumerate(zip(headers, heads, strict=True)):
        values = [each.casefold() for cell in cells for each in kinds_of_cell(cell)]
        count = len(set(values))
        if place == names or not 2 <= count <= MAX_KINDS:
            continue
        if has_header:
            is_kind = header.strip().lower() in KIND_WORDS
            is_kind = is_kind and count * _NAMES_PER_KIND <= len(values)
        else:
            is_kind = count <= _FEW_KINDS and count * _NAMES_OF_FEW <= len(values)
            is_kind = is_kind and any(map(str.isalpha, "".join(set(values))))
        if is_kind:
            found.append(place)
    return tuple(found)


def columns_of_kind_words(headers: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of the columns, from 1, whose headers are usual for kinds."""
    return tuple(
        number
        for number, header in enumerate(headers, start=1)
        if header.strip().lower() in KIND_WORDS
    )


def kinds_of_cell(cell: str) -> list[str]:
    """Return the kinds in a cell, which may be separated by “;” or “|”; each once."""
    found: dict[str, str] = {}
    for part in _SEPARATOR.split(cell):
        if part.strip():
            found.setdefault(key_of(part), part.strip())
    return list(found.values())


def expanded(
    names: Sequence[str], weights: Sequence[int] | None, cells: Sequence[str]
) -> tuple[list[str], list[int] | None, list[str]]:
    """Return a name once for each kind in its cell, with its weight; "" stands for no kind."""
    of_cell = {cell: kinds_of_cell(cell) or [""] for cell in set(cells)}
    kinds = [of_cell[cell] for cell in cells]
    return (
        [name for name, each in zip(names, kinds, strict=True) for _ in each],
        None
        if weights is None
        else [weight for weight, each in zip(weights, kinds, strict=True) for _ in each],
        [kind for each in kinds for kind in each],
    )


def separators_in_words(cells: Iterable[str]) -> tuple[str, ...]:
    """Return a sentence on what separates several kinds in a cell, if there are such cells."""
    several = [cell for cell in set(cells) if len(kinds_of_cell(cell)) > 1]
    if not several:
        return ()
    found = [f"“{each}”" for each in SEPARATORS if any(each in cell for cell in several)]
    return (f"Several kinds in a cell are separated by {' or '.join(found)}.",)
