import pytest

from engine.melody.errors import MelodyError
from engine.melody.files.solo_csv import read_solo


def test_rows_are_notes_whose_seconds_become_beats():
    solo = read_solo("58.0,2.5,0.25\n60.4,3.0,0.5\n", tempo=240).melodies[0]
    assert solo.pitches.tolist() == [58, 60]
    assert solo.onsets.tolist() == [0, 2]
    assert solo.durations.tolist() == [1, 2]
    assert solo.tempo == 240
    assert not solo.has_bars


@pytest.mark.parametrize(
    "text",
    [
        "pitch,onset,duration\n58,2.5,0.25\n60,3,.5",
        "58;2.5;0.25\r\n\r\n60;3;0.5\r\n",
        '\ufeff"58"\t2.5\t0.25\n60\t3e0\t0.5\tbeyond',
    ],
)
def test_titles_of_columns_other_separators_and_empty_lines_are_read(text):
    solo = read_solo(text, tempo=60).melodies[0]
    assert solo.pitches.tolist() == [58, 60]
    assert solo.durations.tolist() == [0.25, 0.5]


def test_rows_out_of_order_are_sorted_and_this_is_said():
    read = read_solo("60,3,1\n58,2,1\n61,3,1\n", tempo=60)
    assert read.melodies[0].pitches.tolist() == [58, 61]
    assert read.notes == (
        "The notes were not in the order of their onsets, and were sorted.",
        "Of notes that begin at the same time, the highest was kept.",
    )
    assert read_solo("58,2,1\n60,3,1", tempo=60).notes == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("60,1,1\n60,2,0\n", "The duration in line 2 is 0 s. It must be above 0"),
        ("60,1,-0.5", "The duration in line 1 is -0.5 s."),
        ("60,1,nan", "The duration in line 1 is “nan”, which is not a number."),
        ("60,inf,1", "The onset in line 1 is “inf”, which is not a number."),
        ("60,1e9,1", "The onset in line 1 is 1e+09 s."),
        ("\n60,1,\n", "The duration in line 2 is missing."),
        ("60,1", "Line 1 has 2 cells. It must have a pitch, an onset and a duration."),
        ("60,1,1\nhigh,2,1", "The pitch in line 2 is “high”, which is not a number."),
        ("128,1,1", "The pitch in line 1 is 128. It must be from 0 to 127."),
        ("", "There are no notes."),
        ("pitch,onset,duration", "There are no notes."),
    ],
)
def test_what_is_no_note_is_said_with_its_line(text, sentence):
    with pytest.raises(MelodyError) as said:
        read_solo(text, tempo=120)
    assert str(said.value).startswith(sentence)


@pytest.mark.parametrize("tempo", [0, -120, float("nan"), float("inf")])
def test_a_tempo_that_is_none_is_refused(tempo):
    with pytest.raises(MelodyError, match=r"It must be from 10 to 1000\."):
        read_solo("60,1,1", tempo)
