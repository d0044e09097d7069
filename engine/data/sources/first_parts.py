"""The first parts of a source, to be looked at before the others are known."""

from collections.abc import Iterator

from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.sources.wrapped_source import WrappedSource

_MOST_BYTES = 1 << 17
_MOST_PARTS = 40


class FirstParts(WrappedSource):
    """The first parts of another source; see `DataSource`.

    They are listed when this is made, and it takes no longer for a folder of thousands of files
    than for one of some dozens.

    Parameters
    ----------
    source : DataSource

    Attributes
    ----------
    is_all : bool
        Whether these are all parts of the source.

    Raises
    ------
    CorpusError
        If there are none, or the place cannot be read.
    """

    def __init__(self, source: DataSource) -> None:
        super().__init__(source)
        self._parts: list[SourcePart] = []
        self.is_all = True
        n_bytes = 0
        for part in source.parts():
            if n_bytes >= _MOST_BYTES or len(self._parts) == _MOST_PARTS:
                self.is_all = False
                break
            self._parts.append(part)
            n_bytes += part.size

    def parts(self) -> Iterator[SourcePart]:
        """Yield the first parts; see `DataSource.parts`."""
        yield from self._parts
