"""The nearest of many names by Levenshtein distance: exact, and quick among hundreds of thousands.

Two ideas. A lower bound of the distance comes from which letters two names have, as bits of one
word, so that most names are never looked at closely. What is left is measured many pairs at once,
each column of the table of distances as bits of one word.

Sources: G. Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic
programming", Journal of the ACM 46, 1999; H. Hyyrö, "Explaining and extending the bit-parallel
approximate string matching algorithm of Myers", 2001.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Bits = NDArray[np.uint64]

WORD = 64
"""Letters of a name that fit into the bits of one word. Longer ones take a slower way."""

_PAIRS = 1 << 20
"""Pairs that are bounded at once: keeps the memory to some tens of megabytes."""

_TABLE_CELLS = 1 << 18
_MAX_LETTERS = np.iinfo(np.int16).max
_CODE_POINTS = 0x110000
_ONE = np.uint64(1)


@dataclass(frozen=True)
class Nearest:
    """What `NearestNames` finds.

    Attributes
    ----------
    name : str
    distance : int
        Letters to put in, take out or replace to get there.
    """

    name: str
    distance: int


class NearestNames:
    """Finds the nearest of a list of names.

    Parameters
    ----------
    names : sequence of str
        One at least. Among names at the same distance, the first in the list is the nearest.

    Raises
    ------
    ValueError
        If there are no names, or one has more than 32,767 letters.
    """

    def __init__(self, names: Sequence[str]) -> None:
        if not names:
            raise ValueError("names must hold a name at least, got none.")
        self._names = tuple(names)
        self._place_of = {name: len(names) - 1 - i for i, name in enumerate(reversed(names))}
        points, self._lengths = _code_points(names)
        self._short_lengths = self._lengths.astype(np.int16)
        self._starts = np.cumsum(self._lengths) - self._lengths
        occurring = np.flatnonzero(np.bincount(points, minlength=1))
        self._index_of = np.full(_CODE_POINTS, -1, dtype=np.int32)
        self._index_of[occurring] = np.arange(len(occurring))
        self._n_letters = len(occurring)
        self._letters = self._index_of[points]
        owners, tokens = self._tokens(self._letters, self._lengths)
        # The commonest tokens get bits of their own, the rest share them.
        counts = np.bincount(tokens, minlength=1)
        self._bit_of = np.empty(len(counts), dtype=np.uint64)
        self._bit_of[np.argsort(-counts, kind="stable")] = np.arange(len(counts)) % WORD
        self._signatures = _union(_ONE << self._bit_of[tokens], owners, len(names))

    def find(self, name: str) -> Nearest:
        """Return the nearest name to `name`."""
        return self.find_all([name])[0]

    def find_all(self, names: Sequence[str]) -> list[Nearest]:
        """Return the nearest name to each of `names`."""
        found = {name: Nearest(name, 0) for name in names if name in self._place_of}
        left = [name for name in dict.fromkeys(names) if name not in found]
        at_once = max(_PAIRS // len(self._names), 1)
        for start in range(0, len(left), at_once):
            queries = left[start : start + at_once]
            distances, places = self._search(queries)
            for name, distance, place in zip(queries, distances, places, strict=True):
                found[name] = Nearest(self._names[place], int(distance))
        return [found[name] for name in names]

    def _search(self, queries: Sequence[str]) -> tuple[Indices, Indices]:
        """Return the distance and the place of the nearest name to each query."""
        points, lengths = _code_points(queries)
        letters = self._index_of[points]
        bounds = self._lower_bounds(letters, lengths)
        patterns = _Patterns(letters, lengths, self._n_letters)
        best = np.full(len(queries), np.iinfo(np.int64).max)  # distance, then place, as one number
        count = len(self._names)
        nearest_first = bounds.min(axis=1)
        for bound in range(int(nearest_first.min()), int(bounds.max()) + 1):
            # A name whose bound equals the best distance may still stand earlier in the list.
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
        """Return what each query is at least away from each name: (queries, names), 255 at most.

        Letters are counted with their repeats. One step changes at most one of those that only
        the query has, and at most one of those that only the name has; and the name has just so
        many more of them as it is longer. Bits that letters share make the bound smaller, never
        larger.
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
        """Give each letter a number that also tells how often it occurred before in its name.

        Returns
        -------
        owners : (N,) array
            The name that each token is of, ascending.
        tokens : (N,) array
            The same for the third a of one name as for that of another; negative for a letter
            that the list lacks.
        """
        n = self._n_letters + 1  # one more for the letters that are lacking
        owners = np.repeat(np.arange(len(lengths)), lengths)
        keys = np.sort(owners * n + (letters + 1))
        begins = np.flatnonzero(np.diff(keys, prepend=-1))
        runs = np.diff(begins, append=len(keys))
        repeats = np.arange(len(keys)) - np.repeat(begins, runs)
        kinds = keys % n - 1
        return keys // n, np.where(kinds < 0, -1, repeats * self._n_letters + kinds)

    def _distances(self, patterns: "_Patterns", rows: Indices, places: Indices) -> Indices:
        """Return the distance of each pair of a query and a name: (pairs,)."""
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
        """Yield the t-th letter of those names that have one; the longest come first."""
        lengths, starts = self._lengths[places], self._starts[places]
        for t in range(int(lengths.max(initial=0))):
            alive = int(np.searchsorted(-lengths, -t, side="left"))
            yield self._letters[starts[:alive] + t]

    def _table_distances(self, query: NDArray[np.int32], places: Indices) -> Indices:
        """Fill the table of distances row by row, for queries that no word holds: (pairs,)."""
        steps = np.arange(len(query) + 1)
        found = np.empty(len(places), dtype=np.int64)
        for some in _slices(len(places), max(_TABLE_CELLS // len(steps), 1)):
            table = np.tile(steps, (len(places[some]), 1))
            for column in self._columns(places[some]):
                before = table[: len(column)]
                after = before + 1  # take the letter out
                replaced = before[:, :-1] + (query != column[:, None])
                np.minimum(after[:, 1:], replaced, out=after[:, 1:])
                # Put letters in: each costs 1 more than what stands to its left.
                table[: len(column)] = np.minimum.accumulate(after - steps, axis=1) + steps
            found[some] = table[:, -1]
        return found


class _Patterns:
    """Queries as bits: for each query and letter, the places where it stands.

    Attributes
    ----------
    fits : (queries,) array
        Whether a word holds the query.
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
        """Return a query's letters."""
        return self._letters[self._ends[row] - self._lengths[row] : self._ends[row]]

    def distances(
        self, rows: Indices, columns: Iterator[NDArray[np.int32]], lengths: Indices
    ) -> Indices:
        """Return the distances of queries from names, by Myers's algorithm.

        Parameters
        ----------
        rows : (pairs,) array
            The queries.
        columns : iterator of array
            The names' first letters, then their second ones, and so on, the longest names first.
        lengths : (pairs,) array
            The names'.
        """
        found = self._lengths[rows].copy()
        last = _ONE << (found - 1).astype(np.uint64)
        cells = rows * self._n_letters
        # Where the table's column rises by one from row to row, and where it falls.
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
    """Return all names' code points, one name behind the other, and the names' lengths."""
    text = "".join(names).encode("utf-32-le", "surrogatepass")
    lengths = np.fromiter(map(len, names), dtype=np.int64, count=len(names))
    longest = int(lengths.max(initial=0))
    if longest > _MAX_LETTERS:
        raise ValueError(f"names must have {_MAX_LETTERS:,} letters at most, got {longest:,}.")
    return np.frombuffer(text, dtype="<u4"), lengths


def _union(bits: Bits, owners: Indices, count: int) -> Bits:
    """Join the bits of each owner; owners ascend, and some may own none: (count,)."""
    joined = np.zeros(count, dtype=np.uint64)
    if len(bits):
        begins = np.flatnonzero(np.diff(owners, prepend=-1))
        joined[owners[begins]] = np.bitwise_or.reduceat(bits, begins)
    return joined


def _slices(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, start + size)
