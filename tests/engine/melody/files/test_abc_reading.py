import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from engine.melody.errors import MelodyError
from engine.melody.files.abc_reading import read_abc
from engine.melody.symbols import pitch_symbol

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data" / "abc"


def tune(music, key="C", **fields):
    lines = [f"{name}:{value}" for name, value in fields.items()]
    return "\n".join(["X:1", *lines, f"K:{key}", music])


def read(music, key="C", **fields):
    return read_abc(tune(music, key, **fields)).melodies[0]


def names(music, key="C", **fields):
    return " ".join(map(pitch_symbol, read(music, key, **fields).pitches.tolist()))


def lengths(music, key="C", **fields):
    """Return the durations in eighths of a beat, so that they are whole numbers."""
    return (8 * read(music, key, **fields).durations).tolist()


@pytest.mark.parametrize(
    ("music", "key", "expected"),
    [
        ("C,C c c' C,, c''", "C", "C3 C4 C5 C6 C2 C7"),
        ("F ^F _B =B ^^C __D", "G", "F♯4 F♯4 B♭4 B4 D4 C4"),
        ("FCGDAEB", "F#", "F♯4 D♭4 A♭4 E♭4 B♭4 F4 B4"),
        ("BEADGCF", "Gb", "B♭4 E♭4 A♭4 D♭4 F♯4 B3 F4"),
        ("FB", "Ador", "F♯4 B4"),
        ("FB", "D mixolydian", "F♯4 B4"),
        ("FB", "Em", "F♯4 B4"),
        ("FB", "F Lydian", "F4 B4"),
        ("FB", "E Phrygian", "F4 B4"),
        ("FB", "B loc", "F4 B4"),
        ("FC", "HP", "F4 C4"),
        ("FC", "Hp", "F♯4 D♭4"),
        ("FC", "", "F4 C4"),
        ("FC", "none", "F4 C4"),
        ("FC", "D clef=bass", "F♯4 D♭4"),
        ("FCG", "D =c ^g", "F♯4 C4 A♭4"),
        ("FB", "D exp _b", "F4 B♭4"),
    ],
)
def test_notes_have_octaves_accidentals_and_the_signature_of_the_key(music, key, expected):
    assert names(music, key) == expected


@pytest.mark.parametrize(
    ("key", "tonic", "is_minor"),
    [("G", 7, False), ("F#m", 6, True), ("Bb", 10, False), ("Edor", 4, True), ("", None, False)],
)
def test_the_key_is_known(key, tonic, is_minor):
    melody = read("CDE", key)
    assert (melody.tonic, melody.is_minor) == (tonic, is_minor)


def test_an_accidental_holds_until_the_bar_line_and_over_it_in_a_tie():
    assert names("^FFf F | F") == "F♯4 F♯4 F♯5 F♯4 F4"
    assert names("^F2- | FF =F") == "F♯4 F4 F4"
    assert names("_B- | B B | B", "C") == "B♭4 B4 B4"


@pytest.mark.parametrize(
    ("music", "eighths"),
    [
        ("C C2 C/ C/2 C// C/4 C3/2 C3/4 C3/", [4, 8, 2, 2, 1, 1, 6, 3, 6]),
        ("C>D C<D C>>D C<<D", [6, 2, 2, 6, 7, 1, 1, 7]),
        ("C2>D2 C > D C>{d}D", [12, 4, 6, 2, 6, 2]),
        ("C2-C C4-|C4 C-D", [12, 32, 4, 4]),
        ("(3CCC (2CC (4CCCC (6CCCCCC", [8 / 3] * 3 + [6] * 2 + [3] * 4 + [4 / 3] * 6),
        ("(3:2:4C2CCC C", [16 / 3, 8 / 3, 8 / 3, 8 / 3, 4]),
        ("(5CCCCC", [8 / 5] * 5),
        ("(3::2CC C (3:4C2C2C2", [8 / 3, 8 / 3, 4] + [32 / 3] * 3),
    ],
)
def test_notes_have_lengths(music, eighths):
    assert np.allclose(lengths(music), eighths)


def test_in_compound_metres_five_notes_have_the_time_of_three():
    assert np.allclose(lengths("(5CCCCC", M="6/8"), [12 / 5] * 5)


@pytest.mark.parametrize(
    ("fields", "eighths"),
    [
        ({"M": "4/4"}, 4),
        ({"M": "3/4"}, 4),
        ({"M": "2/4"}, 2),
        ({"M": "C|"}, 4),
        ({"M": "2/4", "L": "1/4"}, 8),
        ({"M": "none", "L": "1"}, 32),
        ({}, 4),
    ],
)
def test_the_unit_of_length_is_said_or_follows_from_the_metre(fields, eighths):
    assert lengths("C", **fields) == [eighths]


@pytest.mark.parametrize(
    ("fields", "tempo"),
    [
        ({"Q": "1/4=100"}, 100),
        ({"Q": "3/8=80"}, 120),
        ({"Q": '"Allegro" 1/2=60.5'}, 121),
        ({"Q": "1/8 3/8=60"}, 120),
        ({"Q": "120", "L": "1/4"}, 120),
        ({"Q": "120"}, 60),
        ({"Q": '"Slowly"'}, 120),
        ({}, 120),
        ({"Q": "1/4=0"}, 120),
        ({"Q": "1/4=9999"}, 120),
    ],
)
def test_the_tempo_is_that_of_quarter_notes(fields, tempo):
    assert read("C", **fields).tempo == tempo


@pytest.mark.parametrize(
    ("metre", "bar"),
    [("6/8", 3), ("C", 4), ("C|", 4), ("9/8", Fraction(9, 2)), ("2+3/8", Fraction(5, 2))],
)
def test_the_metre_gives_the_beats_of_a_bar(metre, bar):
    assert read("CDE", M=metre).bar == bar


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("AB :| c", "ABABc"),
        ("|: AB :| cd :|", "ABABcdcd"),
        ("A |: B :: c :| d", "ABBccd"),
        ("A |: B :||: c :| d", "ABBccd"),
        ("A |: B |::| c :| d", "ABBccd"),
        ("A | B ||: c :|: d :|", "ABccdd"),
        ("A |1 B :|2 c || d", "ABAcd"),
        ("A | [1 B :| [2 c || d", "ABAcd"),
        ("A |[1 B | B :|[2 c | c |] d", "ABBAccd"),
        ("|: A [1,3 B :|[2 c :|[4 d |] e", "ABAcABAde"),
        ("|: A [1-2 B :|[3 c |] e", "ABABAce"),
        ("A [1 B :| c", "ABAc"),
        ("|: A ::| B", "AAAB"),
        ("|: A |1 B :|2 c :| d", "ABAcd"),
        ("A [2 B || c", "AABc"),
        ("|::A::|", "AAA"),
    ],
)
def test_repeats_and_endings_are_played(music, expected):
    assert names(music) == names(" ".join(expected))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("AAB", "cccdcccdef"),
        ("A2B", "cccdcccdef"),
        ("(AB)2", "cccdefcccdef"),
        ("A.B", "cccdef"),
        ("", "cccdef"),
        ("AXB", "cccdef"),
    ],
)
def test_parts_are_played_in_their_order(order, expected):
    music = "P:A\n|: c :| cd ||\nP:B\nef |]"
    assert names(music, P=order) == names(expected)


def test_what_is_no_melody_is_passed_over():
    music = (
        '"Am7"!trill!C "^slowly"~D .E {gab}F (GA) +fermata+B | uc vd Te y2 f \\\n'
        "%%staves 1\n% a comment: ABC\nw: words to sing\nA B % ABC\n[r:remark]c $ `d"
    )
    assert names(music) == names("CDEFGAB|cdef AB cd")


def test_the_highest_note_of_a_chord_and_the_first_voice_are_kept():
    assert names("[CEG]2 [gec] [C2c2]") == "G4 G5 C5"
    assert lengths("[CEG]2 [g2e] [E-c-]E c") == [8, 8, 4, 4, 4]
    assert names("V:1\nCD\nV:2\nab\nV:1\nEF") == "C4 D4 E4 F4"
    assert names("[V:1] CD|\n[V:2] ab|\n[V:1] EF|") == "C4 D4 E4 F4"


def test_fields_in_the_music_change_key_metre_and_unit():
    assert names("FB|[K:D] FB|\nK:F\nFB") == "F4 B4 F♯4 B4 F4 B♭4"
    assert lengths("C[L:1/4]C\nL:1/16\nC") == [4, 8, 2]
    assert lengths("C[M:2/4]C", M="4/4") == [4, 4]
    changed = read("CDEF GABc|[M:3/4] CDE FGA|", M="4/4")
    assert changed.bar == 4
    assert not changed.has_bars
    assert read("[M:3/4]CDE FGA|CDE FGA|", M="4/4").bar == 3


def test_rests_take_time():
    melody = read("C z2 D x E/ Z F", M="4/4")
    assert melody.onsets.tolist() == [0, 1.5, 2.5, 6.75]


@pytest.mark.parametrize(
    ("music", "upbeat", "has_bars"),
    [
        ("CDEFGABc|CDEFGABc|", 0, True),
        ("C|CDEFGABc|CDEFGABc|", 0.5, True),
        ("z2C|CDEFGABc|CDEFGABc|", 0.5, True),
        ("|:C|CDEFGABc|CDEFGAB:|", 0.5, True),
        ("CDEF|CDE|CDEFG|", 0, False),
        ("CDEF", 0, False),
    ],
)
def test_bar_lines_are_known_where_they_are_a_bar_apart(music, upbeat, has_bars):
    melody = read(music, M="4/4")
    assert melody.has_bars == has_bars
    if has_bars:
        assert melody.upbeat == upbeat


def test_titles_rhythms_and_metres_are_kept():
    melody = read("CDE", T="The 100\\% Jig % a comment", R="Jig", M="6/8")
    assert melody.title == "The 100% Jig"
    assert melody.labels == (("rhythm", "jig"), ("metre", "6/8"))


def test_a_file_has_many_tunes_with_text_between_them():
    text = (
        "A book of tunes\n\nX: 1\nT:One\nK:C\nCDE\n\nWords: ABC\n\nX:2\nT:Two\nK:G\nGAB\nX:3\nT:3\n"
    )
    read = read_abc("\ufeff" + text.replace("\n", "\r\n"))
    assert [melody.title for melody in read.melodies] == ["One", "Two"]
    without_numbers = read_abc("T:One\nK:C\nCDE\n\nT:Two\nK:G\nGAB\n")
    assert [len(melody) for melody in without_numbers.melodies] == [3, 3]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (tune("CDE?F"), "In line 3, at character 4, “?” is not music in ABC."),
        (tune("CDE", key="H"), "In line 2, at character 3, the key “H” is not known."),
        (tune("CDE", M="3"), "In line 2, at character 3, the metre “3” is not known."),
        (tune("CDE", M="0/4"), "In line 2, at character 3, the metre “0/4” is not known."),
        (tune("CDE", L="x"), "In line 2, at character 3, the unit of length “x” is not known."),
        (tune("CDE", L="1/0"), "In line 2, at character 3, the unit of length “1/0” is not known."),
        (tune("C [K:Q] D"), "In line 3, at character 3, the key “Q” is not known."),
        (tune("C D/0"), "In line 3, at character 3, the length “/0” divides by 0."),
        (tune("C0 D"), "In line 3, at character 1, “C0” has no duration."),
        (tune("C,,,,,,,,"), "In line 3, at character 1, the note “C,,,,,,,,” is too low or"),
        (tune("(1C"), "In line 3, at character 1, “(1” is not a tuplet."),
        (tune("> C"), "In line 3, at character 1, “>” must stand between two notes."),
        (tune("C [0 D"), "In line 3, at character 3, “[0” is not an ending from 1 to 9."),
        (tune("[] C"), "In line 3, at character 1, “[]” is a chord without notes."),
        (
            tune("|:" + "C|" * 4000 + "D ::|"),
            "In line 3, at character 1, a tune ends that has more than 20,000",
        ),
        ("", "There is no tune in ABC."),
        ("Once upon a time", "There is no tune in ABC."),
        ("X:1\nT:A tune without music\nK:C\n", "There is no tune in ABC."),
        (" " * 10_000_001, "The text has 10,000,001 characters."),
        (
            tune("[C" * 21_000),
            "In line 3, at character 40001, the tune has too many notes: more than",
        ),
    ],
)
def test_errors_say_line_and_character(text, sentence):
    with pytest.raises(MelodyError) as said:
        read_abc(text)
    assert str(said.value).startswith(sentence)


def test_a_tune_with_an_error_is_left_out_and_this_is_said():
    text = tune("CDE") + "\n\n" + "\n\n".join([tune("C?")] * 7) + "\n\n" + tune("% nothing")
    read = read_abc(text)
    assert len(read.melodies) == 1
    assert (
        read.notes[0] == "A tune was left out. In line 7, at character 2, “?” is not music in ABC."
    )
    assert read.notes[5:] == ("2 more tunes could not be read.", "1 tune has no notes.")


def test_random_changes_raise_nothing_else_than_melody_errors():
    good = tune(
        '|:"Am"A2-A>B (3cde|[1 [ce]f- f/2g3/4:|[2 [K:D]{c}^f=f_f z2 | (5:4:5abcde X2 |]',
        key="Ador",
        T="Tune",
        M="6/8",
        L="1/8",
        Q="3/8=90",
        P="A2",
    )
    drawn = random.Random(21)
    alphabet = good + "0123456789[]{}()|:\"'<>/,-\n%\\!+²é\x00V"
    results = Counter()
    for _ in range(500):
        characters = list(good)
        for _ in range(drawn.randint(1, 6)):
            place = drawn.randrange(len(characters))
            characters[place : place + drawn.randint(0, 2)] = drawn.choice(alphabet)
        try:
            read = read_abc("".join(characters))
        except MelodyError:
            results["refused"] += 1
        else:
            results["read"] += 1
            for melody in read.melodies:
                assert melody.onsets[0] == 0
                assert (np.diff(melody.onsets) > 0).all()
                assert (melody.durations > 0).all()
                assert 0 <= melody.upbeat < melody.bar
    assert results["refused"] > 30
    assert results["read"] > 30


@pytest.mark.skipif(not SHARED.exists(), reason="needs the folk tunes beside the project")
@pytest.mark.parametrize(("name", "n_tunes"), [("jigs", 340), ("waltzes", 52)])
def test_all_folk_tunes_are_read_and_their_bars_add_up(name, n_tunes):
    read = read_abc((SHARED / f"{name}.abc").read_text(encoding="utf-8"))
    assert read.notes == ()
    assert len(read.melodies) == n_tunes
    assert sum(melody.has_bars for melody in read.melodies) >= 0.99 * n_tunes
