from fractions import Fraction

import numpy as np
import pytest

from engine.melody.grid import GRIDS, on_grid
from engine.melody.note import Note
from engine.melody.played import PlayedMelody


def played(onsets, durations, **facts):
    pitches = np.arange(60, 60 + len(onsets))
    return PlayedMelody(pitches, np.array(onsets), np.array(durations), **facts)


def test_a_note_lasts_until_the_next_one_begins():
    melody = on_grid(played([0.0, 0.52, 1.49], [0.3, 0.9, 1.1])).melody
    assert melody.notes == (
        Note(60, Fraction(1, 2)),
        Note(61, Fraction(1)),
        Note(62, Fraction(1)),
    )


def test_a_long_silence_is_a_rest():
    melody = on_grid(played([0.0, 2.0], [1.0, 1.0])).melody
    assert melody.notes == (Note(60, Fraction(1)), Note(None, Fraction(1)), Note(61, Fraction(1)))
    assert (melody.n_notes, melody.beats) == (2, 3)


def test_durations_are_rounded_by_ratio():
    # Between 1/2 and 2/3, the ratios to both are equal at 0.577, and the differences at 0.583.
    notes = on_grid(played([0.0, 0.57], [0.57, 0.58])).melody.notes
    assert [note.beats for note in notes] == [Fraction(1, 2), Fraction(2, 3)]


def test_shares_near_the_grid_are_counted():
    found = on_grid(played([0.0, 0.5, 1.32], [0.5, 0.82, 1.0]), "straight")
    assert found.n_near == 3
    assert on_grid(played([0.0, 0.5, 1.34], [0.5, 0.84, 1.0]), "straight").n_near == 2


@pytest.mark.parametrize("grid", GRIDS)
def test_notes_stay_in_their_bars(grid):
    # 40 notes of 0.45 beats are 18 beats; each alone would be rounded to half a beat.
    onsets = np.arange(40) * 0.45
    melody = on_grid(played(onsets, np.full(40, 0.45), has_bars=True), grid).melody
    assert abs(float(melody.beats) - 18) < 0.5


def test_no_notes_are_no_melody():
    assert on_grid(played([], [])).melody.notes == ()
