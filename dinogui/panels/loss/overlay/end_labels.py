"""Where the titles of curves stand: at their right ends, near ones above each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

_WIDEST = 0.5
"""The largest share of the view's width that a title may cover."""
_GAP = 4.0
"""Pixels between a curve's end and its title, and from the edges of the view."""


@dataclass(frozen=True)
class EndLabel:
    """The title of a curve.

    Attributes
    ----------
    text, colour : str
    end : QPointF
        The last point of the curve that is in view, in pixels.
    width : float
        Of the text, in pixels.
    """

    text: str
    colour: str
    end: QPointF
    width: float


def place_end_labels(
    labels: Sequence[EndLabel], height: float, view: QSizeF
) -> list[tuple[EndLabel, QRectF]]:
    """Return a place for each title for which there is room, in pixels.

    A title stands to the right of its curve's end, or over the end where the room on the right is
    too small. Titles that would lie over each other stand above each other, in the order of the
    ends, as there is more room above losses than below them. Those that do not fit into the view,
    or would cover too much of it, are left out: the legend has all of them.

    Parameters
    ----------
    labels : sequence of EndLabel
    height : float
        Of a line of text, in pixels.
    view : QSizeF
    """
    placed: list[tuple[EndLabel, QRectF]] = []
    titles = [label for label in labels if label.width <= _WIDEST * view.width()]
    for label in sorted(titles, key=lambda label: label.end.y(), reverse=True):
        left = label.end.x() + _GAP
        top = label.end.y() - height / 2
        if left + label.width > view.width() - _GAP:
            left, top = view.width() - _GAP - label.width, label.end.y() - height - _GAP
        lowest = view.height() - height
        place = QRectF(max(left, _GAP), min(max(top, 0.0), lowest), label.width, height)
        for _, other in sorted(placed, key=lambda each: each[1].top(), reverse=True):
            if place.intersects(other):
                place.moveBottom(other.top())
        if place.top() >= 0:
            placed.append((label, place))
    return placed
