"""Passages of tunes: pieces of eight bars, of which a network tells the kind of their tune."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from engine.data.document_list import DocumentList
from engine.data.melodies import Melodies, Tune
from engine.data.name_kinds import held_out_places
from engine.data.vocabulary import END_INDEX, EncodedNames
from engine.melody.note import DEFAULT_BAR

Indices = NDArray[np.intp]

BARS = 8
"""Bars of a passage. Where bar lines are not known, a bar has the beats of `DEFAULT_BAR`."""

_SHORTEST_END = 4
"""Bars that a tune must have left at its end to make one more passage."""


@dataclass(frozen=True, eq=False)
class Passages:
    """Passages of some tunes, which may overlap.

    Attributes
    ----------
    tunes : (n,) array
        The tune of each, as its place among the tunes; ascending.
    begins : (n,) array
        Where each begins in its tune, in symbols.
    lengths : (n,) array
        How many symbols each has, without an end.
    first_bars, n_bars : (n,) array
        The first bar of each, counted from 0, and its number of bars.
    """

    tunes: Indices
    begins: Indices
    lengths: Indices
    first_bars: Indices
    n_bars: Indices

    def __len__(self) -> int:
        return len(self.tunes)

    def encoded(self, documents: DocumentList) -> EncodedNames:
        """Return the passages in the form of names: each with an end, and the kind of its tune.

        Parameters
        ----------
        documents : DocumentList
            The tunes.
        """
        starts = documents.bounds[self.tunes] + self.begins
        bounds = np.concatenate(([0], np.cumsum(self.lengths + 1)))
        symbols = np.full(bounds[-1], END_INDEX, dtype=np.intp)
        for start, length, begin in zip(starts, self.lengths, bounds, strict=False):
            symbols[begin : begin + length] = documents.symbols[start : start + length]
        kinds = None if documents.kinds is None else documents.kinds[self.tunes]
        return EncodedNames(symbols, bounds, kinds)

    def titles(self, tunes: Sequence[Tune]) -> list[str]:
        """Return what to call the passages: "Doxy, bars 9–16"."""
        return [
            f"{tunes[tune].title}, {bars_in_words(first, count)}"
            for tune, first, count in zip(
                *(self.tunes.tolist(), self.first_bars.tolist(), self.n_bars.tolist()), strict=True
            )
        ]


def bars_in_words(first: int, count: int) -> str:
    """Return some bars in words, counted from 1: "bars 9–16" for 8 bars from bar 8 on."""
    return f"bar {first + 1}" if count == 1 else f"bars {first + 1}–{first + count}"


def passages_of(melodies: Melodies, numbers: Indices, *, at_every_bar: bool = False) -> Passages:
    """Cut tunes into passages of eight bars.

    A shorter tune is one passage. Of longer ones, what is left at the end is one if it has at least
    four bars. Passages without a note are left out.

    Parameters
    ----------
    melodies : Melodies
    numbers : (n,) array
        The tunes, as indices.
    at_every_bar : bool
        Whether a passage of eight bars begins at every bar. By default, one follows the other.
    """
    rows = [
        (place, *row)
        for place, number in enumerate(numbers.tolist())
        for row in _cut(melodies, number, at_every_bar=at_every_bar)
    ]
    columns = np.array(rows, dtype=np.intp).reshape(-1, 5).T
    return Passages(*columns)


def split_tunes(melodies: Melodies, seed: int, share: float) -> tuple[Indices, Indices]:
    """Choose the tunes of which the kind is learned, and those held out, the share of each kind.

    Each kind keeps a tune to learn from. Equal tunes stay together.

    Parameters
    ----------
    melodies : Melodies
        With kinds.
    seed : int
        The same seed gives the same split.
    share : float
        Share to hold out, above 0 and below 1.

    Returns
    -------
    training, held_out : arrays
        Indices of tunes, ascending.
    """
    documents, kinds = melodies.documents, melodies.kinds
    assert documents is not None
    assert kinds is not None
    equals = [str(first) for first in documents.first_equals.tolist()]
    held_out = held_out_places(equals, kinds, seed, share)
    is_held_out = np.zeros(len(documents), dtype=bool)
    is_held_out[held_out] = True
    return np.flatnonzero(~is_held_out), held_out


def told_passages(melodies: Melodies, seed: int, share: float) -> tuple[EncodedNames, EncodedNames]:
    """Return the passages of the tunes to learn from, and of those held out; none overlap.

    Parameters
    ----------
    melodies, seed, share
        As in `split_tunes`.
    """
    documents = melodies.documents
    assert documents is not None
    training, held_out = (
        passages_of(melodies, numbers).encoded(documents.take(numbers))
        for numbers in split_tunes(melodies, seed, share)
    )
    return training, held_out


def _cut(melodies: Melodies, number: int, *, at_every_bar: bool) -> list[tuple[int, int, int, int]]:
    """Return where passages of a tune begin, their lengths, first bars and numbers of bars."""
    places, bars, length = _bars_of_notes(melodies, number)
    if not len(places):
        return []
    n_bars = int(bars[-1]) + 1
    firsts = range(0, n_bars, BARS)
    if at_every_bar:
        firsts = range(max(n_bars - BARS, 0) + 1)
    found = []
    for first in firsts:
        count = min(BARS, n_bars - first)
        if first and count < _SHORTEST_END:
            continue
        begin, end = np.searchsorted(bars, (first, first + BARS)).tolist()
        if begin == end:
            continue
        last = int(places[end]) if end < len(places) else length
        if melodies.notes.bar_line is not None and end < len(places):
            last -= int(_symbols_of(melodies, number)[last - 1] == melodies.notes.bar_line)
        found.append((int(places[begin]), last - int(places[begin]), first, count))
    return found


def _bars_of_notes(melodies: Melodies, number: int) -> tuple[Indices, Indices, int]:
    """Return where the notes and rests of a tune stand in it, their bars, and its length."""
    tune, symbols = melodies.tunes[number], _symbols_of(melodies, number)
    bar, upbeat = (tune.bar, tune.upbeat) if tune.has_bars else (DEFAULT_BAR, Fraction(0))
    durations = [Fraction(0) if beats is None else beats for beats in melodies.notes.durations]
    scale = lcm(*(beats.denominator for beats in (*durations, bar, upbeat)))
    ticks = np.array([int(beats * scale) for beats in durations])[symbols]
    places = np.flatnonzero(ticks[1:] * (ticks[:-1] == 0))  # a duration follows
    bars = (np.cumsum(ticks)[places] - int(upbeat * scale)) // int(bar * scale)
    return places, np.maximum(bars, 0), len(symbols)


def _symbols_of(melodies: Melodies, number: int) -> NDArray[np.integer]:
    """Return the symbols of a tune, without its end."""
    assert melodies.documents is not None
    begin, end = melodies.documents.bounds[number : number + 2]
    return melodies.symbols[begin : end - 1]
