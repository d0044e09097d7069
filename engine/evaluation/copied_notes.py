"""How much of a melody is copied: runs of notes that stand in a training tune as well."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.melodies import Melodies, Tune
from engine.melody.note import Note

COPIED_FROM = 8
"""Notes of the shortest run that counts as copied."""

SHORTEST_SHOWN = 4
"""Notes of the shortest run that is a passage at all. Shorter ones are everywhere."""

_REST, _BREAK = 1_000, -1_000
"""Stand for the pitch of a rest, and for the end of a tune."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Passage:
    """A run of notes that a melody shares with a training tune.

    Attributes
    ----------
    begin, length : int
        Where it begins in the melody, and its number of notes and rests.
    tune : Tune
    tune_begin : int
        Where it begins in the tune, in notes and rests.
    """

    begin: int
    length: int
    tune: Tune
    tune_begin: int

    @property
    def end(self) -> int:
        """Where it ends in the melody: the place after its last note."""
        return self.begin + self.length

    @property
    def is_copied(self) -> bool:
        """Whether it is long enough to count as copied."""
        return self.length >= COPIED_FROM


@dataclass(frozen=True, eq=False)
class CopiedNotes:
    """What a melody shares with the training tunes.

    Attributes
    ----------
    passages : tuple of Passage
        Of at least `SHORTEST_SHOWN` notes, the longest first. None is part of another.
    are_copied : (n,) array of bool
        For each note and rest of the melody, whether it is inside of a copied run.
    """

    passages: tuple[Passage, ...]
    are_copied: NDArray[np.bool_]

    @property
    def share(self) -> float:
        """The share of the notes and rests that is copied, from 0 to 1; 0 if there are none."""
        return float(self.are_copied.mean()) if len(self.are_copied) else 0.0


class KnownTunes:
    """The training tunes, in which copied runs are looked for.

    Two runs are the same if their notes have the same pitches and durations. If the network learned
    from tunes in all keys, the same intervals suffice.

    Parameters
    ----------
    melodies : Melodies
    share : float
        Share of the tunes that is held out.
    seed : int
        Of the run.
    """

    def __init__(self, melodies: Melodies, share: float, seed: int) -> None:
        assert melodies.documents is not None
        training, _ = melodies.documents.split(seed, share)
        self._tunes = [melodies.tunes[place] for place in training]
        self._in_any_key = melodies.transpose == "all"
        found = [melodies.melody(place).notes for place in training]
        self._begins = np.cumsum([0, *(len(tune) + 1 for tune in found)])
        coded = [_coded(tune, ends=True) for tune in found]
        self._pitches, self._durations = (
            np.concatenate(column) for column in zip(*coded, strict=True)
        )

    def look_up(self, notes: Sequence[Note]) -> CopiedNotes:
        """Find the runs of some notes and rests that stand in a training tune."""
        lengths, ends = self._longest_runs(notes)
        are_copied = np.zeros(len(notes), dtype=bool)
        for place in np.flatnonzero(lengths >= COPIED_FROM).tolist():
            are_copied[place + 1 - lengths[place] : place + 1] = True
        passages = sorted(self._passages(lengths, ends), key=lambda each: -each.length)
        return CopiedNotes(tuple(passages), are_copied)

    def _longest_runs(self, notes: Sequence[Note]) -> tuple[Numbers, Numbers]:
        """Return the longest run that ends at each note, and where in the tunes it ends."""
        pitches, durations = _coded(notes)
        own_steps, steps = np.diff(pitches, prepend=0), np.diff(self._pitches, prepend=0)
        runs = np.zeros(len(self._pitches) + 1, dtype=np.int64)
        lengths = np.zeros(len(notes), dtype=np.int64)
        ends = np.zeros(len(notes), dtype=np.int64)
        for place in range(len(notes)):
            same = self._durations == durations[place]
            if self._in_any_key:
                goes_on = same & (steps == own_steps[place])
                # The first note of a run may have any pitch, but a rest is no note.
                same &= (self._pitches == _REST) == (pitches[place] == _REST)
            else:
                same &= self._pitches == pitches[place]
                goes_on = same
            runs[1:] = np.where(goes_on, runs[:-1] + 1, same)
            ends[place] = runs.argmax() - 1
            lengths[place] = runs[ends[place] + 1]
        return lengths, ends

    def _passages(self, lengths: Numbers, ends: Numbers) -> Iterator[Passage]:
        for place, length in enumerate(lengths.tolist()):
            goes_on = place + 1 < len(lengths) and lengths[place + 1] > length
            if length < SHORTEST_SHOWN or goes_on:
                continue
            tune = int(np.searchsorted(self._begins, ends[place], side="right")) - 1
            begin = int(ends[place] - self._begins[tune]) + 1 - length
            yield Passage(place + 1 - length, length, self._tunes[tune], begin)


def _coded(notes: Sequence[Note], *, ends: bool = False) -> tuple[Numbers, Numbers]:
    """Return pitches and durations as whole numbers, perhaps with one more that equals none."""
    pitches = [_REST if note.pitch is None else note.pitch for note in notes]
    # A pair of numbers tells fractions apart; those of grids have small denominators.
    durations = [note.beats.numerator * 10_000 + note.beats.denominator for note in notes]
    if ends:
        pitches, durations = [*pitches, _BREAK], [*durations, _BREAK]
    return np.array(pitches, dtype=np.int64), np.array(durations, dtype=np.int64)
