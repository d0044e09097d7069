import io
import random
import struct
import tracemalloc
from collections import Counter

import mido
import numpy as np
import pytest

from engine.melody.errors import MelodyError
from engine.melody.files.midi_reading import read_midi
from engine.melody.files.midi_tracks import MAX_BYTES


def midi(*tracks, **kwargs):
    file = mido.MidiFile(**kwargs)
    for track in tracks:
        file.tracks.append(mido.MidiTrack(track))
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def note(pitch, ticks=480, wait=0, channel=0):
    yield mido.Message("note_on", note=pitch, velocity=64, channel=channel, time=wait)
    yield mido.Message("note_off", note=pitch, time=ticks, channel=channel)


def scale(channel=0, first=60, ticks=480, n=8):
    for pitch in range(first, first + n):
        yield from note(pitch, ticks, channel=channel)


def tempo(microseconds, time=0):
    return mido.MetaMessage("set_tempo", tempo=microseconds, time=time)


def metre(above, below, time=0):
    return mido.MetaMessage("time_signature", numerator=above, denominator=below, time=time)


def named(name):
    return mido.MetaMessage("track_name", name=name)


def raw(track, kind=1, n_tracks=1, division=480):
    """Return a file with the bytes of one track."""
    header = struct.pack(">4sIHHh", b"MThd", 6, kind, n_tracks, division)
    return header + struct.pack(">4sI", b"MTrk", len(track)) + track


def test_a_track_is_a_melody_with_its_title_tempo_metre_and_key():
    head = [tempo(400_000), metre(6, 8), mido.MetaMessage("key_signature", key="Ebm")]
    read = read_midi(midi(head, [named("Scale"), *scale(ticks=240)]))
    (melody,) = read.melodies
    assert read.notes == ()
    assert melody.pitches.tolist() == list(range(60, 68))
    assert melody.onsets.tolist() == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]
    assert melody.durations.tolist() == [0.5] * 8
    assert (melody.title, melody.tempo, melody.bar, melody.upbeat) == ("Scale", 150, 3, 0)
    assert melody.has_bars
    assert (melody.tonic, melody.is_minor) == (3, True)
    assert melody.labels == (("metre", "6/8"),)


def test_what_a_file_does_not_say_is_as_usual():
    (melody,) = read_midi(midi(scale(), type=0)).melodies
    assert (melody.title, melody.tempo, melody.bar) == ("", 120, 4)
    assert not melody.has_bars
    assert melody.tonic is None


def test_each_channel_of_each_track_is_a_melody_but_the_drums():
    content = midi(
        [named("Band"), *scale(), *scale(first=40, channel=1), *scale(first=35, channel=9)],
        scale(first=70),
        scale(first=50, n=7),
        [named("Accompaniment"), *scale()],
    )
    read = read_midi(content)
    firsts = [(melody.title, melody.pitches[0]) for melody in read.melodies]
    assert firsts == [("Band", 60), ("Band", 40), ("Track 2", 70)]
    assert read.notes == (
        "The drums (channel 10) were left out.",
        "The accompaniment was left out.",
        "1 melody was left out: fewer than 8 notes.",
    )


def test_of_a_chord_the_highest_note_is_kept_and_an_overlapped_note_is_cut():
    def on(pitch, wait=0):
        return mido.Message("note_on", note=pitch, velocity=64, time=wait)

    def off(pitch, wait=0):
        return mido.Message("note_on", note=pitch, velocity=0, time=wait)

    chord = [on(60), on(67, 10), on(64), off(60, 470), off(64), off(67)]
    overlapped = [on(72), on(74, 240), off(72, 240), off(74, 240)]
    left_open = [on(76), mido.MetaMessage("end_of_track", time=960)]
    (melody,) = read_midi(midi([*chord, *overlapped, *scale(n=5), *left_open])).melodies
    assert melody.pitches.tolist() == [67, 72, 74, 60, 61, 62, 63, 64, 76]
    assert melody.onsets.tolist() == [0, 1, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]
    assert melody.durations.tolist() == [1, 0.5, 1, 1, 1, 1, 1, 1, 2]


def test_a_note_struck_again_ends_the_one_before_and_stray_ends_are_passed_over():
    on = mido.Message("note_on", note=60, velocity=64, time=480)
    stray = mido.Message("note_off", note=99)
    (melody,) = read_midi(midi([stray, *[on] * 9, mido.Message("note_off", note=60)])).melodies
    assert melody.pitches.tolist() == [60] * 8
    assert melody.durations.tolist() == [1] * 8


def test_bar_lines_are_counted_from_the_metre():
    (melody,) = read_midi(midi([metre(3, 4), *note(60, wait=960), *scale()])).melodies
    assert melody.onsets[0] == 0
    assert melody.upbeat == 1


def test_changes_are_said_and_the_first_is_taken():
    head = [tempo(500_000), metre(3, 4), tempo(500_000, 10), tempo(600_000, 10), metre(4, 4, 960)]
    read = read_midi(midi(head, scale()))
    assert read.notes == (
        "The tempo changes. The first one, 120 beats a minute, was taken.",
        "The metre changes. The first one, 3/4, was taken, without bar lines.",
    )
    assert (read.melodies[0].tempo, read.melodies[0].bar) == (120, 3)
    assert not read.melodies[0].has_bars


def test_a_tempo_that_nobody_plays_is_not_taken():
    read = read_midi(midi([tempo(1), *scale()]))
    assert read.notes == ("The tempo was taken as 120: the file says 6e+07.",)
    assert read.melodies[0].tempo == 120


@pytest.mark.parametrize(("frames", "exact"), [(25, 25), (29, 29.97)])
def test_ticks_may_be_parts_of_a_second(frames, exact):
    content = bytearray(midi([tempo(600_000), *scale(ticks=40)]))
    content[12:14] = struct.pack(">bB", -frames, 40)
    (melody,) = read_midi(bytes(content)).melodies
    assert np.allclose(melody.durations, 100 / 60 / exact)


def test_titles_are_read_in_their_encoding():
    for name in ("Frère", "Fr\xe8re"):
        encoded = name.encode("utf-8" if name == "Frère" else "latin-1")
        track = b"\x00\xff\x03" + bytes([len(encoded)]) + encoded
        body = b"".join(b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x00" for _ in range(8))
        (melody,) = read_midi(raw(track + body)).melodies
        assert melody.title == "Frère"


def test_other_chunks_and_what_stands_behind_the_last_track_are_passed_over():
    content = midi(scale())
    extra = struct.pack(">4sI", b"XFIH", 3) + b"abc"
    for changed in (content[:14] + extra + content[14:], content + b"\x00" * 5):
        assert len(read_midi(changed).melodies[0]) == 8
    size = len(content).to_bytes(4, "little")
    riff = b"RIFF" + size + b"RMIDdata" + size + content
    assert len(read_midi(riff).melodies[0]) == 8


@pytest.mark.parametrize(
    "fault",
    [
        b"\xff\x59\x02\x09\x00",
        b"\xff\x59\x02\x00\xff",
        b"\xff\x59\x00",
        b"\xff\x58\x02\x04\x02",
        b"\xff\x51\x00",
        b"\xff\x54\x05\xff\x00\x00\x00\x00",
        b"\xff\x20\x00",
    ],
)
def test_faulty_events_that_say_nothing_of_the_notes_are_passed_over(fault):
    right = b"\x00\xff\x59\x02\xfe\x00\x00\xff\x51\x03\x06\x1a\x80"
    for track in (right + b"\x00" + fault + NOTE * 8, right + NOTE * 8 + b"\x00" + fault):
        (melody,) = read_midi(raw(track)).melodies
        assert len(melody) == 8
        assert (melody.tempo, melody.tonic) == (150, 10)


NOTE = b"\x00\x90\x3c\x40\x60\x80\x3c\x00"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x00" * 100, "This is not a MIDI file"),
        (b"RIFF\x00\x00\x00\x00RMID", "This is not a MIDI file"),
        (b"MThd", "The MIDI file ends in the middle of a chunk's header."),
        (b"MThd\x00\x00\x00\x06\x00\x01", "The MIDI file is cut off: a chunk should have 6 bytes"),
        (b"MThd\x00\x00\x00\x02\x00\x01", "The header of the MIDI file is too short."),
        (midi(scale())[:-20], "The MIDI file is cut off: a chunk should have"),
        (raw(NOTE * 8, kind=2), "The MIDI file is of type 2, whose tracks are separate pieces."),
        (raw(NOTE * 8, kind=7), "The MIDI file is of type 7."),
        (raw(NOTE * 8, division=0), "The MIDI file has 0 ticks in a beat"),
        (raw(NOTE * 8, division=-25 * 256), "The MIDI file has 0 ticks in a frame"),
        (b"", "The file is empty."),
        (raw(NOTE * 8, n_tracks=0), "The header of the MIDI file says that it has no tracks."),
        (
            raw(b"", n_tracks=2)[:14],
            "The MIDI file should have 2 tracks, and there is none behind its header.",
        ),
        (raw(NOTE * 8, n_tracks=60_000), "The MIDI file has 60,000 tracks. At most 1,000 are"),
        (raw(b"\x00\x3c\x40" + NOTE * 8), "Track 1 of the MIDI file has an event that cannot be"),
        (raw(NOTE * 8 + b"\x00\x90\x3c\xff"), "Track 1 of the MIDI file has an event that cannot"),
        (raw(NOTE * 8 + b"\x00\xf4"), "Track 1 of the MIDI file has an event that cannot be read"),
        (raw(NOTE * 8 + b"\x00\x90"), "Track 1 of the MIDI file ends in the middle of an event."),
        (raw(b"\xff" * 9 + b"\x7f" + NOTE[1:]), "Track 1 of the MIDI file is too long."),
        (raw(b"\x00\xff\x51\x03\x00\x00\x00" + NOTE * 8), "The tempo of the MIDI file is 0"),
        (midi([tempo(500_000)]), "The MIDI file has no notes."),
        (midi(scale(channel=9)), "The MIDI file has notes of drums only (channel 10)."),
        (midi(scale(n=7)), "The MIDI file has no melody of at least 8 notes."),
        (b"MThd" + b"\x00" * MAX_BYTES, "The MIDI file has 2,000,004 bytes. At most 2,000,000"),
    ],
)
def test_a_broken_file_is_said_in_a_sentence(content, sentence):
    with pytest.raises(MelodyError) as said:
        read_midi(content)
    assert str(said.value).startswith(sentence)


def test_a_length_that_is_false_costs_no_memory():
    content = bytearray(midi(scale()))
    content[18:22] = b"\xff\xff\xff\xff"
    text = raw(b"\x00\xff\x01\xff\xff\xff\x7f" + NOTE * 8)
    tracemalloc.start()
    try:
        for broken in (bytes(content), text):
            with pytest.raises(MelodyError):
                read_midi(broken)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1_000_000


def test_random_changes_raise_nothing_else_than_melody_errors():
    good = midi(
        [named("Tune"), tempo(400_000), metre(6, 8), mido.MetaMessage("key_signature", key="D")],
        [named("Voice"), *scale(), mido.Message("sysex", data=[1, 2, 3]), *scale(channel=9)],
    )
    drawn = random.Random(21)
    results = Counter()
    for _ in range(600):
        content = bytearray(good)
        for _ in range(drawn.randint(1, 3)):
            place = drawn.randrange(len(content))
            if drawn.random() < 0.9:
                content[place] = drawn.randrange(256)
            else:
                content[place : place + drawn.randint(0, 3)] = drawn.randbytes(drawn.randint(0, 3))
        if drawn.random() < 0.05:
            content = content[: drawn.randrange(len(content))]
        try:
            read = read_midi(bytes(content))
        except MelodyError:
            results["refused"] += 1
            continue
        results["read"] += 1
        for melody in read.melodies:
            assert len(melody) >= 8
            assert melody.onsets[0] == 0
            assert (np.diff(melody.onsets) > 0).all()
            assert (melody.durations > 0).all()
            assert 0 <= melody.upbeat < melody.bar
            assert melody.tempo > 0
    assert results["refused"] > 50
    assert results["read"] > 50
