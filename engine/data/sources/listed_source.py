"""A source that lists its parts once, however often they are asked for."""

from collections.abc import Iterator

from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.sources.wrapped_source import WrappedSource


class ListedSource(WrappedSource):
    """Another source, whose parts are remembered; see `DataSource`.

    Data are recognised, perhaps previewed, and read, and each begins with the list of parts. To
    make it, a folder opens all its files. What is in the parts is read each time.

    Parameters
    ----------
    source : DataSource
    """

    def __init__(self, source: DataSource) -> None:
        super().__init__(source)
        self._parts: list[SourcePart] = []
        self._others: Iterator[SourcePart] | None = None

    def parts(self) -> Iterator[SourcePart]:
        """Yield the parts; see `DataSource.parts`. The list goes on where it was left."""
        place = 0
        while place < len(self._parts) or self._list_next():
            yield self._parts[place]
            place += 1

    def _list_next(self) -> bool:
        """Add the next part to the list, and tell whether there was one."""
        if self._others is None:
            self._others = self._source.parts()
        try:
            self._parts.append(next(self._others))
        except StopIteration:
            return False
        except BaseException:
            self._parts, self._others = [], None  # next time, begin again
            raise
        return True
