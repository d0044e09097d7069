"""The baselines in the loss plot: uniform guessing and n-gram models."""

from collections.abc import Callable, Sequence

from dinogui.common.theme import Colours
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.line_names import LineNames
from engine.evaluation.units import Unit
from engine.nn.network import NamesLoss


class BaselinesOverlay:
    """Converts the baselines to a unit, and labels the n-gram models with their name and value.

    Parameters
    ----------
    plot : PlotWidget

    Attributes
    ----------
    names : LineNames
        The labels of the n-gram models' lines.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._unit = Unit.NATS_PER_NAME
        self._guessing_in: Callable[[Unit], float] | None = None
        self._losses: Sequence[NamesLoss] = ()
        self.names = LineNames(plot)

    @property
    def guessing(self) -> float | None:
        """The loss of uniform guessing, in the shown unit; None if it is unknown."""
        return None if self._guessing_in is None else self._guessing_in(self._unit)

    @property
    def baselines(self) -> tuple[float, ...]:
        """The losses of the n-gram models in the shown unit, order 1 first."""
        unit = self._unit
        return tuple(
            float(
                unit.from_nats(loss.nats_per_name if unit.is_per_name else loss.nats_per_character)
            )
            for loss in self._losses
        )

    @property
    def levels(self) -> tuple[float, ...]:
        """The values of all lines in the shown unit."""
        guessing = self.guessing
        return self.baselines if guessing is None else (guessing, *self.baselines)

    def show_guessing(self, guessing: Callable[[Unit], float] | None) -> None:
        """Show a line for uniform guessing, given as a function of the unit; None hides it."""
        self._guessing_in = guessing

    def show_baselines(self, losses: Sequence[NamesLoss]) -> None:
        """Show lines for n-gram models, order 1 first."""
        self._losses = losses
        self._write_names()

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.names.show_colours(colours.text, colours.base)

    def show_unit(self, unit: Unit) -> None:
        """Show the lines in another unit."""
        self._unit = unit
        self._write_names()

    def _write_names(self) -> None:
        self.names.show_lines(
            [
                (value, f"{order}-gram {self._unit.write(value)}")
                for order, value in enumerate(self.baselines, start=1)
            ]
        )
