"""The music of a tune: which pitch and which duration each note has."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from engine.melody.files.abc.fields import (
    default_unit,
    read_metre,
    read_tempo,
    read_unit,
)
from engine.melody.files.abc.keys import SEMITONES, SHIFTS, WrittenKey, read_key
from engine.melody.files.abc.place import AbcError
from engine.melody.files.abc.repeats import (
    MOST_SOUNDS,
    BarLine,
    Element,
    NumberedEnding,
    PartStart,
    Sound,
)
from engine.melody.files.abc.tokens import NOTE, Token
from engine.melody.metres import WHOLE_NOTE, bar_of
from engine.melody.note import HIGHEST_PITCH, LOWEST_PITCH, OCTAVE

_MIDDLE_C = 60
_NOTE_PARTS = re.compile(r"(\^\^?|__?|=)?([A-Ga-g])([,']*)(.*)")
_IN_CHORD = re.compile(NOTE)
_LENGTH = re.compile(r"(\d*)(/*)(\d*)")
_COMPOUND = frozenset({(6, 8), (9, 8), (12, 8)})
_TUPLET_TIMES = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}

_Spelling = tuple[str, int, int]  # a note's letter, octave above that of middle C, and shift


@dataclass
class Interpreter:
    """Reads the tokens and fields of one tune, one after the other.

    Attributes
    ----------
    elements : list of Element
        The music so far.
    metre : (int, int) or None
        In force at present.
    first_metre : (int, int) or None
        That of the first note.
    metre_changes : bool
    first_key : WrittenKey or None
        That of the first note.
    """

    elements: list[Element] = field(default_factory=list)
    metre: tuple[int, int] | None = None
    first_metre: tuple[int, int] | None = None
    metre_changes: bool = False
    first_key: WrittenKey | None = None
    _key: WrittenKey = field(default_factory=lambda: WrittenKey({}))
    _tempo: str = ""  # the first one, as it is written
    _unit: Fraction | None = None
    _shifts: dict[str, int] = field(default_factory=dict)  # the accidentals of the present bar
    _factor: Fraction = Fraction(1)  # what broken rhythm does to the next note
    _tuplet: Fraction = Fraction(1)
    _in_tuplet: int = 0
    _last: int | None = None  # the place of the last note or rest since the last bar line
    _has_notes: bool = False
    _written: _Spelling | None = None  # of the last note
    _tied: _Spelling | None = None  # of the last note if it is tied

    @property
    def unit(self) -> Fraction:
        """The unit of length in force, in whole notes."""
        return self._unit or default_unit(self.metre)

    @property
    def tempo(self) -> float | None:
        """The first tempo, in quarter notes a minute; None if there is none."""
        return read_tempo(self._tempo, self.unit)

    def set_field(self, name: str, value: str, line: int, column: int) -> None:
        """Take over what a field says; those that say nothing of the music are passed over.

        Raises
        ------
        AbcError
            If its value cannot be read.
        """
        try:
            if name == "M":
                self.metre = read_metre(value)
                self.metre_changes |= self._has_notes and self.metre != self.first_metre
            elif name == "L":
                self._unit = read_unit(value)
            elif name == "Q":
                self._tempo = self._tempo or value
            elif name == "K":
                self._set_key(value)
            elif name == "P" and value:
                self.elements.append(PartStart(value[0]))
        except ValueError:
            what = {"M": "metre", "L": "unit of length", "K": "key"}.get(name, "field")
            raise AbcError(line, column, f"the {what} “{value[:20]}” is not known.") from None

    def _set_key(self, value: str) -> None:
        key = read_key(value)
        if key is None:
            raise ValueError
        self._unit = self.unit  # a later change of the metre leaves it
        self._key = key
        self._shifts = {}

    def read(self, tokens: Iterable[Token]) -> None:
        """Take over some music.

        Raises
        ------
        AbcError
        """
        for token in tokens:
            _ACTIONS[token.kind](self, token)

    def _read_field(self, token: Token) -> None:
        name, value = token.text[1], token.text[3:-1].strip()
        self.set_field(name, value, token.line, token.column)

    def _read_note(self, token: Token) -> None:
        pitch, length = self._pitch_and_length(token.text, token)
        self._add(pitch, length, token)

    def _read_chord(self, token: Token) -> None:
        inside, _, after = token.text[1:].partition("]")
        inside = re.sub(r'"[^"]*"|![^!]*!', "", inside)
        found: list[tuple[int, Fraction, _Spelling | None]] = []
        for text in _IN_CHORD.findall(inside):
            found.append((*self._pitch_and_length(text, token), self._written))
        if not found:
            raise token.error(f"“{token.text[:20]}” is a chord without notes.")
        pitch, _, self._written = max(found, key=lambda each: each[0])
        self._add(pitch, found[0][1] * _length(after, token), token)
        if "-" in inside:
            self._read_tie(token)

    def _read_rest(self, token: Token) -> None:
        self._add(None, _length(token.text[1:], token), token)

    def _read_bars_rest(self, token: Token) -> None:
        bar = bar_of(self.metre or (4, 4))
        self._sound(None, bar * int(token.text[1:] or 1), token)

    def _pitch_and_length(self, text: str, token: Token) -> tuple[int, Fraction]:
        """Return the pitch of a note, and its length in units; note its accidental."""
        found = _NOTE_PARTS.fullmatch(text)
        assert found is not None  # the token matched the same pattern
        accidental, letter, marks, length = found.groups()
        name = letter.upper()
        octave = letter.islower() + marks.count("'") - marks.count(",")
        if accidental:
            self._shifts[name] = shift = SHIFTS[accidental]
        elif self._tied and self._tied[:2] == (name, octave):
            shift = self._tied[2]
        else:
            shift = self._shifts.get(name, self._key.shifts.get(name, 0))
        pitch = _MIDDLE_C + SEMITONES[name] + OCTAVE * octave + shift
        if not LOWEST_PITCH <= pitch <= HIGHEST_PITCH:
            raise token.error(f"the note “{text[:20]}” is too low or too high.")
        self._written = (name, octave, shift)
        return pitch, _length(length, token)

    def _add(self, pitch: int | None, length: Fraction, token: Token) -> None:
        """Add a note or a rest of so many units, in a tuplet or a broken rhythm."""
        beats = _beats(length, self.unit)
        if self._factor != 1:
            beats *= self._factor
            self._factor = Fraction(1)
        if self._in_tuplet:
            beats *= self._tuplet
            self._in_tuplet -= 1
        self._sound(pitch, beats, token)

    def _sound(self, pitch: int | None, beats: Fraction, token: Token) -> None:
        if beats <= 0:
            raise token.error(f"“{token.text[:20]}” has no duration.")
        if len(self.elements) >= MOST_SOUNDS:
            raise token.error(f"the tune has too many notes: more than {MOST_SOUNDS:,}.")
        if not self._has_notes:
            self._has_notes, self.first_metre, self.first_key = True, self.metre, self._key
        self._tied = None
        self.elements.append(Sound(pitch, beats))
        self._last = len(self.elements) - 1

    def _read_bar(self, token: Token) -> None:
        self._shifts = {}
        self._last = None
        text = token.text
        colons = len(text) - len(text.lstrip(":"))
        is_both = set(text) == {":"} or text == "|::|"
        times = 2 if is_both else colons + 1
        is_start = is_both or text.endswith(":")
        is_double = "||" in text or "]" in text or "[" in text
        self.elements.append(BarLine(min(times, 9), is_start, is_double))

    def _read_ending(self, token: Token) -> None:
        passes: list[int] = []
        for part in re.split(r"[,.]", token.text.strip("[ ")):
            first, _, last = part.partition("-")
            if first.isdigit():
                passes += range(int(first[:2]), int(last[:2] or first[:2]) + 1)
        if not passes or min(passes) < 1 or max(passes) > 9:
            raise token.error(f"“{token.text.strip()}” is not an ending from 1 to 9.")
        self.elements.append(NumberedEnding(tuple(passes)))

    def _read_tuplet(self, token: Token) -> None:
        p, q, r = ([int(n) if n else 0 for n in token.text[1:].split(":")] + [0, 0])[:3]
        if p < 2:
            raise token.error(f"“{token.text}” is not a tuplet.")
        q = q or _TUPLET_TIMES.get(p) or (3 if self.metre in _COMPOUND else 2)
        self._tuplet, self._in_tuplet = Fraction(q, p), r or p

    def _read_tie(self, token: Token) -> None:
        place = len(self.elements) - 1
        while place >= 0 and not isinstance(self.elements[place], Sound):
            place -= 1
        last = self.elements[place] if place >= 0 else None
        if isinstance(last, Sound) and last.pitch is not None:
            self.elements[place] = Sound(last.pitch, last.beats, is_tied=True)
            self._tied = self._written

    def _read_broken(self, token: Token) -> None:
        last = self.elements[self._last] if self._last is not None else None
        if not isinstance(last, Sound):
            raise token.error(f"“{token.text}” must stand between two notes.")
        half = Fraction(1, 2 ** len(token.text))
        longer, shorter = 2 - half, half
        if token.text[0] == "<":
            longer, shorter = shorter, longer
        assert self._last is not None
        self.elements[self._last] = Sound(last.pitch, last.beats * longer, last.is_tied)
        self._factor = shorter


_ACTIONS = {
    "field": Interpreter._read_field,
    "note": Interpreter._read_note,
    "chord": Interpreter._read_chord,
    "rest": Interpreter._read_rest,
    "bars_rest": Interpreter._read_bars_rest,
    "bar": Interpreter._read_bar,
    "ending": Interpreter._read_ending,
    "tuplet": Interpreter._read_tuplet,
    "tie": Interpreter._read_tie,
    "broken": Interpreter._read_broken,
}


def _length(text: str, token: Token) -> Fraction:
    """Return a length in units: 3/2 for "3/2", 1/4 for "//"."""
    length = _read_length(text)
    if length is None:
        raise token.error(f"the length “{text}” divides by 0.")
    return length


# Most notes have one of few lengths, and arithmetic with fractions is slow.
@lru_cache(maxsize=256)
def _read_length(text: str) -> Fraction | None:
    found = _LENGTH.fullmatch(text)
    above, slashes, below = found.groups() if found else ("0", "", "")
    divisor = int(below) if below else 2 ** len(slashes)
    return Fraction(int(above or 1), divisor) if divisor else None


@lru_cache(maxsize=256)
def _beats(length: Fraction, unit: Fraction) -> Fraction:
    """Return the beats of a length in units, which are parts of a whole note."""
    return length * unit * WHOLE_NOTE
