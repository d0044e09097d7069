"""What every source of training data has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class SourcePart:
    """One file of a source, or what stands for one.

    Attributes
    ----------
    name : str
        What to call it in messages; its suffix helps to recognise it.
    size : int
        In bytes. 0 if it is not known.
    chunks : callable
        Returns an iterator over the bytes, from the beginning each time. It raises `CorpusError`
        if they cannot be read.
    """

    name: str
    size: int
    chunks: Callable[[], Iterator[bytes]]


class DataSource(Protocol):
    """A place that training data are read from."""

    @property
    def title(self) -> str:
        """What to call it, usually the file's name."""

    @property
    def key(self) -> str:
        """Identifies the source, so that choices for it can be remembered."""

    def parts(self) -> Iterator[SourcePart]:
        """Yield the parts in the order in which they are read.

        Raises
        ------
        CorpusError
            If the source cannot be read.
        """
