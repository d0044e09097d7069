"""What a person has chosen about how a file is read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MAX_CHOICE_CHARACTERS = 200
"""Longest text of a choice, such as the header of a column."""


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

    def __post_init__(self) -> None:
        for name in ("encoding", "layout", "column", "weights", "delimiter", "separator"):
            value = getattr(self, name)
            is_number = name in ("column", "weights") and type(value) is int and value >= 1
            is_text = isinstance(value, str) and 0 < len(value) <= MAX_CHOICE_CHARACTERS
            if value is not None and not (is_number or is_text):
                allowed = f"a text of 1 to {MAX_CHOICE_CHARACTERS} characters"
                allowed += ", or a number from 1" if name in ("column", "weights") else ""
                raise ValueError(f"{name} must be {allowed}, got {value!r:.100}.")
        for name in ("header", "lower_case"):
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

    @property
    def is_of_columns(self) -> bool:
        """Whether something is chosen that only a table has."""
        chosen = (self.column, self.header, self.weights, self.delimiter)
        return any(each is not None for each in chosen)

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
        return cls(**values)


AUTOMATIC = ReadingChoices()
"""Everything as it is recognised."""
