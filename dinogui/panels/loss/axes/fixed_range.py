"""The range of the loss plot that a person has set, and how it is read from what is typed."""

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

from dinogui.panels.loss.axes.autorange import limits_of
from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from engine.training.curves.axis_quantity import AxisQuantity

_FACTORS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
_NUMBER = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(?:e([+-]?\d+))?\s*([kmgt]?)", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d*)?)")


@dataclass(frozen=True)
class FixedRange:
    """The ends of both axes, in what they show; None where the plot chooses the end.

    Attributes
    ----------
    left, right : float or None
        Steps, epochs, names or seconds.
    low, high : float or None
        Losses in the plot's unit.
    """

    left: float | None = None
    right: float | None = None
    low: float | None = None
    high: float | None = None

    def __bool__(self) -> bool:
        """Return whether any end is set."""
        return any(end is not None for end in astuple(self))

    @property
    def without_across(self) -> "FixedRange":
        """The same for an axis that shows another quantity."""
        return replace(self, left=None, right=None)

    def positions(
        self, across: HorizontalScale, vertical: VerticalScale
    ) -> tuple[float | None, float | None, float | None, float | None]:
        """Return where left, right, low and high are on the axes; None what has no place there."""
        placed = (
            *(_position(end, across.is_logarithmic) for end in (self.left, self.right)),
            *(_position(end, vertical.is_logarithmic) for end in (self.low, self.high)),
        )
        return placed[0], placed[1], placed[2], placed[3]


def _position(amount: float | None, is_logarithmic: bool) -> float | None:
    if amount is None or not is_logarithmic:
        return amount
    return math.log10(amount) if amount > 0 else None


class RangeError(ValueError):
    """What was typed is no range. The message is a sentence for people.

    Attributes
    ----------
    field : str
        The name of the end, as `FixedRange` calls it.
    """

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def read_range(
    texts: Sequence[str], across: HorizontalScale, vertical: VerticalScale
) -> FixedRange:
    """Return the range that somebody has typed.

    Parameters
    ----------
    texts : sequence of four str
        Left, right, low and high. An empty one leaves that end to the plot.
    across : HorizontalScale
    vertical : VerticalScale

    Raises
    ------
    RangeError
        If it has no place on the axes.
    """
    is_time = across.quantity is AxisQuantity.TIME
    scales = ((across.is_logarithmic, is_time), (vertical.is_logarithmic, False))
    fields = (("left", "right"), ("low", "high"))
    ends: list[float | None] = []
    for (is_logarithmic, is_clock), names, typed in zip(
        scales, fields, (texts[:2], texts[2:]), strict=True
    ):
        for text, name in zip(typed, names, strict=True):
            ends.append(_read_end(text.strip(), name, is_logarithmic, is_time=is_clock))
    found = FixedRange(*ends)
    limits = limits_of(across, vertical)
    left, right, low, high = found.positions(across, vertical)
    _check_ends(left, right, texts[:2], "right", limits["minXRange"], limits["maxXRange"])
    _check_ends(low, high, texts[2:], "high", limits["minYRange"], limits["maxYRange"])
    return found


def _read_end(text: str, field: str, is_logarithmic: bool, *, is_time: bool) -> float | None:
    if not text:
        return None
    amount = read_amount(text, is_time=is_time)
    if amount is None:
        examples = "90 or 1:30" if is_time else "5000, 5 k or 2.5"
        raise RangeError(
            f"“{text}” is not a number. Write one such as {examples}, or leave the field empty.",
            field,
        )
    if amount < 0:
        raise RangeError("The axis begins at 0. Write 0 or more, or leave the field empty.", field)
    if amount == 0 and is_logarithmic:
        raise RangeError(
            "A logarithmic axis has no place for 0. Write a number above 0, or leave the field "
            "empty.",
            field,
        )
    return amount


def _check_ends(
    first: float | None, last: float | None, texts: Sequence[str], field: str, *size: float
) -> None:
    """Refuse two ends in the wrong order, too close together, or too far apart."""
    begin, end = (text.strip() for text in texts)
    least, most = size
    if first is not None and last is not None and last <= first:
        raise RangeError(
            f"An axis ends above where it begins, but {end} is not above {begin}. Change one of "
            "the two numbers.",
            field,
        )
    if first is not None and last is not None and last - first < least:
        raise RangeError(
            f"{begin} and {end} are too close together to be told apart. Write numbers that lie "
            "farther apart.",
            field,
        )
    for position, text in ((first, begin), (last, end)):
        if position is not None and abs(position) > most:
            raise RangeError(f"{text} is too far away. Write a number nearer to the run.", field)


def read_amount(text: str, *, is_time: bool = False) -> float | None:
    """Return a number such as 5000, 5,000, 5 k, 0,5 or 1e4, or None if the text is none.

    Parameters
    ----------
    text : str
    is_time : bool
        Whether 2:30 and 1:02:30 are read as minutes and hours. The number is one of seconds.
    """
    clock = _CLOCK.fullmatch(text) if is_time else None
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        return 3_600.0 * int(hours or 0) + 60.0 * int(minutes) + float(seconds)
    sign, text = (-1.0, text[1:]) if text[:1] in ("-", "−") else (1.0, text)
    text = text.replace(",", "" if _GROUPED.fullmatch(text) else ".")
    number = _NUMBER.fullmatch(text)
    if number is None:
        return None
    digits, power, factor = number.groups()
    amount = sign * float(f"{digits}e{power or 0}") * _FACTORS[factor.lower()]
    return amount if np.isfinite(amount) else None
