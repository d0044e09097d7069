from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.melody.note import Melody, Note
from engine.melody.transposing import folded, transposed

BEAT = Fraction(1)


def test_notes_are_shifted_and_rests_stay():
    melody = Melody((Note(60, BEAT), Note(None, BEAT), Note(67, BEAT)), "Tune", 90.0)
    higher = transposed(melody, 3)
    assert [note.pitch for note in higher.notes] == [63, None, 70]
    assert replace(higher, notes=melody.notes) == melody
    assert transposed(higher, -3) == melody


@given(st.integers(0, 127), st.integers(-60, 60), st.integers(0, 100), st.integers(11, 27))
@settings(max_examples=50, deadline=None)
def test_notes_that_leave_the_range_are_moved_by_octaves(pitch, semitones, lowest, width):
    melody = transposed(Melody((Note(pitch, BEAT),)), semitones, lowest, lowest + width)
    (note,) = melody.notes
    wanted = pitch + semitones
    assert lowest <= note.pitch <= lowest + width
    assert (note.pitch - wanted) % 12 == 0
    nearer = [
        other
        for other in range(lowest, lowest + width + 1)
        if (other - wanted) % 12 == 0 and abs(other - wanted) < abs(note.pitch - wanted)
    ]
    assert nearer == []


def test_a_range_below_an_octave_is_refused():
    assert folded(59, 60, 71) == 71
    with pytest.raises(ValueError, match="the range must be an octave at least, got 60 to 70"):
        folded(60, 60, 70)
