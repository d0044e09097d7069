"""Swing: the second eighth of each beat comes late."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

STRAIGHT, TRIPLET = 0.5, 2 / 3
"""Swing ratios: both eighths are equal; the first is twice as long as the second."""

SWING_RANGE = (STRAIGHT, 0.75)


def swung(beats: ArrayLike, swing: float) -> NDArray[np.float64]:
    """Return when each beat is played, in beats.

    Both halves of each beat are stretched linearly, so that the second one begins at `swing`. Notes
    never change their order, whatever their durations are. Beats that are whole numbers stay.

    Parameters
    ----------
    beats : array of float
        Counted from a bar line; may be below 0.
    swing : float
        Where in a beat its second half begins, within `SWING_RANGE`.

    Raises
    ------
    ValueError
        If `swing` is out of range.
    """
    check_swing(swing)
    whole, within = np.divmod(np.asarray(beats, dtype=np.float64), 1.0)
    return whole + np.interp(within, (0.0, 0.5, 1.0), (0.0, swing, 1.0))


def unswung(played: ArrayLike, swing: float) -> NDArray[np.float64]:
    """Return which beats are played when; the inverse of `swung`."""
    check_swing(swing)
    whole, within = np.divmod(np.asarray(played, dtype=np.float64), 1.0)
    return whole + np.interp(within, (0.0, swing, 1.0), (0.0, 0.5, 1.0))


def check_swing(swing: float) -> None:
    """Raise a ValueError if a swing ratio is out of range."""
    low, high = SWING_RANGE
    if not low <= swing <= high:
        raise ValueError(f"swing must be from {low} to {high}, got {swing}.")
