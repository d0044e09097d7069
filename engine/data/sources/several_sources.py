"""Several sources as one: their parts follow each other in the order that was given."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.sources.file_source import up_to_limit
from engine.data.sources.places import joint_title, key_of_places


@dataclass(frozen=True)
class SeveralSources:
    """Several files, folders or archives, read as one; see `DataSource`.

    Attributes
    ----------
    sources : tuple of DataSource
        At least two.
    """

    sources: tuple[DataSource, ...]

    @property
    def title(self) -> str:
        """The name of the first, and of the second or the number of the others."""
        return joint_title([source.title for source in self.sources])

    @property
    def key(self) -> str:
        """The keys of all."""
        return key_of_places(tuple(source.key for source in self.sources))

    @property
    def places(self) -> tuple[str, ...]:
        """Those of all; none if one of them cannot be read again."""
        places = [source.places for source in self.sources]
        return tuple(place for each in places for place in each) if all(places) else ()

    def parts(self) -> Iterator[SourcePart]:
        """Yield the parts of all; see `DataSource.parts`."""
        parts = (part for source in self.sources for part in source.parts())
        return up_to_limit(parts, self.title)

    def notes(self) -> tuple[str, ...]:
        """Return what was left out of each."""
        return tuple(note for source in self.sources for note in source.notes())
