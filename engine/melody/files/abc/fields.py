"""What the fields of a tune say: its metre, its unit of length, its tempo."""

import re
from fractions import Fraction

from engine.melody.metres import WHOLE_NOTE

_METRE = re.compile(r"\(?(\d{1,2}(?:\s*\+\s*\d{1,2})*)\)?\s*/\s*(\d{1,2})")
_FRACTION = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")
_TEMPO = re.compile(r"((?:\d{1,2}\s*/\s*\d{1,2}\s*)+)=\s*(\d{1,4}(?:\.\d{1,3})?)")
_WORDS = re.compile(r'"[^"]*"')

_SHORT_METRE = Fraction(3, 4)
"""Below this metre, the unit of length is a sixteenth where nothing is said."""


def read_metre(text: str) -> tuple[int, int] | None:
    """Read what stands behind ``M:``, such as "6/8" or "C|"; None for no metre.

    Raises
    ------
    ValueError
        If it is neither.
    """
    text = text.strip()
    if text in ("", "none", "*"):
        return None
    if text.startswith("C"):
        return (2, 2) if text.startswith("C|") else (4, 4)
    found = _METRE.match(text)
    if not found:
        raise ValueError
    above = sum(int(part) for part in found[1].split("+"))
    below = int(found[2])
    if not above or not below:
        raise ValueError
    return above, below


def read_unit(text: str) -> Fraction:
    """Read what stands behind ``L:``, such as "1/8", in whole notes.

    Raises
    ------
    ValueError
        If it is no fraction above 0.
    """
    text = text.strip()
    found = _FRACTION.match(text)
    above, below = (int(found[1]), int(found[2])) if found else (int(text), 1)
    if not 0 < above < 1000 or not below:
        raise ValueError
    return Fraction(above, below)


def default_unit(metre: tuple[int, int] | None) -> Fraction:
    """Return the unit of length, in whole notes, where a tune does not say."""
    is_short = metre is not None and Fraction(*metre) < _SHORT_METRE
    return Fraction(1, 16) if is_short else Fraction(1, 8)


def read_tempo(text: str, unit: Fraction) -> float | None:
    """Read what stands behind ``Q:``, in quarter notes a minute; None if it has no number.

    Parameters
    ----------
    text : str
        Such as "1/4=120" or "Allegro 3/8=80"; a mere "120" counts units of length.
    unit : Fraction
        The unit of length, in whole notes.
    """
    text = _WORDS.sub("", text).strip()
    if found := _TEMPO.search(text):
        pairs = _FRACTION.findall(found[1])
        if any(not int(below) for _, below in pairs):
            return None
        length = sum((Fraction(int(above), int(below)) for above, below in pairs), Fraction(0))
        tempo = float(length * WHOLE_NOTE) * float(found[2])
    elif found := re.match(r"(?:C\d?\s*=\s*)?(\d{1,4})$", text):
        tempo = float(unit * WHOLE_NOTE) * float(found[1])
    else:
        return None
    return tempo or None
