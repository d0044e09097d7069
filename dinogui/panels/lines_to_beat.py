"""Lines to beat: what guessing and counting letters cost, dashed across a plot of the loss."""

from collections.abc import Callable, Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt

from dinogui.theme import Colours
from dinogui.widgets.line_names import LineNames
from engine.network import NamesLoss
from engine.units import Unit


class LinesToBeat:
    """Draws uniform guessing, and n-gram models with their names and values.

    Parameters
    ----------
    plot : PlotWidget

    Attributes
    ----------
    guessing_line : InfiniteLine
    baseline_lines : list of InfiniteLine
        Those of the n-gram models, order 1 first.
    names : LineNames
        What the n-gram models' lines are called.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._plot = plot
        self._unit = Unit.NATS_A_NAME
        self._colours: Colours | None = None
        self._guessing_in: Callable[[Unit], float] | None = None
        self._losses: Sequence[NamesLoss] = ()
        self.baseline_lines: list[pg.InfiniteLine] = []
        self.guessing_line = pg.InfiniteLine(angle=0)
        plot.addItem(self.guessing_line, ignoreBounds=True)
        self.names = LineNames(plot)

    @property
    def guessing(self) -> float | None:
        """What uniform guessing costs, in the unit that is shown; None where nobody knows."""
        return None if self._guessing_in is None else self._guessing_in(self._unit)

    def show_guessing(self, guessing: Callable[[Unit], float] | None) -> None:
        """Draw what uniform guessing costs, given for each unit; nothing for None."""
        self._guessing_in = guessing
        self.show_unit(self._unit)

    def show_baselines(self, losses: Sequence[NamesLoss]) -> None:
        """Draw what n-gram models cost, order 1 first."""
        for line in self.baseline_lines:
            self._plot.removeItem(line)
        self._losses = losses
        self.baseline_lines = [pg.InfiniteLine(angle=0) for _ in losses]
        for line in self.baseline_lines:
            self._plot.addItem(line, ignoreBounds=True)
        if self._colours is not None:
            self.show_colours(self._colours)
        self.show_unit(self._unit)

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._colours = colours
        pen = pg.mkPen(colours.guessing, width=1, style=Qt.PenStyle.DashLine)
        self.names.show_colours(colours.text, colours.base)
        self.guessing_line.setPen(pen)
        for line in self.baseline_lines:
            line.setPen(pen)

    def show_unit(self, unit: Unit) -> None:
        """Draw in another unit."""
        self._unit = unit
        guessing = self.guessing
        self.guessing_line.setVisible(guessing is not None)
        if guessing is not None:
            self.guessing_line.setValue(guessing)
        for line, loss in zip(self.baseline_lines, self._losses, strict=True):
            nats = loss.nats_a_name if unit.is_per_name else loss.nats_a_character
            line.setValue(float(unit.from_nats(nats)))
        self.names.show_lines(
            [
                (line.value(), f"{order}-gram {unit.write(line.value())}")
                for order, line in enumerate(self.baseline_lines, start=1)
            ]
        )
