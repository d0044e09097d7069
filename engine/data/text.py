"""A text as training data: one array of indices.

Of a running text, the end is held out. A text can also be a list of documents, each of which is an
example with an end of its own; then whole documents are held out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from engine.data.document_list import DocumentList
from engine.data.name_kinds import NameKinds
from engine.data.reading.casing import unify
from engine.data.reading.report import ReadingReport
from engine.data.spelling import SYMBOL_SEPARATOR, Spelling, code_points
from engine.data.text_encoder import Symbols, TextEncoder, least_type
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
    END_INDEX,
    EncodedNames,
    UnknownSymbolError,
    Vocabulary,
)

MIN_CHARACTERS = 64
"""Shortest text. The part for training still holds a window of the course's 40 symbols."""


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

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the same text in another file; see `training_data.fingerprint`.

        In a text that is spelled in grapheme clusters, a separator follows each symbol.
        """
        return fingerprint(self.kind, self.written_pieces(), lower_case=self.lower_case)

    def written_pieces(self) -> Iterator[str]:
        """Yield what the fingerprint is made of, piece by piece."""
        end = SYMBOL_SEPARATOR if self.vocabulary.has_clusters else ""
        for start in range(0, len(self), PIECE):
            piece = self.symbols[start : start + PIECE]
            yield self._joined(piece, end) if end else self.decode(piece)

    @property
    def kinds(self) -> NameKinds | None:
        """The kinds of its documents: only melodies have them."""
        return None

    @property
    def n_kinds(self) -> int:
        """The number of kinds; 0 if there are none."""
        return 0 if self.kinds is None else len(self.kinds)

    @cached_property
    def documents(self) -> DocumentList | None:
        """The documents; None for a running text."""
        if self.document_break is None:
            return None
        of_each = None if self.kinds is None else np.array(self.kinds.of_distinct, dtype=np.intp)
        return DocumentList(self.symbols, of_each)

    @cached_property
    def mean_length(self) -> float:
        """Mean length of a document in symbols, its end included; 1 for a running text."""
        return 1.0 if self.documents is None else len(self) / len(self.documents)

    @property
    def note_length(self) -> float | None:
        """Symbols per note; None for what is not a melody."""
        return None

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
            training, held_out = self.documents.parted(seed, share)
            return training.symbols, held_out.symbols
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
        if vocabulary.has_clusters or self.vocabulary.has_clusters:
            return vocabulary.encode(self.decode(own)).astype(least_type(len(vocabulary)))
        unknown = [s for s in self.vocabulary.symbols if s not in vocabulary.index_of]
        if unknown:
            raise UnknownSymbolError(unknown[0], vocabulary)
        table = [vocabulary.index_of[symbol] for symbol in self.vocabulary.symbols]
        return np.array(table, dtype=least_type(len(vocabulary)))[own]

    def decode(self, symbols: Symbols) -> str:
        """Turn indices of this text back into characters."""
        if self.vocabulary.has_clusters:
            return self._joined(symbols)
        points = np.array([ord(symbol) for symbol in self.vocabulary.symbols], dtype="<u4")
        return points[symbols].tobytes().decode("utf-32-le")

    def _joined(self, symbols: Symbols, end: str = "") -> str:
        """Turn indices back into characters one by one, with `end` after each."""
        written = [symbol + end for symbol in self.vocabulary.symbols]
        return "".join([written[index] for index in symbols.tolist()])

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
    spelling: Spelling = code_points,
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
    spelling : Spelling
        Cuts the text into its symbols.
    for_training : bool
        Whether some documents are to be held out. If not, one is enough.

    Raises
    ------
    CorpusError
        If there is nothing in it to learn.
    """
    encoder = TextEncoder(spelling)
    for piece in pieces:
        encoder.add(unify(piece, lower_case=True) if lower_case else piece)
    text = _text_of(encoder, source, lower_case=lower_case, document_break=document_break)
    if for_training:
        check_documents(text)
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
    dtype = least_type(len(vocabulary))
    if symbols.ndim != 1 or symbols.dtype != dtype or symbols.max(initial=0) >= len(vocabulary):
        raise ValueError(f"symbols must be indices of {len(vocabulary)} symbols in {dtype}.")
    if document_break is not None and symbols[-1:].tolist() != [END_INDEX]:
        raise ValueError("symbols must end with the end of a document.")
    encoder = TextEncoder()
    points = encoder.points_of(vocabulary.symbols)
    for start in range(0, len(symbols), PIECE):
        encoder.add_points(points[symbols[start : start + PIECE]])
    text = _text_of(encoder, source, lower_case=lower_case, document_break=document_break)
    check_documents(text)
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


def _text_of(
    encoder: TextEncoder, source: str, *, lower_case: bool, document_break: str | None
) -> Text:
    """Make a text of what was encoded.

    Raises
    ------
    CorpusError
        If there is too little to learn from.
    """
    first = None if document_break is None else DOCUMENT_END
    symbols, vocabulary = encoder.finish(first)
    if len(symbols) < MIN_CHARACTERS:
        raise CorpusError(
            f"There {'is' if len(symbols) == 1 else 'are'} "
            f"{counted(len(symbols), 'character')} in “{source}”. A text needs at least "
            f"{MIN_CHARACTERS}. Choose a longer one."
        )
    if len(vocabulary) == 1:
        raise CorpusError(
            f"There is a single symbol, “{vocabulary.symbols[0]}”, in “{source}”. "
            "There is nothing to learn in it. Choose another text."
        )
    return Text(
        source=source,
        symbols=symbols,
        vocabulary=vocabulary,
        lines=encoder.lines,
        longest_line=encoder.longest_line,
        lower_case=lower_case,
        document_break=document_break,
    )


def check_documents(text: Text, noun: str = "document") -> None:
    """Check that there are documents both to learn from and to hold out.

    Parameters
    ----------
    text : Text
    noun : str
        What to call a document.

    Raises
    ------
    CorpusError
        If there are not.
    """
    documents = text.documents
    if documents is None or len(np.unique(documents.lengths)) > 1:
        return
    if not documents.first_equals.any():
        found = f"is only one {noun}" if len(documents) == 1 else f"are only equal {noun}s"
        advice = "Choose another separator, or read the file as running text."
        if text.kind == "melodies":
            advice = "Choose a file with more of them, or several files."
        raise CorpusError(
            f"There {found} in “{text.source}”. At least two different ones are needed. {advice}"
        )
