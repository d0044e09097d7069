"""The kinds of tunes: what is known of each, such as its player, or the file that it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.name_kinds import MIN_KINDS, NameKinds, check_kinds_count
from engine.data.reading.choices import ReadingChoices
from engine.data.reading.kinds.file_titles import file_titles
from engine.data.reading.kinds.found_kinds import FoundKind, with_titles
from engine.data.reading.layout import Entries
from engine.data.training_data import CorpusError, counted

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KindsOfTunes:
    """The kinds of some tunes.

    Attributes
    ----------
    kinds : NameKinds
    kept : tuple of int
        The places of the tunes that have a kind.
    found : tuple of FoundKind
        The kinds as they stand in the data.
    details : tuple of str
        What was done, in sentences.
    """

    kinds: NameKinds
    kept: tuple[int, ...]
    found: tuple[FoundKind, ...]
    details: tuple[str, ...]


def kinds_of_tunes(
    labels: Sequence[Labels], part_names: Sequence[str], choices: ReadingChoices, source: str
) -> KindsOfTunes | None:
    """Return the kinds of tunes, if they are to have any.

    With a column of kinds, these are what is known of each tune under that title. Else each file is
    a kind.

    Parameters
    ----------
    labels : sequence of tuple
        What is known of each tune, by column.
    part_names : sequence of str
        The name of the file of each tune.
    choices : ReadingChoices
    source : str
        What to call the data in messages.

    Raises
    ------
    CorpusError
        If there is no such column, or no tune has a kind, or there are too few kinds or too many.
    """
    if not choices.has_kinds:
        return None
    column = choices.kind_column
    titles = _titles_of_files(part_names) if column is None else _titles_of_column(labels, column)
    if not any(title.strip() for title in titles):
        raise CorpusError(f"In “{source}”, no tune has a kind. Read the tunes without kinds.")
    places = [str(place) for place in range(len(titles))]
    entries, found = with_titles(Entries(places, kinds=titles), choices.kind_titles)
    assert entries.kinds is not None
    wanted = tuple(dict.fromkeys(entries.kinds))
    check_kinds_count(len(wanted), source, "tune")
    if len(wanted) < MIN_KINDS:
        raise CorpusError(
            f"There is one kind of tunes only, “{wanted[0]}”. Learning by kind needs two or more."
        )
    of_each = tuple(wanted.index(title) for title in entries.kinds)
    kept = tuple(map(int, entries.names))
    details = [f"There are {counted(len(wanted), 'kind')}."]
    if len(kept) < len(titles):
        tunes = counted(len(titles) - len(kept), "tune")
        details.append(f"Left out: {tunes} without a kind, or of a kind that is left out.")
    kinds = NameKinds(wanted, of_each, of_each)
    return KindsOfTunes(kinds, kept, found, (*details, *entries.details))


def columns_of(labels: Sequence[Labels]) -> tuple[str, ...]:
    """Return under which titles something is known of tunes, in the order of their first use."""
    return tuple(dict.fromkeys(name for known in labels for name, _ in known))


def _titles_of_files(part_names: Sequence[str]) -> list[str]:
    distinct = list(dict.fromkeys(part_names))
    title_of = dict(zip(distinct, file_titles(distinct), strict=True))
    return [title_of[name] for name in part_names]


def _titles_of_column(labels: Sequence[Labels], column: str | int) -> list[str]:
    columns = columns_of(labels)
    if isinstance(column, int):
        column = columns[column - 1] if column <= len(columns) else str(column)
    by_key = {name.casefold(): name for name in columns}
    name = by_key.get(column.casefold())
    if name is None:
        known = (
            f"What is known is {', '.join(columns)}." if columns else "Nothing is known of them."
        )
        raise CorpusError(f"The tunes have no “{column}”. {known}")
    return [dict(known).get(name, "") for known in labels]
