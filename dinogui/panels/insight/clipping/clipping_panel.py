"""The widget of the Clipping panel: a histogram with a clip line, and a table of shares."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
)

from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.frame.insight_panel import InsightPanel
from dinogui.panels.insight.frame.name_box import NameBox
from dinogui.panels.insight.frame.name_choice import NameChoice
from dinogui.panels.insight.frame.notation import write_number
from dinogui.panels.model.controls import CLIP_VALUES
from dinogui.panels.panel import Panel
from dinogui.session.background import Work
from dinogui.session.session import Session
from dinogui.widgets.charts.axis import Axis
from dinogui.widgets.charts.bound_chart import BoundChart
from dinogui.widgets.charts.chart_content import Bars
from engine.insight import Clipping, clipping

_SHOWN_DECADES = (-7.0, 2.0)
"""The ends of the size axis if nothing lies beyond, as logarithms to base 10."""

_FOOT, _LEAST_TOP = -0.3, 4.0
"""The ends of the count axis, as logarithms to base 10. The foot makes a bar of one visible."""


class ClippingPanel(InsightPanel):
    """Shows what clipping does to the gradient of a name. Lives in the GUI thread."""

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__(panel, session, theme)
        self.choice = NameChoice.of(session)
        self.name_box = NameBox(self.choice)
        self.result: Clipping | None = None
        self.chart = BoundChart(
            "Histogram of the gradient's entries",
            Axis("size |g| of an entry", is_logarithmic=True),
            Axis("entries", is_logarithmic=True),
            least=float(np.log10(CLIP_VALUES.stops[0])),
            most=float(np.log10(CLIP_VALUES.stops[-1])),
        )
        self.shares = _make_table()
        picture = QHBoxLayout()
        picture.addWidget(self.chart, 1)
        picture.addWidget(self.shares)
        self.chart.drag_began.connect(session.undo.begin_drag)
        self.chart.dragged.connect(self._set_clip)
        self.chart.drag_ended.connect(session.undo.end_drag)
        self.watch_chart(self.chart, self._describe_size)
        session.hyperparameters_changed.connect(self._show_clip)
        session.past.reached.connect(self._show_clip)
        self.choice.changed.connect(self.refresh_now)
        self.finish([self.name_box], picture)
        self._show_clip()

    def work(self) -> Work | None:
        """Compute the gradient of the chosen name, and clip it."""
        snapshot = self.session.viewed_whole_snapshot
        hyperparameters = self.session.viewed_hyperparameters
        assert snapshot is not None  # the base class calls this only with a snapshot
        reading = self.choice.reading(snapshot)
        if reading is None:
            self.say(self.choice.error)
            return None
        return lambda: clipping(
            snapshot,
            reading.predicted,
            hyperparameters.clip,
            hyperparameters.clipping,
            first=reading.first,
        )

    def show_result(self, result: Clipping) -> None:
        """Draw the histogram, and fill the table of shares."""
        self.result = result
        self._draw_bars(result)
        self._write_shares(result)
        share = sum(g.share_clipped * g.gradient.size for g in result.gradients) / max(
            sum(g.gradient.size for g in result.gradients), 1
        )
        self.summarise(
            f"Norm before {write_number(result.norm_before)}, after "
            f"{write_number(result.norm_after)}  ·  {share:.2%} of the entries clipped  ·  "
            f"{result.histogram.zeros:,} are zero  ·  loss {write_number(result.loss)} nats"
        )
        size = sum(gradient.gradient.size for gradient in result.gradients)
        self.say_not_finite(result.not_finite, f"{size:,} entries of the gradient")

    def show_nothing(self) -> None:
        """Draw no bars."""
        self.result = None
        self.chart.show_bars(None)
        self.chart.show_range(_SHOWN_DECADES, (_FOOT, _LEAST_TOP))
        self.shares.setRowCount(0)
        self.summarise("")

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.chart.show_colours(colours)

    def table(self) -> Iterable[Iterable[object]]:
        """Return the bins of the histogram, and below them the share of each weight."""
        if self.result is None:
            return []
        histogram, edges = self.result.histogram, self.result.histogram.edges.tolist()
        return [
            ["size from", "to", "entries"],
            *zip(edges[:-1], edges[1:], histogram.counts.tolist(), strict=True),
            ["zero", "", histogram.zeros],
            ["not finite", "", histogram.not_finite],
            [],
            ["weight", "share clipped", "norm"],
            *(
                [g.name, g.share_clipped, float(np.linalg.norm(g.gradient))]
                for g in self.result.gradients
            ),
            [],
            ["norm before", "norm after"],
            [self.result.norm_before, self.result.norm_after],
        ]

    def _draw_bars(self, result: Clipping) -> None:
        histogram, hyperparameters = result.histogram, self.session.viewed_hyperparameters
        filled = np.flatnonzero(histogram.counts)
        edges, counts = np.log10(histogram.edges), np.log10(histogram.counts[filled])
        clip = hyperparameters.clip if hyperparameters.clipping == "entries" else None
        bound = np.inf if clip is None else np.log10(clip)
        left, right = edges[filled], edges[filled + 1]
        self.chart.show_bars(Bars(left, right, counts, left >= bound))
        low, high = _SHOWN_DECADES
        low, high = left.min(initial=low), right.max(initial=high)
        self.chart.show_range((low, high), (_FOOT, np.ceil(counts.max(initial=_LEAST_TOP))))

    def _describe_size(self, size: float, _count: float) -> str:
        """Describe the bin of the histogram under the pointer."""
        if self.result is None:
            return ""
        histogram = self.result.histogram
        place = int(np.searchsorted(np.log10(histogram.edges), size, "right")) - 1
        if not 0 <= place < len(histogram.counts):
            return ""
        low, high = histogram.edges[place], histogram.edges[place + 1]
        return (
            f"{histogram.counts[place]:,} entries with {write_number(low)} ≤ |g| < "
            f"{write_number(high)}"
        )

    def _write_shares(self, result: Clipping) -> None:
        self.shares.setRowCount(len(result.gradients))
        for row, gradient in enumerate(result.gradients):
            for column, text in enumerate((gradient.name, f"{gradient.share_clipped:.2%}")):
                item = self.shares.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    self.shares.setItem(row, column, item)
                if item.text() != text:
                    item.setText(text)

    @Slot(float)
    def _set_clip(self, bound: float) -> None:
        """Set the clip value to where the line was dragged."""
        self.session.set_hyperparameters(clip=float(f"{10**bound:.3g}"))

    @Slot()
    def _show_clip(self) -> None:
        """Put the line at the clip value in force."""
        hyperparameters = self.session.viewed_hyperparameters
        if hyperparameters.clip is None:
            self.chart.show_bound(None)
        else:
            of_norm = ", of the norm" if hyperparameters.clipping == "norm" else ""
            self.chart.show_bound(
                float(np.log10(hyperparameters.clip)), f"clip {hyperparameters.clip:g}{of_norm}"
            )
        self.refresh_now()


class _ShareTable(QTableWidget):
    """A row for each weight: its name, and the share of its entries that are clipped."""

    def sizeHint(self) -> QSize:
        """Return the width of the longest name and share."""
        return QSize(24 * self.fontMetrics().averageCharWidth(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return that width, and the height of a few rows."""
        return QSize(self.sizeHint().width(), 3 * self.fontMetrics().height())

    def changeEvent(self, event: QEvent) -> None:
        """Make the rows as high as another font needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 3)
            self.updateGeometry()


def _make_table() -> QTableWidget:
    table = _ShareTable(0, 2)
    table.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
    table.setHorizontalHeaderLabels(["weight", "clipped"])
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 3)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    table.setAccessibleName("Share of each weight's entries that are clipped")
    table.setToolTip("Share of each weight's entries that are clipped")
    return table
