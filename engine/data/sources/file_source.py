"""A file as a source of training data."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from engine.data.sources.data_source import SourcePart
from engine.data.sources.path_source import PathSource
from engine.data.training_data import CorpusError
from engine.storage.files import explain_unreadable

MAX_SOURCE_BYTES = 500_000_000
"""Largest file that is read, in bytes."""

_READ_BYTES = 1 << 20
_WANTED = "a text file"


class FileSource(PathSource):
    """One file."""

    def parts(self) -> Iterator[SourcePart]:
        """Yield the file, see `DataSource.parts`."""
        yield file_part(self.path, self.path.name)

    def notes(self) -> tuple[str, ...]:
        """Return nothing: a file is read as a whole."""
        return ()


def file_part(path: Path, name: str) -> SourcePart:
    """Return a file as a part of a source.

    Raises
    ------
    CorpusError
        If there is no such file, it is not a regular one, or it is too large.
    """
    return SourcePart(name, size_of(path, MAX_SOURCE_BYTES), partial(read_chunks, path))


def up_to_limit(parts: Iterable[SourcePart], title: str) -> Iterator[SourcePart]:
    """Yield parts unchanged, as long as they are not too large together.

    Raises
    ------
    CorpusError
        As soon as they are; the message calls them by the title.
    """
    n_bytes = 0
    for part in parts:
        n_bytes += part.size
        if n_bytes > MAX_SOURCE_BYTES:
            raise CorpusError(
                f"What is to be read from “{title}” has more than {MAX_SOURCE_BYTES / 1e6:,.0f} MB "
                "together. Choose fewer files."
            )
        yield part


def size_of(path: str | os.PathLike[str], max_bytes: int, wanted: str = _WANTED) -> int:
    """Check that a file can be read, and return its size in bytes.

    Parameters
    ----------
    path : path
    max_bytes : int
        Largest size allowed.
    wanted : str
        What to choose instead, as in "Choose a text file."

    Raises
    ------
    CorpusError
        If there is no such file, it is not a regular one, or it is too large.
    """
    path = Path(path)
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    reason = explain_unreadable(path, wanted)
    if reason is not None:
        raise CorpusError(reason)
    if status.st_size > max_bytes:
        raise too_large(path.name, status.st_size, max_bytes)
    return status.st_size


def too_large(name: str, size: int, max_bytes: int) -> CorpusError:
    """Return the error for more bytes than can be read."""
    return CorpusError(
        f"“{name}” has {size / 1e6:,.0f} MB. "
        f"Files of up to {max_bytes / 1e6:,.0f} MB can be opened here."
    )


def read_chunks(path: str | os.PathLike[str]) -> Iterator[bytes]:
    """Yield a file's bytes, a megabyte at a time.

    Raises
    ------
    CorpusError
        If the file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            while chunk := file.read(_READ_BYTES):
                yield chunk
    except (OSError, ValueError) as error:
        raise unreadable(Path(path), error) from error


def unreadable(path: Path, error: OSError | ValueError) -> CorpusError:
    """Return the error that says why a file or a folder cannot be read."""
    if isinstance(error, FileNotFoundError):
        return CorpusError(f"There is no file “{path}”. Check the name and the folder.")
    if isinstance(error, PermissionError):
        return CorpusError(
            f"You do not have permission to read “{path}”. "
            "Change its permissions, or choose another file."
        )
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return CorpusError(f"“{path}” cannot be read: {reason}.")
