"""What a layout of a file is: how it is recognised, and how it is taken apart.

To add a layout of names, write a class with what `NamesLayout` asks for, and add it to
`engine.data.reading.registry.LAYOUTS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol, runtime_checkable

from engine.data.reading.choices import ReadingChoices
from engine.data.training_data import DataKind, OnProgress


@dataclass(frozen=True)
class Head:
    """The beginning of a file, by which its layout is recognised.

    Attributes
    ----------
    text : str
        The first lines, decoded and with clean characters.
    name : str
        The file's name.
    is_whole : bool
        Whether the file ends within `text`.
    """

    text: str
    name: str
    is_whole: bool

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines that are not blank, without white space around them."""
        return tuple(stripped for line in self.text.split("\n") if (stripped := line.strip()))

    @property
    def suffix(self) -> str:
        """The suffix of the file's name, in lower case: ".csv"."""
        stem, dot, suffix = self.name.rpartition(".")
        return f"{dot}{suffix.lower()}" if stem and dot else ""


@dataclass(frozen=True)
class TableReading:
    """How a table was read.

    Attributes
    ----------
    delimiter : str
        What separates the columns. Empty for the records of a JSON file.
    headers : tuple of str
        The title of each column: its header, or its number.
    has_header : bool
        Whether the first row was taken for a header.
    column : int
        Number of the column that has the names, from 1.
    weights : int or None
        Number of the column that has the weights, from 1.
    counts : tuple of int
        Numbers of the columns that could be weights.
    kinds : int or None
        Number of the column that has the kinds, from 1.
    kind_columns : tuple of int
        Numbers of the columns that seem to have kinds.
    few_valued : tuple of int
        Numbers of the columns with few values, each often, whatever their header is.
    rows : tuple of tuple of str
        The first rows, the header left out.
    """

    delimiter: str
    headers: tuple[str, ...]
    has_header: bool
    column: int
    weights: int | None
    counts: tuple[int, ...]
    kinds: int | None
    kind_columns: tuple[int, ...]
    few_valued: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Entries:
    """The names of a file, not yet lower-cased, and how they were found.

    Attributes
    ----------
    names : sequence of str
        In the order of the file. Blank ones are dropped and counted later. None has a line end.
    weights : sequence of int, optional
        How often each name counts.
    taken_for : str
        What the file was taken for: "a table of 3 columns". Empty if it is what it looks like:
        a list with one name per line.
    details : tuple of str
        What was done, in sentences: "The names are in column 2, “name”."
    options : tuple of str
        The choices, fields of `ReadingChoices`, that would change this.
    dropped : tuple of (str, int)
        What else was dropped and how much: ("comment", 3).
    questions : tuple of str
        What the file leaves open, in sentences.
    table : TableReading, optional
    kinds : sequence of str, optional
        The title of the kind of each name; "" if it has none. A name of several kinds stands in
        `names` once for each.
    offers : tuple of str
        What the names could have besides, as kinds, in sentences.
    """

    names: Sequence[str]
    weights: Sequence[int] | None = None
    taken_for: str = ""
    details: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    dropped: tuple[tuple[str, int], ...] = ()
    questions: tuple[str, ...] = ()
    table: TableReading | None = None
    kinds: Sequence[str] | None = None
    offers: tuple[str, ...] = ()


class Layout(Protocol):
    """A way in which a file holds training data."""

    @property
    def name(self) -> str:
        """The name in the registry."""

    @property
    def title(self) -> str:
        """What people call such a file."""

    @property
    def kind(self) -> DataKind:
        """The kind of the data."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The usual suffixes of such files, which the file dialog offers: ".txt"."""

    def recognises(self, head: Head) -> bool:
        """Tell whether a file has this layout."""


@runtime_checkable
class NamesLayout(Layout, Protocol):
    """A way in which a file holds names."""

    @property
    def kind(self) -> Literal["names"]:
        """Names."""

    def entries(self, text: str, choices: ReadingChoices, on_progress: OnProgress) -> Entries:
        """Take a file apart.

        Parameters
        ----------
        text : str
            The whole file, decoded and with clean characters.
        choices : ReadingChoices
            If `choices.layout` is set, a person has chosen this layout.
        on_progress : callable
            Called now and then with the share that is done, from 0 to 1.

        Raises
        ------
        CorpusError
            If there are no such names in it. The message begins with a capital letter and does not
            name the file.
        """
