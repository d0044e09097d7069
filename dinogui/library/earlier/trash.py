"""The trash: how long deleted runs are kept."""

KEPT_DAYS = 30
_SECONDS_PER_DAY = 86_400


def is_over(deleted: float | None, now: float) -> bool:
    """Whether a run was deleted so long ago that it is removed now.

    Parameters
    ----------
    deleted : float or None
        In seconds since 1970; None if it was not deleted.
    now : float
        In seconds since 1970.
    """
    return deleted is not None and now - deleted > KEPT_DAYS * _SECONDS_PER_DAY


def days_left(deleted: float, now: float) -> int:
    """Return the days after which a deleted run is removed, at least 1."""
    left = KEPT_DAYS - (now - deleted) / _SECONDS_PER_DAY
    return min(max(round(left), 1), KEPT_DAYS)
