"""What a way to write a table has: how its rows are found, and what people call it."""

from collections.abc import Iterator
from typing import Protocol

ADVICE = "Correct it, or choose the layout “names” to learn the lines as they stand."
"""What to do with a table that cannot be read."""


class Dialect(Protocol):
    """How the cells of a table are separated."""

    @property
    def delimiter(self) -> str:
        """What stands between two cells: the sign by which a person chooses this dialect."""

    @property
    def quote(self) -> str | None:
        """What encloses cells; None if nothing does."""

    @property
    def title(self) -> str:
        """What people call such a table; empty for one that is told by its number of columns."""

    @property
    def has_header(self) -> bool | None:
        """Whether the first row is a header. None: that has to be recognised."""

    @property
    def question(self) -> str:
        """What the beginning of the file leaves open, in a sentence; or nothing."""

    def rows(
        self, text: str, *, is_whole: bool = False, unclosed: list[int] | None = None
    ) -> Iterator[list[str]]:
        """Yield the rows that are not blank.

        Parameters
        ----------
        text : str
        is_whole : bool
            Whether the file ends with this text: then its last cell must end, too.
        unclosed : list of int, optional
            Gets the numbers of the lines, from 1, in which a quotation mark was left out as it is
            not closed.

        Raises
        ------
        CorpusError
            If a cell is far too long, or does not end, because of a quotation mark.
        """

    def complete_rows(self, text: str) -> str:
        """Return a text that has been cut without its last row if a cell in it does not end."""
