from fractions import Fraction

import pytest

from engine.melody.accompaniment import (
    AccompanyingNote,
    accompaniment_of,
    bass_pitch,
    upper_pitches,
)
from engine.melody.chord import read_chord
from engine.melody.chords import read_chords
from engine.melody.note import Melody, Note


def test_chords_sound_on_the_bar_and_the_bass_twice_a_bar():
    melody = Melody((Note(72, Fraction(5)),), upbeat=Fraction(1))
    notes = accompaniment_of(melody, read_chords("| C |"))
    assert [note for note in notes if note.is_bass] == [
        AccompanyingNote(36, Fraction(1), Fraction(2), True),
        AccompanyingNote(36, Fraction(3), Fraction(2), True),
    ]
    upper = [note for note in notes if not note.is_bass]
    assert {note.pitch % 12 for note in upper} == {0, 4, 7}
    assert all((note.begin, note.beats) == (1, 4) for note in upper)


def test_the_bass_is_struck_once_in_a_bar_of_three_and_for_half_a_bar():
    waltz = Melody((Note(72, Fraction(3)),), bar=Fraction(3))
    assert sum(note.is_bass for note in accompaniment_of(waltz, read_chords("| G7 |"))) == 1
    common = Melody((Note(72, Fraction(4)),))
    bass = [note for note in accompaniment_of(common, read_chords("| C G |")) if note.is_bass]
    assert [(note.begin, note.beats) for note in bass] == [(0, 2), (2, 2)]


def test_it_ends_with_the_melody():
    melody = Melody((Note(72, Fraction(9, 2)),))
    notes = accompaniment_of(melody, read_chords("| C | F |"))
    assert max(note.begin + note.beats for note in notes) == Fraction(9, 2)


@pytest.mark.parametrize("symbol", ["C", "Dm7", "B♭7/D", "G13", "F♯m7b5", "E7alt", "Am13", "C5"])
def test_a_chord_has_a_bass_and_up_to_four_notes_above_it(symbol):
    chord = read_chord(symbol)
    assert bass_pitch(chord) % 12 == chord.bass
    assert 36 <= bass_pitch(chord) < 48
    upper = upper_pitches(chord)
    assert {pitch % 12 for pitch in upper} <= chord.pitch_classes
    assert len(upper) == min(4, len({each % 12 for each in chord.intervals}))
    assert all(53 <= pitch < 65 for pitch in upper)


def test_of_many_notes_third_and_seventh_are_kept():
    upper = {pitch % 12 for pitch in upper_pitches(read_chord("G13"))}
    assert upper >= {11, 5}  # B and F
    assert 7 not in upper
