import re
from bisect import bisect_right
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.melody.chord import read_chord
from engine.melody.chords import read_chords
from engine.melody.files.abc_reading import read_abc
from engine.melody.files.abc_writing import abc_of
from engine.melody.note import Melody, Note
from engine.melody.symbols import pitch_of
from tests.engine.melody.files.tunes import melodies, played, sounding


def melody(text, **facts):
    """Return the melody of "C4 1/2 rest 1"."""
    words = text.split()
    notes = zip(words[::2], words[1::2], strict=True)
    return Melody(
        tuple(Note(None if p == "rest" else pitch_of(p), Fraction(d)) for p, d in notes), **facts
    )


def music(*args, **facts):
    lines = abc_of(melody(*args, **facts)).splitlines()
    return "\n".join(lines[6:])


@given(melodies())
@settings(max_examples=40, deadline=None)
def test_what_is_written_reads_back_as_the_same_notes(melody):
    back = read_abc(abc_of(melody)).melodies[0]
    assert played(back) == sounding(melody)
    assert back.tempo == pytest.approx(melody.tempo, abs=1e-2)
    assert back.bar == melody.bar
    title = " ".join(melody.title.split())
    assert back.title == (title or "Untitled")
    whole_bars = melody.beats >= melody.upbeat + melody.bar
    assert back.upbeat == melody.upbeat or not whole_bars


def test_the_head_says_title_metre_tempo_and_key():
    text = abc_of(melody("D4 1 F♯4 1 A4 1 D4 1", title="A  tune\n", tempo=90.5))
    assert text == "X:1\nT:A tune\nM:4/4\nL:1/8\nQ:1/4=90.5\nK:D\nD2 F2 A2 D2 |]\n"
    assert "M:9/8\n" in abc_of(melody("D4 1", bar=Fraction(9, 2)))
    assert "M:none\n" in abc_of(melody("D4 1", bar=Fraction(4, 3)))


@pytest.mark.parametrize(
    ("notes", "key"),
    [
        ("C4 E4 G4 F4 B4 C4", "C"),
        ("G4 B4 D5 F♯4 C5 G4", "G"),
        ("F4 A4 C5 B♭4 E4 F4", "F"),
        ("A4 C5 E5 B4 D5 F5 A4 A4", "Am"),
        ("F♯4 A4 D♭5 A♭4 B4 D5 E5 F♯4 F♯4", "F#m"),
        ("D♭4 E♭4 F4 F♯4 A♭4 B♭4 C5", "Db"),
        ("rest", "C"),
    ],
)
def test_the_key_is_that_with_the_fewest_accidentals(notes, key):
    text = abc_of(melody(" ".join(f"{note} 1" for note in notes.split())))
    assert f"\nK:{key}\n" in text


def test_bars_have_lines_and_notes_over_them_are_tied():
    assert music("C4 3 D4 2 rest 4 E4 8") == "C6 D2- | D2 z6 | z2 E6- | E8- |\nE2 |]"
    assert music("C4 1 D4 4", upbeat=Fraction(1)) == "C2 | D8 |]"


def test_accidentals_are_written_where_any_reader_needs_them():
    scale = "C4 1 D4 1 E4 1 F4 1 G4 1 A4 1 B4 1 C5 1 "
    bar = "F♯4 1/2 F♯4 1/2 F♯5 1/2 F4 1/2 F5 1/2 F4 1/2 G4 1"
    assert music(scale + bar).endswith("^FF ^f=F =fF G2 |]")
    assert music(scale + "F♯4 5 F♯4 1 F4 1 ").endswith("^F8- | ^F2 F2 =F2 |]")
    assert music(scale + "D♭4 1 E4 1 B♭4 1 C4 1").endswith("_D2 E2 _B2 C2 |]")


def test_octaves_have_marks():
    assert music("C1 1 C3 1 C4 1 C5 1 C6 1 C8 1") == "C,,,2 C,2 C2 c2 | c'2 c'''2 |]"


def test_thirds_are_triplets_and_other_fractions_are_written_as_they_are():
    assert music("C4 1/3 D4 1/3 E4 1/3 F4 2/3 G4 1/3") == "(3CDE (3:2:2F2G |]"
    assert music("C4 1/6 D4 1/6 E4 1/6 F4 1/2") == "(3C/2D/2E/2F |]"
    assert music("C4 1/3 D4 1 E4 1") == "(3:2:1CD2E2 |]"
    assert music("C4 1/5 D4 4/5 E4 1") == "C2/5D8/5 E2 |]"


@pytest.mark.parametrize("n_notes", [0, 1])
def test_short_melodies_can_be_written(n_notes):
    text = abc_of(replace(melody("C4 1"), notes=melody("C4 1").notes[:n_notes]))
    assert text.endswith("|]\n")


def chords_in(text):
    """Return where chords begin in a tune, in beats from its beginning, read apart from it all.

    Every duration is worked out from the letters alone: an eighth times what follows the note.
    """
    body = "".join(text.splitlines(keepends=True)[6:])
    found, now, in_triplet = [], Fraction(0), 0
    token = r'"([^"]*)"|\(3(?::2:(\d))?|[_^=]*[A-Ga-gz][,\']*(\d*)(/?)(\d*)'
    for match in re.finditer(token, body):
        chord, of_three, above, slash, below = match.groups()
        if chord is not None:
            found.append((now, chord))
        elif match[0].startswith("(3"):
            in_triplet = int(of_three or 3)
        else:
            beats = Fraction(int(above or 1), int(below or 2) if slash else 1) / 2
            now += beats * (Fraction(2, 3) if in_triplet else 1)
            in_triplet = max(in_triplet - 1, 0)
    return found


def test_chords_stand_where_they_begin_and_notes_during_which_one_begins_are_tied():
    chords = read_chords("| Dm7 G7 | C△ | % | N.C. B♭7 |")
    tune = melody("C4 1 D4 5 E4 1/3 F4 2/3 G4 9", upbeat=Fraction(1))
    text = abc_of(tune, chords)
    assert " ".join(text.splitlines()[6:]) == (
        'C2 | "Dm7"D4- "G7"D4- | "C△"D2 (3:2:2EF2 G4- | G8- | "N.C."G4- "Bb7"G2 |]'
    )
    assert [
        (beat - 1, read_chord(symbol)) for beat, symbol in chords_in(text) if symbol[0] != "N"
    ] == [
        (0, read_chord("Dm7")),
        (2, read_chord("G7")),
        (4, read_chord("C△")),
        (14, read_chord("Bb7")),
    ]


@given(melodies(), st.sampled_from(["| Dm7 | G7 Em |", "C", "| A B C | % |", "| F#m7b5 | N.C. |"]))
@settings(max_examples=40, deadline=None)
def test_notes_and_chords_read_back_as_they_were(melody, line):
    chords = read_chords(line)
    text = abc_of(melody, chords, number=7)
    assert text.startswith("X:7\n")
    back = read_abc(text).melodies[0]
    assert played(back) == sounding(melody)
    expected = {}
    for beat, symbol in chords_in(text):
        expected[beat] = None if symbol == "N.C." else read_chord(symbol).pitch_classes
    begins = sorted(expected)
    beat = melody.upbeat
    while beat < melody.beats:
        known = expected[begins[bisect_right(begins, beat) - 1]]
        chord = chords.at(beat - melody.upbeat, melody.bar)
        assert known == (None if chord is None else chord.pitch_classes)
        beat += melody.bar / 12
