"""Text files: bytes from a disk become Unicode, piece by piece, or a sentence says why not."""

import codecs
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from engine.storage.files import explain_unreadable

_READ_BYTES = 1 << 20
_BOM = codecs.BOM_UTF8

MAX_ACCENTS = 100
"""Most that may stand on one letter; Unicode's stream-safe texts have 30 (UAX 15)."""

OnProgress = Callable[[float], None]
"""Called with the share of the work that is done, from 0 to 1. What it raises ends the work."""


class CorpusError(ValueError):
    """A file or text cannot be learned from. The message is a sentence for people."""


def ignore_progress(share: float) -> None:
    """Stand in for an `on_progress` that nobody gave."""


def unify(text: str, *, lower_case: bool) -> str:
    """Write what counts as the same letter in the same way, in a file as in a beginning.

    NFC: an é of one code point and an é of two are one letter.
    """
    return unicodedata.normalize("NFC", text.lower() if lower_case else text)


def refuse_endless_accents(text: str, source: str) -> None:
    """Look whether too many accents stand on one letter: NFC sorts them, a million in an hour.

    Raises
    ------
    CorpusError
        If more than `MAX_ACCENTS` do.
    """
    if not text.isascii() and _endless_accents().search(text):
        raise CorpusError(
            f"“{source}” has a letter with more than {MAX_ACCENTS} accents. It is no text to "
            "learn from: choose another."
        )


@cache
def _endless_accents() -> re.Pattern[str]:
    """Return a pattern of too many code points that combine; all lie in the first two planes."""
    marks = "".join(c for c in map(chr, range(0x300, 0x20000)) if unicodedata.combining(c))
    return re.compile(f"[{marks}]{{{MAX_ACCENTS + 1}}}")


def size_of(path: str | os.PathLike[str], wanted: str, max_bytes: int) -> int:
    """Look whether a file can be read, and return its size in bytes.

    Parameters
    ----------
    path : path
    wanted : str
        What to choose in its place, as in "Choose a text file of names."
    max_bytes : int
        Largest size that can be opened.

    Raises
    ------
    CorpusError
        If there is no such file, it is no ordinary one, or too large.
    """
    path = Path(path)
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    told = explain_unreadable(path, wanted)
    if told is not None:
        raise CorpusError(told)
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
        If it cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            while chunk := file.read(_READ_BYTES):
                yield chunk
    except (OSError, ValueError) as error:
        raise _unreadable(Path(path), error) from error


def decoded(chunks: Iterable[bytes], source: str, wanted: str) -> Iterator[str]:
    """Yield the text of some bytes, piece by piece, every line end as a newline.

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
        At the first byte that is none of a text in UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    begun, lines, held_back = 0, 1, ""  # bytes and lines before the chunk; a CR at its end
    for content, is_last in _marked_last(chunks):
        _refuse_binary(content, begun, source, wanted)
        pending = len(decoder.getstate()[0])
        skipped = len(_BOM) if not begun and content.startswith(_BOM) else 0
        try:
            text = held_back + decoder.decode(content[skipped:], final=is_last)
        except UnicodeDecodeError as error:
            inside = skipped + error.start - pending  # below 0: it began in the chunk before
            line = lines + content.count(b"\n", 0, max(inside, 0))
            raise CorpusError(
                f"“{source}” is not UTF-8 text: byte {begun + inside:,} "
                f"(0x{error.object[error.start]:02x}), in line {line:,}, does not fit. "
                "Save it as UTF-8 and open it again."
            ) from None
        held_back = "\r" if text.endswith("\r") and not is_last else ""
        text = text.removesuffix(held_back) if held_back else text
        yield text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        begun += len(content)
        lines += content.count(b"\n")


def _marked_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each chunk and whether it is the last one; the last one is empty."""
    for chunk in chunks:
        yield chunk, False
    yield b"", True


def _refuse_binary(content: bytes, begun: int, source: str, wanted: str) -> None:
    if not begun and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise CorpusError(
            f"“{source}” is UTF-16 text and not UTF-8: byte 0 does not fit. "
            "Save it as UTF-8 and open it again."
        )
    zero = content.find(b"\0")
    if zero >= 0:
        raise CorpusError(
            f"“{source}” is not a text file: byte {begun + zero:,} is a zero. Choose {wanted}."
        )


def _unreadable(path: Path, error: OSError | ValueError) -> CorpusError:
    if isinstance(error, FileNotFoundError):
        return CorpusError(f"There is no file “{path}”. Check the name and the folder.")
    if isinstance(error, PermissionError):
        return CorpusError(f"“{path}” may not be read. Ask for permission to read it.")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return CorpusError(f"“{path}” cannot be read: {reason}.")
