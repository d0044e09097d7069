"""A running text as training data: one array of indices, the end of which is held out."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.data.reading.casing import unify
from engine.data.reading.report import ReadingReport
from engine.data.training_data import (
    HELD_OUT_SHARE,
    PIECE,
    CorpusError,
    DataKind,
    counted,
    fingerprint,
)
from engine.data.vocabulary import END, EncodedNames, UnknownSymbolError, Vocabulary

Symbols = NDArray[np.unsignedinteger]

MIN_CHARACTERS = 64
"""Shortest text. The part for training still holds a window of the course's 40 symbols."""

_CODE_POINTS = 0x110000


@dataclass(frozen=True, eq=False)
class Text:
    """A cleaned running text.

    Attributes
    ----------
    source : str
        What to call it, usually the file's name.
    symbols : (n,) array, read-only
        The whole text as indices, of one byte each if at most 256 symbols occur.
    vocabulary : Vocabulary
        The symbols that occur, in the order of their code points.
    lines : int
    longest_line : int
        Length in characters, without the newline.
    lower_case : bool
        Whether the text was lower-cased.
    report : ReadingReport or None
        How the text was read. None if it was not read from a file.
    """

    source: str
    symbols: Symbols
    vocabulary: Vocabulary
    lines: int
    longest_line: int
    lower_case: bool
    report: ReadingReport | None = None
    kind: ClassVar[DataKind] = "text"

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the same text in another file; see `training_data.fingerprint`."""
        starts = range(0, len(self), PIECE)
        pieces = (self.decode(self.symbols[start : start + PIECE]) for start in starts)
        return fingerprint("text", pieces, lower_case=self.lower_case)

    def summary(self) -> str:
        """Describe in one sentence what was read."""
        return (
            f"{self.source}: {len(self):,} characters, "
            f"{counted(len(self.vocabulary), 'distinct symbol')}, "
            f"{counted(self.lines, 'line')}, "
            f"the longest of {counted(self.longest_line, 'character')}"
            + (", lower-cased." if self.lower_case else ".")
        )

    def held_out_count(self, share: float = HELD_OUT_SHARE) -> int:
        """Return the number of symbols that `split` holds out, at least one."""
        return min(max(round(share * len(self)), 1), len(self) - 1)

    def split(self, share: float = HELD_OUT_SHARE) -> tuple[Symbols, Symbols]:
        """Split the text into a training part and, at its end, a held-out one.

        Parameters
        ----------
        share : float
            Share to hold out, above 0 and below 1.

        Returns
        -------
        training, held_out : arrays
            Views of `symbols`.

        Raises
        ------
        ValueError
            If `share` is out of bounds.
        """
        if not 0 < share < 1:
            raise ValueError(f"share must be between 0 and 1, got {share!r}.")
        place = len(self) - self.held_out_count(share)
        return self.symbols[:place], self.symbols[place:]

    def in_terms_of(self, vocabulary: Vocabulary) -> Symbols:
        """Return the whole text as indices into another vocabulary.

        Raises
        ------
        UnknownSymbolError
            If the text has a symbol that the other vocabulary lacks.
        """
        if vocabulary == self.vocabulary:
            return self.symbols
        unknown = [s for s in self.vocabulary.symbols if s not in vocabulary.index_of]
        if unknown:
            raise UnknownSymbolError(unknown[0], vocabulary)
        table = [vocabulary.index_of[symbol] for symbol in self.vocabulary.symbols]
        return np.array(table, dtype=_least_type(len(vocabulary)))[self.symbols]

    def decode(self, symbols: Symbols) -> str:
        """Turn indices of this text back into characters."""
        points = np.array([ord(symbol) for symbol in self.vocabulary.symbols], dtype="<u4")
        return points[symbols].tobytes().decode("utf-32-le")


def text_of_pieces(pieces: Iterable[str], source: str, *, lower_case: bool) -> Text:
    """Make a text of its characters.

    They are encoded piece by piece, so that only the indices and a few megabytes are held in
    memory.

    Parameters
    ----------
    pieces : iterable of str
        With clean characters, see `characters.clean_characters`.
    source : str
        What to call it in messages.
    lower_case : bool
        Whether to lower-case the text, as the course does with The Sonnets.

    Raises
    ------
    CorpusError
        If there is nothing in it to learn.
    """
    encoder = _TextEncoder()
    for piece in pieces:
        encoder.add(unify(piece, lower_case=True) if lower_case else piece)
    return encoder.finish(source, lower_case=lower_case)


def text_of_symbols(
    symbols: Symbols, vocabulary: Vocabulary, source: str, *, lower_case: bool
) -> Text:
    """Make a text from its indices.

    Parameters
    ----------
    symbols : (n,) array
        Indices into `vocabulary`, in the smallest type that holds them.
    vocabulary, source, lower_case
        As in `Text`.

    Raises
    ------
    CorpusError
        If there are too few.
    ValueError
        If they are not such indices.
    """
    dtype = _least_type(len(vocabulary))
    if symbols.ndim != 1 or symbols.dtype != dtype or symbols.max(initial=0) >= len(vocabulary):
        raise ValueError(f"symbols must be indices of {len(vocabulary)} symbols in {dtype}.")
    points = np.array([ord(symbol) for symbol in vocabulary.symbols], dtype="<u4")
    encoder = _TextEncoder()
    for start in range(0, len(symbols), PIECE):
        encoder.add(points[symbols[start : start + PIECE]].tobytes().decode("utf-32-le"))
    return encoder.finish(source, lower_case=lower_case)


def pieces_of(symbols: Symbols, count: int, length: int) -> EncodedNames:
    """Return pieces spread evenly over a text, in the form of names.

    Parameters
    ----------
    symbols : array
        Indices of a text, at least one.
    count : int
        Largest number of pieces. A short text gives fewer.
    length : int
        Largest length of a piece, in symbols.
    """
    length = min(length, len(symbols))
    starts = np.unique(np.linspace(0, len(symbols) - length, count).astype(np.intp))
    chosen = symbols[starts[:, None] + np.arange(length)].astype(np.intp).ravel()
    return EncodedNames(chosen, np.arange(0, len(chosen) + 1, length))


class _TextEncoder:
    """Encodes a text piece by piece.

    Symbols are numbered in the order in which they occur; `finish` renumbers them in the order of
    their code points.
    """

    def __init__(self) -> None:
        self._number_of = np.full(_CODE_POINTS, -1, dtype=np.int32)
        self._points: list[int] = []
        self._parts: list[Symbols] = []
        self._newlines = self._length = self._line_start = self._longest = 0

    def add(self, piece: str) -> None:
        """Encode the next piece."""
        if piece.isascii():  # four times as fast
            points = np.frombuffer(piece.encode("ascii"), dtype=np.uint8)
        else:
            points = np.frombuffer(piece.encode("utf-32-le"), dtype="<u4")
        numbers = self._number_of.take(points)
        if numbers.size and numbers.min() < 0:
            new = np.unique(points[numbers < 0])
            self._number_of[new] = np.arange(len(self._points), len(self._points) + len(new))
            self._points += new.tolist()
            numbers = self._number_of.take(points)
        self._count_lines(np.flatnonzero(points == ord(END)))
        self._length += len(points)
        self._parts.append(numbers.astype(_least_type(len(self._points))))

    def finish(self, source: str, *, lower_case: bool) -> Text:
        """Join the pieces.

        Raises
        ------
        CorpusError
            If there is too little to learn from.
        """
        if self._length < MIN_CHARACTERS:
            raise CorpusError(
                f"“{source}” has {self._length:,} characters. A text needs "
                f"at least {MIN_CHARACTERS}. Choose a longer one."
            )
        if len(self._points) == 1:
            raise CorpusError(
                f"“{source}” consists of a single symbol, “{chr(self._points[0])}”. "
                "There is nothing to learn in it. Choose another text."
            )
        points = np.array(self._points)
        order = np.argsort(points)
        place: Symbols = np.argsort(order).astype(_least_type(len(order)))
        symbols: Symbols = np.empty(self._length, dtype=place.dtype)
        begin = 0
        self._parts.reverse()
        while self._parts:  # free each part as soon as it is copied
            part = self._parts.pop()
            symbols[begin : begin + len(part)] = place[part]
            begin += len(part)
        symbols.flags.writeable = False
        last_line = self._length - self._line_start
        return Text(
            source=source,
            symbols=symbols,
            vocabulary=Vocabulary(tuple(map(chr, points[order].tolist()))),
            lines=self._newlines + (last_line > 0),
            longest_line=max(self._longest, last_line),
            lower_case=lower_case,
        )

    def _count_lines(self, newlines: NDArray[np.intp]) -> None:
        if not newlines.size:
            return
        starts = np.concatenate(([self._line_start], self._length + newlines + 1))
        self._longest = max(self._longest, int(np.diff(starts).max()) - 1)
        self._line_start = int(starts[-1])
        self._newlines += len(newlines)


def _least_type(count: int) -> type[np.unsignedinteger]:
    """Return the smallest type that holds `count` different indices."""
    if count <= 1 << 8:
        return np.uint8
    return np.uint16 if count <= 1 << 16 else np.uint32
