"""The colours of notes: blue for expected ones, orange for those that surprised the network."""

import math

from PySide6.QtGui import QColor

from dinogui.common.theme import Colours

EXPECTED, MIDDLE, SURPRISING = 2, 50, 1_000
"""A note with a chance of 1 in 2 is as blue as can be, and one of 1 in 1,000 as orange as can be.
Between them, the colour changes at 1 in 50."""

_PALEST = 0.45
"""The share of the full colour in a note whose chance is 1 in 50; the rest is the card's."""


def surprise_colour(surprise: float, colours: Colours) -> QColor:
    """Return the colour of a note.

    It is pale where it changes from blue to orange, so the two can be told apart also by their
    strength.

    Parameters
    ----------
    surprise : float
        -ln p, in nats. The colour for NaN is grey.
    colours : Colours
    """
    if math.isnan(surprise):
        return QColor(colours.grid)
    middle = math.log(MIDDLE)
    is_surprising = surprise > middle
    end = math.log(SURPRISING if is_surprising else EXPECTED)
    strength = min(max((surprise - middle) / (end - middle), 0.0), 1.0)
    full = QColor(colours.second if is_surprising else colours.accent)
    return _mixed(QColor(colours.base), full, _PALEST + (1 - _PALEST) * strength)


def _mixed(ground: QColor, full: QColor, share: float) -> QColor:
    """Return a colour between two, at a share of the way."""
    return QColor.fromRgbF(
        ground.redF() + share * (full.redF() - ground.redF()),
        ground.greenF() + share * (full.greenF() - ground.greenF()),
        ground.blueF() + share * (full.blueF() - ground.blueF()),
    )
