"""From what a person has typed, dropped or chosen to a source."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.data.sources.data_source import DataSource
from engine.data.sources.file_source import FileSource
from engine.data.sources.folder_source import FolderSource
from engine.data.sources.kinds_of_file import RUN_SUFFIX
from engine.data.sources.pasted_source import STANDARD_INPUT, StandardInput
from engine.data.sources.places import MAX_PLACES
from engine.data.sources.several_sources import SeveralSources
from engine.data.training_data import CorpusError

_ARCHIVE_SUFFIX = ".zip"
_ARCHIVE_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")  # of its first file, and of an empty one


def source_of(words: Sequence[str | os.PathLike[str]]) -> DataSource:
    """Return the source for files, folders, archives, and “-” for the standard input.

    Nothing is read yet, but for the first bytes of a file.

    Parameters
    ----------
    words : sequence of path
        One or more.

    Raises
    ------
    CorpusError
        If there are none or too many of them, or the standard input is among them twice.
    """
    if not words:
        raise CorpusError("There is nothing to read. Choose a file or a folder.")
    if len(words) > MAX_PLACES:
        raise CorpusError(
            f"{len(words):,} files were chosen. Choose up to {MAX_PLACES:,}, or a folder with all "
            "of them in it."
        )
    if [os.fspath(word) for word in words].count(STANDARD_INPUT) > 1:
        raise CorpusError("The standard input, “-”, can be read only once. Leave out the other.")
    sources = tuple(map(_source_of_word, words))
    return sources[0] if len(sources) == 1 else SeveralSources(sources)


def as_source(source: str | os.PathLike[str] | DataSource) -> DataSource:
    """Return a source as it is, and for a path what `source_of` returns."""
    return source_of([source]) if isinstance(source, str | os.PathLike) else source


def _source_of_word(word: str | os.PathLike[str]) -> DataSource:
    if os.fspath(word) == STANDARD_INPUT:
        return StandardInput()
    path = Path(word)
    if _is(path, os.path.isdir):
        return FolderSource(path)
    if _is_archive(path):
        # Its import takes long, and the window is painted without it.
        from engine.data.sources.archive_source import ArchiveSource

        return ArchiveSource(path)
    return FileSource(path)


def _is_archive(path: Path) -> bool:
    """Tell whether a file is a zip archive, by its suffix or how it begins.

    The file of a run is one too, but not meant here.
    """
    suffix = path.suffix.lower()
    if suffix in (_ARCHIVE_SUFFIX, RUN_SUFFIX) or not _is(path, os.path.isfile):
        return suffix == _ARCHIVE_SUFFIX
    try:
        with path.open("rb") as file:
            return file.read(4) in _ARCHIVE_SIGNATURES
    except OSError:  # reading it will say why
        return False


def _is(path: Path, test: Callable[[Path], bool]) -> bool:
    """Return what a test of a path says; False for a name that no file can have."""
    try:
        return test(path)
    except ValueError:
        return False
