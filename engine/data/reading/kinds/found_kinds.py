"""From the kinds as they stand in data to the titles that a person wants."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.data.reading.layout import Entries
from engine.data.training_data import CorpusError

MAX_TITLE = 200
"""Characters of the longest title of a kind."""

SEPARATORS = ";|"
"""What separates several kinds in a cell of a table."""

_INSTEAD = dict.fromkeys(map(ord, SEPARATORS), ",")
_SHOWN = 3
"""Titles that a sentence lists."""


@dataclass(frozen=True)
class FoundKind:
    """A kind as it stands in the data, and what becomes of it.

    Attributes
    ----------
    title : str
        As it stands in the data. Of several spellings that differ in case or white space, the
        first.
    count : int
        Number of its names, repeats included.
    wanted : str
        The title that it gets. Empty if it is left out.
    """

    title: str
    count: int
    wanted: str


def clean_title(written: str) -> str:
    """Return a title without control characters, on one line, without spaces around it.

    It has none of the signs that separate several kinds in a cell, so that a table can hold it.
    """
    composed = unicodedata.normalize("NFC", written).translate(_INSTEAD)
    shown = "".join(c if c.isprintable() else " " for c in composed)
    return " ".join(shown.split())


def key_of(title: str) -> str:
    """Return what titles have in common that differ only in case and white space."""
    return clean_title(title).casefold()


def with_titles(
    entries: Entries, titles: Iterable[tuple[str, str]]
) -> tuple[Entries, tuple[FoundKind, ...]]:
    """Give the kinds of entries the titles that a person wants.

    Titles that differ only in case and white space are one kind. A name without a kind, or of one
    that is left out, is dropped.

    Parameters
    ----------
    entries : Entries
        Its `kinds` are as they stand in the data; "" stands for a missing one.
    titles : iterable of (str, str)
        As `ReadingChoices.kind_titles`.

    Returns
    -------
    entries : Entries
        Its details and what was dropped say what was done.
    found : tuple of FoundKind
        All kinds of the data, in the order in which they first occur.

    Raises
    ------
    CorpusError
        If a title is too long, no name has a kind, or all kinds are left out.
    """
    assert entries.kinds is not None
    key_by_spelling = {spelling: key_of(spelling) for spelling in dict.fromkeys(entries.kinds)}
    keys = [key_by_spelling[spelling] for spelling in entries.kinds]
    named = [key for name, key in zip(entries.names, keys, strict=True) if name.strip() and key]
    counts = Counter(named)
    spellings: dict[str, list[str]] = {key: [] for key in dict.fromkeys(named)}
    for spelling, key in key_by_spelling.items():
        if key in spellings and clean_title(spelling) not in spellings[key]:
            spellings[key].append(clean_title(spelling))
    _check_found(spellings)
    wanted, unknown = _wanted_titles(spellings, titles)
    found = tuple(FoundKind(spellings[key][0], counts[key], wanted[key]) for key in spellings)
    if not any(wanted.values()):
        raise CorpusError("All kinds are left out. Keep at least two of them.")
    kept = _kept(entries, keys, wanted)
    details = (
        *_one_kind_each(spellings),
        *_merged(found),
        *(f"There is no kind “{each}”." for each in unknown),
    )
    return replace(kept, details=(*kept.details, *details)), found


def _check_found(spellings: dict[str, list[str]]) -> None:
    if not spellings:
        raise CorpusError(
            "No name has a kind. Choose the column of the kinds, or read the names without kinds."
        )
    longest = max((each[0] for each in spellings.values()), key=len)
    if len(longest) > MAX_TITLE:
        raise CorpusError(
            f"The kind “{longest[:20]}…” has {len(longest):,} characters. The title of a kind may "
            f"have {MAX_TITLE} at most. Is this the column of the kinds?"
        )


def _wanted_titles(
    spellings: dict[str, list[str]], titles: Iterable[tuple[str, str]]
) -> tuple[dict[str, str], list[str]]:
    """Return the title that each kind gets, by its key, and which kinds there are not."""
    chosen = {key_of(found): clean_title(wanted) for found, wanted in titles}
    unknown = [found for found, _ in titles if key_of(found) not in spellings]
    wanted = {key: chosen.get(key, each[0]) for key, each in spellings.items()}
    first_spelling: dict[str, str] = {}
    for title in wanted.values():
        first_spelling.setdefault(key_of(title), title)
    return {key: first_spelling[key_of(title)] for key, title in wanted.items()}, unknown


def _kept(entries: Entries, keys: Sequence[str], wanted: dict[str, str]) -> Entries:
    """Drop the names without a kind and those of kinds that are left out."""
    without = left_out = 0
    kept: list[int] = []
    kinds: list[str] = []
    for i, (name, key) in enumerate(zip(entries.names, keys, strict=True)):
        title = wanted.get(key, "")
        if name.strip() and not title:
            left_out += key in wanted
            without += key not in wanted
            continue
        kept.append(i)
        kinds.append(title)
    weights = entries.weights
    dropped = {"name without a kind": without, "name of kinds that are left out": left_out}
    return replace(
        entries,
        names=[entries.names[i] for i in kept],
        weights=None if weights is None else [weights[i] for i in kept],
        kinds=kinds,
        dropped=(*entries.dropped, *((what, count) for what, count in dropped.items() if count)),
    )


def _merged(found: Sequence[FoundKind]) -> list[str]:
    """Return sentences on the kinds that were merged, if there are any."""
    parts: dict[str, list[str]] = {}
    for each in found:
        parts.setdefault(each.wanted, []).append(f"“{each.title}”")
    merged = [(title, each) for title, each in parts.items() if title and len(each) > 1]
    sentences = []
    for title, several in merged[:_SHOWN]:
        *first, last = several if len(several) <= _SHOWN else [*several[:_SHOWN], "others"]
        sentences.append(f"{', '.join(first)} and {last} are merged: “{title}”.")
    more = len(merged) - _SHOWN
    if more > 0:
        are = "title is" if more == 1 else "titles are"
        sentences.append(f"{more:,} more {are} of several kinds.")
    return sentences


def _one_kind_each(spellings: dict[str, list[str]]) -> list[str]:
    """Return a sentence on spellings that were taken for one kind, if there are any."""
    several = [each for each in spellings.values() if len(each) > 1]
    if not several:
        return []
    shown = "; ".join(
        " and ".join(f"“{title}”" for title in each[:_SHOWN]) for each in several[:_SHOWN]
    )
    more = f", and {len(several) - _SHOWN:,} more such kinds" if len(several) > _SHOWN else ""
    each = "" if len(several) == 1 else " each"
    return [f"Apart from upper and lower case, {shown}{more} are one kind{each}."]
