"""Melodies of MIDI files.

Source: Standard MIDI Files 1.0, https://midi.org/standard-midi-files.
"""

import contextlib
import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.melody.errors import MelodyError
from engine.melody.files.midi_tracks import midi_tracks
from engine.melody.files.read_melodies import (
    ACCOMPANIMENT,
    FASTEST_TEMPO,
    ONSET_DENOMINATOR,
    SLOWEST_TEMPO,
    ReadMelodies,
    counted,
    from_first_note,
)
from engine.melody.metres import bar_of
from engine.melody.note import DEFAULT_BAR, DEFAULT_TEMPO, OCTAVE
from engine.melody.played import PlayedMelody

if TYPE_CHECKING:
    from mido import MetaMessage, MidiTrack

FEWEST_NOTES = 8
"""A melody with fewer notes is left out."""

TOGETHER = 0.04
"""Notes that begin within so many beats of each other are a chord."""

MOST_OF_TITLE = 200
"""Characters of a title. What is beyond is cut off."""

DRUMS = 9
"""The channel of drums, counted from 0."""

_MICROSECONDS_A_MINUTE = 60e6
_MOST_TICKS = 2**40
_LARGEST_METRE = 64


def read_midi(content: bytes) -> ReadMelodies:
    """Read the melodies of a MIDI file of type 0 or 1.

    Each channel of each track that has notes is a melody: of a chord the highest note, and a note
    ends at the latest where the next one begins. Channel 10 has drums and is left out.

    Parameters
    ----------
    content : bytes
        Of the whole file.

    Returns
    -------
    ReadMelodies
        At least one melody. The titles are those of the tracks; they may be empty.

    Raises
    ------
    MelodyError
        If the file is broken or has no melody.
    """
    division, tracks = midi_tracks(content)
    facts = _Facts()
    voices: list[_Voice] = []
    for number, events in enumerate(tracks, start=1):
        voices += _voices(events, facts, number)
    return _melodies(voices, facts, _ticks_per_beat(division, facts.tempo or DEFAULT_TEMPO))


@dataclass
class _Facts:
    """What the events of all tracks say of the file: the first of each, and whether it changes."""

    tempo: float | None = None
    tempo_changes: bool = False
    metre: tuple[int, int] | None = None
    metre_start: int = 0
    metre_changes: bool = False
    key: str | None = None


@dataclass
class _Voice:
    """The notes of a channel in a track: (onset in ticks, pitch, end in ticks)."""

    title: str
    track: int
    channel: int
    notes: list[tuple[int, int, int]] = field(default_factory=list)


def _voices(events: "MidiTrack", facts: _Facts, number: int) -> list[_Voice]:
    """Return the voices of a track, and add to what is known of the file."""
    voices: dict[int, _Voice] = {}
    sounding: dict[tuple[int, int], int] = {}
    title, now = "", 0

    def end(channel: int, pitch: int) -> None:
        begun = sounding.pop((channel, pitch), now)
        if begun < now:
            voices[channel].notes.append((begun, pitch, now))

    for event in events:
        now += event.time
        if now > _MOST_TICKS:
            raise MelodyError(f"Track {number} of the MIDI file is too long.")
        if event.type in ("note_on", "note_off"):
            end(event.channel, event.note)
            if event.type == "note_on" and event.velocity:
                voices.setdefault(event.channel, _Voice("", number, event.channel))
                sounding[event.channel, event.note] = now
        elif event.type == "track_name":
            title = title or _plain(event.name)
        else:
            _note_fact(event, now, facts)
    for channel, pitch in list(sounding):
        end(channel, pitch)
    for voice in voices.values():
        voice.title = title
    return list(voices.values())


def _plain(name: str) -> str:
    """Return a name that mido read as Latin 1 in its likely encoding, in one line."""
    with contextlib.suppress(UnicodeError):
        name = name.encode("latin-1").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:MOST_OF_TITLE]


def _note_fact(event: "MetaMessage", now: int, facts: _Facts) -> None:
    """Take down what an event says of the tempo, the metre or the key."""
    if event.type == "set_tempo":
        if not event.tempo:
            raise MelodyError("The tempo of the MIDI file is 0 microseconds a beat.")
        tempo = _MICROSECONDS_A_MINUTE / event.tempo
        facts.tempo_changes |= facts.tempo not in (None, tempo)
        facts.tempo = facts.tempo or tempo
    elif event.type == "time_signature":
        metre = (event.numerator, event.denominator)
        if not (0 < metre[0] <= _LARGEST_METRE and metre[1] <= _LARGEST_METRE):
            return
        facts.metre_changes |= facts.metre not in (None, metre)
        if facts.metre is None:
            facts.metre, facts.metre_start = metre, now
    elif event.type == "key_signature":
        facts.key = facts.key or event.key


def _ticks_per_beat(division: int, tempo: float) -> float:
    """Return the ticks of a beat; a negative division says frames a second, and ticks a frame."""
    if division > 0:
        return division
    frames, ticks = -(division >> 8), division & 0xFF
    a_second = (29.97 if frames == 29 else frames) * ticks
    return a_second * 60 / tempo


def _melodies(voices: list[_Voice], facts: _Facts, ticks_per_beat: float) -> ReadMelodies:
    """Return the melodies of the voices that are long enough, and what was left out."""
    notes: list[str] = []
    sounding = [voice for voice in voices if voice.notes]
    pitched = [voice for voice in sounding if voice.channel != DRUMS]
    own = [voice for voice in pitched if voice.title != ACCOMPANIMENT]
    lines = [(voice, _highest(voice.notes, ticks_per_beat)) for voice in own]
    kept = [(voice, line) for voice, line in lines if len(line) >= FEWEST_NOTES]
    if not kept:
        raise MelodyError(_why_none(sounding, pitched))
    if len(pitched) < len(sounding):
        notes.append("The drums (channel 10) were left out.")
    if len(own) < len(pitched):
        notes.append("The accompaniment was left out.")
    if short := len(lines) - len(kept):
        notes.append(
            f"{counted(short, 'melody was', 'melodies were')} left out: fewer than {FEWEST_NOTES} "
            "notes."
        )
    tempo = facts.tempo or DEFAULT_TEMPO
    if not SLOWEST_TEMPO <= tempo <= FASTEST_TEMPO:
        notes.append(f"The tempo was taken as {DEFAULT_TEMPO:g}: the file says {tempo:g}.")
        tempo = DEFAULT_TEMPO
    elif facts.tempo_changes:
        notes.append(f"The tempo changes. The first one, {tempo:.0f} beats a minute, was taken.")
    if facts.metre_changes and facts.metre:
        notes.append(
            f"The metre changes. The first one, {facts.metre[0]}/{facts.metre[1]}, was taken, "
            "without bar lines."
        )
    several = len(kept) > 1
    melodies = (_melody(line, voice, facts, tempo, ticks_per_beat, several) for voice, line in kept)
    return ReadMelodies(tuple(melodies), tuple(notes))


def _why_none(sounding: list[_Voice], pitched: list[_Voice]) -> str:
    """Return the sentence for a file without a melody."""
    if not sounding:
        return "The MIDI file has no notes."
    if not pitched:
        return "The MIDI file has notes of drums only (channel 10)."
    return f"The MIDI file has no melody of at least {FEWEST_NOTES} notes."


def _highest(
    notes: list[tuple[int, int, int]], ticks_per_beat: float
) -> list[tuple[float, int, float]]:
    """Return one voice: (onset, pitch, end) in beats, of a chord the highest note."""
    line: list[tuple[float, int, float]] = []
    for begin, pitch, end in sorted(notes):
        onset, until = begin / ticks_per_beat, end / ticks_per_beat
        if line and onset - line[-1][0] < TOGETHER:
            if pitch > line[-1][1]:
                line[-1] = (line[-1][0], pitch, until)
        else:
            line.append((onset, pitch, until))
    nexts = [onset for onset, _, _ in line[1:]] + [math.inf]
    return [
        (onset, pitch, min(until, following))
        for (onset, pitch, until), following in zip(line, nexts, strict=True)
    ]


def _melody(
    line: list[tuple[float, int, float]],
    voice: _Voice,
    facts: _Facts,
    tempo: float,
    ticks_per_beat: float,
    several: bool,
) -> PlayedMelody:
    metre = facts.metre
    bar = bar_of(metre) if metre else DEFAULT_BAR
    found = from_first_note(
        [pitch for _, pitch, _ in line],
        [onset for onset, _, _ in line],
        [until - onset for onset, _, until in line],
        bar,
        Fraction(facts.metre_start / ticks_per_beat).limit_denominator(ONSET_DENOMINATOR),
    )
    tonic, is_minor = (None, False) if facts.key is None else _key(facts.key)
    return replace(
        found,
        title=voice.title or (f"Track {voice.track}" if several else ""),
        tempo=tempo,
        has_bars=metre is not None and not facts.metre_changes,
        tonic=tonic,
        is_minor=is_minor,
        labels=((("metre", f"{metre[0]}/{metre[1]}"),) if metre else ()),
    )


_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def _key(name: str) -> tuple[int, bool]:
    """Return the tonic of a key as mido names it ("F#m"), and whether it is minor."""
    tonic = _SEMITONES[name[0]] + name.count("#") - name[1:].count("b")
    return tonic % OCTAVE, name.endswith("m")
