"""A file of names becomes a corpus: cleaned, counted, and split into training and held-out."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from engine.data.text_file import (
    CorpusError,
    OnProgress,
    decoded,
    ignore_progress,
    read_chunks,
    size_of,
    unify,
)
from engine.data.training_data import PIECE, fingerprint
from engine.data.vocabulary import Vocabulary
from engine.data.wording import counted

__all__ = [
    "HELD_OUT_SHARE",
    "MAX_FILE_BYTES",
    "MAX_NAME_LENGTH",
    "Corpus",
    "CorpusError",
    "OnProgress",
    "names_from_bytes",
    "read_names",
    "unify",
]

MAX_FILE_BYTES = 50_000_000
"""Largest file that is read, in bytes: some five million names."""

MAX_NAME_LENGTH = 200
"""Longest name, in characters. Bangkok's ceremonial name, the longest place name, has 168."""

MIN_DISTINCT_NAMES = 2
"""One name to learn from, one to hold out."""

HELD_OUT_SHARE = 0.1
"""Share of the distinct names that is held out."""

_MOST_PARTS = 4
"""Code points that NFC makes one of, at the most: an alpha with three signs on it."""

_PIECE = 1 << 16
"""Characters that are cleaned at once: a few milliseconds' work."""

_WANTED = "a text file with one name a line"


@dataclass(frozen=True)
class Corpus:
    """Names to learn from, and what was cleaned on the way.

    Attributes
    ----------
    source : str
        What to call it in the window: the file's name, as a rule.
    names : tuple of str
        Every name, in the order of the file, repeats included: the course trains on all of them.
    distinct : tuple of str
        The same without repeats, each at its first place.
    vocabulary : Vocabulary
        All symbols that occur.
    longest : str
        The first of the longest names.
    blank_lines : int
        Lines without a name, which were dropped.
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

    @property
    def repeats(self) -> int:
        """Names that occurred before, which the default recipe drops."""
        return len(self.names) - len(self.distinct)

    @cached_property
    def mean_length(self) -> float:
        """Mean characters of the distinct names, the end of a name included."""
        return sum(map(len, self.distinct)) / len(self.distinct) + 1

    @cached_property
    def fingerprint(self) -> str:
        """By which the same names are known again; see `engine.data.training_data`."""
        starts = range(0, len(self.names), PIECE)
        pieces = (self.names[start : start + PIECE] for start in starts)
        joined = ("".join(f"{name}\n" for name in piece) for piece in pieces)
        return fingerprint("names", joined, lower_case=self.lower_case)

    def summary(self, *, keeps_repeats: bool = False) -> str:
        """Say what was read, in words.

        Parameters
        ----------
        keeps_repeats : bool
            Whether repeats are trained on.
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
        """Return how many names `split` holds out."""
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
            raise ValueError(f"share must lie between 0 and 1, got {share!r}.")
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
    """Read a file of names, one a line, in UTF-8.

    Parameters
    ----------
    path : path
        With or without a byte order mark; lines end in LF, CRLF or CR.
    lower_case : bool
        Lower-case the names, as the course does.
    on_progress : callable, optional
        Called now and then with the share that is done, 0 to 1.
    at_least : int
        Distinct names that are needed, 1 or more: fewer than usual can be measured, not learned.

    Raises
    ------
    CorpusError
        If there is no such file, it cannot be read, or it holds no list of names.
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
    """Make a corpus of the bytes of a names file.

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
        If the bytes hold no list of names.
    """
    report = on_progress or ignore_progress
    text = "".join(decoded([content], source, _WANTED))
    names: list[str] = []
    distinct: dict[str, None] = {}
    lines, longest = 0, ""
    # Piece by piece, because each call in here keeps the interpreter to itself until it is done,
    # and a window may be waiting.
    for end, piece in _pieces(text):
        # A line far too long is found before it is cleaned: a million accents on one letter would
        # take NFC, which sorts them, an hour.
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
    """Make a corpus of names that are cleaned already.

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
        If there are too few.
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
    """Yield a text in pieces of whole lines, each with the place where it ends.

    The last line's own end, if it has one, begins no further line.
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
                f"{MAX_NAME_LENGTH} at the most. Is this a list with one name a line?"
            )


def _check_counts(distinct: Sequence[str], source: str, at_least: int) -> None:
    if not distinct:
        raise CorpusError(f"“{source}” is empty: it holds no name. Write one name a line into it.")
    if len(distinct) < at_least:
        raise CorpusError(
            f"“{source}” holds a single name, “{distinct[0]}”. "
            "At least two different names are needed: one to learn from, one to hold out."
        )
