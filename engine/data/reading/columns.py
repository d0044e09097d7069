"""The columns of a table: which has the names, which could be weights, and what the header is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.kinds.kind_columns import (
    expanded,
    kind_candidates,
    separators_in_words,
)
from engine.data.reading.layout import Entries, TableReading
from engine.data.reading.weights import could_be_weights, names_and_weights
from engine.data.training_data import CorpusError, counted

_NAME_WORDS = """
    name names firstname first_name givenname given_name forename surname lastname last_name
    fullname full_name title word words nom nombre nome navn naam имя 名前 名称 姓名
"""
_OTHER_WORDS = """
    id index number no. nr count counts frequency n year sex gender language country city town place
    region state type kind class category label date age text description url rank email code value
    likelihood probability
"""

NAME_WORDS = frozenset(_NAME_WORDS.split()) | {"first name", "given name", "last name", "full name"}
"""Headers of columns that have names, in lower case."""

HEADER_WORDS = NAME_WORDS | frozenset(_OTHER_WORDS.split())
"""Words by which the first row is known to be a header, in lower case."""

HEAD_ROWS = 1_000
"""By so many rows it is decided which column has the names."""

_PURPOSES = {"column": "names", "weights": "weights", "kind_column": "kinds"}
"""What the columns are for that a person can choose."""

_NUMERIC, _WORDY, _VARIED = 0.9, 0.5, 0.5
_SHOWN_ROWS = 20


@dataclass(frozen=True)
class Columns:
    """The cells of a table.

    Attributes
    ----------
    headers : tuple of str
        The title of each column: its header, or its number.
    has_header : bool
    is_sure : bool
        Whether it is clear that the first row is a header, or is not.
    head : sequence of sequence of str
        The first rows, the header left out. A row may have fewer cells than there are headers, or
        more.
    delimiter : str
        Empty for the records of a JSON file.
    """

    headers: tuple[str, ...]
    has_header: bool
    is_sure: bool
    head: Sequence[Sequence[str]]
    delimiter: str

    @classmethod
    def of_rows(
        cls, rows: Sequence[Sequence[str]], choices: ReadingChoices, delimiter: str
    ) -> "Columns":
        """Tell by the first rows whether there is a header, unless a person has chosen it."""
        rows = rows[:HEAD_ROWS]
        width = max(map(len, rows))
        numbers = tuple(f"column {number}" for number in range(1, width + 1))
        found, is_sure = _looks_like_header(rows)
        if isinstance(choices.column, str) and choices.header is None:
            found, is_sure = choices.column.lower() in map(_key, rows[0]) or found, True
        if choices.header is not None:
            found, is_sure = choices.header, True
        if not found:
            return cls(numbers, False, is_sure, rows, delimiter)
        first = [cell.strip() for cell in rows[0]]
        headers = tuple(header or number for header, number in zip(first, numbers, strict=False))
        return cls(headers + numbers[len(headers) :], True, is_sure, rows[1:], delimiter)

    def place_of(self, column: str | int, option: str) -> int:
        """Return the place of a column that a person has chosen, from 0.

        Raises
        ------
        CorpusError
            If there is no such column.
        """
        if isinstance(column, int) or column.isdecimal():
            place = int(column) - 1
            if 0 <= place < len(self.headers):
                return place
        else:
            keys = list(map(_key, self.headers))
            if column.strip().lower() in keys:
                return keys.index(column.strip().lower())
        has = ", ".join(f"{number} “{each}”" for number, each in enumerate(self.headers, start=1))
        what = _PURPOSES[option]
        raise CorpusError(
            f"There is no column “{column}” for the {what}. The table has these: {has:.500}."
            if self.has_header
            else f"There is no column “{column}” for the {what}. The table has "
            f"{counted(len(self.headers), 'column')} without a header. Give the column's number."
        )


def entries_of_rows(
    columns: Columns,
    rows: Iterable[Sequence[str]],
    choices: ReadingChoices,
    taken_for: str = "",
    noun: str = "row",
) -> Entries:
    """Return the names of a table, and their weights and kinds if a person has chosen them.

    Parameters
    ----------
    columns : Columns
    rows : iterable of sequence of str
        All rows, the header left out. Only the cells that are needed are kept.
    choices : ReadingChoices
    taken_for : str
        What it is, unless it is a table.
    noun : str
        What to call a row. Those without a name are dropped and counted.

    Raises
    ------
    CorpusError
        If no column has words, or the chosen one does not exist, or a weight cannot be one.
    """
    heads = [_cells(columns.head, place) for place in range(len(columns.headers))]
    questions: tuple[str, ...] = ()
    if choices.column is not None:
        place = columns.place_of(choices.column, "column")
    else:
        place, questions = _column_of_names(columns, heads)
    if not columns.is_sure:
        questions += ("Is the first row a header?",)
    weights_place = kinds_place = None
    if choices.weights is not None:
        weights_place = columns.place_of(choices.weights, "weights")
    if choices.kind_column is not None and choices.has_kinds:
        kinds_place = columns.place_of(choices.kind_column, "kind_column")
    names, of_weights, of_kinds = _columns_at(rows, (place, weights_place, kinds_place))
    n_without = sum(not name for name in names)
    weights, n_zeros = None, 0
    if weights_place is not None:
        header, first_row = columns.headers[weights_place], 1 + columns.has_header
        names, weights, n_zeros = names_and_weights(names, of_weights, header, first_row)
    kinds = None
    if kinds_place is not None:
        names, weights, kinds = expanded(names, weights, of_kinds)
    reading = _reading(columns, heads, place, weights_place, kinds_place)
    dropped = ((f"{noun} without a name", n_without), ("name with a weight of 0", n_zeros))
    names, weights, kinds = _without_blanks(names, weights, kinds)
    return Entries(
        names,
        weights,
        taken_for or f"a table of {counted(len(columns.headers), 'column')}",
        _details(reading, choices.weight_cap) + separators_in_words(of_kinds),
        _options(reading),
        tuple((what, count) for what, count in dropped if count),
        questions,
        reading,
        kinds,
        _offers(reading, choices),
    )


def _reading(
    columns: Columns,
    heads: Sequence[Sequence[str]],
    place: int,
    weights_place: int | None,
    kinds_place: int | None,
) -> TableReading:
    """Return how a table was read, by the places of its columns, from 0."""
    headers = columns.headers
    candidates = kind_candidates(headers, heads, place, has_header=columns.has_header)
    few_valued = kind_candidates(headers, heads, place, has_header=False)
    titled = enumerate(zip(heads, headers, strict=True), start=1)
    return TableReading(
        delimiter=columns.delimiter,
        headers=headers,
        has_header=columns.has_header,
        column=place + 1,
        weights=None if weights_place is None else weights_place + 1,
        counts=tuple(number for number, (cells, title) in titled if could_be_weights(cells, title)),
        kinds=None if kinds_place is None else kinds_place + 1,
        kind_columns=tuple(candidate + 1 for candidate in candidates),
        few_valued=tuple(candidate + 1 for candidate in few_valued),
        rows=tuple(tuple(row) for row in columns.head[:_SHOWN_ROWS]),
    )


def _offers(reading: TableReading, choices: ReadingChoices) -> tuple[str, ...]:
    """Ask whether a column has kinds, unless a person has chosen it or wants none."""
    if choices.kinds is not None or reading.kinds is not None or not reading.kind_columns:
        return ()
    shown = _shown(reading, reading.kind_columns[0])
    return (f"Are the values of {shown}{',' * reading.has_header} kinds of names?",)


def _without_blanks(
    names: list[str], weights: list[int] | None, kinds: list[str] | None
) -> tuple[list[str], list[int] | None, list[str] | None]:
    """Return the names that are not empty, with their weights and kinds."""
    if all(names):
        return names, weights, kinds
    kept = [place for place, name in enumerate(names) if name]
    return (
        [names[place] for place in kept],
        None if weights is None else [weights[place] for place in kept],
        None if kinds is None else [kinds[place] for place in kept],
    )


def _columns_at(
    rows: Iterable[Sequence[str]], places: Sequence[int | None]
) -> tuple[list[str], ...]:
    """Return the cells of some columns, read at once; an empty list for no column."""
    columns: tuple[list[str], ...] = tuple([] for _ in places)
    wanted = [(column, at) for column, at in zip(columns, places, strict=True) if at is not None]
    for row in rows:
        for column, at in wanted:
            column.append(_line(row[at]) if at < len(row) else "")
    return columns


def _cells(rows: Iterable[Sequence[str]], place: int) -> list[str]:
    """Return the cells of a column."""
    return [_line(row[place]) if place < len(row) else "" for row in rows]


def _line(cell: str) -> str:
    """Return a cell without white space around it, on one line."""
    return " ".join(cell.split()) if "\n" in cell else cell.strip()


def _shown(reading: TableReading, number: int) -> str:
    header = reading.headers[number - 1]
    return f"column {number}, “{header}”" if reading.has_header else f"column {number}"


def _details(reading: TableReading, weight_cap: int | None) -> tuple[str, ...]:
    details = [f"The names are in {_shown(reading, reading.column)}."]
    if reading.delimiter:
        details.append(
            "The first row is a header." if reading.has_header else "There is no header."
        )
    if reading.weights is not None:
        shown = _shown(reading, reading.weights)
        details.append(
            f"The counts of {shown}{',' * reading.has_header} are weights: "
            "a name is drawn as often as its count says."
        )
        if weight_cap is not None:
            details.append(f"Counts above {weight_cap:,} are taken as {weight_cap:,}.")
    elif reading.counts:
        details.append(
            f"The whole numbers of {_shown(reading, reading.counts[0])}"
            f"{',' * reading.has_header} can be weights."
        )
    if reading.kinds is not None:
        details.append(f"The kinds are in {_shown(reading, reading.kinds)}.")
    return tuple(details)


def _options(reading: TableReading) -> tuple[str, ...]:
    options: tuple[str, ...] = ("layout", "column")
    if reading.delimiter:
        options += ("header", "delimiter")
    if reading.counts:
        options += ("weights",)
    return (*options, "kind_column") if reading.kinds or reading.kind_columns else options


def _key(header: str) -> str:
    return header.strip().lower()


def _column_of_names(
    columns: Columns, heads: Sequence[Sequence[str]]
) -> tuple[int, tuple[str, ...]]:
    """Return the place of the column that has the names, and what is not clear about it."""
    wordy = [place for place, cells in enumerate(heads) if share_of_words(cells) >= _WORDY]
    if not wordy:
        raise CorpusError(
            f"The table has {counted(len(columns.headers), 'column')}, but none of words. "
            "Choose another file, or the layout “names” to learn the lines as they stand."
        )
    if columns.has_header:
        keys = {place: _key(columns.headers[place]) for place in wordy}
        named = [place for place in wordy if keys[place] in NAME_WORDS]
        # “person.name” is the key of a record within a record.
        named = named or [p for p in wordy if keys[p].rpartition(".")[2] in NAME_WORDS]
        if named:
            return named[0], ()
    distinct = [len(set(heads[place])) for place in wordy]
    most = max(distinct)
    rivals = [each for each in distinct if each >= _VARIED * most]
    chosen = wordy[distinct.index(most)]
    return chosen, ("Which column has the names?",) if len(rivals) > 1 else ()


def _looks_like_header(rows: Sequence[Sequence[str]]) -> tuple[bool, bool]:
    """Tell whether the first row is a header, and whether that is clear."""
    first, rest = [cell.strip() for cell in rows[0]], rows[1:]
    if not rest:
        return all(cell.lower() in HEADER_WORDS for cell in first), True
    if any(map(is_number, first)):
        return False, True
    if any(cell.lower() in HEADER_WORDS for cell in first):  # a column of numbers may have none
        return True, True
    if not all(first):
        return False, True
    for place, title in enumerate(first):
        cells = [row[place].strip() for row in rest if place < len(row)]
        if cells and share_of_numbers(cells) >= _NUMERIC:
            return True, True
        if title in cells:
            return False, True
    return False, False


def share_of_words(cells: Sequence[str]) -> float:
    """Return the share of the cells with letters in them."""
    filled = [cell for cell in cells if cell]
    return sum(map(_is_word, filled)) / len(filled) if filled else 0.0


def _is_word(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not is_number(cell)


def share_of_numbers(cells: Sequence[str]) -> float:
    """Return the share of the cells that are numbers."""
    return sum(map(is_number, cells)) / len(cells)


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number, in whichever way it is written."""
    try:
        float(cell.replace(",", "").replace(" ", "").rstrip("%"))
    except ValueError:
        return False
    return not cell.lower().lstrip("+-").startswith(("nan", "inf"))  # which are names, too
