"""Chords: their symbols, the notes that they consist of, and the scales that fit them."""

import re
from dataclasses import dataclass

from engine.melody.note import OCTAVE

ROOTS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
"""The letters of notes, in semitones above C."""

UNDERSTOOD = (
    "A chord begins with C, D, E, F, G, A or B, which may have ♯, ♭, # or b. After it may stand m, "
    "maj, dim, aug, ø, Δ, 5, 6, 7, 9, 11, 13, sus4, sus2, alt, add9, ♭5, ♯5, ♭9, ♯9, ♯11 or ♭13, "
    "and a bass note after “/”."
)
"""What can be read, in words for people."""

_ACCIDENTALS = {"": 0, "♯": 1, "#": 1, "♭": -1, "b": -1}
_ROOT = re.compile(r"([A-G])([♯#♭b]?)")
_FAMILIES = {
    "minor with a major seventh": "mmaj mMaj mMa mM mΔ m△ minmaj minMaj -maj -Maj -M -Δ",
    "half-diminished": "ø Ø",
    "diminished": "dim o ° º",
    "augmented": "aug +",
    "minor": "minor min mi m - −",
    "major seventh": "Δ △",
    "major": "major maj Maj ma Ma M",
    "dominant": "dom",
}
"""How families of chords are written."""

_FAMILY_OF = {sign: family for family, signs in _FAMILIES.items() for sign in signs.split()}
_FAMILY = "|".join(re.escape(sign) for sign in sorted(_FAMILY_OF, key=len, reverse=True))
_NUMBER = "6/9|69|13|11|[5679]"
_CHANGE = "sus[24]?|alt|add(?:13|11|[249])|b(?:13|5|6|9)|#(?:11|5|9)"
_QUALITY = re.compile(f"({_FAMILY})?({_NUMBER})?((?:{_CHANGE})*)")
_ORDINARY = str.maketrans("♭♯", "b#")
_SEPARATORS = "(),"
"""Stand between the parts of a quality in some charts: C7(♭9)."""

_TRIADS = {
    "minor with a major seventh": (3, 7, 11),
    "half-diminished": (3, 6, 10),
    "diminished": (3, 6, 9),
    "augmented": (4, 8, 10),
    "minor": (3, 7, 10),
    "major seventh": (4, 7, 11),
    "major": (4, 7, 11),
    "dominant": (4, 7, 10),
}
"""Third, fifth and seventh of each family, in semitones above the root."""

_ALWAYS_WITH_SEVENTH = ("minor with a major seventh", "half-diminished", "major seventh")
_MINOR_THIRD = 3
_THIRDS, _FIFTHS = (3, 4), (6, 7, 8)
_CHANGES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "sus": (_THIRDS, (5,)),
    "sus4": (_THIRDS, (5,)),
    "sus2": (_THIRDS, (2,)),
    "alt": ((*_FIFTHS, 14), (10, 13, 15, 18, 20)),
    "add2": ((), (14,)),
    "add9": ((), (14,)),
    "add4": ((), (17,)),
    "add11": ((), (17,)),
    "add13": ((), (21,)),
    "b5": (_FIFTHS, (6,)),
    "#5": (_FIFTHS, (8,)),
    "b6": ((), (20,)),
    "b9": ((14,), (13,)),
    "#9": ((14,), (15,)),
    "#11": ((17,), (18,)),
    "b13": ((21,), (20,)),
}
"""The notes that a change removes from a chord, and those that it adds."""


_SCALES = (
    (0, 2, 4, 5, 7, 9, 11),  # Ionian
    (0, 2, 4, 5, 7, 9, 10),  # Mixolydian
    (0, 2, 3, 5, 7, 9, 10),  # Dorian
    (0, 2, 4, 6, 7, 9, 11),  # Lydian
    (0, 2, 4, 6, 7, 9, 10),  # Lydian dominant
    (0, 2, 3, 5, 7, 9, 11),  # melodic minor, ascending
    (0, 2, 3, 5, 7, 8, 10),  # Aeolian
    (0, 1, 3, 5, 6, 8, 10),  # Locrian
    (0, 2, 3, 5, 6, 8, 9, 11),  # diminished, from a whole tone
    (0, 1, 3, 4, 6, 7, 9, 10),  # diminished, from a semitone
    (0, 2, 4, 6, 8, 10),  # whole tones
    (0, 2, 4, 6, 8, 9, 11),  # Lydian augmented
    (0, 1, 4, 5, 7, 8, 10),  # Phrygian dominant
    (0, 1, 3, 4, 6, 8, 10),  # altered
)
"""Scales of jazz by semitones above their first note, in the order in which they are tried.

Source: M. Levine, The Jazz Theory Book (Sher Music, 1995), part II.
"""


class ChordSymbolError(ValueError):
    """A chord symbol cannot be read.

    Attributes
    ----------
    place : int
        The first character that cannot be read, from 0.
    """

    def __init__(self, sentence: str, place: int) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True)
class Chord:
    """A chord.

    Attributes
    ----------
    symbol : str
        As it was written: "B♭m7/E♭".
    root : int
        From 0 (C) to 11 (B).
    quality : str
        The part of the symbol between root and bass: "m7".
    intervals : tuple of int
        Its notes in semitones above the root, ascending, from 0 for the root itself. A ninth is
        above 12.
    bass : int
        The lowest note, from 0 (C) to 11 (B).
    """

    symbol: str
    root: int
    quality: str
    intervals: tuple[int, ...]
    bass: int

    @property
    def pitch_classes(self) -> frozenset[int]:
        """Its notes, the bass among them, each from 0 (C) to 11 (B)."""
        return frozenset((self.root + each) % OCTAVE for each in self.intervals) | {self.bass}

    @property
    def scale(self) -> frozenset[int]:
        """The notes that fit it: its own, and those of the first scale that has all of its own."""
        own = {each % OCTAVE for each in self.intervals}
        fitting = next((scale for scale in _SCALES if own <= set(scale)), ())
        return self.pitch_classes | {(self.root + each) % OCTAVE for each in fitting}


def read_chord(symbol: str) -> Chord:
    """Read a chord symbol such as "Dm7" or "B♭7(♭9)/D".

    Raises
    ------
    ChordSymbolError
        With a sentence for people.
    """
    root, begin = _read_root(symbol, 0)
    intervals, end = _read_quality(symbol, begin)
    bass, place = root, end
    if symbol[end : end + 1] == "/":
        bass, place = _read_root(symbol, end + 1)
    if place < len(symbol):
        sentence = f"“{symbol[place]}” cannot be read in the chord “{symbol}”. {UNDERSTOOD}"
        raise ChordSymbolError(sentence, place)
    return Chord(symbol, root, symbol[begin:end], intervals, bass)


def _read_root(symbol: str, place: int) -> tuple[int, int]:
    """Read the name of a note; return it and the place after it."""
    found = _ROOT.match(symbol, place)
    if found is None:
        what = f"“{symbol[place]}” is not a note" if place < len(symbol) else "A note is missing"
        raise ChordSymbolError(f"{what} in the chord “{symbol}”. {UNDERSTOOD}", place)
    letter, accidental = found.groups()
    return (ROOTS[letter] + _ACCIDENTALS[accidental]) % OCTAVE, found.end()


def _read_quality(symbol: str, begin: int) -> tuple[tuple[int, ...], int]:
    """Read what stands after the root; return the chord's intervals and the place after it."""
    places = [place for place in range(begin, len(symbol)) if symbol[place] not in _SEPARATORS]
    written = "".join(symbol[place] for place in places).translate(_ORDINARY)
    found = _QUALITY.match(written)
    assert found is not None  # it matches the empty string
    family, number, changes = found.groups()
    end = places[found.end()] if found.end() < len(places) else len(symbol)
    if symbol.count("(", 0, end) != symbol.count(")", 0, end):
        place = next(place for place, sign in enumerate(symbol) if sign in "()")
        raise ChordSymbolError(f"A parenthesis has no partner in the chord “{symbol}”.", place)
    return _intervals(family, number, re.findall(_CHANGE, changes)), end


def _intervals(family: str | None, number: str | None, changes: list[str]) -> tuple[int, ...]:
    """Return the notes of a chord in semitones above its root."""
    kind = "dominant" if family is None else _FAMILY_OF[family]
    third, fifth, seventh = _TRIADS[kind]
    notes = {0, third, fifth}
    if kind in _ALWAYS_WITH_SEVENTH or number in ("7", "9", "11", "13"):
        notes.add(seventh)
    if number == "5":
        notes.discard(third)
    elif number in ("6", "69", "6/9"):
        notes.add(9)
    if number in ("69", "6/9", "9", "11", "13"):
        notes.add(14)
    if number == "11" or (number == "13" and third == _MINOR_THIRD):
        notes.add(17)  # in a thirteenth chord it would clash with a major third
    if number == "13":
        notes.add(21)
    for change in changes:
        removed, added = _CHANGES[change]
        notes.difference_update(removed)
        notes.update(added)
    return tuple(sorted(notes))
