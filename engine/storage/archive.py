"""Archives: arrays and JSON values in one .npz file.

An .npz is a zip archive with one .npy file per array. `numpy.load` can read what is written here.
Files that are read may come from anywhere: nothing in them is executed, and every size is checked
before memory is allocated.
"""

import codecs
import io
import json
import math
import os
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from engine.storage.files import atomic_writer, explain_unreadable

Array = NDArray[Any]

MAX_BYTES = 2_000_000_000
"""Size of the largest file that is read. The largest possible network and text are smaller."""

MAX_DIGITS = 40
"""Digits of the longest integer in JSON: a random state has 128 bits."""

MAX_JSON_ITEMS = 1_000_000
"""Items in a JSON value of any size. A larger value may have more: one for every three bytes."""

_MAX_DIRECTORY_BYTES = 1_000_000
"""Size of the longest table of contents, which `zipfile` reads as a whole."""

_HEAD_BYTES = 4_096
"""Bytes by which a text file is recognised."""

_PIECE = 1 << 20
"""Bytes of JSON that are looked at together."""

_ZIP_SIGNATURE = b"PK"
_END_RECORD = struct.Struct("<4s4H2LH")
_END_SIGNATURE, _ZIP64_SIGNATURE = b"PK\x05\x06", b"PK\x06\x07"
_ZIP64_BYTES = 20

_HEADER_LENGTH = struct.Struct("<H")
"""Of the header of an array, which stands before it."""

_WANTED = "a saved network or run"
_OTHER_FILE = "Choose a file that DinoGUI has saved."
_NOT_OURS = f"it was not written by DinoGUI. {_OTHER_FILE}"

_NOT_IN_FILE_NAMES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Lone surrogates that cannot be in the name of a file, except on Windows."""

_KINDS = "biuf"
"""Kinds of array types that may be stored: booleans, integers and floating-point numbers."""


class CheckpointError(ValueError):
    """A file does not hold what was expected. The message is a sentence for people."""


class TextFileError(CheckpointError):
    """A file is a text where a network or run is due."""


def write_archive(path: str | os.PathLike[str], entries: Mapping[str, Any]) -> None:
    """Write entries to a file, whole or not at all.

    Parameters
    ----------
    path : path
    entries : mapping of str to array or JSON value
        JSON values are stored as UTF-8 text in an array of bytes. Lone surrogates that `json`
        refuses, which only names of files on Windows can hold, are replaced by U+FFFD.

    Raises
    ------
    ValueError
        If an array's type would need a pickle, or a value cannot be written as JSON.
    OSError
        If the file cannot be written; the previous file is left as it was.
    """
    arrays: dict[str, Any] = {name: _array_of(name, value) for name, value in entries.items()}
    with atomic_writer(path) as file:
        np.savez(file, **arrays)


@contextmanager
def open_archive(path: str | os.PathLike[str]) -> Iterator["Archive"]:
    """Open an archive for reading; turn errors inside the ``with`` into a `CheckpointError`.

    Raises
    ------
    CheckpointError
        If the file does not exist, is not a regular file or cannot be read, or if the body of the
        ``with`` raises anything.
    """
    path = Path(path)
    try:
        problem = explain_unreadable(path, _WANTED)
        if problem is not None:
            raise CheckpointError(problem)
        with path.open("rb") as file:
            _refuse_text(file, path)
            _check_directory(file, path)
            with zipfile.ZipFile(file) as archive:
                yield Archive(archive, path)
    except (CheckpointError, MemoryError):
        raise
    except FileNotFoundError:
        raise CheckpointError(f"There is no file “{path}”. Check the name.") from None
    except OSError as error:
        raise CheckpointError(f"“{path}” cannot be read: {error.strerror or error}.") from error
    except Exception as error:  # whatever a damaged file makes zipfile, NumPy or JSON raise
        raise CheckpointError(
            f"“{path.name}” holds no network, or is damaged. {_OTHER_FILE}"
        ) from error


class Archive:
    """The entries of an open archive. Each is read when it is asked for.

    Entries must not be compressed, so none can be larger than the file itself.

    Parameters
    ----------
    archive : ZipFile
    path : Path
        Named in messages.

    Raises
    ------
    CheckpointError
        If the file is not an archive of this kind.
    """

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self.path = path
        self._archive = archive
        entries = archive.infolist()
        self._entries = {entry.filename.removesuffix(".npy"): entry for entry in entries}
        self.n_bytes = sum(entry.file_size for entry in entries)
        if len(self._entries) < len(entries):
            raise self.error("is damaged: two of its entries have the same name.")
        if self.n_bytes > MAX_BYTES or self.n_bytes > path.stat().st_size:
            raise self.error(f"unpacks to more than is allowed: {_NOT_OURS}")
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise self.error(f"is compressed: {_NOT_OURS}")
        for name, entry in self._entries.items():  # also those that nobody reads
            with archive.open(entry) as file:
                self._header(name, file)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def error(self, what: str) -> CheckpointError:
        """Return an error to raise, whose sentence begins with the file's name."""
        return CheckpointError(f"“{self.path.name}” {what}")

    def under(self, prefix: str) -> dict[str, Array]:
        """Read all arrays whose names begin with `prefix`, and drop the prefix from the names."""
        names = [name for name in self._entries if name.startswith(prefix)]
        return {name.removeprefix(prefix): self.array(name) for name in names}

    def json(self, name: str, max_items: int | None = None, *, may_name_files: bool = False) -> Any:
        """Read a JSON value.

        Parameters
        ----------
        name : str
        max_items : int, optional
            Bounds the memory; by default `MAX_JSON_ITEMS`, or a third of the bytes if that is more.
        may_name_files : bool
            Whether its strings may hold the lone surrogates that names of files may hold; see
            `engine.storage.validated_mapping.is_file_name`.

        Raises
        ------
        CheckpointError
            If it has more items than that, an integer of more than `MAX_DIGITS` digits, a
            number that is not finite, or any other lone surrogate.
        """
        content = self.array(name).astype(np.uint8, casting="safe", copy=False).reshape(-1)
        if max_items is None:
            max_items = max(MAX_JSON_ITEMS, len(content) // 3)
        if _count_items(content) > max_items:
            raise self.error(f"has too many values in {name}: it was not written by DinoGUI.")

        def whole(digits: str) -> int:
            if len(digits.lstrip("-")) > MAX_DIGITS:  # reading it takes quadratic time
                raise self.error(f"is damaged: {name} holds a number of {len(digits):,} digits.")
            return int(digits)

        def decimal(digits: str) -> float:
            value = float(digits)
            if not math.isfinite(value):
                raise self.error(f"is damaged: {name} holds a number that is not finite.")
            return value

        text = content.tobytes().decode()
        value = json.loads(text, parse_int=whole, parse_float=decimal, parse_constant=decimal)
        if "\\ud" in text or "\\uD" in text:  # only such an escape can stand for a surrogate
            try:
                written = json.dumps(value, ensure_ascii=False)
                written.encode(errors="surrogateescape" if may_name_files else "strict")
            except UnicodeEncodeError:
                raise self.error(
                    f"is damaged: {name} holds a character that UTF-8 cannot encode."
                ) from None
        return value

    def array(self, name: str) -> Array:
        """Read one array; it is read-only.

        Raises
        ------
        CheckpointError
            If its content does not match its declared type and size, or needs a pickle.
        KeyError
            If there is no such entry.
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
        """Read an array's shape, whether it is in Fortran order, and its type."""
        if np.lib.format.read_magic(file) != (1, 0):
            raise self.error(f"is damaged: {name} has an unknown version.")
        shape, is_fortran, dtype = _array_header(_header_bytes(file))
        if dtype.kind not in _KINDS:
            raise self.error(f"holds a {dtype} in {name}, a type that is never opened.")
        return shape, is_fortran, dtype


def _header_bytes(file: IO[bytes]) -> bytes:
    """Read the header of an array with its length, as far as it is there."""
    length = file.read(_HEADER_LENGTH.size)
    if len(length) < _HEADER_LENGTH.size:
        return length
    return length + file.read(*_HEADER_LENGTH.unpack(length))


@lru_cache(maxsize=256)
def _array_header(content: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Parse the header of an array.

    NumPy parses it as Python, which takes longer than to read a short array. The same few headers
    come again and again: each is read when its file is opened and with its array.
    """
    return np.lib.format.read_array_header_1_0(io.BytesIO(content))


def _refuse_text(file: IO[bytes], path: Path) -> None:
    """Say that a file is a text, if its beginning is; this is the likeliest mistake."""
    head = file.read(_HEAD_BYTES)
    if not head:
        raise CheckpointError(f"“{path.name}” is empty. {_OTHER_FILE}")
    if b"\0" in head or head.startswith(_ZIP_SIGNATURE):
        return
    with suppress(UnicodeDecodeError):
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a last character may be cut
        raise TextFileError(f"“{path.name}” holds no network. It is a text file.")


def _check_directory(file: IO[bytes], path: Path) -> None:
    """Check that the table of contents is not so long that reading it would fill the memory.

    An archive that DinoGUI writes ends with the end record: it has no comment, and is too small
    for the ZIP64 format. Whether there is a table of contents at all is left to `zipfile`.
    """
    file.seek(0, os.SEEK_END)
    file.seek(-min(file.tell(), _END_RECORD.size + _ZIP64_BYTES), os.SEEK_CUR)
    tail = file.read()
    file.seek(0)
    if len(tail) < _END_RECORD.size:
        return
    signature, *_, size, _offset, _comment = _END_RECORD.unpack(tail[-_END_RECORD.size :])
    if signature != _END_SIGNATURE or tail.startswith(_ZIP64_SIGNATURE):
        raise CheckpointError(f"“{path.name}” holds no network, or is damaged. {_OTHER_FILE}")
    if size > _MAX_DIRECTORY_BYTES:
        raise CheckpointError(f"“{path.name}” has too many entries: {_NOT_OURS}")


def _count_items(content: Array) -> int:
    """Return at least the number of items in JSON: each follows a comma or an opening bracket."""
    pieces = (content[at : at + _PIECE].tobytes() for at in range(0, len(content), _PIECE))
    return sum(piece.count(sign) for piece in pieces for sign in (b",", b"[", b"{"))


def _array_of(name: str, value: Any) -> Array:
    if not isinstance(value, np.ndarray):
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        try:
            content = text.encode()
        except UnicodeEncodeError:  # a file name may hold lone surrogates
            text = _NOT_IN_FILE_NAMES.sub("\ufffd", text)
            # What this error handler writes for the others is how JSON escapes them.
            content = text.encode(errors="backslashreplace")
        return np.frombuffer(content, dtype=np.uint8)
    if value.dtype.kind not in _KINDS:
        raise ValueError(f"{name} must hold numbers or booleans, got {value.dtype}.")
    return value
