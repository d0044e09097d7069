"""Notes as people type them: "C4 1 Bb4 1/2 rest 1", or with the symbols of `symbols`."""

import re
from fractions import Fraction

from engine.melody.errors import MelodyError
from engine.melody.note import HIGHEST_PITCH, LOWEST_PITCH, OCTAVE, Note
from engine.melody.symbols import BAR_LINE, BEAT, REST, duration_of

MAX_TYPED = 10_000
"""Most notes that are typed at once."""

_WORD = re.compile(r"\s*([^\s|]+|\|)")
_PITCH = re.compile(r"([A-Ga-g])([♭b♯#]?)(-?\d)(.*)", re.DOTALL)
_NUMBER = re.compile(r"(\d{1,4})(?:/(\d{1,4})|\.(\d{1,6}))?", re.ASCII)
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ALTERED = {"": 0, "♭": -1, "b": -1, "♯": 1, "#": 1}
_RESTS = (REST, "–", "-", "z")


class TypedNotesError(MelodyError):
    """Typed notes cannot be read.

    Attributes
    ----------
    character : int
        The first character that cannot be read, counted from 1.
    """

    def __init__(self, word: str, character: int) -> None:
        super().__init__(
            f"Character {character}: “{word}” is neither a note such as C4 or Bb4, nor its length "
            "in beats such as 1, 1/2 or 1.5."
        )
        self.character = character


def read_notes(text: str) -> tuple[Note, ...]:
    """Read typed notes: each a pitch or "rest", and its length in beats, which may be left out.

    Parameters
    ----------
    text : str
        With spaces between the words. Middle C is C4. Bar lines are passed over.

    Returns
    -------
    tuple of Note
        A note without a length lasts one beat.

    Raises
    ------
    TypedNotesError
        If it cannot be read.
    """
    notes: list[Note] = []
    pitch: int | None = None
    is_open = False
    for found in _WORD.finditer(text):
        word, place = found.group(1), found.start(1) + 1
        if word == BAR_LINE:
            continue
        beats = _beats_of(word)
        if beats is not None and is_open:
            notes.append(Note(pitch, beats))
            is_open = False
            continue
        if is_open:
            notes.append(Note(pitch, Fraction(1)))
        pitch, rest_of_word = _pitch_in(word, place)
        is_open = True
        if rest_of_word:
            beats = _beats_of(rest_of_word)
            if beats is None:
                raise TypedNotesError(word, place)
            notes.append(Note(pitch, beats))
            is_open = False
    if is_open:
        notes.append(Note(pitch, Fraction(1)))
    if len(notes) > MAX_TYPED:
        raise MelodyError(f"These are {len(notes):,} notes. Type {MAX_TYPED:,} at most.")
    return tuple(notes)


def _pitch_in(word: str, place: int) -> tuple[int | None, str]:
    """Return the pitch that a word begins with, None for a rest, and what follows it."""
    for rest in _RESTS:
        if word.startswith(rest) and not (rest == "-" and len(word) > 1):  # "-1" is no length
            return None, word.removeprefix(rest)
    found = _PITCH.fullmatch(word)
    if found is None:
        raise TypedNotesError(word, place)
    letter, altered, octave, others = found.groups()
    pitch = _SEMITONES[letter.upper()] + _ALTERED[altered] + (int(octave) + 1) * OCTAVE
    if not LOWEST_PITCH <= pitch <= HIGHEST_PITCH:
        raise TypedNotesError(word, place)
    return pitch, others


def _beats_of(word: str) -> Fraction | None:
    """Return a length in beats, above 0; None if the word is none."""
    beats = duration_of(word)
    if beats is not None:
        return beats
    if not _NUMBER.fullmatch(word.removesuffix(BEAT)):
        return None
    try:
        return Fraction(word.removesuffix(BEAT)) or None
    except ZeroDivisionError:
        return None
