"""A text as training data: one array of indices.

Of a running text, the end is held out. A text can also be a list of documents, each of which is an
example with an end of its own; then whole documents are held out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.data.document_list import DocumentList
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
from engine.data.vocabulary import (
    DOCUMENT_END,
    END,
    END_INDEX,
    EncodedNames,
    UnknownSymbolError,
    Vocabulary,
)

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
    document_break : str or None
        What stands between two documents where they are written one after the other; None for a
        running text. In `symbols`, `DOCUMENT_END` ends each document, and its index is `END_INDEX`.
    report : ReadingReport or None
        How the text was read. None if it was not read from a file.
    """

    source: str
    symbols: Symbols
    vocabulary: Vocabulary
    lines: int
    longest_line: int
    lower_case: bool
    document_break: str | None = None
    report: ReadingReport | None = None
    kind: ClassVar[DataKind] = "text"
    kinds: ClassVar[None] = None
    n_kinds: ClassVar[int] = 0

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the same text in another file; see `training_data.fingerprint`."""
        starts = range(0, len(self), PIECE)
        pieces = (self.decode(self.symbols[start : start + PIECE]) for start in starts)
        return fingerprint("text", pieces, lower_case=self.lower_case)

    @cached_property
    def documents(self) -> DocumentList | None:
        """The documents; None for a running text."""
        return None if self.document_break is None else DocumentList(self.symbols)

    @cached_property
    def mean_length(self) -> float:
        """Mean length of a document in symbols, its end included; 1 for a running text."""
        return 1.0 if self.documents is None else len(self) / len(self.documents)

    def summary(self) -> str:
        """Describe in one sentence what was read."""
        documents = self.documents
        return (
            f"{self.source}: "
            + (f"{counted(len(documents), 'document')}, " if documents is not None else "")
            + f"{len(self):,} characters, "
            f"{counted(len(self.vocabulary), 'distinct symbol')}, "
            f"{counted(self.lines, 'line')}, "
            f"the longest of {counted(self.longest_line, 'character')}"
            + (", lower-cased." if self.lower_case else ".")
        )

    def held_out_count(self, share: float = HELD_OUT_SHARE, seed: int = 0) -> int:
        """Return the number of symbols that `split` holds out, at least one."""
        if self.documents is not None:
            _, held_out = self.documents.split(seed, share)
            return int(self.documents.lengths[held_out].sum())
        return min(max(round(share * len(self)), 1), len(self) - 1)

    def split(self, share: float = HELD_OUT_SHARE, seed: int = 0) -> tuple[Symbols, Symbols]:
        """Split the text into a training part and a held-out one.

        Parameters
        ----------
        share : float
            Share to hold out, above 0 and below 1.
        seed : int
            Decides which documents are held out. Of a running text, it is always the end.

        Returns
        -------
        training, held_out : arrays
            Of a running text, views of `symbols`; of documents, whole documents in their order.

        Raises
        ------
        ValueError
            If `share` is out of bounds.
        """
        if not 0 < share < 1:
            raise ValueError(f"share must be between 0 and 1, got {share!r}.")
        if self.documents is not None:
            parts = self.documents.split(seed, share)
            training, held_out = (self.documents.take(part).symbols for part in parts)
            return training, held_out
        place = len(self) - self.held_out_count(share)
        return self.symbols[:place], self.symbols[place:]

    def in_terms_of(self, vocabulary: Vocabulary, symbols: Symbols | None = None) -> Symbols:
        """Return indices of this text as indices into another vocabulary; by default, all of them.

        Raises
        ------
        UnknownSymbolError
            If the text has a symbol that the other vocabulary lacks.
        """
        own = self.symbols if symbols is None else symbols
        if vocabulary == self.vocabulary:
            return own
        unknown = [s for s in self.vocabulary.symbols if s not in vocabulary.index_of]
        if unknown:
            raise UnknownSymbolError(unknown[0], vocabulary)
        table = [vocabulary.index_of[symbol] for symbol in self.vocabulary.symbols]
        return np.array(table, dtype=_least_type(len(vocabulary)))[own]

    def decode(self, symbols: Symbols) -> str:
        """Turn indices of this text back into characters."""
        points = np.array([ord(symbol) for symbol in self.vocabulary.symbols], dtype="<u4")
        return points[symbols].tobytes().decode("utf-32-le")

    def written(self, symbols: Symbols) -> str:
        """Turn indices back into characters, with `document_break` after each document."""
        text = self.decode(symbols)
        if self.document_break is None:
            return text
        return text.replace(DOCUMENT_END, self.document_break)


def text_of_pieces(
    pieces: Iterable[str],
    source: str,
    *,
    lower_case: bool,
    document_break: str | None = None,
    for_training: bool = True,
) -> Text:
    """Make a text of its characters.

    They are encoded piece by piece, so that only the indices and a few megabytes are held in
    memory.

    Parameters
    ----------
    pieces : iterable of str
        With clean characters, see `characters.clean_characters`; of documents, with `DOCUMENT_END`
        after each.
    source : str
        What to call it in messages.
    lower_case : bool
        Whether to lower-case the text, as the course does with The Sonnets.
    document_break : str, optional
        As in `Text`.
    for_training : bool
        Whether some documents are to be held out. If not, one is enough.

    Raises
    ------
    CorpusError
        If there is nothing in it to learn.
    """
    encoder = _TextEncoder()
    for piece in pieces:
        encoder.add(unify(piece, lower_case=True) if lower_case else piece)
    text = encoder.finish(source, lower_case=lower_case, document_break=document_break)
    if for_training:
        _check_documents(text)
    return text


def text_of_symbols(
    symbols: Symbols,
    vocabulary: Vocabulary,
    source: str,
    *,
    lower_case: bool,
    document_break: str | None = None,
) -> Text:
    """Make a text from its indices.

    Parameters
    ----------
    symbols : (n,) array
        Indices into `vocabulary`, in the smallest type that holds them.
    vocabulary, source, lower_case, document_break
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
    if document_break is not None and symbols[-1:].tolist() != [END_INDEX]:
        raise ValueError("symbols must end with the end of a document.")
    points = np.array([ord(symbol) for symbol in vocabulary.symbols], dtype="<u4")
    encoder = _TextEncoder()
    for start in range(0, len(symbols), PIECE):
        encoder.add(points[symbols[start : start + PIECE]].tobytes().decode("utf-32-le"))
    text = encoder.finish(source, lower_case=lower_case, document_break=document_break)
    _check_documents(text)
    return text


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
        self._count_lines(np.flatnonzero((points == ord(END)) | (points == ord(DOCUMENT_END))))
        self._length += len(points)
        self._parts.append(numbers.astype(_least_type(len(self._points))))

    def finish(self, source: str, *, lower_case: bool, document_break: str | None = None) -> Text:
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
        is_after = points != ord(DOCUMENT_END) if document_break is not None else points >= 0
        order = np.lexsort((points, is_after))  # the end of a document comes first
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
            document_break=document_break,
        )

    def _count_lines(self, newlines: NDArray[np.intp]) -> None:
        if not newlines.size:
            return
        starts = np.concatenate(([self._line_start], self._length + newlines + 1))
        self._longest = max(self._longest, int(np.diff(starts).max()) - 1)
        self._line_start = int(starts[-1])
        self._newlines += len(newlines)


def _check_documents(text: Text) -> None:
    """Check that there are documents both to learn from and to hold out."""
    documents = text.documents
    if documents is None or len(np.unique(documents.lengths)) > 1:
        return
    if not documents.first_equals.any():
        found = "only one document" if len(documents) == 1 else "only equal documents"
        raise CorpusError(
            f"“{text.source}” has {found}. At least two different ones are needed. "
            "Choose another separator, or read the file as running text."
        )


def _least_type(count: int) -> type[np.unsignedinteger]:
    """Return the smallest type that holds `count` different indices."""
    if count <= 1 << 8:
        return np.uint8
    return np.uint16 if count <= 1 << 16 else np.uint32
