"""The baselines in the loss plot: uniform guessing and n-gram models."""

from collections.abc import Callable, Collection, Sequence

from dinogui.common.actions.plot_actions import N_GRAM_ORDERS
from dinogui.common.theme import Colours
from dinogui.panels.loss.axes.scales import VerticalScale
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.line_names import LineNames
from engine.evaluation.units import Unit
from engine.nn.network import NamesLoss


class BaselinesOverlay:
    """Converts the baselines to a unit, and names their lines.

    A line has the number of its n-gram model's order; that of uniform guessing has 0.

    Parameters
    ----------
    plot : PlotWidget

    Attributes
    ----------
    names : LineNames
    guessing : float or None
        The loss of uniform guessing, in the shown unit; None if it is unknown.
    baselines : tuple of float
        The losses of the n-gram models in the shown unit, order 1 first.
    shown : dict of int to float
        The lines that are not hidden, and their losses in the shown unit.
    levels : tuple of float
        The positions of these lines on the vertical axis.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._vertical = VerticalScale()
        self._guessing_in: Callable[[Unit], float] | None = None
        self._expects_n_grams = False
        self._losses: Sequence[NamesLoss] = ()
        self._wanted: Collection[int] = (0, *N_GRAM_ORDERS)
        self.guessing: float | None = None
        self.baselines: tuple[float, ...] = ()
        self.shown: dict[int, float] = {}
        self.levels: tuple[float, ...] = ()
        self.names = LineNames(plot, self._describe)

    def show_guessing(
        self, guessing: Callable[[Unit], float] | None, *, expects_n_grams: bool = False
    ) -> None:
        """Show a line for uniform guessing.

        Parameters
        ----------
        guessing : callable or None
            The loss as a function of the unit; None hides the line.
        expects_n_grams : bool
            Whether n-gram models will be shown as well. Room for their names is kept, so that the
            plot does not change its size when they have been counted.
        """
        self._guessing_in, self._expects_n_grams = guessing, expects_n_grams
        self._convert()

    def show_baselines(self, losses: Sequence[NamesLoss]) -> None:
        """Show lines for n-gram models, order 1 first."""
        self._losses = losses
        self._convert()

    def show_only(self, numbers: Collection[int]) -> None:
        """Show the lines with these numbers, and hide the others."""
        self._wanted = numbers
        self._convert()

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.names.show_colour(colours.faint_text)

    def show_scale(self, vertical: VerticalScale) -> None:
        """Show the lines on another axis."""
        self._vertical = vertical
        self._convert()

    def _convert(self) -> None:
        """Work everything out for the present unit and axis: each frame reads it."""
        unit = self._vertical.unit
        self.guessing = None if self._guessing_in is None else self._guessing_in(unit)
        self.baselines = tuple(
            float(
                unit.from_nats(loss.nats_per_name if unit.is_per_name else loss.nats_per_character)
            )
            for loss in self._losses
        )
        numbered = {0: self.guessing, **dict(enumerate(self.baselines, start=1))}
        shown = self.shown = {
            number: loss
            for number, loss in numbered.items()
            if loss is not None and number in self._wanted
        }
        self.levels = tuple(float(self._vertical.of_value(loss)) for loss in shown.values())
        texts = [self._describe([number]) for number in shown]
        orders = [order for order in N_GRAM_ORDERS if order in self._wanted]
        if orders and (self._expects_n_grams or self._losses):
            loss = self._vertical.unit.write(max(shown.values(), default=0.0))
            texts.append(f"{_orders(orders[1:] or orders)} {loss}–{loss}")
        positions = dict(zip(shown, self.levels, strict=True))
        self.names.show_lines(positions, max(texts, key=len, default=""))

    def _describe(self, numbers: Sequence[int]) -> str:
        """Name lines and their losses: "guessing 3.30", "3–5-gram 1.85–1.91"."""
        losses = [self._vertical.unit.write(self.shown[number]) for number in numbers]
        low, high = losses[-1], losses[0]
        amount = low if low == high else f"{low}–{high}"
        orders = sorted(number for number in numbers if number)
        names = ["guessing"] if 0 in numbers else []
        if orders:
            names.append(_orders(orders))
        return f"{', '.join(names)} {amount}"


def _orders(orders: Sequence[int]) -> str:
    """Name n-gram models of these orders: "3–5-gram", "1, 4-gram"."""
    is_row = len(orders) > 2 and orders[-1] - orders[0] == len(orders) - 1
    written = f"{orders[0]}–{orders[-1]}" if is_row else ", ".join(map(str, orders))
    return f"{written}-gram"
