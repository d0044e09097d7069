from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.melody.chords import ChordError, ChordLine, ChordSpan, read_chords

FOUR = Fraction(4)


def symbols(line):
    return [[chord.symbol if chord else None for chord in bar] for bar in line.bars]


def test_bar_lines_part_the_bars():
    assert symbols(read_chords("| Dm7 | G7 | Cmaj7 |")) == [["Dm7"], ["G7"], ["Cmaj7"]]
    assert symbols(read_chords("Dm7|G7||Cmaj7")) == [["Dm7"], ["G7"], ["Cmaj7"]]


def test_without_bar_lines_each_chord_has_a_bar():
    assert symbols(read_chords("Dm7 G7  C")) == [["Dm7"], ["G7"], ["C"]]


def test_chords_of_a_bar_share_its_beats():
    line = read_chords("| Dm7 G7 | C |")
    found = [line.at(Fraction(beat), FOUR).symbol for beat in range(8)]
    assert found == ["Dm7", "Dm7", "G7", "G7", "C", "C", "C", "C"]


def test_signs_repeat_a_bar_and_a_chord():
    line = read_chords("| C / / G7 | % | / F |")
    assert symbols(line) == [["C", "C", "C", "G7"]] * 2 + [["G7", "F"]]


def test_the_line_repeats_and_is_silent_in_an_upbeat():
    line = read_chords("| C | N.C. |")
    assert line.at(Fraction(8), FOUR).symbol == "C"
    assert line.at(Fraction(4), FOUR) is None
    assert line.at(Fraction(-1, 2), FOUR) is None


def test_an_empty_line_has_no_chords():
    for empty in ("", "  ", "|", "||"):
        line = read_chords(empty)
        assert not line
        assert line.at(Fraction(0), FOUR) is None
        assert list(line.spans(Fraction(8), FOUR)) == []


def test_spans_end_where_the_melody_ends():
    line = read_chords("| C G7 | N.C. F |")
    c, g7, f = line.bars[0][0], line.bars[0][1], line.bars[1][1]
    three = Fraction(3)
    assert list(line.spans(Fraction(7), three)) == [
        ChordSpan(Fraction(0), Fraction(3, 2), c),
        ChordSpan(Fraction(3, 2), Fraction(3), g7),
        ChordSpan(Fraction(9, 2), Fraction(6), f),
        ChordSpan(Fraction(6), Fraction(7), c),
    ]


@pytest.mark.parametrize(
    ("line", "character"),
    [
        ("| Dm7 | H7 |", 9),
        ("| Dm7 | G7x |", 11),
        ("% | C", 1),
        ("| C | % G |", 7),
        ("/ C |", 1),
        ("| C | | G |", 6),
        ("Dm7 ???", 5),
        ("| C/ |", 5),
    ],
)
def test_an_error_says_at_which_character(line, character):
    with pytest.raises(ChordError) as caught:
        read_chords(line)
    assert caught.value.character == character
    assert str(caught.value).startswith(f"Character {character}: ")


CHORDS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from("CDEFGAB"),
    st.sampled_from(["", "♯", "♭", "#", "b"]),
    st.sampled_from(["", "m", "7", "maj7", "m7b5", "ø", "dim7", "+", "6/9", "7(♭9)", "mMaj7"]),
    st.sampled_from(["", "/G", "/B♭"]),
)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    st.lists(
        st.lists(st.one_of(CHORDS, st.just("N.C."), st.just("/")), min_size=1, max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_a_line_that_is_written_reads_back_as_the_same_chords(bars):
    if bars[0][0] == "/":
        bars[0][0] = "C"
    line = read_chords("|" + "|".join(" ".join(bar) for bar in bars) + "|")
    assert read_chords(str(line)) == line
    assert len(line.bars) == len(bars)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet="CDmaj7b#♭|%/ N.().x5", max_size=20))
def test_no_line_raises_another_error(text):
    try:
        assert isinstance(read_chords(text), ChordLine)
    except ChordError as error:
        character = error.character
    else:
        character = 1
    assert 1 <= character <= len(text) + 1
