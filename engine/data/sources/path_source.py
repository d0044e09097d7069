"""What the sources at one place on the disk have in common."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from engine.data.sources.kinds_of_file import LeftOut


@dataclass(frozen=True)
class PathSource:
    """A file, a folder or an archive; see `DataSource`.

    Attributes
    ----------
    path : Path
    """

    path: Path

    @property
    def title(self) -> str:
        """The name of the file or archive."""
        return self.path.name

    @property
    def key(self) -> str:
        """The absolute path."""
        return os.path.abspath(self.path)

    @property
    def places(self) -> tuple[str, ...]:
        """The absolute path."""
        return (self.key,)


@dataclass(frozen=True)
class SelectingSource(PathSource):
    """A folder or an archive, of which some files may be left out."""

    _left_out: list[LeftOut] = field(default_factory=list, repr=False, compare=False)

    def notes(self) -> tuple[str, ...]:
        """Return which files were left out when the parts were last listed."""
        return tuple(note for each in self._left_out if (note := each.note()))

    def _list_anew(self) -> LeftOut:
        """Forget which files were left out, and return where to note them."""
        self._left_out[:] = [LeftOut(self.title)]
        return self._left_out[0]
