"""The accompaniment of a melody: soft chords, and a bass on their roots."""

from dataclasses import dataclass
from fractions import Fraction

from engine.melody.chord import Chord
from engine.melody.chords import ChordLine
from engine.melody.note import OCTAVE, Melody

LOWEST_BASS = 36
"""C2. The bass stays within the octave above."""

LOWEST_UPPER = 53
"""F3. The other notes of a chord stay within the octave above, so they move by small steps."""

MOST_UPPER = 4
"""Notes of a chord above the bass."""

_HALF_BARS_FROM = Fraction(4)
_FIFTH = 7
_TENSIONS_FROM = OCTAVE


@dataclass(frozen=True)
class AccompanyingNote:
    """A note of the accompaniment.

    Attributes
    ----------
    pitch : int
        As in MIDI.
    begin, beats : Fraction
        When it begins, counted from the beginning of the melody, and how long it lasts.
    is_bass : bool
    """

    pitch: int
    begin: Fraction
    beats: Fraction
    is_bass: bool = False


def accompaniment_of(melody: Melody, chords: ChordLine) -> tuple[AccompanyingNote, ...]:
    """Return the accompaniment of a melody, by the time at which its notes begin.

    The chords begin at the first bar line and repeat until the melody ends. In bars of four beats
    and more, the bass is struck twice a bar.

    Parameters
    ----------
    melody : Melody
    chords : ChordLine
    """
    notes = []
    for span in chords.spans(melody.beats - melody.upbeat, melody.bar):
        begin, beats = span.begin + melody.upbeat, span.end - span.begin
        half = melody.bar / 2
        is_halved = melody.bar >= _HALF_BARS_FROM and beats > half
        bass = ((begin, half), (begin + half, beats - half)) if is_halved else ((begin, beats),)
        for when, length in bass:
            notes.append(AccompanyingNote(bass_pitch(span.chord), when, length, is_bass=True))
        notes += [AccompanyingNote(pitch, begin, beats) for pitch in upper_pitches(span.chord)]
    return tuple(sorted(notes, key=lambda note: (note.begin, note.pitch)))


def bass_pitch(chord: Chord) -> int:
    """Return the pitch of a chord's bass."""
    return LOWEST_BASS + (chord.bass - LOWEST_BASS) % OCTAVE


def upper_pitches(chord: Chord) -> tuple[int, ...]:
    """Return the pitches of a chord above its bass, ascending.

    Of a chord with more notes, what tells its quality is kept: third, seventh, tensions. The root,
    which the bass plays, goes first, and then the fifth.
    """
    intervals = list(chord.intervals)
    for dispensable in (0, _FIFTH):
        if len(intervals) > MOST_UPPER and dispensable in intervals:
            intervals.remove(dispensable)
    while len(intervals) > MOST_UPPER:
        intervals.remove(next(each for each in intervals if each >= _TENSIONS_FROM))
    pitches = {LOWEST_UPPER + (chord.root + each - LOWEST_UPPER) % OCTAVE for each in intervals}
    return tuple(sorted(pitches))
