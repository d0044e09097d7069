"""Keys as ABC names them: "G", "Ador", "F#m", "HP"."""

import re
from dataclasses import dataclass

from engine.melody.note import OCTAVE

LETTERS = "FCGDAEB"
"""The notes by fifths, in the order in which sharps are added to a key."""

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
"""Above C, by letter."""

SHIFTS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}
"""Semitones, by accidental."""

_MODES = {"maj": 0, "ion": 0, "mix": -1, "dor": -2, "min": -3, "aeo": -3, "phr": -4, "loc": -5}
_MODES |= {"lyd": 1, "": 0, "m": -3}
"""Sharps of each mode beside the major key of the same tonic."""

_CLEFS = frozenset({"treble", "bass", "alto", "tenor", "perc"})
_MINOR = frozenset({"min", "aeo", "m", "dor", "phr", "loc"})
_KEY = re.compile(r"([A-G])([#b♯♭]?)(?:\s*([A-Za-z]+)(?![A-Za-z=]))?")
_NO_KEY = re.compile(r"none|[a-z]+=|treble|bass|alto|tenor|perc", re.IGNORECASE)
_EXPLICIT = re.compile(r"(?:^|\s)(\^\^?|__?|=)([A-Ga-g])(?=\s|$)")
_BAGPIPES = {"F": 1, "C": 1}


@dataclass(frozen=True)
class WrittenKey:
    """A key as a tune says it.

    Attributes
    ----------
    shifts : dict of str to int
        Semitones by which its signature shifts the notes, by upper-case letter.
    tonic : int or None
        From 0 (C) to 11; None if there is none.
    is_minor : bool
        Whether its third is minor.
    """

    shifts: dict[str, int]
    tonic: int | None = None
    is_minor: bool = False


def signature(sharps: int) -> dict[str, int]:
    """Return the shifts of a number of sharps, or of flats where it is negative."""
    shifts = {}
    for place, letter in enumerate(LETTERS):
        shift = (sharps - place + 6) // 7 if sharps > 0 else -((place - sharps) // 7)
        if shift:
            shifts[letter] = shift
    return shifts


def read_key(text: str) -> WrittenKey | None:
    """Read what stands behind ``K:``; None if it names no key.

    Clefs and the like behind the key are passed over.
    """
    text = text.strip()
    if text.startswith(("HP", "Hp")):
        return WrittenKey({} if text.startswith("HP") else dict(_BAGPIPES), SEMITONES["A"])
    explicit = {note.upper(): SHIFTS[shift] for shift, note in _EXPLICIT.findall(text)}
    found = _KEY.match(text)
    if not found:
        is_none = not text or _NO_KEY.match(text)
        return WrittenKey(explicit) if is_none or explicit else None
    letter, accidental, word = found[1], found[2], found[3] or ""
    base: dict[str, int] | None = None
    mode = word.lower() if word.lower() in _MODES else word.lower()[:3]
    if mode == "exp":
        mode, base = "", {}
    elif word.lower() in _CLEFS:
        mode = ""
    elif mode not in _MODES:
        return None
    shift = {"#": 1, "♯": 1, "b": -1, "♭": -1, "": 0}[accidental]
    if base is None:
        base = signature(LETTERS.index(letter) - 1 + 7 * shift + _MODES[mode])
    return WrittenKey(base | explicit, (SEMITONES[letter] + shift) % OCTAVE, mode in _MINOR)
