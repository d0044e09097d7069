"""What every source of training data has: a title, and parts that are read as bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

MAX_PARTS = 20_000
"""Most files that a folder or an archive may hold, whatever their kind."""


@dataclass(frozen=True)
class SourcePart:
    """One file of a source, or what takes the place of a file.

    Attributes
    ----------
    name : str
        What to call it in messages: "a.txt", or "names/german.txt" in a folder.
    size : int
        In bytes. 0 for some files that the system makes up as they are read.
    chunks : callable
        Returns an iterator over the bytes, from the beginning each time. It raises `CorpusError`
        if they cannot be read.
    """

    name: str
    size: int
    chunks: Callable[[], Iterator[bytes]]


class DataSource(Protocol):
    """A place, or several, from which training data are read."""

    @property
    def title(self) -> str:
        """What to call it: the file's name, "names" for a folder, or "Pasted text"."""

    @property
    def key(self) -> str:
        """What tells it from other sources, by which choices are remembered."""

    @property
    def places(self) -> tuple[str, ...]:
        """The files and folders that it can be read from again; none for what was pasted."""

    def parts(self) -> Iterator[SourcePart]:
        """Yield the parts in their order, at least one.

        Raises
        ------
        CorpusError
            If there are none, or the place cannot be read.
        """

    def notes(self) -> tuple[str, ...]:
        """Return sentences about what was left out."""
