"""Lines to beat: what guessing and counting letters cost, across a plot of the loss."""

from collections.abc import Callable, Sequence

from dinogui.common.theme import Colours
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.line_names import LineNames
from engine.evaluation.units import Unit
from engine.nn.network import NamesLoss


class BaselinesOverlay:
    """Knows where they lie in a unit, and writes the n-gram models' names and values beside them.

    Parameters
    ----------
    plot : PlotWidget

    Attributes
    ----------
    names : LineNames
        What the n-gram models' lines are called.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._unit = Unit.NATS_PER_NAME
        self._guessing_in: Callable[[Unit], float] | None = None
        self._losses: Sequence[NamesLoss] = ()
        self.names = LineNames(plot)

    @property
    def guessing(self) -> float | None:
        """What uniform guessing costs, in the unit that is shown; None where nobody knows."""
        return None if self._guessing_in is None else self._guessing_in(self._unit)

    @property
    def baselines(self) -> tuple[float, ...]:
        """What n-gram models cost, in the unit that is shown, order 1 first."""
        unit = self._unit
        return tuple(
            float(
                unit.from_nats(loss.nats_per_name if unit.is_per_name else loss.nats_per_character)
            )
            for loss in self._losses
        )

    @property
    def levels(self) -> tuple[float, ...]:
        """Where all the lines lie."""
        guessing = self.guessing
        return self.baselines if guessing is None else (guessing, *self.baselines)

    def show_guessing(self, guessing: Callable[[Unit], float] | None) -> None:
        """Have a line where uniform guessing lies, given for each unit; none for None."""
        self._guessing_in = guessing

    def show_baselines(self, losses: Sequence[NamesLoss]) -> None:
        """Have lines where n-gram models lie, order 1 first."""
        self._losses = losses
        self._write_names()

    def show_colours(self, colours: Colours) -> None:
        """Write in other colours."""
        self.names.show_colours(colours.text, colours.base)

    def show_unit(self, unit: Unit) -> None:
        """Have the lines where they lie in another unit."""
        self._unit = unit
        self._write_names()

    def _write_names(self) -> None:
        self.names.show_lines(
            [
                (value, f"{order}-gram {self._unit.write(value)}")
                for order, value in enumerate(self.baselines, start=1)
            ]
        )
