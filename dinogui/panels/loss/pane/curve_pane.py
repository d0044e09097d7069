"""Growing curves over a pyqtgraph plot, drawn only where they have grown."""

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPaintEngine, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from dinogui.panels.loss.axes.scales import HorizontalScale, ViewScale
from dinogui.panels.loss.overlay.overlay_curves import OverlayCurves
from dinogui.panels.loss.pane.band import Band, BandLook
from dinogui.panels.loss.pane.best_mark import BestMark
from dinogui.panels.loss.pane.event_flags import EventFlags
from dinogui.panels.loss.pane.grid import Grid
from dinogui.panels.loss.pane.growing_curves import GrowingCurves, PaneCurve
from dinogui.panels.loss.pane.label_placement import Line
from dinogui.panels.loss.pane.marks import Marks
from dinogui.panels.loss.pane.past_line import PastLine
from dinogui.startup.lean_pyqtgraph import pg


class CurvePane(QWidget):
    """Covers the view box of a plot with curves, and with a picture of the grid lines behind them.

    As items of the scene, three curves cost several milliseconds per frame: all of them are drawn
    again, and each item is asked for its bounds in Python, while the training waits for the
    interpreter. Here, a frame draws only the few pixel columns that changed since the last frame.

    Parameters
    ----------
    plot : PlotWidget
        The plot. It still gets the mouse events and draws the axes.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot.viewport())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # The plot's background need not be painted below the pane.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._plot = plot
        self._box = plot.getViewBox()
        self._curves, self._marks, self._flags = GrowingCurves(), Marks(), EventFlags()
        self._past: PastLine | None = None
        self._look: BandLook | None = None
        self._band: Band | None = None
        self._across = HorizontalScale()
        self._grid: Grid | None = None
        self._overlay: OverlayCurves | None = None
        self._lines = QPixmap()
        self._is_stale = True
        self._scale = ViewScale(self._across, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0)
        self._cursor: float | None = None
        self._cursor_pen = QPen()
        self._focus: QColor | None = None
        self._box.sigRangeChanged.connect(self.invalidate)
        self._box.sigResized.connect(self._cover)
        self._cover()

    def show_curves(
        self,
        curves: Sequence[PaneCurve],
        band: BandLook | None,
        grid: Grid,
        cursor_pen: QPen,
        across: HorizontalScale | None = None,
    ) -> None:
        """Show other curves.

        Parameters
        ----------
        curves : sequence of PaneCurve
            The first one at the back.
        band : BandLook or None
            Behind the curves.
        grid : Grid
            Behind everything.
        cursor_pen : QPen
        across : HorizontalScale, optional
            The horizontal axis; by default, that of the steps.
        """
        self._across, self._band = across or HorizontalScale(), None
        self._curves.show(curves, self._across)
        self._look, self._grid, self._cursor_pen = band, grid, cursor_pen
        self.invalidate()

    def show_overlay(self, overlay: OverlayCurves) -> None:
        """Show the curves of other runs. As they do not grow, they are drawn once for each view."""
        self._overlay = overlay
        self.invalidate()

    def show_cursor(self, step: float | None) -> None:
        """Mark a step, or none."""
        if step != self._cursor:
            for place in (self._cursor, step):
                if place is not None:
                    self.update(self._strip(place, place))
            self._cursor = step

    def x_of(self, step: float) -> float:
        """Return where a step is, in pixels from the left edge."""
        return (self._measured() if self._is_stale else self._scale).x_of(step)

    def step_at(self, x: float) -> float:
        """Return the step at a distance from the left edge, in pixels."""
        return (self._measured() if self._is_stale else self._scale).step(x)

    def show_flags(self, steps: Sequence[int], colour: str, ground: str, font: QFont) -> None:
        """Mark the steps of events at the lower edge; the numbers of near ones are in a font."""
        flags = self._flags
        flags.steps, flags.font = steps, font
        flags.colour, flags.ground = QColor(colour), QColor(ground)
        self.update()

    def flag_near(self, step: float) -> range | None:
        """Return the indices of the events that are marked at a step, or None."""
        return self._flags.near(self._scale, self._scale.x_of(step))

    def show_past(self, line: PastLine | None) -> None:
        """Mark the step that is looked at, or none."""
        before, self._past = self._past, line
        for each in (before, line):
            if each is not None and each.is_in_view(self._scale):
                for area in each.areas(self._scale, self.width(), self.height()):
                    self.update(area)

    @property
    def past(self) -> PastLine | None:
        """The mark of the step that is looked at."""
        return self._past

    def show_spikes(self, steps: Sequence[int], colour: str) -> None:
        """Mark the steps of spikes at the upper edge."""
        self._marks.spikes, self._marks.spike_colour = steps, QColor(colour)
        self.update()

    def spike_near(self, step: float) -> int | None:
        """Return the index of the spike that is marked at a step, or None."""
        return self._marks.spike_near(self._scale, step)

    def grain_at(self, step: float) -> int | None:
        """Return how many steps are drawn as one around a step; None if single ones are."""
        return None if self._band is None else self._band.grain_at(step)

    def show_diamond(self, place: tuple[float, float] | None, colour: QColor) -> None:
        """Draw a diamond at a step and a value on the plot's axis, or none."""
        marks = self._marks
        if (place, colour) != (marks.diamond, marks.diamond_colour):
            marks.diamond, marks.diamond_colour = place, colour
            self.update()

    def show_best(self, mark: BestMark | None) -> None:
        """Mark the best held-out loss, or none."""
        marks = self._marks
        if mark == marks.best:
            return
        self.update(marks.best_area(self._scale))
        marks.best = mark
        if not self._is_stale:
            self._settle_marks()
        self.update(marks.best_area(self._scale))

    @property
    def best(self) -> BestMark | None:
        """The mark of the best held-out loss."""
        return self._marks.best

    @property
    def best_room(self) -> QRectF:
        """Where the text of that mark lies, in pixels."""
        return self._marks.best_room

    def lines_between(self, begin: float, end: float) -> list[Line]:
        """Return the pixels of the curves between two steps."""
        return self._curves.lines_between(self._scale, begin, end)

    def _settle_marks(self) -> None:
        self.update(self._marks.settle(self._scale, QSizeF(self.size()), self.lines_between))

    def show_focus(self, colour: QColor | None) -> None:
        """Mark that the keyboard acts on the plot, in a colour; None if it does not."""
        self._focus = colour
        self.update()

    @property
    def points_drawn(self) -> int:
        """The number of points drawn for all curves in view, and of groups of the band."""
        scale, band = self._scale, self._band
        if self._is_stale:  # the next frame will choose these
            scale = self._measured()
            band = None if self._look is None else Band(self._look, scale)
        return self._curves.points_drawn(scale) + (0 if band is None else len(band))

    @Slot()
    def invalidate(self) -> None:
        """Draw everything again with the next frame."""
        self._is_stale = True
        self.update()

    def refresh(self) -> None:
        """Draw what the curves have gained."""
        if self._is_stale:
            return
        grown = self._curves.growth(self._scale)
        if grown is None:
            self._choose_view()
            self.update()
            return
        grown_from, grown_to = grown
        changed = None if self._band is None else self._band.grow()
        if changed is not None:
            grown_from, grown_to = min(grown_from, changed[0]), max(grown_to, changed[1])
        if grown_from < math.inf:
            strip = self._strip(grown_from, grown_to)
            self.update(strip)
            if strip.intersects(self._marks.best_area(self._scale)):
                self._settle_marks()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a part of the pane, from back to front."""
        if self._is_stale:
            self._draw_lines()
            self._choose_view()
            self._is_stale = False
        painter = QPainter(self)
        if painter.paintEngine().type() is QPaintEngine.Type.SVG:
            self._paint_drawing(painter)
            return
        part = event.rect()
        shown, ratio = QRectF(part), self._lines.devicePixelRatio()
        if self._grid is not None:
            painter.fillRect(part, self._grid.ground)
        reach = self._curves.reach
        begin = self._scale.step(part.left() - reach)
        end = self._scale.step(part.right() + 1 + reach)
        if self._band is not None:
            self._band.paint(painter, begin, end)
        painter.drawPixmap(
            shown, self._lines, QRectF(shown.topLeft() * ratio, shown.size() * ratio)
        )
        self._curves.draw(painter, self._scale, begin, end)
        self._paint_marks(painter, part)
        self._draw_focus(painter)
        if self._cursor is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(self._cursor_pen)
            x = round(self._scale.x_of(self._cursor))
            painter.drawLine(x, 0, x, self.height())
        painter.end()

    def _paint_drawing(self, painter: QPainter) -> None:
        """Paint everything as lines and areas, none of which goes over the edges."""
        scale, self._is_stale = self._scale, True
        edges = 0.0, 0.0, float(self.width()), float(self.height())
        self._scale = replace(scale, edges=edges)
        if self._look is not None:
            Band(self._look, self._scale).paint(painter, scale.first, scale.last)
        if self._grid is not None:
            self._grid.paint(painter, self.width(), self.height(), self._box)
        if self._overlay is not None:
            self._overlay.paint(painter, self._scale, QSizeF(self.size()))
        self._curves.draw(painter, self._scale, scale.first, scale.last)
        self._paint_marks(painter, self.rect())
        painter.end()
        self._scale = scale

    def _paint_marks(self, painter: QPainter, part: QRect) -> None:
        self._flags.paint(painter, part, self._scale, self.height())
        self._marks.paint(painter, part, self._scale)
        if self._past is not None:
            self._past.paint(painter, self._scale, self.width(), self.height())

    @Slot()
    def _cover(self) -> None:
        """Move the pane onto the view box."""
        on_viewport = self._plot.viewportTransform().mapRect(self._box.sceneBoundingRect())
        self.setGeometry(on_viewport.toRect())
        self.invalidate()

    def _draw_lines(self) -> None:
        ratio = self.devicePixelRatioF()
        self._lines = QPixmap(self.size() * ratio)
        self._lines.setDevicePixelRatio(ratio)
        self._lines.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._lines)
        if self._grid is not None:
            self._grid.paint(painter, self.width(), self.height(), self._box)
        if self._overlay is not None:
            self._overlay.paint(painter, self._measured(), QSizeF(self.size()))
        painter.end()

    def _measured(self) -> ViewScale:
        """Return the scale of the present view, which the next frame will have."""
        return ViewScale.of(self._box.viewRange(), self.width(), self.height(), self._across)

    def _choose_view(self) -> None:
        """Draw everything for the present view from now on."""
        self._scale = scale = self._measured()
        self._curves.choose_view(scale)
        self._band = None if self._look is None else Band(self._look, scale)
        self._marks.settle(scale, QSizeF(self.size()), self.lines_between)

    def _draw_focus(self, painter: QPainter) -> None:
        if self._focus is not None:
            painter.setPen(QPen(self._focus, 2.0))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _strip(self, begin: float, end: float) -> QRect:
        """Return the rectangle between two steps, with a pen's width on both sides."""
        scale = self._scale
        begin, end = (min(max(step, scale.first), scale.last) for step in (begin, end))
        left = max(math.floor(scale.x_of(begin)) - self._curves.reach, 0)
        right = math.ceil(scale.x_of(end)) + self._curves.reach
        return QRect(left, 0, right - left, self.height())
