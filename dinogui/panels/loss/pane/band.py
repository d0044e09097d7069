"""The losses of single steps: a band of their quantiles, or points where there is room for them."""

import math
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from dinogui.common.theme import Colours
from dinogui.panels.loss.axes.scales import VerticalScale, ViewScale
from dinogui.startup.lean_pyqtgraph import pg
from engine.training.curves.curve import Curve
from engine.training.curves.quantile_curve import QuantileCurve
from engine.training.curves.quantile_sketch import ITEMS

Array = NDArray[np.floating]

MOST_GROUPS = 150
"""The most groups of steps in view: one for every four pixels of the plot at 1100 × 700."""
_LEAST_GRAIN = 32
"""Steps of the smallest group. The quantiles of fewer jump about."""
_FEW_GROUPS = 12
_GROUP_PIXELS = 4.0
"""The narrowest group on a logarithmic axis."""
_MOST_EXTREMES = 250
_OUTER, _INNER, _EXTREMES, _POINTS = 0.14, 0.3, 0.07, 0.65
"""How much of the colour is mixed with that of the ground. Qt draws mixed colours several times as
fast as transparent ones, which it hands to other threads and waits for."""
_POINT_RADIUS = 1.8


@dataclass(frozen=True)
class BandLook:
    """What a band shows, and how.

    Attributes
    ----------
    quantiles : QuantileCurve
    extremes : Curve
        Drawn for the steps before the first one whose quantiles are known.
    colour, ground : str
    vertical : VerticalScale
    """

    quantiles: QuantileCurve
    extremes: Curve
    colour: str
    ground: str
    vertical: VerticalScale

    @classmethod
    def coloured(
        cls, quantiles: QuantileCurve, extremes: Curve, colours: Colours, vertical: VerticalScale
    ) -> "BandLook":
        """Return the look in the colour of the smoothed loss."""
        return cls(quantiles, extremes, colours.smoothed, colours.base, vertical)

    def tint(self, share: float) -> QColor:
        """Return a mixture of the colour, of which it has a share, and the ground."""
        colour, ground = QColor(self.colour), QColor(self.ground)
        channels = QColor.red, QColor.green, QColor.blue
        mixed = (share * of(colour) + (1 - share) * of(ground) for of in channels)
        return QColor(*map(round, mixed))


class Band:
    """Draws the middle half of the losses, and those from the 10th to the 90th percentile.

    The quantiles of full groups of steps are kept, so that a frame works out only those of the
    groups that it adds. The band goes on to the last step at the height of the last full group.

    Parameters
    ----------
    look : BandLook
    scale : ViewScale
        Of the view. Another view needs another band.
    """

    def __init__(self, look: BandLook, scale: ViewScale) -> None:
        self._look, self._scale = look, scale
        self._tints = [look.tint(share) for share in (_OUTER, _INNER)]
        self._choose_groups()
        self.grow()

    def _choose_groups(self) -> None:
        """Choose between points and groups of steps, and begin with none of them."""
        scale = self._scale
        self._has_points = self._look.quantiles.width == ITEMS  # else single losses are not known
        self._points_until = scale.points_until if self._has_points else -math.inf
        self._begin = max(scale.first, self._points_until, 0.0)
        self._pieces = scale.pieces(self._begin, scale.last)
        self._grain = _LEAST_GRAIN
        if not scale.across.is_logarithmic:
            while scale.last - scale.first > self._grain * MOST_GROUPS:
                self._grain *= 2
        is_at_edge = self._begin == scale.first
        self._after = self._begin - (2 * self._grain if is_at_edge else 1)
        # Of each group: its middle step, and the pixels of that and of its four quantiles.
        self._centres: list[float] = []
        self._places: list[list[float]] = []
        self._drawn_to = -math.inf
        self._full_at = 0.0  # the step at which the next group may be full

    def __len__(self) -> int:
        """Return the number of groups that are drawn."""
        return len(self._centres)

    def grow(self) -> tuple[float, float] | None:
        """Add the groups that are full now, and return between which steps it has changed."""
        last = self._look.quantiles.last_step
        if last == self._drawn_to or self._drawn_to > self._scale.last:
            return None
        if self._has_points and self._look.quantiles.width > ITEMS:
            self._choose_groups()
        from_step, count = self._drawn_to, len(self._centres)
        is_full = last >= self._full_at
        while is_full and self._pieces and self._points_until < self._scale.last:
            begin, end = self._pieces[0]
            steps, found = self._look.quantiles.groups(self._after, end, self._grain_of(begin))
            if len(steps):
                self._after = float(steps[-1, 0])
                self._full_at = steps[-1, 1] + steps[-1, 1] - self._after + 1
                self._add(steps.mean(axis=1), found)
            if last <= end or len(self._pieces) == 1:
                break
            del self._pieces[0]
        if len(self._centres) > count:
            from_step = self._centres[count - 1] if count else -math.inf
        self._drawn_to = last
        return from_step, last

    def _add(self, centres: Array, found: Array) -> None:
        y = self._scale.y(self._look.vertical.position(found.astype(float)))
        self._places += np.column_stack((self._scale.x(centres), y)).tolist()
        self._centres += centres.tolist()

    def grain_at(self, step: float) -> int | None:
        """Return how many steps the group around a step has; None where there are points."""
        return None if step <= self._points_until else self._grain_of(step)

    def _grain_of(self, begin: float) -> int:
        if not self._scale.across.is_logarithmic:
            return self._grain
        doubling = self._scale.per_x * math.log10(2.0)
        finest = max(begin * _GROUP_PIXELS / doubling, _LEAST_GRAIN)
        return 1 << math.ceil(math.log2(finest))

    def paint(self, painter: QPainter, begin: float, end: float) -> None:
        """Paint what lies between two steps."""
        self._paint_extremes(painter, begin, end)
        self._paint_groups(painter, begin, end)
        self._paint_points(painter, begin, end)

    def _paint_groups(self, painter: QPainter, begin: float, end: float) -> None:
        low = max(bisect_left(self._centres, begin) - 1, 0)
        high = min(bisect_left(self._centres, end) + 1, len(self._centres))
        if low >= high:
            return
        places = self._places[low:high]
        if high == len(self._centres):
            places.append([self._scale.x_of(self._drawn_to), *places[-1][1:]])
        if low == 0:
            first = max(self._begin, float(self._look.quantiles.since))
            places.insert(0, [self._scale.x_of(first), *places[0][1:]])
        if len(places) <= _FEW_GROUPS:
            self._fill_few(painter, places)
            return
        x, *depths = np.array(places).T
        there_and_back = np.concatenate((x, x[::-1]))
        for lower, upper, tint in zip((0, 1), (3, 2), self._tints, strict=True):
            edges = np.concatenate((depths[upper], depths[lower][::-1]))
            _fill(painter, pg.functions.arrayToQPolygonF(there_and_back, edges), tint)

    def _fill_few(self, painter: QPainter, places: list[list[float]]) -> None:
        """Fill what a frame adds. For so few points, arrays take longer than Qt does."""
        for lower, upper, tint in zip((1, 2), (4, 3), self._tints, strict=True):
            edge = [QPointF(place[0], place[upper]) for place in places]
            edge += [QPointF(place[0], place[lower]) for place in reversed(places)]
            _fill(painter, edge, tint)

    def _paint_points(self, painter: QPainter, begin: float, end: float) -> None:
        if begin > self._points_until:
            return
        steps, values = self._look.quantiles.points(begin, min(end, self._points_until))
        if not len(steps):
            return
        x, y = self._scale.x(steps), self._scale.y(self._look.vertical.position(values))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.tint(_POINTS))
        for place in map(QPointF, x.tolist(), y.tolist()):
            painter.drawEllipse(place, _POINT_RADIUS, _POINT_RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_extremes(self, painter: QPainter, begin: float, end: float) -> None:
        """Paint lowest and highest losses, where an earlier version has kept only these."""
        look, scale = self._look, self._scale
        end = min(end, float(look.quantiles.since))
        if end <= 0 or begin >= end:
            return
        grain = look.extremes.grain(max(scale.first, 0.0), scale.last, _MOST_EXTREMES)
        steps, nats = look.extremes.points_of_grain(begin, end, grain)
        painter.save()
        painter.setClipRect(
            QRectF(0, -1e5, max(scale.x_of(end), 0.0), 2e5), Qt.ClipOperation.IntersectClip
        )
        x = scale.x(steps.reshape(-1, 2).mean(axis=1))
        y = scale.y(look.vertical.position(nats)).reshape(-1, 2)
        there_and_back = np.concatenate((x, x[::-1]))
        edges = np.concatenate((y.min(axis=1), y.max(axis=1)[::-1]))
        corners = pg.functions.arrayToQPolygonF(there_and_back, edges)
        _fill(painter, corners, look.tint(_EXTREMES))
        painter.restore()


def _fill(painter: QPainter, corners: QPolygonF | list[QPointF], tint: QColor) -> None:
    """Fill an area. It is not antialiased, which would take as long as the rest of a frame."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawPolygon(corners)
    painter.setBrush(Qt.BrushStyle.NoBrush)
