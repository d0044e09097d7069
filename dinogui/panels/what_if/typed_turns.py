"""Reads what a knob is to be turned to: multiples such as 0.5×, and values such as 0.02."""

import math
import re

from dinogui.common.value_ranges import ValueRange
from engine.runs.futures import FACTORS, MAX_FUTURES, Turn

USUAL = ", ".join(f"{factor:g}×" for factor in FACTORS)
"""The usual multiples, as they are typed."""

_GAP = re.compile(r"\s*[,;]\s*|\s+")
_SIGNS = "x×*"
_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
_MOST_FACTOR = 1_000.0


def read_turns(text: str, allowed: ValueRange) -> tuple[Turn, ...]:
    """Read a list of multiples and values.

    Parameters
    ----------
    text : str
        Separated by commas or spaces.
    allowed : ValueRange
        The values that the knob can have.

    Raises
    ------
    ValueError
        If one cannot be read or is not allowed; the message is a sentence for people.
    """
    parts = [part for part in _GAP.split(text.strip()) if part]
    if not 1 <= len(parts) <= MAX_FUTURES:
        raise ValueError(f"Type 1 to {MAX_FUTURES} multiples or values, not {len(parts)}.")
    return tuple(_read(part, allowed) for part in parts)


def _read(part: str, allowed: ValueRange) -> Turn:
    if part.lower() == "off" and allowed.can_be_off:
        return Turn(value=None)
    is_multiple = part[0] in _SIGNS or part[-1] in _SIGNS
    typed = part.strip(_SIGNS)
    try:
        number = float(_FRACTIONS.get(typed, typed))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(
            f"“{part}” is neither a multiple such as 0.5× nor a value. Put commas between them."
        )
    if not is_multiple:
        if allowed.is_whole and number != round(number):
            raise ValueError(f"The {allowed.title} are whole numbers; {part} is not one.")
        allowed.check(number)
        return Turn(value=number)
    if not 0 < number <= _MOST_FACTOR:
        raise ValueError(f"A multiple is above 0 and at most {_MOST_FACTOR:,.0f}×; {part} is not.")
    return Turn(factor=number)
