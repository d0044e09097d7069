"""A list of names as training data: read, cleaned, counted, and split for training."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, repeat
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.data.name_kinds import (
    NameKinds,
    check_kinds,
    held_out_places,
    several_in_words,
)
from engine.data.reading.casing import unify
from engine.data.reading.characters import clean_characters
from engine.data.reading.encodings import decoded_pieces
from engine.data.reading.layout import Entries
from engine.data.reading.report import ReadingReport
from engine.data.spelling import SYMBOL_SEPARATOR, Spelling, code_points
from engine.data.training_data import (
    HELD_OUT_SHARE,
    MAX_NAME_LENGTH,
    MAX_WEIGHT,
    PIECE,
    CorpusError,
    DataKind,
    OnProgress,
    counted,
    fingerprint,
    ignore_progress,
)
from engine.data.vocabulary import EncodedNames, Vocabulary

MAX_FILE_BYTES = 50_000_000
"""Largest file that is read as names, in bytes: some five million names."""

MIN_DISTINCT_NAMES = 2
"""One name to learn from and one to hold out."""

_PIECE = 1 << 16
"""Characters that are cleaned at once. This takes a few milliseconds."""

_NAMES_AT_ONCE = 1 << 13

NAMES_WANTED = "a text file with one name per line"
"""What to choose instead of a file that cannot be read."""


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
        The same without repeats, in the order in which they first occur. With kinds, a name
        stands there once for each of its kinds: `distinct_names` has each name once.
    vocabulary : Vocabulary
        All symbols that occur.
    longest : str
        The first of the longest names.
    blank_lines : int
        Number of lines without a name, which were dropped.
    lower_case : bool
        Whether the names were lower-cased.
    weights : tuple of int or None
        How often each of the distinct names counts, from 1 to `MAX_WEIGHT`. None: they all count
        alike.
    kinds : NameKinds or None
        The kinds of the names. None: the names have no kinds.
    report : ReadingReport or None
        How the names were read. None if they were not read from a file of a person's own.
    """

    source: str
    names: tuple[str, ...]
    distinct: tuple[str, ...]
    vocabulary: Vocabulary
    longest: str
    blank_lines: int
    lower_case: bool
    weights: tuple[int, ...] | None = None
    kinds: NameKinds | None = None
    report: ReadingReport | None = field(default=None, compare=False)
    kind: ClassVar[DataKind] = "names"
    document_break: ClassVar[None] = None

    @property
    def repeats(self) -> int:
        """Number of names that occurred before. The default recipe drops them.

        A name that occurs in another kind is no repeat.
        """
        return len(self.names) - len(self.distinct)

    @property
    def n_kinds(self) -> int:
        """The number of kinds; 0 if the names have none."""
        return 0 if self.kinds is None else len(self.kinds)

    @cached_property
    def distinct_names(self) -> tuple[str, ...]:
        """Each name once, whatever its kinds: `distinct` if the names have no kinds."""
        return self.distinct if self.kinds is None else tuple(dict.fromkeys(self.distinct))

    @cached_property
    def mean_length(self) -> float:
        """Mean length of the distinct names in symbols, the end of the name included."""
        return sum(self.vocabulary.lengths(self.distinct)) / len(self.distinct) + 1

    @property
    def longest_length(self) -> int:
        """Length of the longest name in symbols, without its end."""
        return len(self.vocabulary.split(self.longest))

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the same names in another file; see `training_data.fingerprint`.

        In names that are spelled in grapheme clusters, a separator follows each symbol. With
        weights, repeats make no difference. A blank line stands before the weights, as no name is
        blank; and one, with the word "kinds", before the kind of each name.
        """
        if self.weights is None:
            pieces = self._lines(self.names)
        else:
            pieces = chain(self._lines(self.distinct), ["\n"], _joined_lines(self.weights))
        if self.kinds is not None:
            of_each = self.kinds.of_names if self.weights is None else self.kinds.of_distinct
            titles = _joined_lines([self.kinds.titles[kind] for kind in of_each])
            pieces = chain(pieces, ["\nkinds\n"], titles)
        return fingerprint("names", pieces, lower_case=self.lower_case)

    def _lines(self, names: tuple[str, ...]) -> Iterator[str]:
        if not self.vocabulary.has_clusters:
            return _joined_lines(names)
        return _joined_lines([self._with_bounds(name) for name in names])

    def _with_bounds(self, name: str) -> str:
        return "".join(symbol + SYMBOL_SEPARATOR for symbol in self.vocabulary.split(name))

    def summary(self, *, keeps_repeats: bool = False) -> str:
        """Describe in a few sentences what was read.

        Parameters
        ----------
        keeps_repeats : bool
            Whether the repeats are trained on.
        """
        dropped = [counted(self.blank_lines, "blank line")]
        repeats = counted(self.repeats, "repeat")
        last = f" Kept: {repeats}." if keeps_repeats else ""
        if self.weights is not None:
            last = self._summary_of_weights(self.weights)
        elif not keeps_repeats:
            dropped.append(repeats)
        in_kinds = ""
        if self.kinds is not None:
            in_kinds = f" in {counted(len(self.kinds), 'kind')}"
            last += "".join(f" {sentence}" for sentence in several_in_words(self.distinct))
        distinct = f"{len(self.distinct_names):,} distinct"
        if len(self.distinct) != len(self.distinct_names):
            distinct += f" ({len(self.distinct):,} with their kinds)"
        return (
            f"{self.source}: {len(self.names):,} names{in_kinds}, {distinct}, "
            f"{len(self.vocabulary)} symbols (the end of a name is one). "
            f"Longest: “{self.longest}”, {counted(self.longest_length, 'letter')}. "
            f"Dropped: {', '.join(dropped)}.{last}"
        )

    def _summary_of_weights(self, weights: tuple[int, ...]) -> str:
        added = f" Those of {counted(self.repeats, 'repeat')} are added up." if self.repeats else ""
        return (
            f" The counts are weights: {min(weights):,} to {max(weights):,}, "
            f"{sum(weights):,} in all.{added}"
        )

    def held_out_count(self, share: float = HELD_OUT_SHARE, seed: int = 0) -> int:
        """Return the number of names that `split` holds out. With kinds, the seed decides on it."""
        if self.kinds is not None:
            return len(self.split_places(seed, share)[1])
        count = len(self.distinct)
        return min(max(round(share * count), 1), count - 1)

    def split(self, seed: int, share: float = HELD_OUT_SHARE) -> tuple[list[str], list[str]]:
        """Split the distinct names into a training and a held-out part.

        Parameters
        ----------
        seed : int
            The same seed gives the same split.
        share : float
            Share to hold out, above 0 and below 1. Each part gets at least one name. With kinds, it
            is the share of each kind; see `engine.data.name_kinds.held_out_places`.

        Returns
        -------
        training, held_out : list of str
            Both in the order of `distinct`.
        """
        training, held_out = self.split_places(seed, share)
        return self.distinct_at(training), self.distinct_at(held_out)

    def split_places(
        self, seed: int, share: float = HELD_OUT_SHARE
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Split as `split` does, and return the places of the names in `distinct`, ascending."""
        if not 0 < share < 1:
            raise ValueError(f"share must be between 0 and 1, got {share!r}.")
        count = len(self.distinct)
        if self.kinds is not None:
            chosen = held_out_places(self.distinct, self.kinds, seed, share)
        else:
            order = np.random.default_rng(seed).permutation(count)
            chosen = order[: self.held_out_count(share)]
        is_held_out = np.zeros(count, dtype=bool)
        is_held_out[chosen] = True
        return np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)

    def distinct_at(self, places: Iterable[int]) -> list[str]:
        """Return the distinct names at some places."""
        return [self.distinct[place] for place in places]

    def encoded_at(self, places: NDArray[np.intp]) -> EncodedNames:
        """Return the distinct names at some places as indices, with their kinds, if any."""
        encoded = self.vocabulary.encode_all(self.distinct_at(places))
        if self.kinds is None:
            return encoded
        return replace(encoded, kinds=np.array(self.kinds.of_distinct, dtype=np.intp)[places])

    def kinds_of(self, name: str) -> tuple[int, ...]:
        """Return the kinds that a name has, as indices; none if it is not one of the names."""
        return self._kinds_by_name.get(name, ())

    @cached_property
    def _kinds_by_name(self) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        if self.kinds is not None:
            for name, kind in zip(self.distinct, self.kinds.of_distinct, strict=True):
                found[name] = (*found.get(name, ()), kind)
        return found

    def weights_at(self, places: Iterable[int]) -> tuple[int, ...] | None:
        """Return the weights of the distinct names at some places; None if there are none."""
        weights = self.weights
        return None if weights is None else tuple(weights[place] for place in places)


def names_from_bytes(
    content: bytes,
    source: str,
    *,
    lower_case: bool = True,
    on_progress: OnProgress = ignore_progress,
    at_least: int = MIN_DISTINCT_NAMES,
) -> Corpus:
    """Make a corpus from the bytes of a plain list: every line is a name.

    Parameters
    ----------
    content : bytes
        UTF-8, with or without a byte order mark, or UTF-16 or -32 with one.
    source : str
        What to call it in messages.
    lower_case, on_progress, at_least
        As in `corpus_of_entries`.

    Raises
    ------
    CorpusError
        If the bytes are not a list of names.
    """
    text, _ = clean_text("".join(decoded_pieces([content], source, wanted=NAMES_WANTED)), source)
    return corpus_of_entries(
        Entries(text.removesuffix("\n").split("\n")),
        source,
        lower_case=lower_case,
        on_progress=on_progress,
        at_least=at_least,
    )


def clean_text(
    text: str, source: str, on_progress: OnProgress = ignore_progress
) -> tuple[str, Counter[str]]:
    """Clean the characters of a whole list, see `characters.clean_characters`.

    It is cleaned piece by piece, because each call holds the interpreter lock until it returns,
    and the window may be waiting for it.
    """
    cleaned: list[str] = []
    counts: Counter[str] = Counter()
    for end, piece in _pieces(text):
        clean, found = clean_characters(piece, source)
        cleaned.append(clean)
        counts += found
        on_progress(end / max(len(text), 1))
    return "".join(cleaned), counts


def corpus_of_entries(
    entries: Entries,
    source: str,
    *,
    lower_case: bool = True,
    weight_cap: int | None = None,
    spelling: Spelling = code_points,
    on_progress: OnProgress = ignore_progress,
    at_least: int = MIN_DISTINCT_NAMES,
) -> Corpus:
    """Make a corpus of what was found in a file.

    Parameters
    ----------
    entries : Entries
        The names, whose characters are clean, and their weights.
    source : str
        What to call it in messages.
    lower_case : bool
        Whether to lower-case the names, as the course does.
    weight_cap : int, optional
        Largest weight of a name.
    spelling : callable
        Cuts a name into its symbols.
    on_progress : callable
        Called now and then with the share that is done, from 0 to 1.
    at_least : int
        Number of distinct names needed, 1 or more. One is enough to measure, but not to train.

    Raises
    ------
    CorpusError
        If a name is too long, or there are too few.
    """
    found, found_kinds = entries.names, entries.kinds
    is_plain = not entries.taken_for  # so that entries and lines have the same numbers
    names: list[str] = []
    for start in range(0, len(found), _NAMES_AT_ONCE):
        piece = found[start : start + _NAMES_AT_ONCE]
        _check_lengths(piece, source, start, spelling, is_plain=is_plain)
        joined = unify("\n".join(piece), lower_case=lower_case)
        names += map(str.strip, joined.split("\n"))
        on_progress(start / len(found))
    weights = None
    if entries.weights is not None:
        pairs = list(zip(names, found_kinds or repeat(""), strict=False))
        weights = _weights_of_pairs(pairs, entries.weights, weight_cap)
    kept = [name for name in names if name]
    kinds = None
    if found_kinds is not None:
        kinds = [kind for name, kind in zip(names, found_kinds, strict=True) if name]
    corpus = corpus_of_names(
        kept,
        source,
        len(names) - len(kept),
        lower_case=lower_case,
        at_least=at_least,
        weights=weights,
        kinds=kinds,
        spelling=spelling,
    )
    on_progress(1.0)
    return corpus


def _weights_of_pairs(
    pairs: Sequence[tuple[str, str]], weights: Sequence[int], cap: int | None
) -> tuple[int, ...]:
    """Return the weight of each distinct pair of name and kind: the sum of its repeats' weights.

    It is at most `cap`; without a cap, `MAX_WEIGHT`.
    """
    most = MAX_WEIGHT if cap is None else min(cap, MAX_WEIGHT)
    sums: dict[tuple[str, str], int] = {}
    for pair, weight in zip(pairs, weights, strict=True):
        if pair[0]:
            sums[pair] = sums.get(pair, 0) + weight
    return tuple(min(weight, most) for weight in sums.values())


def corpus_of_names(
    names: Sequence[str],
    source: str,
    blank_lines: int,
    *,
    lower_case: bool,
    at_least: int = MIN_DISTINCT_NAMES,
    weights: tuple[int, ...] | None = None,
    kinds: Sequence[str] | None = None,
    spelling: Spelling = code_points,
) -> Corpus:
    """Make a corpus of names that are already cleaned.

    Parameters
    ----------
    names : sequence of str
        In the order of the file, repeats included.
    source, blank_lines, lower_case
        As in `Corpus`.
    at_least : int
        As in `corpus_of_entries`.
    weights : tuple of int, optional
        As in `Corpus`.
    kinds : sequence of str, optional
        The title of the kind of each name, if the names have kinds.
    spelling : callable
        As in `corpus_of_entries`.

    Raises
    ------
    CorpusError
        If there are too few names, or too many kinds. Where names are needed to train on, also if
        there is one kind only, or each name is the only one of its kind.
    """
    distinct, found_kinds = tuple(dict.fromkeys(names)), None
    _check_counts(distinct, source, at_least)
    if kinds is not None:
        pairs = list(zip(names, kinds, strict=True))
        distinct_pairs = list(dict.fromkeys(pairs))
        distinct = tuple(name for name, _ in distinct_pairs)
        found_kinds = NameKinds.of_pairs(distinct_pairs, pairs, source)
        if at_least >= MIN_DISTINCT_NAMES:
            check_kinds(distinct, found_kinds, source)
    vocabulary = Vocabulary.from_names(distinct, spelling)
    lengths = vocabulary.lengths(distinct)
    return Corpus(
        source=source,
        names=tuple(names),
        distinct=distinct,
        vocabulary=vocabulary,
        longest=distinct[lengths.index(max(lengths))],
        blank_lines=blank_lines,
        lower_case=lower_case,
        weights=weights,
        kinds=found_kinds,
    )


def _joined_lines(lines: Sequence[object]) -> Iterator[str]:
    """Yield lines, each with its end, many at once."""
    for start in range(0, len(lines), PIECE):
        yield "".join(f"{line}\n" for line in lines[start : start + PIECE])


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield a text in pieces of whole lines, each with the position where it ends."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE) + 1 or len(text)
        yield end, text[start:end]
        start = end


def _check_lengths(
    entries: Sequence[str], source: str, entries_before: int, spelling: Spelling, *, is_plain: bool
) -> None:
    if max(map(len, entries)) <= MAX_NAME_LENGTH:
        return
    for number, entry in enumerate(entries, start=entries_before + 1):
        name = entry.strip()
        length = len(name) if len(name) <= MAX_NAME_LENGTH else len(spelling(name))
        if length > MAX_NAME_LENGTH:
            what = f"Line {number:,} of" if is_plain else f"“{name[:20]}…” in"
            raise CorpusError(
                f"{what} “{source}” has {length:,} characters. A name may have "
                f"{MAX_NAME_LENGTH} at most. Is this a list with one name per line?"
            )


def _check_counts(distinct: Sequence[str], source: str, at_least: int) -> None:
    if not distinct:
        raise CorpusError(f"There are no names in “{source}”. Write one name on each line.")
    if len(distinct) < at_least:
        raise CorpusError(
            f"There is a single name, “{distinct[0]}”, in “{source}”. "
            "Training needs at least two different names: one to learn from, one to hold out."
        )
