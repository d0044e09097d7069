"""The nearest name by Levenshtein distance: exact, and fast among hundreds of thousands.

It rests on two ideas. A lower bound of the distance follows from which letters two names have,
which are kept as the bits of one word; so most names are never compared in full. The rest are
compared many pairs at once, with each column of the distance table as the bits of one word.

Sources: G. Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic
programming", Journal of the ACM 46, 1999; H. Hyyrö, "Explaining and extending the bit-parallel
approximate string matching algorithm of Myers", 2001.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Bits = NDArray[np.uint64]

WORD = 64
"""Letters of a name that fit into the bits of one word. Longer names take a slower way."""

_PAIRS = 1 << 20
"""Pairs whose bounds are computed at once. Keeps the memory to some tens of megabytes."""

_TABLE_CELLS = 1 << 18
_MAX_LETTERS = np.iinfo(np.int16).max
_CODE_POINTS = 0x110000
_ONE = np.uint64(1)


@dataclass(frozen=True)
class NearestName:
    """The name that `NearestNames` finds for a query.

    Attributes
    ----------
    name : str
    distance : int
        Number of letters to insert, delete or replace.
    """

    name: str
    distance: int


class NearestNames:
    """Finds the nearest of a list of names.

    Parameters
    ----------
    names : sequence of str
        At least one. Of several names at the same distance, the first in the list is found.
    one_each : callable
        Returns a name with one character for each of its letters; see `Vocabulary.one_each`.

    Raises
    ------
    ValueError
        If there are no names, or one has more than 32,767 letters.
    """

    def __init__(self, names: Sequence[str], one_each: Callable[[str], str] = str) -> None:
        if not names:
            raise ValueError("names must have at least one name, got none.")
        self._names = tuple(names)
        self._place_of = {name: len(names) - 1 - i for i, name in enumerate(reversed(names))}
        self._one_each = one_each
        points, self._lengths = _code_points([one_each(name) for name in names])
        self._short_lengths = self._lengths.astype(np.int16)
        self._starts = np.cumsum(self._lengths) - self._lengths
        occurring = np.flatnonzero(np.bincount(points, minlength=1))
        self._index_of = np.full(_CODE_POINTS, -1, dtype=np.int32)
        self._index_of[occurring] = np.arange(len(occurring))
        self._n_letters = len(occurring)
        self._letters = self._index_of[points]
        owners, tokens = self._tokens(self._letters, self._lengths)
        # The most frequent tokens get bits of their own, and the rest share them.
        counts = np.bincount(tokens, minlength=1)
        self._bit_of = np.empty(len(counts), dtype=np.uint64)
        self._bit_of[np.argsort(-counts, kind="stable")] = np.arange(len(counts)) % WORD
        self._signatures = _union(_ONE << self._bit_of[tokens], owners, len(names))

    def find(self, name: str) -> NearestName:
        """Return the nearest name to `name`."""
        return self.find_all([name])[0]

    def find_all(self, names: Sequence[str]) -> list[NearestName]:
        """Return the nearest name to each of `names`."""
        found = {name: NearestName(name, 0) for name in names if name in self._place_of}
        left = [name for name in dict.fromkeys(names) if name not in found]
        at_once = max(_PAIRS // len(self._names), 1)
        for start in range(0, len(left), at_once):
            queries = left[start : start + at_once]
            distances, places = self._search(queries)
            for name, distance, place in zip(queries, distances, places, strict=True):
                found[name] = NearestName(self._names[place], int(distance))
        return [found[name] for name in names]

    def _search(self, queries: Sequence[str]) -> tuple[Indices, Indices]:
        """Return the distance and the index of the nearest name to each query."""
        points, lengths = _code_points([self._one_each(name) for name in queries])
        letters = self._index_of[points]
        bounds = self._lower_bounds(letters, lengths)
        patterns = _Patterns(letters, lengths, self._n_letters)
        best = np.full(len(queries), np.iinfo(np.int64).max)  # distance * count + index
        count = len(self._names)
        nearest_first = bounds.min(axis=1)
        for bound in range(int(nearest_first.min()), int(bounds.max()) + 1):
            # A name whose bound equals the best distance may still be earlier in the list.
            is_open = best // count >= bound
            if not is_open.any():
                break
            rows, places = np.divmod(np.flatnonzero(bounds == bound), count)
            chosen = is_open[rows]
            rows, places = rows[chosen], places[chosen]
            for some in _slices(len(rows), _PAIRS):
                found = self._distances(patterns, rows[some], places[some]) * count + places[some]
                np.minimum.at(best, rows[some], found)
        return best // count, best % count

    def _lower_bounds(self, letters: NDArray[np.int32], lengths: Indices) -> NDArray[np.uint8]:
        """Return a lower bound of each distance: (queries, names), 255 at most.

        Letters are counted with their repeats. One edit removes at most one letter that only the
        query has, and at most one that only the name has; and the difference of these two numbers
        is the difference of the lengths. Letters that share a bit can only lower the bound.
        """
        owners, tokens = self._tokens(letters, lengths)
        known = tokens < len(self._bit_of)
        known[tokens < 0] = False
        m = len(lengths)
        strange = np.bincount(owners[~known], minlength=m).astype(np.int16)[:, None]
        bits = _union(_ONE << self._bit_of[tokens[known]], owners[known], m)[:, None]
        missing = np.bitwise_count(bits & ~self._signatures) + strange
        extra = np.bitwise_count(self._signatures & ~bits)
        longer = self._short_lengths - lengths[:, None].astype(np.int16)
        bounds = np.maximum(missing, extra - longer) + np.maximum(longer, 0)
        return np.asarray(np.minimum(bounds, 255), dtype=np.uint8)

    def _tokens(self, letters: NDArray[np.int32], lengths: Indices) -> tuple[Indices, Indices]:
        """Assign each letter a number for itself and for its earlier occurrences in its name.

        Returns
        -------
        owners : (N,) array
            The name that each token belongs to, ascending.
        tokens : (N,) array
            The third "a" of one name has the same token as that of another. Negative for a letter
            that the list lacks.
        """
        n = self._n_letters + 1  # one more for the letters that the list lacks
        owners = np.repeat(np.arange(len(lengths)), lengths)
        keys = np.sort(owners * n + (letters + 1))
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        repeats = np.arange(len(keys)) - np.repeat(starts, np.diff(starts, append=len(keys)))
        kinds = keys % n - 1
        return keys // n, np.where(kinds < 0, -1, repeats * self._n_letters + kinds)

    def _distances(self, patterns: "_Patterns", rows: Indices, places: Indices) -> Indices:
        """Return the distance between the query and the name of each pair: (pairs,)."""
        order = np.argsort(-self._short_lengths[places], kind="stable")
        rows, places = rows[order], places[order]  # the longest names first
        fits = patterns.fits[rows]
        found = np.empty(len(rows), dtype=np.int64)
        found[order[fits]] = patterns.distances(
            rows[fits], self._columns(places[fits]), self._lengths[places[fits]]
        )
        for row in np.unique(rows[~fits]):
            chosen = np.flatnonzero(rows == row)
            found[order[chosen]] = self._table_distances(patterns.letters_of(row), places[chosen])
        return found

    def _columns(self, places: Indices) -> Iterator[NDArray[np.int32]]:
        """Yield the t-th letters of the names that have one. The longest names come first."""
        lengths, starts = self._lengths[places], self._starts[places]
        for t in range(int(lengths.max(initial=0))):
            alive = int(np.searchsorted(-lengths, -t, side="left"))
            yield self._letters[starts[:alive] + t]

    def _table_distances(self, query: NDArray[np.int32], places: Indices) -> Indices:
        """Fill the distance table row by row, for queries longer than a word: (pairs,)."""
        steps = np.arange(len(query) + 1)
        found = np.empty(len(places), dtype=np.int64)
        for some in _slices(len(places), max(_TABLE_CELLS // len(steps), 1)):
            table = np.tile(steps, (len(places[some]), 1))
            for column in self._columns(places[some]):
                before = table[: len(column)]
                after = before + 1  # delete the letter
                replaced = before[:, :-1] + (query != column[:, None])
                np.minimum(after[:, 1:], replaced, out=after[:, 1:])
                # Insertions: each costs 1 more than the entry to its left.
                table[: len(column)] = np.minimum.accumulate(after - steps, axis=1) + steps
            found[some] = table[:, -1]
        return found


class _Patterns:
    """Queries as bits: for each query and letter, the positions of the letter.

    Attributes
    ----------
    fits : (queries,) array
        Whether the query fits into a word.
    """

    def __init__(self, letters: NDArray[np.int32], lengths: Indices, n_letters: int) -> None:
        self._letters, self._lengths = letters, lengths
        self._ends = np.cumsum(lengths)
        self._n_letters = n_letters
        self.fits = (lengths > 0) & (lengths <= WORD)
        rows = np.repeat(np.arange(len(lengths)), lengths)
        places = np.arange(len(letters)) - np.repeat(self._ends - lengths, lengths)
        stands = (letters >= 0) & self.fits[rows]
        self._bits = np.zeros(len(lengths) * n_letters, dtype=np.uint64)
        cells = rows[stands] * n_letters + letters[stands]
        np.bitwise_or.at(self._bits, cells, _ONE << places[stands].astype(np.uint64))

    def letters_of(self, row: int) -> NDArray[np.int32]:
        """Return the letters of a query."""
        return self._letters[self._ends[row] - self._lengths[row] : self._ends[row]]

    def distances(
        self, rows: Indices, columns: Iterator[NDArray[np.int32]], lengths: Indices
    ) -> Indices:
        """Return the distances between queries and names by Myers's algorithm.

        Parameters
        ----------
        rows : (pairs,) array
            The queries.
        columns : iterator of array
            The first letters of the names, then the second, and so on. The longest names come
            first.
        lengths : (pairs,) array
            Lengths of the names.
        """
        found = self._lengths[rows].copy()
        last = _ONE << (found - 1).astype(np.uint64)
        cells = rows * self._n_letters
        # The rows of a table column where the distance rises by one, and where it falls.
        rises = np.full(len(rows), ~np.uint64(0))
        falls = np.zeros(len(rows), dtype=np.uint64)
        for column in columns:
            k = len(column)
            up, down = rises[:k], falls[:k]
            equal = self._bits[cells[:k] + column]
            vertical = equal | down
            horizontal = (((equal & up) + up) ^ up) | equal
            right_up = down | ~(horizontal | up)
            right_down = up & horizontal
            found[:k] += (right_up & last[:k]) != 0
            found[:k] -= (right_down & last[:k]) != 0
            right_up = (right_up << _ONE) | _ONE
            right_down <<= _ONE
            rises[:k] = right_down | ~(vertical | right_up)
            falls[:k] = right_up & vertical
        return found


def _code_points(names: Sequence[str]) -> tuple[NDArray[np.uint32], Indices]:
    """Return the code points of all names in one array, and the lengths of the names."""
    text = "".join(names).encode("utf-32-le", "surrogatepass")
    lengths = np.fromiter(map(len, names), dtype=np.int64, count=len(names))
    longest = int(lengths.max(initial=0))
    if longest > _MAX_LETTERS:
        raise ValueError(f"names must have at most {_MAX_LETTERS:,} letters, got {longest:,}.")
    return np.frombuffer(text, dtype="<u4"), lengths


def _union(bits: Bits, owners: Indices, count: int) -> Bits:
    """Combine the bits of each owner: (count,). Owners ascend, and some may have none."""
    joined = np.zeros(count, dtype=np.uint64)
    if len(bits):
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        joined[owners[starts]] = np.bitwise_or.reduceat(bits, starts)
    return joined


def _slices(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, start + size)
