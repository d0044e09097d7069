"""The base of sources that have the parts of another one, in a way of their own."""

from engine.data.sources.data_source import DataSource


class WrappedSource:
    """Another source by its title, key and places; a subclass says what its parts are.

    Parameters
    ----------
    source : DataSource
    """

    def __init__(self, source: DataSource) -> None:
        self._source = source

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

    def notes(self) -> tuple[str, ...]:
        """Return those of the source, as far as its parts have been listed."""
        return self._source.notes()
