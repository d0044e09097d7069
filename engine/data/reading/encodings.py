"""From bytes to characters: UTF-8, what a byte order mark says, or the encoding that is chosen."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.data.training_data import CorpusError

if TYPE_CHECKING:
    from engine.data.reading.encoding_guesses import EncodingGuess

UTF_8 = "utf-8"

_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")
_BYTE_ORDER_MARK = "\ufeff"
_SAMPLE_BYTES = 1 << 16


class EncodingError(CorpusError):
    """The bytes of a text do not fit its encoding.

    Attributes
    ----------
    fitting : tuple of EncodingGuess
        The encodings that do fit, the likeliest first.
    """

    def __init__(self, message: str, fitting: "tuple[EncodingGuess, ...]") -> None:
        self.fitting = fitting
        super().__init__(message)


@dataclass(frozen=True)
class Decoded:
    """The characters of a text.

    Attributes
    ----------
    text : str
        With every line end a newline.
    encoding : str
        The name of the codec.
    had_mark : bool
        Whether a byte order mark said so.
    """

    text: str
    encoding: str
    had_mark: bool


def encoding_of(content: bytes) -> tuple[str, bool]:
    """Return the encoding of a text by its beginning, and whether it has a byte order mark."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, True
    return UTF_8, False


def check_encoding(name: str) -> str:
    """Return the standard name of an encoding.

    Raises
    ------
    CorpusError
        If there is no such encoding of text.
    """
    try:
        found = codecs.lookup(name)
        text: object = codecs.getincrementaldecoder(name)("strict").decode(b"a" * 16, final=True)
        if not isinstance(text, str):
            raise LookupError(name)
    except UnicodeError:
        pass
    except Exception as error:  # no encoding, or one of bytes, which fail in ways of their own
        raise CorpusError(
            f"“{name}” is not the name of an encoding. Some are utf-8, cp1252, cp1251, "
            "iso-8859-2, mac-roman, shift_jis, gb18030 and utf-16."
        ) from error
    return found.name


def decode(content: bytes, encoding: str | None, source: str) -> Decoded:
    """Decode the bytes of a text, see `decoded_pieces`.

    Raises
    ------
    EncodingError
        At the first byte that does not fit.
    CorpusError
        If there is no such encoding, or it is not text.
    """
    text = "".join(decoded_pieces([content], source, encoding))
    marked, had_mark = encoding_of(content)
    return Decoded(text, marked if encoding is None else check_encoding(encoding), had_mark)


def decoded_pieces(
    chunks: Iterable[bytes], source: str, encoding: str | None = None, wanted: str = "a text file"
) -> Iterator[str]:
    """Decode bytes piece by piece, with every line end turned into a newline.

    Parameters
    ----------
    chunks : iterable of bytes
        With or without a byte order mark; lines end in LF, CRLF or CR.
    source : str
        What to call it in messages.
    encoding : str, optional
        The name of a codec. If absent, the byte order mark decides; without one, it is UTF-8.
    wanted : str
        What to choose instead, as in "Choose a text file."

    Raises
    ------
    EncodingError
        At the first byte that does not fit.
    CorpusError
        If there is no such encoding, or it is not text.
    """
    decoder: _Decoder | None = None
    held_back = ""  # a CR at the end of a piece
    for content, is_last in _marked_last(chunks):
        if decoder is None:
            chosen = encoding_of(content)[0] if encoding is None else check_encoding(encoding)
            decoder = _Decoder(chosen, source, wanted)
        text = held_back + decoder.decode(content, is_last)
        held_back = "\r" if text.endswith("\r") and not is_last else ""
        text = text.removesuffix(held_back) if held_back else text
        yield text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _marked_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each chunk and whether it is the last. The last one is empty."""
    for chunk in chunks:
        yield chunk, False
    yield b"", True


def decoded_head(content: bytes, source: str, encoding: str | None = None) -> str:
    """Decode the beginning of a text, which may be cut within a character.

    Raises
    ------
    EncodingError, CorpusError
        As `decoded_pieces`.
    """
    chosen = encoding_of(content)[0] if encoding is None else check_encoding(encoding)
    text = _Decoder(chosen, source, "a text file").decode(content, is_last=False)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _fitting(content: bytes, tried: str) -> "tuple[EncodingGuess, ...]":
    from engine.data.reading.encoding_guesses import fitting_encodings  # hardly ever needed

    return fitting_encodings(content, tried)


def _around(content: bytes, place: int) -> bytes:
    """Return a part of a text around a place, which begins at the beginning of a line."""
    begin = max(place - _SAMPLE_BYTES // 2, 0)
    return (b"" if begin else b"\n") + content[begin : begin + _SAMPLE_BYTES]


class _Decoder:
    """Decodes a text piece by piece, and explains what does not fit."""

    def __init__(self, encoding: str, source: str, wanted: str) -> None:
        self._encoding, self._source, self._wanted = encoding, source, wanted
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._is_wide = encoding.startswith(_WIDE)
        self._had_mark = False
        self._offset, self._lines = 0, 1  # bytes and lines before this piece
        self._is_at_beginning = True

    def decode(self, content: bytes, is_last: bool) -> str:
        """Return the characters of the next piece."""
        if not self._is_wide:
            self._refuse_zero(content)
        self._had_mark = self._had_mark or (not self._offset and encoding_of(content)[1])
        pending = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(content, final=is_last)
        except UnicodeDecodeError as error:
            inside = error.start - pending  # below 0 if it began in the piece before
            before = error.object[: error.start].decode(self._encoding, "replace")
            raise self._misfit(
                f"byte {self._offset + inside:,} (0x{error.object[error.start]:02x}) in line "
                f"{self._lines + before.count(chr(10)):,} is invalid",
                _around(error.object, error.start),
            ) from None
        except UnicodeError as error:  # codecs that do not say where
            raise self._misfit(f"{error}", content) from None
        self._offset += len(content)
        if self._is_wide:
            self._lines += text.count("\n")
        else:  # twenty times as fast
            codes = np.frombuffer(content, dtype=np.uint8)
            self._lines += int(np.count_nonzero(codes == ord("\n")))
        if self._is_at_beginning and text:
            self._is_at_beginning = False
            self._had_mark = self._had_mark or text.startswith(_BYTE_ORDER_MARK)
            text = text.removeprefix(_BYTE_ORDER_MARK)
        if self._is_wide and "\0" in text:
            raise self._binary(text.index("\0"), "character")
        return text

    def _misfit(self, place: str, content: bytes) -> EncodingError:
        if self._is_wide and self._had_mark:
            title = self._encoding[:6].upper().replace("_", "-")
            return EncodingError(
                f"“{self._source}” begins as {title} text, but {place}: it is cut off or damaged. "
                "Get it again, or save it as UTF-8 and open it again.",
                (),
            )
        title = "UTF-8" if self._encoding == UTF_8 else f"“{self._encoding}”"
        return EncodingError(
            f"“{self._source}” is not {title} text: {place}. "
            "Choose its encoding, or save it as UTF-8 and open it again.",
            _fitting(content, self._encoding),
        )

    def _refuse_zero(self, content: bytes) -> None:
        zero = content.find(b"\0")
        if zero < 0:
            return
        if not self._offset:
            fitting = _fitting(content[:_SAMPLE_BYTES], self._encoding)
            if fitting:
                raise EncodingError(
                    f"“{self._source}” looks like {fitting[0].title} text without a byte order "
                    "mark. Choose its encoding, or save it as UTF-8 and open it again.",
                    fitting,
                )
        raise self._binary(self._offset + zero, "byte")

    def _binary(self, place: int, unit: str) -> CorpusError:
        return CorpusError(
            f"“{self._source}” is not a text file: {unit} {place:,} is zero. Choose {self._wanted}."
        )
