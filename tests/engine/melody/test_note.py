from fractions import Fraction

from engine.melody.note import Melody
from engine.melody.typed_notes import read_notes


def in_bars(text, **facts):
    melody = Melody(read_notes(text), **facts)
    return [(number, [note.beats for note in notes]) for number, notes in melody.in_bars()]


def test_a_note_stands_in_the_bar_in_which_it_begins():
    assert in_bars("C4 3 D4 2 E4 2 rest 1 G4 1") == [(1, [3, 2]), (2, [2, 1]), (3, [1])]


def test_the_upbeat_is_bar_0_and_a_bar_in_which_none_begins_is_left_out():
    found = in_bars("C4 1 D4 7 E4 1", bar=Fraction(3), upbeat=Fraction(1))
    assert found == [(0, [1]), (1, [7]), (3, [1])]


def test_no_notes_have_no_bars():
    assert in_bars("") == []
