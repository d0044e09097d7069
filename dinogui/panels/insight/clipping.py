"""Clipping: the gradient's entries by their size, and the clip value as a line to drag."""

from collections.abc import Iterable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem

from dinogui.background import Work
from dinogui.panels.controls import CLIP_VALUES
from dinogui.panels.insight.frame import InsightPanel
from dinogui.panels.insight.name_box import NameBox
from dinogui.panels.insight.name_choice import NameChoice
from dinogui.panels.insight.plots import colour_plot, make_plot, write_number
from dinogui.panels.insight.questions import CLIPPING
from dinogui.session import Session
from dinogui.theme import Colours, Theme
from engine.insight import Clipping, clipping

_SHOWN_DECADES = (-7.0, 2.0)
"""Where the axis begins and ends if nothing lies beyond."""

_HEADROOM = 0.25
"""Above the highest tick, so that its number is not cut off."""

_FOOT = -0.3
"""Where the bars stand, as a logarithm: so that a bar of one entry is seen."""


class ClippingPanel(InsightPanel):
    """Shows what clipping does to the gradient of a name."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session, theme, CLIPPING)
        self.choice = NameChoice.of(session)
        self.name_box = NameBox(self.choice)
        self.result: Clipping | None = None
        self._colours: Colours = theme.colours
        self.plot = make_plot(
            "Histogram of the gradient's entries", left="entries", bottom="size |g| of an entry"
        )
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setLogMode(True)
        self._bars = pg.BarGraphItem(x0=[], x1=[], y0=[], height=[])
        self.plot.addItem(self._bars)
        self.line = pg.InfiniteLine(angle=90, movable=True, label="clip", labelOpts={"movable": 0})
        self.line.setZValue(10)
        self.line.setBounds((np.log10(CLIP_VALUES[0]), np.log10(CLIP_VALUES[-1])))
        self.line.label.setPosition(0.92)
        self.plot.addItem(self.line)
        self.shares = _make_table()
        picture = QHBoxLayout()
        picture.addWidget(self.plot, 1)
        picture.addWidget(self.shares)
        self.line.sigDragged.connect(self._turn)
        session.knobs_turned.connect(self._show_clip)
        self.choice.changed.connect(self.refresh_now)
        self.finish([self.name_box], picture)
        self._show_clip()

    def work(self) -> Work | None:
        """Compute the gradient of the chosen name, and clip it."""
        snapshot, knobs = self.session.snapshot, self.session.hyperparameters
        assert snapshot is not None  # else the frame does not ask
        name = self.choice.indices(snapshot)
        if name is None:
            self.say(self.choice.error)
            return None
        return lambda: clipping(snapshot, name, knobs.clip, knobs.clipping)

    def show_result(self, result: Clipping) -> None:
        """Draw the histogram, and write the shares."""
        self.result = result
        self._draw_bars()
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
        self._bars.setOpts(x0=[], x1=[], y0=[], height=[])
        self.plot.setRange(xRange=_SHOWN_DECADES, yRange=(_FOOT, 4), padding=0)
        self.shares.setRowCount(0)
        self.summarise("")

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._colours = colours
        colour_plot(self.plot, colours)
        self.line.setPen(pg.mkPen(colours.held_out, width=3))
        self.line.setHoverPen(pg.mkPen(colours.held_out, width=5))
        self.line.label.setColor(colours.text)
        if self.result is not None:
            self._draw_bars()

    def table(self) -> Iterable[Iterable[object]]:
        """Return the bins, and below them the share of each weight."""
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

    def _draw_bars(self) -> None:
        assert self.result is not None
        histogram, clip = self.result.histogram, self.session.hyperparameters.clip
        filled = np.flatnonzero(histogram.counts)
        edges, counts = np.log10(histogram.edges), np.log10(histogram.counts[filled])
        is_norm = self.session.hyperparameters.clipping == "norm"
        bound = np.inf if clip is None or is_norm else np.log10(clip)
        colours = self._colours
        self._bars.setOpts(
            x0=edges[filled],
            x1=edges[filled + 1],
            y0=np.full(len(filled), _FOOT),
            height=counts - _FOOT,
            pen=pg.mkPen(colours.base),
            brushes=[
                pg.mkBrush(colours.held_out if edge >= bound else colours.smoothed)
                for edge in edges[filled]
            ],
        )
        low, high = _SHOWN_DECADES
        if len(filled):
            low, high = min(low, edges[filled[0]]), max(high, edges[filled[-1] + 1])
        top = max(4.0, np.ceil(counts.max(initial=0.0)))
        self.plot.setRange(xRange=(low, high), yRange=(_FOOT, top + _HEADROOM), padding=0)

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

    @Slot()
    def _turn(self) -> None:
        """Turn the knob to where the line was dragged."""
        self.session.turn(clip=float(f"{10 ** self.line.value():.3g}"))

    @Slot()
    def _show_clip(self) -> None:
        """Put the line where the knob is."""
        knobs = self.session.hyperparameters
        self.line.setVisible(knobs.clip is not None)
        if knobs.clip is not None:
            if not self.line.moving:
                self.line.setValue(float(np.log10(knobs.clip)))
            of_norm = ", of the norm" if knobs.clipping == "norm" else ""
            self.line.label.setFormat(f"clip {knobs.clip:g}{of_norm}")
        self.refresh_now()


def _make_table() -> QTableWidget:
    table = QTableWidget(0, 2)
    table.setHorizontalHeaderLabels(["weight", "clipped"])
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 3)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    table.setFixedWidth(170)
    table.setAccessibleName("Share of the entries that are clipped, for each weight")
    table.setToolTip("Share of the entries that are clipped, for each weight")
    return table
