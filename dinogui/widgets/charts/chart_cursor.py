"""The cursor of a chart: the arrow keys walk with it from one bar or point to the next."""

import bisect

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

_LEAP = 10
"""Places that a key with Ctrl goes over."""

_MOVES = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


def place_after(
    key: int, places: list[float], current: float | None, *, leaps: bool
) -> float | None:
    """Return where a key moves the cursor.

    Parameters
    ----------
    key : int
        Of `Qt.Key`.
    places : list of float
        Where it can be, in increasing order, in the units of the x axis.
    current : float or None
        Where it is; None if it is not shown.
    leaps : bool
        Whether Ctrl is held.

    Returns
    -------
    float or None
        None if the key does not move it, or it can be nowhere.
    """
    if not places or key not in (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    ):
        return None
    by, last = _LEAP if leaps else 1, len(places) - 1
    if key == Qt.Key.Key_Home:
        return places[0]
    if key == Qt.Key.Key_End:
        return places[-1]
    if current is None:  # the first key shows where the cursor is
        return places[0] if key == Qt.Key.Key_Right else places[-1]
    # The bars may have changed meanwhile, so that the cursor is between two places.
    if key == Qt.Key.Key_Right:
        return places[min(bisect.bisect_right(places, current) + by - 1, last)]
    return places[max(bisect.bisect_left(places, current) - by, 0)]


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader read out what the keys went to; it stays the widget's description."""
    widget.setAccessibleDescription(text)
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
