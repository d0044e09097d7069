"""A source that lists its parts once, however often they are asked for."""

from collections.abc import Iterator

from engine.data.sources.data_source import DataSource, SourcePart


class ListedSource:
    """Another source, whose parts are remembered; see `DataSource`.

    Data are recognised, perhaps previewed, and read, and each begins with the list of parts. To
    make it, a folder opens all its files. What is in the parts is read each time.

    Parameters
    ----------
    source : DataSource
    """

    def __init__(self, source: DataSource) -> None:
        self._source = source
        self._parts: tuple[SourcePart, ...] | None = None

    @property
    def title(self) -> str:
        """That of the source."""
        return self._source.title

    @property
    def key(self) -> str:
        """That of the source."""
        return self._source.key

    @property
    def places(self) -> tuple[str, ...]:
        """Those of the source."""
        return self._source.places

    def parts(self) -> Iterator[SourcePart]:
        """Yield the parts; see `DataSource.parts`."""
        if self._parts is not None:
            yield from self._parts
            return
        found = []
        for part in self._source.parts():
            found.append(part)
            yield part
        self._parts = tuple(found)  # not if somebody has stopped before the last one

    def notes(self) -> tuple[str, ...]:
        """Return those of the source."""
        return self._source.notes()
