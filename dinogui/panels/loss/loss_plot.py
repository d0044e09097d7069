"""The loss plot: what is drawn of a run, in which unit and colours, on which axes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dinogui.common.actions.window_actions import Actions
from dinogui.common.event_words import RateChanges
from dinogui.common.theme import SPACE, Colours, TextSize, text_font
from dinogui.panels.loss.axes.autorange import levels_of
from dinogui.panels.loss.axes.axis_ticks import AxisTicks
from dinogui.panels.loss.axes.fixed_range import FixedRange
from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from dinogui.panels.loss.axes.view_follower import ViewFollower
from dinogui.panels.loss.baselines_overlay import BaselinesOverlay
from dinogui.panels.loss.frame_pace import FramePace
from dinogui.panels.loss.head.head_writer import HeadWriter
from dinogui.panels.loss.head.loss_head import LossHead
from dinogui.panels.loss.head.statement import Statement
from dinogui.panels.loss.overlay.overlay_curves import OverlayCurves
from dinogui.panels.loss.overlay.plotted_run import PlottedRun, span_of
from dinogui.panels.loss.pane.band import BandLook
from dinogui.panels.loss.pane.curve_pane import CurvePane
from dinogui.panels.loss.pane.grid import Grid
from dinogui.panels.loss.pane.growing_curves import PaneCurve
from dinogui.panels.loss.play_head import PlayHead
from dinogui.panels.loss.plot_marks import PlotMarks
from dinogui.panels.loss.pointer_readout import PointerReadout
from dinogui.panels.loss.readout import axis_label
from dinogui.session.run import RunState
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.overlay import Overlay
from engine.data.training_data import DataKind
from engine.evaluation.held_out.size import HeldOutSize
from engine.evaluation.units import UNITS, Unit
from engine.nn.network import NamesLoss
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.run_curves import Curves
from engine.training.messages import HeldOutLoss
from engine.training.record import Event

_FEW_LINES = 20
"""A plot that is lower than so many lines of text has no line for the legend."""
MOST_POINTS = 400
"""The most points of a curve: about one per pixel of the plot at 1100 × 700."""


class LossPlot(QWidget):
    """Draws the curves of a run, and follows them until somebody zooms or drags.

    Lives in the GUI thread.

    Parameters
    ----------
    actions : Actions
        `show_all` gets a button.

    Attributes
    ----------
    canvas : QWidget
        The plot with its axes, and the room above it for a message.
    foot : QHBoxLayout
        The row below the plot. Whoever lays out the plot can add to it.
    kind : str
        The kind of data: "names" or "text".
    play_head : PlayHead
        The line below the plot.
    view : ViewFollower
        The part of the run that is shown.
    across, vertical : HorizontalScale, VerticalScale
        The axes.

    Signals
    -------
    unit_shown()
        The loss is shown in another unit.
    """

    unit_shown = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves = Curves()
        self.across, self.vertical = HorizontalScale(), VerticalScale()
        self.kind: DataKind = "names"
        self._units: Sequence[Unit] = UNITS["names"]
        self._colours: Colours | None = None
        self._shows_raw = True
        self._runs: Sequence[PlottedRun] = ()
        self._span: tuple[float, float] | None = None
        self._levels: tuple[float, ...] = ()
        self._overlays: list[Overlay] = []  # those that may lie above the curves
        self._head = LossHead(actions.show_all)
        self.unit_box, self._legend = self._head.unit_box, self._head.legend
        self.canvas = QWidget()
        self._make_plot()
        self._marks = PlotMarks(self, self.pane)
        self._reading = PointerReadout(self.plot, self.pane, self.canvas)
        self.play_head = PlayHead(self.plot, self.pane)
        self._lay_out()
        self._writer = HeadWriter(self._head, self.baselines, self)
        self._writer.written.connect(self._mark_newest)
        self._pace = FramePace(self)
        self._pace.due.connect(self._draw_if_visible)

    def _make_plot(self) -> None:
        self.plot = pg.PlotWidget()
        self.plot.setAccessibleName("Loss over the steps")
        self.plot.setAcceptDrops(False)  # the window handles dropped files
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        for name in ("left", "bottom"):
            self.plot.getAxis(name).enableAutoSIPrefix(False)
            self.plot.getAxis(name).setStyle(hideOverlappingLabels=False)
        for name in ("top", "right"):  # they are hidden, and yet would follow each change of view
            self.plot.getAxis(name).unlinkFromView()
        self._ticks = AxisTicks(self.plot)
        self.baselines = BaselinesOverlay(self.plot)
        self.view = ViewFollower(self.plot)
        self.view.changed.connect(self._show_whether_all)
        self.pane = CurvePane(self.plot)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE, SPACE, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._head)
        self._inside = QVBoxLayout(self.canvas)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.addWidget(self.plot)
        self._reading.raise_()
        along = QVBoxLayout()  # the play-head lies close to the axis
        along.setSpacing(0)
        along.addWidget(self.canvas, 1)
        along.addWidget(self.play_head)
        layout.addLayout(along, 1)
        self.foot = QHBoxLayout()
        layout.addLayout(self.foot)
        self._use_font()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the curves where there are few lines of text."""
        super().resizeEvent(event)
        self._fit_head()

    def _fit_head(self) -> None:
        self._head.show_short(self.height() < _FEW_LINES * self.fontMetrics().height())

    def leave_room_for(self, overlay: Overlay) -> None:
        """Leave the room above the curves free that an overlay asks for; nothing else moves."""
        overlay.room_changed.connect(self._leave_room)
        self._overlays.append(overlay)
        self._leave_room()

    @Slot()
    def _leave_room(self) -> None:
        height = max(overlay.wanted_room for overlay in self._overlays)
        self._inside.setContentsMargins(0, height, 0, 0)

    def changeEvent(self, event: QEvent) -> None:
        """Write the axes and the names of the lines in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._use_font()
            self._fit_head()
            self._lay_out_curves()

    def _use_font(self) -> None:
        font = text_font(self.font(), TextSize.LABEL)
        self._ticks.show_font(font)
        self.baselines.names.setFont(font)

    @property
    def unit(self) -> Unit:
        """The unit of the axis."""
        return self.vertical.unit

    @property
    def is_following(self) -> bool:
        """Whether the view follows the run."""
        return self.view.is_following

    @property
    def points_drawn(self) -> int:
        """The number of points drawn for the three curves."""
        return self.pane.points_drawn

    @property
    def legend(self) -> str:
        """All that the legend can say, as HTML."""
        return self._legend.details

    def picture_parts(self) -> tuple[QWidget, ...]:
        """Return what belongs to a picture of the plot, from top to bottom."""
        return self._head, self.plot.viewport()

    @property
    def reading(self) -> str:
        """Step and values under the pointer."""
        return self._reading.text().strip()

    def show_history(
        self,
        curves: Curves,
        guessing: Callable[[Unit], float] | None,
        *,
        held_out: HeldOutSize | None,
        held_out_since: int = 0,
        kind: DataKind = "names",
        units: Sequence[Unit] | None = None,
        tells: bool = False,
    ) -> None:
        """Show another run.

        Parameters
        ----------
        curves : Curves
            Drawn as they grow.
        guessing : callable, optional
            Returns the loss of uniform guessing in a unit.
        held_out : HeldOutSize or None
            How much the held-out loss is measured on; None if the run has none.
        held_out_since : int
            The step from which on it is; before, an earlier version measured the beginning.
        kind : str
            The kind of data: "names" or "text".
        units : sequence of Unit, optional
            Those that its losses can be shown in, if not the `UNITS` of the kind. The caller then
            calls `show_unit` with one of them.
        tells : bool
            Whether the run tells the kinds of names.
        """
        units = units or UNITS[kind]
        if (kind, units) != (self.kind, self._units):
            self.kind, self._units = kind, units
            self._head.unit_box.offer(units, kind)
        self._curves = curves
        expects = held_out is not None
        self.baselines.show_guessing(guessing, expects_n_grams=expects, tells=tells)
        self._writer.show_run(curves, kind, held_out, held_out_since)
        self.show_baselines(())
        self.show_all()

    def show_baselines(
        self, losses: Sequence[NamesLoss], largest_kind: NamesLoss | None = None
    ) -> None:
        """Show the losses of n-gram models, order 1 first, as labelled dashed lines.

        Where kinds are told, so is that of always telling the largest kind.
        """
        self.baselines.show_baselines(losses, largest_kind)
        self._lay_out_curves()
        self._writer.write()

    def show_full_held_out(self, loss: HeldOutLoss | None) -> None:
        """Mark the loss on everything that is held out, at its step; None if it is unknown."""
        self._writer.full_held_out, self._writer.measured_share = loss, None
        self._marks.mark_full_held_out(loss)
        self._writer.write()

    @Slot(object)
    def show_state(self, state: RunState) -> None:
        """Say whether the run has diverged, and write its newest loss."""
        has_diverged = state is RunState.DIVERGED
        if has_diverged != self._writer.has_diverged:
            self._writer.has_diverged = has_diverged
            self._writer.write()
        self._writer.write_newest()

    @Slot(float)
    def show_measuring(self, share: float) -> None:
        """Say how much of everything that is held out has been measured so far."""
        self._writer.measured_share = share
        self._writer.write_legend()

    def show_events(self, events: Sequence[Event], rates: RateChanges = dict) -> None:
        """Mark what has changed the run's course; `rates` returns how it changed the rate."""
        self._writer.events = events
        self._writer.write_newest()
        self._marks.show_events(events)
        self._reading.show_events(events, rates)

    def show_past(self, step: int | None) -> None:
        """Mark the step that is looked at, and write its loss; None for the present."""
        self._writer.looked_at = step
        self._writer.write()
        self._marks.show_past(step, self._writer.statement.figure)
        self._reading.make_way()

    @Slot()
    def note_progress(self) -> None:
        """Draw now, or as soon as the last frame is long enough ago."""
        self._pace.note_progress()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came in while the plot was hidden."""
        super().showEvent(event)
        self._pace.draw_soon()

    def show_futures(self) -> None:
        """Draw the pane's futures, which have changed, and let the view take them in."""
        self.pane.update()
        self._pace.draw_soon()

    def show_unit(self, unit: Unit) -> None:
        """Show the loss in another unit."""
        self.vertical = replace(self.vertical, unit=unit)
        self._writer.unit = unit
        self.unit_box.setCurrentIndex(self.unit_box.findData(unit))
        self._head.show_unit(unit)
        self._name_axes()
        self.show_all()
        self.unit_shown.emit()

    @Slot(bool)
    def show_raw(self, on: bool) -> None:
        """Show or hide the loss of every single step."""
        self._shows_raw = self._writer.shows_raw = on
        self._lay_out_curves()
        self._writer.write_legend()

    @Slot(object)
    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._colours = colours
        self.plot.setBackground(colours.base)
        for name in ("left", "bottom"):
            self.plot.getAxis(name).setPen(colours.grid)
            self.plot.getAxis(name).setTextPen(colours.faint_text)
        self.baselines.show_colours(colours)
        self._legend.show_colours(colours)
        self._lay_out_curves()

    def _lay_out_curves(self) -> None:
        """Hand the curves and the baselines to the pane."""
        colours, curves, unit, vertical = self._colours, self._curves, self.unit, self.vertical
        if colours is None:
            return
        band = None
        if self._shows_raw:
            quantiles, extremes = curves.quantiles(unit), curves.raw(unit)
            band = BandLook.coloured(quantiles, extremes, colours, vertical)
        # Widths in the window's pixels: not too thin on a screen of high resolution.
        held_out, smoothed = (
            pg.mkPen(colour, width=2, cosmetic=False)
            for colour in (colours.held_out, colours.smoothed)
        )
        self.baselines.show_scale(vertical)
        self.across = replace(self.across, clock=curves.clock)
        self.view.show_scales(self.across, vertical)
        self._ticks.show_scales(self.across, vertical)
        self.pane.futures.show_look(
            vertical,
            text_font(self.font(), TextSize.LABEL),
            QColor(colours.text),
            QColor(colours.base),
        )
        self.pane.show_curves(
            [
                PaneCurve(curves.held_out(unit), MOST_POINTS, held_out, vertical, has_dots=True),
                PaneCurve(curves.smoothed(unit), MOST_POINTS, smoothed, vertical),
            ],
            band,
            Grid.coloured(colours, self.baselines.levels, self._ticks),
            pg.mkPen(colours.grid, width=1),
            self.across,
        )
        self._lay_out_runs(colours)
        self._reading.show_others(self._runs)
        self._reading.show_run(curves, self.across, unit, self.kind, self._marks.spikes)
        self._marks.draw(curves, vertical, colours, self._writer.full_held_out)
        self._pace.draw_soon()

    def _lay_out_runs(self, colours: Colours) -> None:
        """Hand the curves of other runs to the pane, and tell the view; see `note_grown_runs`."""
        unit, runs, font = self.unit, self._runs, text_font(self.font(), TextSize.LABEL)
        overlay = OverlayCurves(runs, self.vertical, font, QColor(colours.base))
        self.pane.show_overlay(overlay)
        curves = [
            curve
            for run in runs
            for curve in (run.curves.smoothed(unit), run.curves.held_out(unit))
        ]
        self._span = span_of(runs, self.across)
        self._levels = levels_of(curves, self._guessing_level, self.vertical)

    @Slot()
    def show_all(self) -> None:
        """Show the whole run, and follow it from now on."""
        self.view.follow_all()
        self._lay_out_curves()
        self._writer.write()

    def show_runs(self, runs: Sequence[PlottedRun]) -> None:
        """Show other runs beside this one."""
        self._runs = self._writer.runs = runs
        self._lay_out_curves()
        self._writer.write_legend()

    def show_race(self, standing: Statement | None) -> None:
        """Say how a race stands that is drawn in place of the run; None if there is none."""
        self._writer.race = standing
        self._writer.write()
        self.play_head.setVisible(standing is None)

    def note_grown_runs(self) -> None:
        """Draw the other runs as they are now, because they have grown."""
        if self._colours is not None:
            self._lay_out_runs(self._colours)
        self._pace.note_progress()

    def fix_range(self, fixed: FixedRange) -> None:
        """Show a range that somebody has set; its open ends follow the run."""
        self.view.fix(fixed)
        self._pace.draw_soon()

    def show_axes(
        self, quantity: AxisQuantity, *, logarithmic_x: bool = False, logarithmic_y: bool = False
    ) -> None:
        """Show other axes, and the whole run on them but for the ends that were set."""
        view, fixed = self.view, self.view.fixed
        kept = self.vertical.is_logarithmic == logarithmic_y and view.keeps_range
        if quantity is not self.across.quantity:
            fixed = fixed.without_across
        self.across = HorizontalScale(quantity, logarithmic_x, self._curves.clock)
        self.vertical = replace(self.vertical, is_logarithmic=logarithmic_y)
        view.show_scales(self.across, self.vertical)
        self._name_axes()
        self.show_all()
        view.fix(fixed)
        view.range_kept.emit(kept)

    def _name_axes(self) -> None:
        time = " (minutes : seconds)" if self.across.quantity is AxisQuantity.TIME else ""
        across = self.across.quantity.label(self.kind) + time
        self._ticks.name_axes(across, axis_label(self.unit, self.kind))

    def show_lines(self, numbers: Collection[int]) -> None:
        """Show the baselines with these numbers: 0 for guessing, n for n-grams."""
        self.baselines.show_only(numbers)
        self._lay_out_curves()
        self._writer.write_legend()

    @Slot(bool)
    def keep_range(self, on: bool) -> None:
        """Keep the range of the losses while the plot follows the run, or choose it anew."""
        self.view.keep_range(on)
        self._pace.draw_soon()

    @Slot()
    def _show_whether_all(self) -> None:
        self._head.show_whether_all(shows_all=self.view.shows_all)

    @Slot()
    def zoom_in(self) -> None:
        """Zoom in around the centre."""
        self.view.zoom(1)

    @Slot()
    def zoom_out(self) -> None:
        """Zoom out around the centre."""
        self.view.zoom(-1)

    @Slot()
    def _draw_if_visible(self) -> None:
        if self.isVisible():
            self.draw()

    def draw(self) -> None:
        """Draw the curves as they are now."""
        self._follow()
        if self._curves.spikes is not self._marks.spikes:
            self._marks.spikes = self._curves.spikes
            self._writer.has_spikes = bool(self._marks.spikes)
            self._lay_out_curves()
            self._writer.write_legend()
        self._writer.write_if_stale()
        self.pane.refresh()
        self._pace.note_drawn()

    def _follow(self) -> None:
        unit, curves, vertical = self.unit, self._curves, self.vertical
        levels = [*self.baselines.levels, *self._levels]
        if self._writer.full_held_out is not None:
            full = unit.base_of(self._writer.full_held_out)
            levels.append(float(vertical.position(full)))
        futures, smoothed = self.pane.futures, curves.smoothed(unit)
        self.view.follow(
            max(curves.last_step, futures.last_step),
            (smoothed, curves.held_out(unit), *futures.curves_beside(smoothed)),
            levels,
            self._guessing_level,
            self.kind,
            self._span,
        )

    @property
    def _guessing_level(self) -> float | None:
        guessing = self.baselines.guessing
        return None if guessing is None else float(self.vertical.of_value(guessing))

    @Slot()
    def write_newest(self) -> None:
        """Write the newest loss in the head now, and mark the best one."""
        self._writer.write_newest()

    @Slot()
    def _mark_newest(self) -> None:
        """Mark the best loss, and the loss of the step that is looked at."""
        self._marks.mark_best()
        self._marks.show_past(self._writer.looked_at, self._writer.statement.figure)
