"""Text that was pasted, and the standard input: sources that cannot be read again."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from engine.data.sources.data_source import SourcePart
from engine.data.sources.file_source import MAX_SOURCE_BYTES
from engine.data.training_data import CorpusError

STANDARD_INPUT = "-"
"""The word that stands for the standard input."""

_READ_BYTES = 1 << 20


@dataclass(frozen=True)
class PastedSource:
    """Text that was pasted; see `DataSource`.

    Attributes
    ----------
    text : str
    title : str
        What to call it.
    """

    text: str = field(repr=False)
    title: str = "Pasted text"

    @cached_property
    def content(self) -> bytes:
        """The text in UTF-8. What no text can hold becomes a question mark."""
        return self.text.encode(errors="replace")

    @property
    def key(self) -> str:
        """The fingerprint of the text."""
        import hashlib  # slow to import

        return f"pasted {hashlib.sha256(self.content).hexdigest()}"

    @property
    def places(self) -> tuple[str, ...]:
        """Nothing: it can be read from nowhere again."""
        return ()

    def parts(self) -> Iterator[SourcePart]:
        """Yield the text; see `DataSource.parts`."""
        yield _part(self.title, self.content)

    def notes(self) -> tuple[str, ...]:
        """Return nothing: it is read as a whole."""
        return ()


@dataclass(frozen=True)
class StandardInput:
    """The standard input, which is read to its end when the parts are first asked for."""

    title: str = "standard input"
    key: str = STANDARD_INPUT
    _content: list[bytes] = field(default_factory=list, repr=False, compare=False)

    @property
    def places(self) -> tuple[str, ...]:
        """Nothing: it can be read from nowhere again."""
        return ()

    def parts(self) -> Iterator[SourcePart]:
        """Yield the input; see `DataSource.parts`.

        Raises
        ------
        CorpusError
            If there is no standard input, it cannot be read, or it is too large.
        """
        if not self._content:
            self._content.append(_read_standard_input())
        yield _part(self.title, self._content[0])

    def notes(self) -> tuple[str, ...]:
        """Return nothing: it is read as a whole."""
        return ()


def _read_standard_input() -> bytes:
    if sys.stdin is None:
        raise CorpusError("There is no standard input. Give the name of a file instead of “-”.")
    try:
        content = sys.stdin.buffer.read(MAX_SOURCE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CorpusError(f"The standard input cannot be read: {error}.") from error
    if len(content) > MAX_SOURCE_BYTES:
        raise CorpusError(
            f"The standard input has more than {MAX_SOURCE_BYTES / 1e6:,.0f} MB. "
            "Give it less, or write it to files and choose some of them."
        )
    return content


def _part(name: str, content: bytes) -> SourcePart:
    def chunks() -> Iterator[bytes]:
        for begin in range(0, len(content), _READ_BYTES):
            yield content[begin : begin + _READ_BYTES]

    return SourcePart(name, len(content), chunks)
