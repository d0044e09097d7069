import io

import mido

from engine.melody.files.midi_reading import read_midi


def midi(*tracks, **kwargs):
    file = mido.MidiFile(**kwargs)
    for track in tracks:
        file.tracks.append(mido.MidiTrack(track))
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def scale(channel=0, first=60, ticks=480):
    for pitch in range(first, first + 8):
        yield mido.Message("note_on", note=pitch, velocity=64, channel=channel)
        yield mido.Message("note_off", note=pitch, time=ticks, channel=channel)


def test_a_track_is_a_melody_with_its_title_tempo_metre_and_key():
    content = midi(
        [
            mido.MetaMessage("set_tempo", tempo=400_000),
            mido.MetaMessage("time_signature", numerator=6, denominator=8),
            mido.MetaMessage("key_signature", key="Ebm"),
        ],
        [mido.MetaMessage("track_name", name="Scale"), *scale(ticks=240)],
    )
    read = read_midi(content)
    (melody,) = read.melodies
    assert read.notes == ()
    assert melody.pitches.tolist() == list(range(60, 68))
    assert melody.onsets.tolist() == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]
    assert melody.durations.tolist() == [0.5] * 8
    assert (melody.title, melody.tempo, melody.bar, melody.upbeat) == ("Scale", 150, 3, 0)
    assert melody.has_bars
    assert (melody.tonic, melody.is_minor) == (3, True)
