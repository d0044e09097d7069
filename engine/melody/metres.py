"""Metres, as files write them: "3/4"."""

from fractions import Fraction

WHOLE_NOTE = 4
"""Its beats, which are quarter notes."""

_LONGEST_BAR = 32
_SMALLEST_UNIT = 64


def bar_of(metre: tuple[int, int]) -> Fraction:
    """Return the beats of a bar: 3 for (6, 8)."""
    return Fraction(*metre) * WHOLE_NOTE


def metre_of(bar: Fraction) -> tuple[int, int] | None:
    """Return the metre whose bars have so many beats: (3, 4) for 3, (9, 8) for 4½.

    None if there is none, as for bars of a third of a beat.
    """
    unit = bar.denominator
    is_power_of_2 = unit & (unit - 1) == 0
    if not is_power_of_2 or WHOLE_NOTE * unit > _SMALLEST_UNIT or bar > _LONGEST_BAR:
        return None
    return bar.numerator, WHOLE_NOTE * unit
