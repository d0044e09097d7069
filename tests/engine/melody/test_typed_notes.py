from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.melody.grid import GRIDS
from engine.melody.note import Note
from engine.melody.symbols import note_names, symbols_of
from engine.melody.typed_notes import TypedNotesError, read_notes

NOTES = st.lists(
    st.builds(
        Note,
        st.one_of(st.none(), st.integers(12, 127)),
        st.sampled_from(GRIDS["fine"]),
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C4 1 Bb4 1/2", [(60, "1"), (70, "1/2")]),
        ("C4 D4 E4", [(60, "1"), (62, "1"), (64, "1")]),
        ("c#4 1.5 | rest 2 b3", [(61, "3/2"), (None, "2"), (59, "1")]),
        ("B♭4½♩ – ♩ F♯41¼♩", [(70, "1/2"), (None, "1"), (66, "5/4")]),
        ("", []),
        ("Cb4 1", [(59, "1")]),
    ],
)
def test_notes_are_read_as_people_type_them(text, expected):
    assert read_notes(text) == tuple(Note(pitch, Fraction(beats)) for pitch, beats in expected)


@settings(max_examples=50, deadline=None)
@given(NOTES)
def test_what_is_written_is_read_again(notes):
    assert read_notes(note_names(notes)) == tuple(notes)
    assert read_notes(" ".join(symbols_of(notes))) == tuple(notes)


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("H4", 1),
        ("C4 1 what", 6),
        ("1 C4", 1),
        ("C4 0", 4),
        ("C4 -1", 4),
        ("C4 1/0", 4),
        ("G9 A9", 4),
        ("C4x", 1),
    ],
)
def test_an_error_says_at_which_character(text, character):
    with pytest.raises(TypedNotesError) as error:
        read_notes(text)
    assert error.value.character == character
    assert str(error.value).startswith(f"Character {character}: “")
