import io
from dataclasses import replace
from fractions import Fraction

import mido
import numpy as np
import pytest
from hypothesis import given, settings

from engine.melody.chords import read_chords
from engine.melody.files.midi_reading import read_midi
from engine.melody.files.midi_writing import midi_of
from engine.melody.note import Melody, Note
from tests.engine.melody.files.tunes import melodies, played, sounding

HALF = Fraction(1, 2)
SCALE = Melody(tuple(Note(pitch, HALF) for pitch in range(60, 68)), "Scale", 150.0)


def read(*args, **kwargs):
    return read_midi(midi_of(*args, **kwargs)).melodies[0]


@given(melodies())
@settings(max_examples=40, deadline=None)
def test_what_is_written_reads_back_as_the_same_notes(melody):
    back = read(melody)
    assert played(back) == sounding(melody)
    assert back.title == melody.title
    assert back.tempo == pytest.approx(melody.tempo, rel=1e-4)
    assert (back.bar, back.upbeat, back.has_bars) == (melody.bar, melody.upbeat, True)


def test_the_file_has_a_track_for_title_tempo_and_metre_and_one_for_the_notes():
    file = mido.MidiFile(file=io.BytesIO(midi_of(SCALE)))
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (1, 480, 2)
    kinds = [event.type for event in file.tracks[0]]
    assert kinds == ["track_name", "set_tempo", "time_signature", "end_of_track"]
    assert file.tracks[1].name == "Scale"
    assert file.tracks[1][1].program == 4
    assert file.length == pytest.approx(8 * 0.5 * 60 / 150)


def test_swing_delays_the_second_eighth_of_each_beat():
    assert np.allclose(read(SCALE, swing=2 / 3).onsets[:4], [0, 2 / 3, 1, 5 / 3], atol=1 / 480)
    upbeat = replace(SCALE, upbeat=HALF)
    assert np.allclose(read(upbeat, swing=0.75).onsets[:3], [0, 0.25, 1], atol=1 / 480)
    with pytest.raises(ValueError, match="swing must be from"):
        midi_of(SCALE, swing=0.9)


def test_chords_sound_beside_the_melody_and_are_not_read_as_melodies():
    long = replace(SCALE, notes=SCALE.notes * 4, upbeat=HALF)
    content = midi_of(long, read_chords("| C | Dm7 G7 |"))
    file = mido.MidiFile(file=io.BytesIO(content))
    now, struck = 0, []
    for event in file.tracks[2]:
        now += event.time
        if event.type == "note_on":
            struck.append((now / 480, event.note % 12, event.channel))
    assert (4.0, 0, 2) in struck  # the bass of C, at the first bar line
    assert {pitch for begin, pitch, _ in struck if begin == 8} == {2, 5, 9, 0}
    read_back = read_midi(content)
    assert [played(melody) for melody in read_back.melodies] == [sounding(long)]
    assert read_back.notes == ("The accompaniment was left out.",)


def test_odd_melodies_can_be_written():
    odd = replace(SCALE, bar=Fraction(10, 3), tempo=0.5, title="\ud800")
    file = mido.MidiFile(file=io.BytesIO(midi_of(odd)))
    assert [event.type for event in file.tracks[0]][:2] == ["track_name", "set_tempo"]
    assert len(mido.MidiFile(file=io.BytesIO(midi_of(Melody(())))).tracks) == 2
