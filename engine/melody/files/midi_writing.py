"""Melodies as MIDI files."""

import io
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.melody.accompaniment import accompaniment_of
from engine.melody.chords import ChordLine
from engine.melody.files.read_melodies import ACCOMPANIMENT
from engine.melody.metres import metre_of
from engine.melody.note import Melody
from engine.melody.sound.swing import STRAIGHT, swung

if TYPE_CHECKING:
    from mido import MidiTrack

TICKS_PER_BEAT = 480

ELECTRIC_PIANO = 4
"""Its program in General MIDI, counted from 0."""

_MELODY, _CHORDS, _BASS = 0, 1, 2
_VELOCITIES = {_MELODY: 90, _CHORDS: 50, _BASS: 64}
_MICROSECONDS_A_MINUTE = 60e6
_SLOWEST = 2**24 - 1


@dataclass(frozen=True)
class _Strike:
    """A note: its begin and end in ticks."""

    begin: int
    end: int
    pitch: int
    channel: int


def midi_of(
    melody: Melody, accompaniment: ChordLine | None = None, swing: float = STRAIGHT
) -> bytes:
    """Return a melody as a MIDI file of type 1.

    The first track has the title, the tempo and the metre, the second one the melody, and a third
    one the accompaniment. A melody with an upbeat begins within the first bar, so that bar lines
    are where the melody has them.

    Parameters
    ----------
    melody : Melody
    accompaniment : ChordLine, optional
        Chords, which sound softly with a bass.
    swing : float
        As in `engine.melody.sound.swing`. Straight notes read back as they are.
    """
    import mido  # takes 50 ms, and most runs write no MIDI

    title = melody.title.encode("utf-8", "replace").decode("utf-8")
    microseconds = min(max(round(_MICROSECONDS_A_MINUTE / melody.tempo), 1), _SLOWEST)
    head = [
        mido.MetaMessage("track_name", name=title),
        mido.MetaMessage("set_tempo", tempo=microseconds),
    ]
    if metre := metre_of(melody.bar):
        head.append(mido.MetaMessage("time_signature", numerator=metre[0], denominator=metre[1]))
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    file.tracks.append(mido.MidiTrack(head))
    file.tracks.append(_track(title, _struck(melody, swing)))
    if accompaniment:
        file.tracks.append(_track(ACCOMPANIMENT, _accompanying(melody, accompaniment, swing)))
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def _ticks(melody: Melody, beats: Iterable[Fraction], swing: float) -> list[int]:
    """Return the ticks of beats that are counted from the melody's beginning."""
    begin = (melody.bar - melody.upbeat) % melody.bar  # the upbeat's place in the first bar
    if swing == STRAIGHT:
        return [round((begin + beat) * TICKS_PER_BEAT) for beat in beats]
    played = swung([float(begin + beat) for beat in beats], swing)
    return [round(beat * TICKS_PER_BEAT) for beat in played.tolist()]


def _struck(melody: Melody, swing: float) -> list[_Strike]:
    edges = [Fraction(0), *itertools.accumulate(note.beats for note in melody.notes)]
    ticks = _ticks(melody, edges, swing)
    return [
        _Strike(begin, end, note.pitch, _MELODY)
        for note, begin, end in zip(melody.notes, ticks[:-1], ticks[1:], strict=True)
        if note.pitch is not None
    ]


def _accompanying(melody: Melody, chords: ChordLine, swing: float) -> list[_Strike]:
    notes = accompaniment_of(melody, chords)
    begins = _ticks(melody, (note.begin for note in notes), swing)
    ends = _ticks(melody, (note.begin + note.beats for note in notes), swing)
    return [
        _Strike(begin, end, note.pitch, _BASS if note.is_bass else _CHORDS)
        for note, begin, end in zip(notes, begins, ends, strict=True)
    ]


def _track(title: str, strikes: list[_Strike]) -> "MidiTrack":
    """Return the track of some notes; where one ends as another begins, the end comes first."""
    import mido

    events = sorted(
        event
        for strike in strikes
        for event in (
            (strike.end, False, strike.pitch, strike.channel),
            (strike.begin, True, strike.pitch, strike.channel),
        )
    )
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=title)])
    for channel in sorted({strike.channel for strike in strikes}):
        track.append(mido.Message("program_change", program=ELECTRIC_PIANO, channel=channel))
    now = 0
    for tick, is_on, pitch, channel in events:
        track.append(
            mido.Message(
                "note_on" if is_on else "note_off",
                note=pitch,
                velocity=_VELOCITIES[channel] if is_on else 0,
                channel=channel,
                time=tick - now,
            )
        )
        now = tick
    return track
