"""Arrays in a file: NumPy's .npz, written whole, and read with nothing executed and memory bounded.

An .npz is a zip archive with one .npy a name. `numpy.load` reads what is written here; but what is
read here may come from anywhere, so that every size is looked at before anything is unpacked.
"""

import io
import json
import math
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from engine.storage.atomic import atomic_writer
from engine.storage.ordinary_file import told_of_other

Array = NDArray[Any]

MAX_BYTES = 2_000_000_000
"""Largest file that is read: the largest network and text that can be made lie below it."""

_WANTED = "the file of a saved network or run"

_KINDS = "biuf"
"""Of the types that are kept: truth values, whole numbers and floating-point ones."""


class CheckpointError(ValueError):
    """A file holds nothing that can be used. The message is a sentence for people."""


def write_archive(path: str | os.PathLike[str], entries: Mapping[str, Any]) -> None:
    """Write arrays, and whatever else as JSON in UTF-8 (an array of bytes), whole or not at all.

    Raises
    ------
    ValueError
        If an array is of a type that needs a pickle, or a value has no form in JSON.
    OSError
        If it cannot be written; what was there before is left alone.
    """
    arrays: dict[str, Any] = {name: _array_of(name, value) for name, value in entries.items()}
    with atomic_writer(path) as file:
        np.savez(file, **arrays)


@contextmanager
def open_archive(path: str | os.PathLike[str]) -> Iterator["Archive"]:
    """Open an archive to read from; whatever goes wrong inside is told as a `CheckpointError`.

    Raises
    ------
    CheckpointError
        If there is no such file, it is no ordinary one or cannot be read, or the body of the
        ``with`` raised anything.
    """
    path = Path(path)
    try:
        told = told_of_other(path, _WANTED)
        if told is not None:
            raise CheckpointError(told)
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            yield Archive(archive, path)
    except CheckpointError:
        raise
    except FileNotFoundError:
        raise CheckpointError(f"There is no file “{path}”. Check the name.") from None
    except OSError as error:
        raise CheckpointError(f"“{path}” cannot be read: {error.strerror or error}.") from error
    except Exception as error:  # whatever a damaged file makes zipfile, NumPy or JSON raise
        raise CheckpointError(f"“{path.name}” holds no network, or is damaged.") from error


class Archive:
    """The entries of an open archive, each read when it is asked for.

    Entries are stored as they are, not compressed, so that none can be larger than the file.

    Parameters
    ----------
    archive : ZipFile
    path : Path
        What to call it in messages.

    Raises
    ------
    CheckpointError
        If it is no archive of this kind.
    """

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self.path = path
        self._archive = archive
        entries = archive.infolist()
        self._entries = {entry.filename.removesuffix(".npy"): entry for entry in entries}
        self.n_bytes = sum(entry.file_size for entry in entries)
        if len(self._entries) < len(entries):
            raise self.error("is damaged: it has two entries of one name.")
        if self.n_bytes > MAX_BYTES or self.n_bytes > path.stat().st_size:
            raise self.error("unpacks to more than it may: it was not written by DinoGUI.")
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise self.error("is compressed: it was not written by DinoGUI.")
        for name, entry in self._entries.items():  # one that nobody asks for may hold a pickle
            with archive.open(entry) as file:
                self._header(name, file)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def error(self, what: str) -> CheckpointError:
        """Return what to raise, a sentence that begins with the file's name."""
        return CheckpointError(f"“{self.path.name}” {what}")

    def under(self, prefix: str) -> dict[str, Array]:
        """Read all arrays whose names begin with `prefix`, which is left off."""
        names = [name for name in self._entries if name.startswith(prefix)]
        return {name.removeprefix(prefix): self.array(name) for name in names}

    def json(self, name: str) -> Any:
        """Read what was written as JSON."""
        return json.loads(self.array(name).astype(np.uint8, casting="safe").tobytes())

    def array(self, name: str) -> Array:
        """Read one array, which is read-only.

        Raises
        ------
        CheckpointError
            If it is of another type or size than it says, or needs a pickle.
        KeyError
            If there is none.
        """
        content = self._archive.read(self._entries[name])
        file = io.BytesIO(content)
        shape, is_fortran, dtype = self._header(name, file)
        begin = file.tell()
        if min(shape, default=0) < 0 or len(content) - begin != dtype.itemsize * math.prod(shape):
            raise self.error(f"is damaged: {name} does not have the shape {shape}.")
        flat = np.frombuffer(content, dtype, offset=begin)
        return flat.reshape(shape[::-1]).T if is_fortran else flat.reshape(shape)

    def _header(self, name: str, file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
        """Read an array's shape, whether its first index runs fastest, and its type."""
        if np.lib.format.read_magic(file) != (1, 0):
            raise self.error(f"is damaged: {name} is of an unknown version.")
        shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file)
        if dtype.kind not in _KINDS:
            raise self.error(f"holds a {dtype} in {name}, which is not opened.")
        return shape, is_fortran, dtype


def _array_of(name: str, value: Any) -> Array:
    if not isinstance(value, np.ndarray):
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        try:
            content = text.encode()
        except UnicodeEncodeError:  # a file's name may hold what is no text
            content = json.dumps(value, allow_nan=False).encode()
        return np.frombuffer(content, dtype=np.uint8)
    if value.dtype.kind not in _KINDS:
        raise ValueError(f"{name} must hold numbers or truth values, got {value.dtype}.")
    return value
