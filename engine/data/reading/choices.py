"""What a person has chosen about how a file is read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from engine.melody.grid import GRIDS

MAX_CHOICE_CHARACTERS = 200
"""Longest text of a choice, such as the header of a column."""

MAX_KIND_TITLES = 5_000
"""Most kinds whose titles are chosen."""

_COLUMNS = ("column", "weights", "kind_column")


Transposition = Literal["none", "all", "C"]
"""Tunes stay in their keys, or are drawn in all keys, or are all brought to C (or A minor)."""

TRANSPOSITIONS: tuple[Transposition, ...] = ("none", "all", "C")


@dataclass(frozen=True)
class ReadingChoices:
    """How to read a file. None means: as it is recognised.

    Attributes
    ----------
    encoding : str or None
        The name of a codec: "cp1252".
    layout : str or None
        A key of `engine.data.reading.registry.LAYOUTS`. As "names", every line is a name as it
        stands, without looking for marks, comments or columns.
    column : str, int or None
        Where a table has the names: a header, or the number of a column, from 1. Where records of
        a JSON file have them: a key.
    header : bool or None
        Whether the first row of a table is a header.
    weights : str, int or None
        Where a table says how often a name counts; as `column`. None: each counts once.
    weight_cap : int or None
        Largest weight of a name, 1 or more; greater ones count as this. None: no limit.
    delimiter : str or None
        What separates the columns of a table: one character.
    separator : str or None
        What separates the documents of a text.
    lower_case : bool or None
        Whether to lower-case what is read. None: names are lower-cased, text is not.
    clean : bool
        Whether invisible characters are dropped, and odd spaces and line ends replaced.
    graphemes : bool
        Whether the symbols are grapheme clusters, and not code points.
    kinds : bool or None
        Whether each file is a kind of names; or, for a single table, whether the column that
        seems to have kinds has them. None: not unless `kind_column` is chosen.
    kind_column : str, int or None
        Where a table says which kind a name has; as `column`.
    kind_titles : tuple of (str, str)
        The title of a kind as it stands in the data, and the one that is wanted. Kinds with the
        same title are merged. An empty one leaves the kind out.
    grid : str or None
        Durations to which the notes of melodies are brought: a key of `engine.melody.grid.GRIDS`.
    transpose : str or None
        Keys in which melodies are read: one of `TRANSPOSITIONS`. None: in their own.

    Raises
    ------
    ValueError
        If a choice cannot be one.
    """

    encoding: str | None = None
    layout: str | None = None
    column: str | int | None = None
    header: bool | None = None
    weights: str | int | None = None
    weight_cap: int | None = None
    delimiter: str | None = None
    separator: str | None = None
    lower_case: bool | None = None
    clean: bool = True
    graphemes: bool = False
    kinds: bool | None = None
    kind_column: str | int | None = None
    kind_titles: tuple[tuple[str, str], ...] = ()
    grid: str | None = None
    transpose: Transposition | None = None

    def __post_init__(self) -> None:
        for name in ("encoding", "layout", *_COLUMNS, "delimiter", "separator"):
            value = getattr(self, name)
            is_number = name in _COLUMNS and type(value) is int and value >= 1
            is_text = isinstance(value, str) and 0 < len(value) <= MAX_CHOICE_CHARACTERS
            if value is not None and not (is_number or is_text):
                allowed = f"a text of 1 to {MAX_CHOICE_CHARACTERS} characters"
                allowed += ", or a number from 1" if name in _COLUMNS else ""
                raise ValueError(f"{name} must be {allowed}, got {value!r:.100}.")
        for name in ("header", "lower_case", "kinds"):
            if getattr(self, name) not in (None, True, False):
                raise ValueError(f"{name} must be True, False or None.")
        for name in ("clean", "graphemes"):
            if type(getattr(self, name)) is not bool:
                raise ValueError(f"{name} must be True or False.")
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise ValueError(f"delimiter must be a single character, got “{self.delimiter}”.")
        cap = self.weight_cap
        if cap is not None and (type(cap) is not int or cap < 1):
            raise ValueError(f"weight_cap must be a whole number of 1 or more, got {cap!r:.100}.")
        _check_titles(self.kind_titles)
        _check_one_of("grid", self.grid, tuple(GRIDS))
        _check_one_of("transpose", self.transpose, TRANSPOSITIONS)

    @property
    def is_of_columns(self) -> bool:
        """Whether something is chosen that only a table has."""
        chosen = (self.column, self.header, self.weights, self.delimiter, self.kind_column)
        return any(each is not None for each in chosen)

    @property
    def has_kinds(self) -> bool:
        """Whether the names have kinds."""
        return self.kinds is True or (self.kinds is None and self.kind_column is not None)

    def to_json(self) -> dict[str, Any]:
        """Return the choices that differ from the defaults, to be kept in a file."""
        default = ReadingChoices()
        return {
            name: value for name, value in asdict(self).items() if value != getattr(default, name)
        }

    @classmethod
    def from_json(cls, values: object) -> "ReadingChoices":
        """Return choices that `to_json` wrote.

        Raises
        ------
        ValueError
            If they cannot be such choices.
        """
        known = {field.name for field in fields(cls)}
        if not isinstance(values, Mapping) or not known.issuperset(values):
            raise ValueError("The choices of how the data are read cannot be understood.")
        given = dict(values)
        if isinstance(given.get("kind_titles"), list):  # JSON has no tuples
            titles = given["kind_titles"]
            given["kind_titles"] = tuple(
                tuple(pair) if isinstance(pair, list) else pair for pair in titles
            )
        return cls(**given)


def _check_one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r:.100}.")


def _check_titles(titles: object) -> None:
    """Check that these can be the titles of kinds, as found and as wanted."""
    are_pairs = isinstance(titles, tuple) and all(
        isinstance(pair, tuple) and len(pair) == 2 and all(map(_is_title, pair)) and pair[0]
        for pair in titles
    )
    if not are_pairs:
        raise ValueError(
            "kind_titles must be pairs of two texts, the first one not empty, each of up to "
            f"{MAX_CHOICE_CHARACTERS} characters."
        )
    assert isinstance(titles, tuple)
    if len(titles) > MAX_KIND_TITLES:
        raise ValueError(f"kind_titles may be {MAX_KIND_TITLES:,} at most, got {len(titles):,}.")
    if len({found for found, _ in titles}) < len(titles):
        raise ValueError("kind_titles has two titles for the same kind.")


def _is_title(text: object) -> bool:
    return isinstance(text, str) and len(text) <= MAX_CHOICE_CHARACTERS


AUTOMATIC = ReadingChoices()
"""Everything as it is recognised."""
