"""The input formats: how a file is recognised, and how it becomes training data.

To add a format, write a class with what `InputFormat` asks for, and add it to `INPUT_FORMATS`.
The command line, the window's file dialog and its reading thread all go by that registry.
"""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol, overload

from engine.data.corpus import MAX_NAME_LENGTH, MIN_DISTINCT_NAMES, Corpus, read_names
from engine.data.exported_table import is_exported_table, read_exported_table
from engine.data.text import MAX_TEXT_BYTES, Text, read_text
from engine.data.text_file import decoded, read_chunks, size_of
from engine.data.training_data import DataKind, OnProgress

TrainingData = Corpus | Text
"""What a format can produce."""

_LINES_BYTES = 1 << 16
_WANTED = "a text file"

# What the mean line of a list of names has at most.
_NAME_CHARACTERS = 30
_NAME_SPACES = 2.0


@dataclass(frozen=True)
class FileHead:
    """The beginning of a file, by which its format is recognised.

    Attributes
    ----------
    path : Path
    content : bytes
        The first megabyte at most.
    size : int
        Of the whole file, in bytes. 0 for some files that the system makes up as they are read.
    """

    path: Path
    content: bytes
    size: int

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> "FileHead":
        """Read the beginning of a file.

        Raises
        ------
        CorpusError
            If the file cannot be read, or is larger than any that can be opened.
        """
        path = Path(path)
        size = size_of(path, _WANTED, MAX_TEXT_BYTES)
        content = next(read_chunks(path), b"")
        return cls(path, content, size)

    @property
    def is_whole(self) -> bool:
        """Whether the file ends within `content`."""
        return self.size <= len(self.content)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the first 64 kB that are not blank, without white space around them.

        Raises
        ------
        CorpusError
            If the file is not UTF-8 text.
        """
        content = self.content[:_LINES_BYTES]
        if self.size > len(content):  # drop the last line, which may be cut within a character
            content = content[: content.rfind(b"\n") + 1] or content.rpartition(b" ")[0]
        text = "".join(decoded([content], self.path.name, _WANTED))
        stripped = (line.strip() for line in text.split("\n"))
        return tuple(line for line in stripped if line)


class InputFormat(Protocol):
    """A way to turn a file into training data."""

    @property
    def name(self) -> str:
        """The name in the registry."""

    @property
    def title(self) -> str:
        """What people call such a file."""

    @property
    def kind(self) -> DataKind:
        """The kind of data that `read` returns."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The usual suffixes of such files, which the file dialog offers: ".txt"."""

    def recognises(self, head: FileHead) -> bool:
        """Tell whether a file has this format.

        Raises
        ------
        CorpusError
            If the file can have no format at all.
        """

    def read(
        self,
        path: str | os.PathLike[str],
        *,
        lower_case: bool,
        on_progress: OnProgress | None = None,
        for_training: bool = True,
    ) -> TrainingData:
        """Read a file.

        Parameters
        ----------
        path : path
        lower_case : bool
            Whether to lower-case what is read.
        on_progress : callable, optional
            Called now and then with the share that is done, from 0 to 1.
        for_training : bool
            False if the data are only measured. Then a single name is enough.

        Raises
        ------
        CorpusError
            If the file cannot be read, or does not hold what the format asks for.
        """


class _TextFormat:
    """Running text. Every text file is one."""

    name = "text"
    title = "Running text"
    kind: DataKind = "text"
    suffixes = (".txt",)

    def recognises(self, head: FileHead) -> bool:
        """Take any file: reading it says what is wrong with it."""
        return True

    def read(
        self,
        path: str | os.PathLike[str],
        *,
        lower_case: bool,
        on_progress: OnProgress | None = None,
        for_training: bool = True,
    ) -> Text:
        """Read a text, see `InputFormat.read`."""
        return read_text(path, lower_case=lower_case, on_progress=on_progress)


class _NamesFormat:
    """A list of names, one per line."""

    name = "names"
    title = "Names, one per line"
    kind: DataKind = "names"
    suffixes = (".txt", ".csv", ".names")

    def recognises(self, head: FileHead) -> bool:
        """Tell a list of names from a running text.

        It is a list of names if no line is longer than a name may be, and its lines are short and
        have few spaces: on average at most 30 characters, and fewer than 2 spaces between words.
        A line of verse has five or more; a list of places or of people seldom has two.
        """
        lines = head.lines
        if not lines:
            return head.is_whole
        characters = sum(map(len, lines)) / len(lines)
        spaces = sum(len(line.split()) - 1 for line in lines) / len(lines)
        is_short = characters <= _NAME_CHARACTERS and max(map(len, lines)) <= MAX_NAME_LENGTH
        return is_short and spaces < _NAME_SPACES

    def read(
        self,
        path: str | os.PathLike[str],
        *,
        lower_case: bool,
        on_progress: OnProgress | None = None,
        for_training: bool = True,
    ) -> Corpus:
        """Read a list of names, see `InputFormat.read`."""
        return read_names(
            path,
            lower_case=lower_case,
            on_progress=on_progress,
            at_least=MIN_DISTINCT_NAMES if for_training else 1,
        )


class _ExportedTableFormat:
    """A table of names that the window or the command line has exported as CSV."""

    name = "table"
    title = "Exported table of names"
    kind: DataKind = "names"
    suffixes = (".csv",)

    def recognises(self, head: FileHead) -> bool:
        """Tell an exported table by its suffix and its header."""
        is_csv = head.path.suffix.lower() in self.suffixes
        return is_csv and bool(head.lines) and is_exported_table(head.lines[0])

    def read(
        self,
        path: str | os.PathLike[str],
        *,
        lower_case: bool,
        on_progress: OnProgress | None = None,
        for_training: bool = True,
    ) -> Corpus:
        """Read the names of a table, see `InputFormat.read`."""
        return read_exported_table(
            path,
            lower_case=lower_case,
            on_progress=on_progress,
            at_least=MIN_DISTINCT_NAMES if for_training else 1,
        )


INPUT_FORMATS: dict[str, InputFormat] = {
    each.name: each
    for each in (
        _TextFormat(),
        _NamesFormat(),
        _ExportedTableFormat(),
    )
}
"""All formats by name, from the general to the special: the last that recognises a file reads it.

The first format of a kind reads files that are said to be of that kind and that no other format
recognises.
"""


def choose_input_format(
    path: str | os.PathLike[str],
    kind: DataKind | None = None,
) -> InputFormat:
    """Return the format that a file is to be read with.

    Parameters
    ----------
    path : path
    kind : str, optional
        Consider only formats of this kind.

    Raises
    ------
    CorpusError
        If the beginning of the file cannot be read, or fits no format.
    """
    general, *special = (each for each in INPUT_FORMATS.values() if kind in (None, each.kind))
    if not special:
        return general
    head = FileHead.read(path)
    return next((each for each in reversed(special) if each.recognises(head)), general)


@overload
def read_data(
    path: str | os.PathLike[str],
    kind: Literal["names"],
    *,
    lower_case: bool,
    for_training: bool = True,
) -> Corpus: ...
@overload
def read_data(
    path: str | os.PathLike[str],
    kind: Literal["text"],
    *,
    lower_case: bool,
    for_training: bool = True,
) -> Text: ...
def read_data(
    path: str | os.PathLike[str],
    kind: DataKind,
    *,
    lower_case: bool,
    for_training: bool = True,
) -> TrainingData:
    """Read a file that is said to be of a kind, in whichever format it has.

    Parameters
    ----------
    path : path
    kind : str
        "names" or "text".
    lower_case, for_training
        As in `InputFormat.read`.

    Raises
    ------
    CorpusError
        If the file cannot be read, or holds no such data.
    """
    chosen = choose_input_format(path, kind)
    return chosen.read(path, lower_case=lower_case, for_training=for_training)
