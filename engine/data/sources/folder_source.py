"""A folder as a source: the texts in it and in its sub-folders."""

import os
from collections.abc import Iterator
from pathlib import Path

from engine.data.sources.data_source import MAX_PARTS, SourcePart
from engine.data.sources.file_source import file_part, unreadable, up_to_limit
from engine.data.sources.kinds_of_file import (
    HEAD_BYTES,
    LeftOut,
    is_hidden,
    is_readable,
    kind_by_name,
    natural_order,
)
from engine.data.sources.path_source import SelectingSource
from engine.data.training_data import CorpusError


class FolderSource(SelectingSource):
    """A folder; see `DataSource`.

    Its parts are its texts, by whatever suffix, in the natural order of their paths. Hidden files
    and folders are left out, and links to folders, which can lead in circles; so are empty files
    and files that are not texts, of which `notes` tells.
    """

    @property
    def title(self) -> str:
        """The folder's name."""
        return Path(self.key).name or str(self.path)

    def parts(self) -> Iterator[SourcePart]:
        """Yield the texts; see `DataSource.parts`.

        Raises
        ------
        CorpusError
            If the folder has no texts, or too many files, or one of its files or sub-folders
            cannot be read.
        """
        left_out = self._list_anew()
        found = False
        for part in up_to_limit(self._texts(left_out), self.title):
            found = True
            yield part
        if not found:
            raise left_out.refusal("folder")

    def _texts(self, left_out: LeftOut) -> Iterator[SourcePart]:
        for inside in self._files():
            name = "/".join((self.title, *inside))
            path = self.path.joinpath(*inside)
            kind = kind_by_name(name)
            if kind is None and not path.is_file() and path.exists():
                kind = "other"  # opening a pipe would block
            if kind is not None:
                left_out.add(name, kind)
                continue
            head = _head(path)
            if not head:
                left_out.add(name, "empty")
            elif not is_readable(head):
                left_out.add(name, "other")
            else:
                yield file_part(path, name)

    def _files(self) -> list[tuple[str, ...]]:
        """Return the paths of all files that are not hidden, as seen from the folder."""
        found: list[tuple[str, ...]] = []

        def refuse(error: OSError) -> None:
            raise unreadable(Path(error.filename), error) from error

        for folder, folders, names in os.walk(self.path, onerror=refuse):
            inside = Path(folder).relative_to(self.path).parts
            folders[:] = sorted(each for each in folders if not is_hidden((each,)))
            found += ((*inside, name) for name in names if not is_hidden((name,)))
            if len(found) > MAX_PARTS:
                raise CorpusError(
                    f"“{self.title}” has more than {MAX_PARTS:,} files. Choose a smaller folder, "
                    "or only the files that you want."
                )
        return sorted(found, key=natural_order)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise unreadable(path, error) from error
