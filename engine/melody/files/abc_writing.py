"""Melodies in ABC."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import cycle

from engine.melody.chords import NO_CHORD, ChordLine
from engine.melody.files.abc.keys import SEMITONES, SHIFTS, signature
from engine.melody.keys import Key, estimated_key
from engine.melody.metres import metre_of
from engine.melody.note import OCTAVE, Melody
from engine.melody.symbols import PITCH_NAMES

BARS_A_LINE = 4

UNIT = Fraction(1, 2)
"""The unit of length, in beats: an eighth note."""

_PLAIN = str.maketrans("♭♯", "b#")
"""Accidentals of chords, as other programs read them."""

_MIDDLE_C = 60
_MOST_IN_TUPLET = 9
_TRIPLET = Fraction(3, 2)
_ACCIDENTALS = {shift: accidental for accidental, shift in SHIFTS.items()}
_MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)
_TONICS = {-6: "Gb", -5: "Db", -4: "Ab", -3: "Eb", -2: "Bb", -1: "F", 0: "C", 1: "G", 2: "D"}
_TONICS |= {3: "A", 4: "E", 5: "B"}
_MINOR_TONICS = {-6: "Eb", -5: "Bb", -4: "F", -3: "C", -2: "G", -1: "D", 0: "A", 1: "E", 2: "B"}
_MINOR_TONICS |= {3: "F#", 4: "C#", 5: "G#"}


@dataclass(frozen=True)
class _Piece:
    """A note or rest, or the part of one that lies in a bar."""

    pitch: int | None
    begin: Fraction  # in beats, from a bar line
    beats: Fraction
    goes_on: bool  # beyond the bar line, or into the next chord
    chord: str  # as it is written; empty if none begins here


def abc_of(melody: Melody, chords: ChordLine | None = None, number: int = 1) -> str:
    """Return a melody as a tune in ABC, which reads back as the same notes.

    The key is that with the fewest accidentals. Notes over a bar line are tied, and so are those
    during which a chord begins. Thirds of beats are triplets, as many programs read no other
    fractions than halves, quarters and so on.

    Parameters
    ----------
    melody : Melody
    chords : ChordLine, optional
        Each is written where it begins, unless it only goes on.
    number : int
        Of the tune in its file, from 1.
    """
    key = _estimated(melody)
    sharps = _sharps(melody, key)
    metre = metre_of(melody.bar)
    title = " ".join(melody.title.split()).replace("%", r"\%") or "Untitled"
    head = [
        f"X:{number}",
        f"T:{title}",
        "M:{}/{}".format(*metre) if metre else "M:none",
        "L:1/8",
        f"Q:1/4={melody.tempo:.6g}",
        f"K:{_key_name(key, sharps)}",
    ]
    bars = list(_bars(melody, _changes(melody, chords))) if melody.notes else []
    writer = _Writer(sharps)
    written = [writer.bar(bar) for bar in bars]
    lines = [
        " | ".join(written[start : start + BARS_A_LINE])
        for start in range(0, len(written), BARS_A_LINE)
    ]
    return "\n".join([*head, " |\n".join(lines) + " |]", ""])


def _estimated(melody: Melody) -> Key:
    """Return the key that the notes suggest."""
    sounding = [(note.pitch, float(note.beats)) for note in melody.notes if note.pitch is not None]
    return estimated_key(*zip(*sounding, strict=True)) if sounding else Key(0)


def _sharps(melody: Melody, key: Key) -> int:
    """Return the sharps of the signature with the fewest accidentals; flats are below 0.

    Of several, that of the key is taken, or else the one with the fewest sharps or flats.
    """
    pitches = [note.pitch % OCTAVE for note in melody.notes if note.pitch is not None]

    def accidentals(sharps: int) -> int:
        scale = {(7 * sharps + step) % OCTAVE for step in _MAJOR_SCALE}
        return sum(pitch not in scale for pitch in pitches)

    return min(_TONICS, key=lambda sharps: (accidentals(sharps), sharps != key.sharps, abs(sharps)))


def _key_name(key: Key, sharps: int) -> str:
    """Return the name of the key with a signature; minor if the notes suggest this minor key."""
    if key.is_minor and key.sharps == sharps:
        return f"{_MINOR_TONICS[sharps]}m"
    return _TONICS[sharps]


def _changes(melody: Melody, chords: ChordLine | None) -> list[tuple[Fraction, str]]:
    """Return where chords begin, in beats from the beginning, and how they are written."""
    bars = chords.bars if chords is not None else ()
    changes: list[tuple[Fraction, str]] = []
    begin = melody.upbeat
    for bar in cycle(bars):
        for chord in bar:
            if begin >= melody.beats:
                return changes
            symbol = NO_CHORD if chord is None else chord.symbol.translate(_PLAIN)
            if not changes or symbol != changes[-1][1]:
                changes.append((begin, symbol))
            begin += melody.bar / len(bar)
    return changes


def _bars(melody: Melody, changes: Sequence[tuple[Fraction, str]]) -> Iterator[list[_Piece]]:
    """Yield the pieces of each bar, with the chords; the first bar may be an upbeat."""
    begin = (melody.bar - melody.upbeat) % melody.bar
    now = Fraction(0)
    to_come = deque(changes)
    bar: list[_Piece] = []
    for note in melody.notes:
        left = note.beats
        while left:
            chord = to_come.popleft()[1] if to_come and to_come[0][0] == now else ""
            beats = min(left, melody.bar - begin)
            if to_come:
                beats = min(beats, to_come[0][0] - now)
            left -= beats
            bar.append(_Piece(note.pitch, begin, beats, bool(left), chord))
            begin += beats
            now += beats
            if begin == melody.bar:
                yield bar
                bar, begin = [], Fraction(0)
    if bar:
        yield bar


@dataclass
class _Writer:
    """Writes bars, in a signature of so many sharps."""

    sharps: int
    _signature: dict[str, int] = field(init=False)
    _by_letter: dict[str, int] = field(default_factory=dict)
    _by_note: dict[tuple[str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._signature = signature(self.sharps)

    def bar(self, pieces: list[_Piece]) -> str:
        """Return the notes of a bar, with a space before each beat."""
        self._by_letter, self._by_note = {}, {}
        words: list[str] = []
        place = 0
        while place < len(pieces):
            n = _tuplet(pieces[place:])
            group = pieces[place : place + max(n, 1)]
            lengths = [piece.beats / UNIT * (_TRIPLET if n else 1) for piece in group]
            opening = "" if not n else "(3" if n == 3 else f"(3:2:{n}"
            notes = "".join(
                self._note(piece, length) for piece, length in zip(group, lengths, strict=True)
            )
            words += [" "] if words and group[0].begin.denominator == 1 else []
            words.append(opening + notes)
            place += len(group)
        return "".join(words)

    def _note(self, piece: _Piece, length: Fraction) -> str:
        chord = f'"{piece.chord}"' if piece.chord else ""
        if piece.pitch is None:
            return f"{chord}z{_length(length)}"
        return chord + self._pitch(piece.pitch) + _length(length) + "-" * piece.goes_on

    def _pitch(self, pitch: int) -> str:
        """Return the name of a pitch.

        It has an accidental where one is needed by either custom: that accidentals hold in the bar
        for their octave, and that they hold for all octaves.
        """
        letter, shift = self._spelling(pitch % OCTAVE)
        octave = (pitch - shift - SEMITONES[letter] - _MIDDLE_C) // OCTAVE
        by_key = self._signature.get(letter, 0)
        by_letter = self._by_letter.get(letter, by_key)
        by_note = self._by_note.get((letter, octave), by_key)
        accidental = "" if by_letter == by_note == shift else _ACCIDENTALS[shift]
        if accidental:
            self._by_letter[letter] = self._by_note[letter, octave] = shift
        name = letter if octave < 1 else letter.lower()
        return accidental + name + ("'" * (octave - 1) if octave > 1 else "," * -octave)

    def _spelling(self, pitch: int) -> tuple[str, int]:
        """Return the letter and the shift of a note of the octave, in the key if it is there."""
        spellings = [
            (letter, shift)
            for letter, semitones in SEMITONES.items()
            for shift in (-1, 0, 1)
            if (semitones + shift) % OCTAVE == pitch
        ]
        is_sharp = self.sharps > 0 or (self.sharps == 0 and "♯" in PITCH_NAMES[pitch])
        preferred = 1 if is_sharp else -1
        return min(
            spellings,
            key=lambda spelling: (
                self._signature.get(spelling[0], 0) != spelling[1],
                spelling[1] != 0,
                spelling[1] != preferred,
            ),
        )


def _tuplet(pieces: list[_Piece]) -> int:
    """Return how many of the first pieces make a triplet; 0 if the first one is none.

    One piece makes a triplet alone if no plain length comes about in the bar.
    """
    if pieces[0].beats.denominator % 3:
        return 0
    total = Fraction(0)
    for n, piece in enumerate(pieces[:_MOST_IN_TUPLET], start=1):
        total += piece.beats
        if total.denominator % 3:
            return n
    return 1


def _length(length: Fraction) -> str:
    """Return a length in units: "3/2" for one and a half, "/2" for a half, nothing for one."""
    above = "" if length.numerator == 1 else str(length.numerator)
    return above + ("" if length.denominator == 1 else f"/{length.denominator}")
