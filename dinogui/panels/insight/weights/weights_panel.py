"""The widget of the Weights and updates panel: a matrix, a histogram and the update ratio."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.frame.colour_scale import ColourScale
from dinogui.panels.insight.frame.colours import reach_of
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.insight_panel import InsightPanel
from dinogui.panels.insight.frame.notation import write_number
from dinogui.panels.insight.frame.pacing import is_seen
from dinogui.panels.insight.weights.ratio_history import RatioHistory
from dinogui.panels.panel import Panel
from dinogui.session.background import Work
from dinogui.session.session import Session
from dinogui.widgets.charts.axis import Axis
from dinogui.widgets.charts.chart import Chart
from dinogui.widgets.charts.chart_content import Bars, ChartCurve
from dinogui.widgets.choice_box import ChoiceBox
from engine.insight import Weight, weights
from engine.training.messages import Snapshot

_GOOD_RATIO = 1e-3
_RATIO_DECADES = (-6.0, 0.0)
"""The ends of the ratio axis if nothing lies beyond, as logarithms to base 10."""


@dataclass(frozen=True)
class _Result:
    step: int
    weights: tuple[Weight, ...]


class WeightsPanel(InsightPanel):
    """Shows a matrix as an image, its histogram, and the ratio of update to weight over time.

    Lives in the GUI thread.
    """

    tasks = ("write", "tell")

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__(panel, session, theme)
        self.result: _Result | None = None
        self._measures = False
        self.ratios = RatioHistory()
        self.weight_box = ChoiceBox()
        self.weight_box.setAccessibleName("Matrix or bias")
        self.weight_box.setToolTip("Which matrix or bias to show")
        self.map = HeatMap("The matrix: one row for each unit, one column for each of its inputs")
        self.scale = ColourScale(self.map)
        self.histogram = Chart("Histogram of its entries", Axis("entry"), Axis("entries"))
        self.ratio_chart = Chart(
            "Ratio of update to weight", Axis("step"), Axis("ratio", is_logarithmic=True)
        )
        self.ratio_chart.show_guide(float(np.log10(_GOOD_RATIO)), "1e-3")
        picture = QVBoxLayout()
        row = QHBoxLayout()
        for part in (self.map, self.histogram, self.ratio_chart):
            row.addWidget(part, 1)
        picture.addLayout(row, 1)
        picture.addWidget(self.scale)
        self.watch(self.map)
        self.watch_chart(self.histogram, self._describe_bar)
        self.watch_chart(self.ratio_chart, self._describe_ratio)
        self.weight_box.activated.connect(self._show_choice)
        session.snapshot_taken.connect(self._note_ratios)
        session.run_begun.connect(self._forget_ratios)
        session.closing.connect(self._measure_if_seen)
        self.finish([self.weight_box], picture)

    @property
    def chosen(self) -> Weight | None:
        """The matrix that is shown."""
        found = self.result.weights if self.result is not None else ()
        return next((w for w in found if w.name == self.weight_box.currentText()), None)

    def work(self) -> Work | None:
        """Describe every matrix."""
        snapshot = self.session.viewed_trained_snapshot
        assert snapshot is not None  # the base class calls this only with a snapshot
        names = list(snapshot.parameters.named)
        if names != [self.weight_box.itemText(k) for k in range(self.weight_box.count())]:
            before = self.weight_box.currentText()
            self.weight_box.clear()
            self.weight_box.addItems(names)
            self.weight_box.setCurrentIndex(max(self.weight_box.findText(before), 0))
        return lambda: _Result(snapshot.step, weights(snapshot))

    def show_result(self, result: _Result) -> None:
        """Draw the matrix that is chosen."""
        self.result = result
        weight = self.chosen
        if weight is None:
            return
        reach = reach_of(weight.image)
        self.map.show_cells(self.maps.diverging(weight.image, reach))
        table = self.maps.diverging_table
        self.scale.show_scale(table, f"{-reach:.3g}", f"{reach:.3g}", weight.name)
        self._draw_bars(weight)
        self._draw_ratios()
        self.say_not_finite(weight.not_finite, f"{weight.image.size:,} entries of {weight.name}")

    def _draw_bars(self, weight: Weight) -> None:
        edges, counts = weight.histogram.edges, weight.histogram.counts
        filled = np.flatnonzero(counts)
        left, right, top = edges[filled], edges[filled + 1], counts[filled].astype(float)
        self.histogram.show_bars(Bars(left, right, top, np.zeros(len(filled), bool)))
        self.histogram.show_range((edges[0], edges[-1]), (0, counts.max(initial=1)))

    def _draw_ratios(self) -> None:
        weight = self.chosen
        steps, ratio, others = self.ratios.curves(weight.name if weight is not None else "")
        self.ratio_chart.show_curves(
            [ChartCurve(*others, is_main=False), ChartCurve(steps, ratio, is_main=True)]
        )
        values = np.concatenate((ratio, others[1]))
        values = values[np.isfinite(values)]
        low, high = _RATIO_DECADES
        low, high = values.min(initial=low), values.max(initial=high)
        first, last = (steps[0], steps[-1]) if len(steps) else (0, 1)
        # A round number of steps, so that the axis does not move with every step.
        last = max(float(f"{last * 1.05:.1g}"), last, first + 1)
        self.ratio_chart.show_range((first, last), (low, high))
        self.summarise(self._summary_of(weight))

    def _summary_of(self, weight: Weight | None) -> str:
        if weight is None:
            return ""
        rows, columns = weight.image.shape
        text = (
            f"{weight.name}: {rows} × {columns}, spread {write_number(weight.spread)}, "
            f"{weight.share_zero:.1%} zero"
        )
        latest = self.ratios.latest(weight.name)
        if latest is None:
            return f"{text}  ·  press Train or Step to see how far a step moves it"
        return f"{text}  ·  the latest step moved it by {write_number(latest)} of its size"

    def describe(self, row: int, column: int) -> str:
        """Describe an entry of the matrix."""
        weight = self.chosen
        if weight is None or row >= weight.image.shape[0] or column >= weight.image.shape[1]:
            return ""
        return f"{weight.name}[{row}, {column}] = {write_number(float(weight.image[row, column]))}"

    def _describe_bar(self, entry: float, _count: float) -> str:
        """Describe the bin of the histogram under the pointer."""
        weight = self.chosen
        if weight is None:
            return ""
        edges, counts = weight.histogram.edges, weight.histogram.counts
        place = min(int(np.searchsorted(edges, entry, "right")) - 1, len(counts) - 1)
        return (
            f"{counts[place]:,} entries of {weight.name} from {write_number(edges[place])} to "
            f"{write_number(edges[place + 1])}"
        )

    def _describe_ratio(self, step: float, _ratio: float) -> str:
        """Describe the measured step that is nearest to the pointer."""
        name = self.weight_box.currentText()
        nearest = self.ratios.nearest(step, name)
        if nearest is None:
            return ""
        return f"step {nearest[0]:,} moved {name} by {write_number(nearest[1])} of its size"

    def show_nothing(self) -> None:
        """Draw one empty cell, no bars and no curve."""
        self.result = None
        self.map.show_cells(self.maps.diverging(np.zeros((1, 1)), 1.0))
        self.histogram.show_bars(None)
        self._draw_ratios()

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        for part in (self.map, self.histogram, self.ratio_chart):
            part.show_colours(colours)

    def table(self) -> Iterable[Iterable[object]]:
        """Return the ratios of all matrices by step, and below them the matrix that is shown."""
        weight = self.chosen
        rows: list[Iterable[object]] = list(self.ratios.table())
        if weight is not None:
            rows += [[], [weight.name], *weight.image.tolist()]
        return rows

    @Slot()
    def _show_choice(self) -> None:
        if self.result is not None:
            self.show_result(self.result)
        self.refresh_now()

    @Slot(object)
    def _note_ratios(self, snapshot: Snapshot) -> None:
        self._measure_if_seen()
        if snapshot.update_ratios is not None:
            self.ratios.append(snapshot.step, snapshot.update_ratios)

    @Slot()
    def _forget_ratios(self) -> None:
        self.ratios = RatioHistory()

    @Slot()
    def _measure_if_seen(self) -> None:
        """Ask the trainer to measure its updates only while somebody can see the panel."""
        seen = is_seen(self)
        if seen != self._measures:
            self._measures = seen
            self.session.measure_updates(seen)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Start measuring: a panel that is painted can be seen."""
        super().paintEvent(event)
        self._measure_if_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop measuring."""
        super().hideEvent(event)
        self._measure_if_seen()
