"""Curves that grow, laid over a pyqtgraph plot and drawn only where they have grown."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from dinogui.history import Curve

Array = NDArray[np.floating]

_LEAST = 1e-100
_FAR = 1e5
"""Pixels: beyond every window, and within what Qt draws."""


@dataclass(frozen=True)
class PaneCurve:
    """A curve, and how it is drawn.

    Attributes
    ----------
    curve : Curve
    most : int
        Points to draw it with, at the most, about.
    pen : QPen
    is_smooth : bool
        Whether its edges are softened, which costs several times as much.
    convert : callable
        Turns the curve's values into those of the plot's axis.
    """

    curve: Curve
    most: int
    pen: QPen
    is_smooth: bool
    convert: Callable[[Array], Array]


class CurvePane(QWidget):
    """Covers the view box of a plot with a picture of it, and of curves on top.

    Drawn as items of the scene, three curves cost several milliseconds a frame: all of them are
    drawn anew, and every item is asked for its bounds, in Python, while the training waits for the
    interpreter. Here pyqtgraph draws what is behind the curves when the view changes; a
    frame draws the few pixels' width that have changed since the last.

    Parameters
    ----------
    plot : PlotWidget
        Goes on taking the mouse, and draws the axes and all that lies behind the curves.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot.viewport())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # What lies behind the pane is in its picture, and need not be painted as well.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._plot = plot
        self._box = plot.getViewBox()
        self._curves: Sequence[PaneCurve] = ()
        self._behind = QPixmap()
        self._picture = QPixmap()
        self._is_stale = True
        self._grains: list[int] = []
        self._ends: list[tuple[float, float]] = []
        self._cursor: float | None = None
        self._cursor_pen = QPen()
        self._box.sigRangeChanged.connect(self.invalidate)
        self._box.sigResized.connect(self._cover)
        self._cover()

    def show_curves(self, curves: Sequence[PaneCurve], cursor_pen: QPen) -> None:
        """Draw other curves, the first one lowest."""
        self._curves, self._cursor_pen = curves, cursor_pen
        self.invalidate()

    def show_cursor(self, step: float | None) -> None:
        """Mark a step; None for none."""
        if step != self._cursor:
            self._cursor = step
            self.update()

    @property
    def points_drawn(self) -> int:
        """How many points the curves have on the screen."""
        (first, last), _ = self._box.viewRange()
        return sum(len(c.curve.points(first, last, c.most)[0]) for c in self._curves)

    @Slot()
    def invalidate(self) -> None:
        """Draw everything anew, with the next frame."""
        self._is_stale = True
        self.update()

    def refresh(self) -> None:
        """Draw what the curves have grown by."""
        if self._is_stale:
            return
        if self._choose_grains() != self._grains:
            self.invalidate()
            return
        ends = self._find_ends()
        grown = [(then, now) for then, now in zip(self._ends, ends, strict=True) if then != now]
        if grown:
            strip = self._strip(min(then[0] for then, _ in grown), max(now[1] for _, now in grown))
            self._draw(strip)
            self.update(strip)
            self._ends = ends

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture."""
        if self._is_stale:
            self._draw_all()
        painter = QPainter(self)
        ratio = self._picture.devicePixelRatio()
        rect = event.rect()
        source = QRectF(QRectF(rect).topLeft() * ratio, QRectF(rect).size() * ratio)
        painter.drawPixmap(QRectF(rect), self._picture, source)
        if self._cursor is not None:
            painter.setPen(self._cursor_pen)
            x = round(float(self._x(np.array(self._cursor))))
            painter.drawLine(x, 0, x, self.height())

    @Slot()
    def _cover(self) -> None:
        """Lie on the view box."""
        on_viewport = self._plot.viewportTransform().mapRect(self._box.sceneBoundingRect())
        self.setGeometry(on_viewport.toRect())
        self.invalidate()

    def _draw_all(self) -> None:
        ratio = self.devicePixelRatioF()
        self._behind = QPixmap(self.size() * ratio)
        self._behind.setDevicePixelRatio(ratio)
        painter = QPainter(self._behind)
        self._plot.render(painter, QRectF(self.rect()), self.geometry())
        painter.end()
        self._picture = self._behind.copy()
        self._grains = self._choose_grains()
        self._ends = self._find_ends()
        self._draw(self.rect())
        self._is_stale = False

    def _draw(self, strip: QRect) -> None:
        """Draw what stands in a strip of the picture, from the back to the front."""
        (first, last), _ = self._box.viewRange()
        a_pixel = (last - first) / max(self.width(), 1)
        begin, end = first + strip.left() * a_pixel, first + (strip.right() + 1) * a_pixel
        painter = QPainter(self._picture)
        painter.setClipRect(strip)
        painter.drawPixmap(0, 0, self._behind)
        for shown, grain in zip(self._curves, self._grains, strict=True):
            steps, values = shown.curve.points_of_grain(begin, end, grain)
            painter.setPen(shown.pen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, shown.is_smooth)
            x, y = self._x(steps), self._y(shown.convert(values))
            painter.drawPath(pg.arrayToQPath(x, y, finiteCheck=False))
        painter.end()

    def _x(self, steps: Array) -> Array:
        (first, last), _ = self._box.viewRange()
        x: Array = (steps - first) * (self.width() / (last - first))
        return x

    def _y(self, values: Array) -> Array:
        _, (low, high) = self._box.viewRange()
        # A perplexity may be too large for a view to have a height, or for Qt to draw.
        a_unit = self.height() / max(high - low, _LEAST)
        y: Array = np.clip((high - values) * a_unit, -_FAR, _FAR)
        return y

    def _strip(self, begin: float, end: float) -> QRect:
        """Return what lies between two steps, and a pen's breadth on both sides."""
        reach = max(shown.pen.width() for shown in self._curves) + 1
        left, right = np.clip(self._x(np.array((begin, end))), 0.0, self.width()).tolist()
        left, right = math.floor(left) - reach, math.ceil(right) + reach
        return QRect(left, 0, right - left, self.height()) & self.rect()

    def _choose_grains(self) -> list[int]:
        (first, last), _ = self._box.viewRange()
        return [shown.curve.grain(first, last, shown.most) for shown in self._curves]

    def _find_ends(self) -> list[tuple[float, float]]:
        """Return the steps of each curve between which growing changes what is drawn."""
        return [
            shown.curve.unsettled(grain)
            for shown, grain in zip(self._curves, self._grains, strict=True)
        ]
