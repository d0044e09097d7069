"""A list of names as training data: read, cleaned, counted, and split for training."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np

from engine.data.text_file import decoded, read_chunks, size_of, unify
from engine.data.training_data import (
    HELD_OUT_SHARE,
    PIECE,
    CorpusError,
    DataKind,
    OnProgress,
    counted,
    fingerprint,
    ignore_progress,
)
from engine.data.vocabulary import Vocabulary

MAX_FILE_BYTES = 50_000_000
"""Largest file that is read, in bytes: some five million names."""

MAX_NAME_LENGTH = 200
"""Characters of the longest name allowed. Bangkok's ceremonial name has 168."""

MIN_DISTINCT_NAMES = 2
"""One name to learn from and one to hold out."""

_MOST_PARTS = 4
"""Largest number of code points that NFC composes into one: an alpha with three accents."""

_PIECE = 1 << 16
"""Characters that are cleaned at once. This takes a few milliseconds."""

_WANTED = "a text file with one name per line"


@dataclass(frozen=True)
class Corpus:
    """A cleaned list of names.

    Attributes
    ----------
    source : str
        What to call it in the window, usually the file's name.
    names : tuple of str
        Every name, in the order of the file, repeats included. The course trains on all of them.
    distinct : tuple of str
        The same without repeats, in the order in which they first occur.
    vocabulary : Vocabulary
        All symbols that occur.
    longest : str
        The first of the longest names.
    blank_lines : int
        Number of lines without a name, which were dropped.
    lower_case : bool
        Whether the names were lower-cased.
    """

    source: str
    names: tuple[str, ...]
    distinct: tuple[str, ...]
    vocabulary: Vocabulary
    longest: str
    blank_lines: int
    lower_case: bool
    kind: ClassVar[DataKind] = "names"
    document_break: ClassVar[None] = None

    @property
    def repeats(self) -> int:
        """Number of names that occurred before. The default recipe drops them."""
        return len(self.names) - len(self.distinct)

    @cached_property
    def mean_length(self) -> float:
        """Mean length of the distinct names in characters, the end of the name included."""
        return sum(map(len, self.distinct)) / len(self.distinct) + 1

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the same names in another file; see `training_data.fingerprint`."""
        starts = range(0, len(self.names), PIECE)
        pieces = (self.names[start : start + PIECE] for start in starts)
        joined = ("".join(f"{name}\n" for name in piece) for piece in pieces)
        return fingerprint("names", joined, lower_case=self.lower_case)

    def summary(self, *, keeps_repeats: bool = False) -> str:
        """Describe in a few sentences what was read.

        Parameters
        ----------
        keeps_repeats : bool
            Whether the repeats are trained on.
        """
        dropped = [counted(self.blank_lines, "blank line")]
        repeats = counted(self.repeats, "repeat")
        if not keeps_repeats:
            dropped.append(repeats)
        return (
            f"{self.source}: {len(self.names):,} names, {len(self.distinct):,} distinct, "
            f"{len(self.vocabulary)} symbols (the end of a name is one). "
            f"Longest: “{self.longest}”, {counted(len(self.longest), 'letter')}. "
            f"Dropped: {', '.join(dropped)}." + (f" Kept: {repeats}." if keeps_repeats else "")
        )

    def held_out_count(self, share: float = HELD_OUT_SHARE) -> int:
        """Return the number of names that `split` holds out."""
        count = len(self.distinct)
        return min(max(round(share * count), 1), count - 1)

    def split(self, seed: int, share: float = HELD_OUT_SHARE) -> tuple[list[str], list[str]]:
        """Split the distinct names into a training and a held-out part.

        Parameters
        ----------
        seed : int
            The same seed gives the same split.
        share : float
            Share to hold out, above 0 and below 1. Each part gets at least one name.

        Returns
        -------
        training, held_out : list of str
            Both in the order of `distinct`.
        """
        if not 0 < share < 1:
            raise ValueError(f"share must be between 0 and 1, got {share!r}.")
        count = len(self.distinct)
        chosen = np.random.default_rng(seed).permutation(count)[: self.held_out_count(share)]
        is_held_out = np.zeros(count, dtype=bool)
        is_held_out[chosen] = True
        training = [n for n, out in zip(self.distinct, is_held_out, strict=True) if not out]
        held_out = [n for n, out in zip(self.distinct, is_held_out, strict=True) if out]
        return training, held_out


def read_names(
    path: str | os.PathLike[str],
    *,
    lower_case: bool = True,
    on_progress: OnProgress | None = None,
    at_least: int = MIN_DISTINCT_NAMES,
) -> Corpus:
    """Read a UTF-8 file with one name per line.

    Parameters
    ----------
    path : path
        With or without a byte order mark; lines end in LF, CRLF or CR.
    lower_case : bool
        Whether to lower-case the names, as the course does.
    on_progress : callable, optional
        Called now and then with the share that is done, from 0 to 1.
    at_least : int
        Number of distinct names needed, 1 or more. One is enough to measure, but not to train.

    Raises
    ------
    CorpusError
        If the file does not exist or cannot be read, or does not hold a list of names.
    """
    path = Path(path)
    report = on_progress or ignore_progress
    size = size_of(path, _WANTED, MAX_FILE_BYTES)
    content = bytearray()
    for chunk in read_chunks(path):
        content += chunk
        report(0.3 * min(len(content) / max(size, 1), 1.0))
    return names_from_bytes(
        bytes(content),
        path.name,
        lower_case=lower_case,
        on_progress=lambda share: report(0.3 + 0.7 * share),
        at_least=at_least,
    )


def names_from_bytes(
    content: bytes,
    source: str,
    *,
    lower_case: bool = True,
    on_progress: OnProgress | None = None,
    at_least: int = MIN_DISTINCT_NAMES,
) -> Corpus:
    """Make a corpus from the bytes of a names file.

    Parameters
    ----------
    content : bytes
        As in `read_names`.
    source : str
        What to call it in messages.
    lower_case, on_progress, at_least
        As in `read_names`.

    Raises
    ------
    CorpusError
        If the bytes are not a list of names.
    """
    report = on_progress or ignore_progress
    text = "".join(decoded([content], source, _WANTED))
    names: list[str] = []
    distinct: dict[str, None] = {}
    lines, longest = 0, ""
    # Piece by piece, because each call below holds the interpreter lock until it returns, and the
    # window may be waiting for it.
    for end, piece in _pieces(text):
        # Refuse a line that is far too long before cleaning it: NFC sorts the accents on a letter,
        # and would take an hour for a million of them.
        _check_lengths(piece.split("\n"), source, lines, MAX_NAME_LENGTH * _MOST_PARTS)
        found = unify(piece, lower_case=lower_case).split("\n")
        _check_lengths(found, source, lines)
        lines += len(found)
        more = [name for name in map(str.strip, found) if name]
        names += more
        distinct.update(dict.fromkeys(more))
        longest = max((longest, *more), key=len)
        report(end / max(len(text), 1))
    blank_lines = lines - len(names)
    corpus = corpus_of_names(names, source, blank_lines, lower_case=lower_case, at_least=at_least)
    report(1.0)
    return corpus


def corpus_of_names(
    names: Sequence[str],
    source: str,
    blank_lines: int,
    *,
    lower_case: bool,
    at_least: int = MIN_DISTINCT_NAMES,
) -> Corpus:
    """Make a corpus of names that are already cleaned.

    Parameters
    ----------
    names : sequence of str
        In the order of the file, repeats included.
    source, blank_lines, lower_case
        As in `Corpus`.
    at_least : int
        As in `read_names`.

    Raises
    ------
    CorpusError
        If there are too few names.
    """
    distinct = tuple(dict.fromkeys(names))
    _check_counts(distinct, source, at_least)
    return Corpus(
        source=source,
        names=tuple(names),
        distinct=distinct,
        vocabulary=Vocabulary.from_names(distinct),
        longest=max(distinct, key=len),
        blank_lines=blank_lines,
        lower_case=lower_case,
    )


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield a text in pieces of whole lines, each with the position where it ends.

    A newline at the very end does not begin another line.
    """
    text = text.removesuffix("\n")
    start = 0
    while start <= len(text):
        end = text.find("\n", start + _PIECE)
        end = len(text) if end < 0 else end
        yield end, text[start:end]
        start = end + 1


def _check_lengths(
    lines: Sequence[str], source: str, lines_before: int, most: int = MAX_NAME_LENGTH
) -> None:
    if max(map(len, lines)) <= most:
        return
    for number, line in enumerate(lines, start=lines_before + 1):
        length = len(line.strip())
        if length > most:
            raise CorpusError(
                f"Line {number:,} of “{source}” has {length:,} characters. A name may have "
                f"{MAX_NAME_LENGTH} at most. Is this a list with one name per line?"
            )


def _check_counts(distinct: Sequence[str], source: str, at_least: int) -> None:
    if not distinct:
        raise CorpusError(f"“{source}” contains no names. Write one name on each line.")
    if len(distinct) < at_least:
        raise CorpusError(
            f"“{source}” holds a single name, “{distinct[0]}”. "
            "Training needs at least two different names: one to learn from, one to hold out."
        )
