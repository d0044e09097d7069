"""The marks on the curves of the loss plot: peaks, losses, events, and the step looked at."""

from collections.abc import Sequence

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Colours, TextSize, text_font
from dinogui.panels.loss.axes.scales import VerticalScale
from dinogui.panels.loss.pane.best_mark import BestMark
from dinogui.panels.loss.pane.curve_pane import CurvePane
from dinogui.panels.loss.pane.past_line import PastLine
from dinogui.panels.loss.readout import written
from engine.training.curves.run_curves import Curves
from engine.training.messages import HeldOutLoss, LossSpike
from engine.training.record import Event


class PlotMarks:
    """Puts the marks of a run into the pane.

    Parameters
    ----------
    plot : QWidget
        Its font is that of the labels.
    pane : CurvePane

    Attributes
    ----------
    spikes : tuple of LossSpike
        The peaks that are marked.
    events : sequence of Event
        Those that are marked.
    """

    def __init__(self, plot: QWidget, pane: CurvePane) -> None:
        self._plot, self._pane = plot, pane
        self._curves, self._vertical = Curves(), VerticalScale()
        self._colours: Colours | None = None
        self.spikes: tuple[LossSpike, ...] = ()
        self.events: Sequence[Event] = ()
        self._steps: Sequence[int] = ()
        self._past: int | None = None
        self._figure = ""

    def draw(
        self,
        curves: Curves,
        vertical: VerticalScale,
        colours: Colours,
        full_held_out: HeldOutLoss | None,
    ) -> None:
        """Mark everything again, on another run, axis or ground."""
        self._curves, self._vertical, self._colours = curves, vertical, colours
        spikes = () if vertical.unit.is_accuracy else self.spikes  # which are of losses
        self._pane.show_spikes([spike.step for spike in spikes], colours.error)
        self.mark_full_held_out(full_held_out)
        self.mark_best()
        self._mark_events()
        self._mark_past()

    def mark_full_held_out(self, loss: HeldOutLoss | None) -> None:
        """Mark the loss on everything that is held out, or none."""
        if self._colours is None:
            return
        place, vertical = None, self._vertical
        if loss is not None:
            place = loss.step, float(vertical.position(vertical.unit.base_of(loss)))
        self._pane.show_diamond(place, QColor(self._colours.held_out))

    def mark_best(self) -> None:
        """Mark the best of the held-out losses, once there are several.

        In the unit of an accuracy, it is the accuracy of the same network.
        """
        unit, colours = self._vertical.unit, self._colours
        losses = self._curves.held_out(unit.of_losses)
        best = losses.lowest_point if losses.n_points > 1 else None
        if best is not None and unit.is_accuracy:
            best = self._curves.held_out(unit).nearest(best[0])
        if colours is None or best is None:
            self._pane.show_best(None)
            return
        text = f"best {written(best[1], unit)}"
        font = text_font(self._plot.font(), TextSize.LABEL, is_strong=True)
        position = float(self._vertical.position(best[1]))
        ink, ground = QColor(colours.good), QColor(colours.base)
        self._pane.show_best(BestMark(best[0], position, text, font, ink, ground))

    def show_events(self, events: Sequence[Event]) -> None:
        """Mark other events."""
        self.events, self._steps = events, [event.step for event in events]
        self._mark_events()

    def _mark_events(self) -> None:
        if self._colours is not None:
            font = text_font(self._plot.font(), TextSize.LABEL, is_strong=True)
            self._pane.show_flags(self._steps, self._colours.second, self._colours.base, font)

    def show_past(self, step: int | None, figure: str) -> None:
        """Mark the step that is looked at, with its loss; None for the present."""
        self._past, self._figure = step, figure
        self._mark_past()

    def _mark_past(self) -> None:
        line, step, colours = None, self._past, self._colours
        if step is not None and colours is not None:
            text = f"step {step:,} · {self._figure}"
            font = text_font(self._plot.font(), TextSize.LABEL, is_strong=True)
            line = PastLine(step, text, font, QColor(colours.text), QColor(colours.base))
        self._pane.show_past(line)
