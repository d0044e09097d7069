"""The symbols of a melody, as a network reads and writes them: "B♭4", "½♩", "rest", "|".

A note is two symbols, its pitch and its duration in beats. A rest is "rest" and its duration. A bar
line stands before the note that begins the bar. The symbols of any melody can be told apart where
they are written one after the other: "B♭4½♩rest♩".
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache

from engine.melody.note import OCTAVE, Note

REST = "rest"
"""Stands where a pitch would."""

BAR_LINE = "|"

BEAT = "♩"
"""Ends the symbol of each duration. Alone, it is one beat."""

PITCH_NAMES = ("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
"""The notes of an octave, by semitones above C."""

_FRACTIONS = {
    Fraction(1, 2): "½",
    Fraction(1, 3): "⅓",
    Fraction(2, 3): "⅔",
    Fraction(1, 4): "¼",
    Fraction(3, 4): "¾",
    Fraction(1, 6): "⅙",
    Fraction(5, 6): "⅚",
    Fraction(1, 8): "⅛",
    Fraction(3, 8): "⅜",
    Fraction(5, 8): "⅝",
    Fraction(7, 8): "⅞",
}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_OVER = "⁄"


@cache
def pitch_symbol(pitch: int) -> str:
    """Return the symbol of a pitch: "B♭4" for 70."""
    octave, place = divmod(pitch, OCTAVE)
    return f"{PITCH_NAMES[place]}{octave - 1}"


def pitch_of(symbol: str) -> int | None:
    """Return the pitch of a symbol; None if it is not that of a pitch."""
    return _PITCHES.get(symbol)


_PITCHES = {pitch_symbol(pitch): pitch for pitch in range(128)}


@cache
def duration_symbol(beats: Fraction) -> str:
    """Return the symbol of a duration: "1½♩" for one and a half beats."""
    whole, rest = divmod(beats, 1)
    if not rest:
        return BEAT if whole == 1 else f"{whole}{BEAT}"
    written = _FRACTIONS.get(rest) or (
        str(rest.numerator).translate(_SUPERSCRIPTS)
        + _OVER
        + str(rest.denominator).translate(_SUBSCRIPTS)
    )
    return f"{whole or ''}{written}{BEAT}"


def duration_of(symbol: str) -> Fraction | None:
    """Return the duration of a symbol, in beats; None if it is not that of a duration."""
    if not symbol.endswith(BEAT):
        return None
    written = symbol.removesuffix(BEAT)
    if not written:
        return Fraction(1)
    digits = len(written) - len(written.lstrip("0123456789"))
    whole, fraction = Fraction(written[:digits] or 0), written[digits:]
    if not fraction:
        return whole or None
    return whole + value if (value := _fraction_of(fraction)) is not None else None


_VALUES = {written: value for value, written in _FRACTIONS.items()}
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")


def _fraction_of(written: str) -> Fraction | None:
    if written in _VALUES:
        return _VALUES[written]
    above, over, below = written.translate(_PLAIN_DIGITS).partition(_OVER)
    is_fraction = over and above.isascii() and below.isascii()
    if not is_fraction or not above.isdigit() or not below.isdigit() or not int(below):
        return None
    return Fraction(int(above), int(below))


def note_names(notes: Iterable[Note]) -> str:
    """Return the notes as one reads them: "B♭4 ½♩ – ♩ C5 ½♩", with a dash for a rest."""
    return " ".join(
        f"{'–' if note.pitch is None else pitch_symbol(note.pitch)} {duration_symbol(note.beats)}"
        for note in notes
    )


def symbols_of(notes: Iterable[Note]) -> Iterator[str]:
    """Yield the symbols of some notes, two for each."""
    for note in notes:
        yield REST if note.pitch is None else pitch_symbol(note.pitch)
        yield duration_symbol(note.beats)
