"""Text files: read and decoded piece by piece, with a message for each thing that can go wrong."""

import codecs
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from engine.data.training_data import CorpusError
from engine.storage.files import explain_unreadable

_READ_BYTES = 1 << 20
_BOM = codecs.BOM_UTF8

MAX_ACCENTS = 100
"""Largest number of accents on one letter. Unicode's stream-safe texts have 30 (UAX 15)."""


def unify(text: str, *, lower_case: bool) -> str:
    """Normalise a text, so that the same letter is always the same symbol.

    By NFC, an é of one code point and an é of two are the same letter.
    """
    return unicodedata.normalize("NFC", text.lower() if lower_case else text)


def refuse_endless_accents(text: str, source: str) -> None:
    """Check that no letter has too many accents: NFC sorts them, and takes an hour for a million.

    Raises
    ------
    CorpusError
        If a letter has more than `MAX_ACCENTS`.
    """
    if not text.isascii() and _endless_accents().search(text):
        raise CorpusError(
            f"“{source}” has a letter with more than {MAX_ACCENTS} accents. It cannot be "
            "used as training data. Choose another file."
        )


@cache
def _endless_accents() -> re.Pattern[str]:
    """Return a pattern for too many combining characters. All are in the first two planes."""
    marks = "".join(c for c in map(chr, range(0x300, 0x20000)) if unicodedata.combining(c))
    return re.compile(f"[{marks}]{{{MAX_ACCENTS + 1}}}")


def size_of(path: str | os.PathLike[str], wanted: str, max_bytes: int) -> int:
    """Check that a file can be read, and return its size in bytes.

    Parameters
    ----------
    path : path
    wanted : str
        What to choose instead, as in "Choose a text file."
    max_bytes : int
        Largest size allowed.

    Raises
    ------
    CorpusError
        If there is no such file, it is not a regular one, or it is too large.
    """
    path = Path(path)
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    reason = explain_unreadable(path, wanted)
    if reason is not None:
        raise CorpusError(reason)
    if status.st_size > max_bytes:
        raise CorpusError(
            f"“{path.name}” has {status.st_size / 1e6:,.0f} MB. "
            f"Files of up to {max_bytes / 1e6:,.0f} MB can be opened here."
        )
    return status.st_size


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
        raise _unreadable(Path(path), error) from error


def decoded(chunks: Iterable[bytes], source: str, wanted: str) -> Iterator[str]:
    """Decode bytes piece by piece, with every line end turned into a newline.

    Parameters
    ----------
    chunks : iterable of bytes
        UTF-8, with or without a byte order mark; lines end in LF, CRLF or CR.
    source : str
        What to call it in messages.
    wanted : str
        As in `size_of`.

    Raises
    ------
    CorpusError
        At the first byte that does not belong to a text in UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset, lines, held_back = 0, 1, ""  # bytes and lines before this chunk; a CR at its end
    for content, is_last in _marked_last(chunks):
        _refuse_binary(content, offset, source, wanted)
        pending = len(decoder.getstate()[0])
        skipped = len(_BOM) if not offset and content.startswith(_BOM) else 0
        try:
            text = held_back + decoder.decode(content[skipped:], final=is_last)
        except UnicodeDecodeError as error:
            inside = skipped + error.start - pending  # below 0 if it began in the chunk before
            line = lines + content.count(b"\n", 0, max(inside, 0))
            raise CorpusError(
                f"“{source}” is not UTF-8 text: byte {offset + inside:,} "
                f"(0x{error.object[error.start]:02x}) in line {line:,} is invalid. "
                "Save it as UTF-8 and open it again."
            ) from None
        held_back = "\r" if text.endswith("\r") and not is_last else ""
        text = text.removesuffix(held_back) if held_back else text
        yield text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        offset += len(content)
        lines += content.count(b"\n")


def _marked_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each chunk and whether it is the last. The last one is empty."""
    for chunk in chunks:
        yield chunk, False
    yield b"", True


def _refuse_binary(content: bytes, offset: int, source: str, wanted: str) -> None:
    if not offset and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise CorpusError(
            f"“{source}” is UTF-16 text, not UTF-8. Save it as UTF-8 and open it again."
        )
    zero = content.find(b"\0")
    if zero >= 0:
        raise CorpusError(
            f"“{source}” is not a text file: byte {offset + zero:,} is zero. Choose {wanted}."
        )


def _unreadable(path: Path, error: OSError | ValueError) -> CorpusError:
    if isinstance(error, FileNotFoundError):
        return CorpusError(f"There is no file “{path}”. Check the name and the folder.")
    if isinstance(error, PermissionError):
        return CorpusError(
            f"You do not have permission to read “{path}”. "
            "Change its permissions, or choose another file."
        )
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return CorpusError(f"“{path}” cannot be read: {reason}.")
