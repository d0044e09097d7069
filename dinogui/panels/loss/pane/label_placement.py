"""Where a label beside a point lies so that it covers as little as possible."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

Array = NDArray[np.floating]
Line = tuple[Array, Array]
"""The pixels of a line's corners: across, and down."""

_SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
"""Below, above, right, left, and the corners: from the best place to the worst."""
_DISTANCES = (0.0, 8.0, 18.0, 32.0, 52.0)
"""Pixels by which the label is moved farther away while it covers something."""
REACH = _DISTANCES[-1] + 16.0
"""Pixels: no label ends farther from its point than this and its own size."""
_AIR = 2.0
"""Pixels that stay free around the label."""


def place_label(
    size: QSizeF, point: QPointF, gap: float, view: QSizeF, lines: Sequence[Line]
) -> QRectF:
    """Return the place of a label: the nearest one that covers nothing, or else the least.

    Parameters
    ----------
    size : QSizeF
        Of the label, in pixels.
    point : QPointF
        What it is about, in pixels. If it is out of view, so is the label.
    gap : float
        Pixels from the point to the nearest edge of the label.
    view : QSizeF
        The label lies inside, from (0, 0).
    lines : sequence of Line
        What it should not cover.
    """
    is_seen = 0 <= point.x() <= view.width() and 0 <= point.y() <= view.height()
    best, least = QRectF(), np.inf
    for place in _candidates(size, point, gap):
        if not is_seen:
            return place
        place = _moved_inside(place, view)
        if place.adjusted(-_AIR, -_AIR, _AIR, _AIR).contains(point):
            continue
        covered = sum(covered_length(place, line) for line in lines)
        if covered < least:
            best, least = place, covered
        if covered == 0:
            break
    return best


def _candidates(size: QSizeF, point: QPointF, gap: float) -> Iterator[QRectF]:
    width, height = size.width(), size.height()
    for distance in _DISTANCES:
        away = gap + distance
        for side, down in _SIDES:
            x = point.x() + side * (away + width / 2) - width / 2
            y = point.y() + down * (away + height / 2) - height / 2
            yield QRectF(x, y, width, height)


def _moved_inside(place: QRectF, view: QSizeF) -> QRectF:
    """Return a place moved by no more than needed to lie in the view."""
    left = max(min(place.left(), view.width() - place.width() - 1.0), 0.0)
    top = max(min(place.top(), view.height() - place.height() - 1.0), 0.0)
    return QRectF(left, top, place.width(), place.height())


def covered_length(place: QRectF, line: Line) -> float:
    """Return how many pixels of a line lie under a label, with some air around it."""
    x, y = line
    if len(x) < 2:
        return 0.0
    air = place.adjusted(-_AIR, -_AIR, _AIR, _AIR)
    if not (_overlap(x, air.left(), air.right()) & _overlap(y, air.top(), air.bottom())).any():
        return 0.0  # most lines that are asked about do not come near
    dx, dy = np.diff(x), np.diff(y)
    enters, leaves = np.zeros(len(dx)), np.ones(len(dx))
    for begin, along, low, high in (
        (x[:-1], dx, air.left(), air.right()),
        (y[:-1], dy, air.top(), air.bottom()),
    ):
        # Liang and Barsky's clipping: the part of each segment between two parallel edges.
        moves = along != 0
        at = np.where(moves, along, 1.0)
        first, last = (low - begin) / at, (high - begin) / at
        enters = np.where(moves, np.maximum(enters, np.minimum(first, last)), enters)
        leaves = np.where(moves, np.minimum(leaves, np.maximum(first, last)), leaves)
        outside = ~moves & ((begin < low) | (begin > high))
        leaves = np.where(outside, -1.0, leaves)
    shares = np.maximum(leaves - enters, 0.0)
    return float(np.sum(shares * np.hypot(dx, dy)))


def _overlap(along: Array, low: float, high: float) -> NDArray[np.bool_]:
    """Return for each segment whether it has a part between two parallel edges."""
    begins, ends = along[:-1], along[1:]
    overlap: NDArray[np.bool_] = (np.maximum(begins, ends) >= low) & (
        np.minimum(begins, ends) <= high
    )
    return overlap
