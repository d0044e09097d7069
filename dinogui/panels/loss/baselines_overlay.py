"""The baselines in the loss plot: what needs no reading, and n-gram models."""

from collections.abc import Callable, Collection, Sequence

from dinogui.common.actions.plot_actions import N_GRAM_ORDERS
from dinogui.common.theme import Colours
from dinogui.panels.loss.axes.scales import VerticalScale
from dinogui.panels.loss.baseline_words import TELLING, WRITING, orders_text
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.line_names import LineNames
from engine.evaluation.units import PERCENT, Unit
from engine.nn.network import NamesLoss

_MOST_RIGHT = 88.8
"""As wide as any amount of a line, in percent or in nats per name."""


class BaselinesOverlay:
    """Converts the baselines to a unit, and names their lines.

    A line has the number of its n-gram model's order. That of uniform guessing has 0; where kinds
    are told, that of always telling the largest kind.

    Parameters
    ----------
    plot : PlotWidget

    Attributes
    ----------
    names : LineNames
    guessing : float or None
        The loss of uniform guessing, in the shown unit; None if it is unknown.
    largest_kind : float or None
        The same of always telling the largest kind; None if it is unknown, or no kinds are told.
    words : BaselineWords
        What they are called.
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
        self._largest: NamesLoss | None = None
        self.words = WRITING
        self.largest_kind: float | None = None
        self._wanted: Collection[int] = (0, *N_GRAM_ORDERS)
        self.guessing: float | None = None
        self.baselines: tuple[float, ...] = ()
        self.shown: dict[int, float] = {}
        self.levels: tuple[float, ...] = ()
        self.names = LineNames(plot, self._describe)

    def show_guessing(
        self,
        guessing: Callable[[Unit], float] | None,
        *,
        expects_n_grams: bool = False,
        tells: bool = False,
    ) -> None:
        """Show a line for uniform guessing, or take it for the untrained network's loss alone.

        Parameters
        ----------
        guessing : callable or None
            The loss as a function of the unit; None hides the line.
        expects_n_grams : bool
            Whether n-gram models will be shown as well. Room for their names is kept, so that the
            plot does not change its size when they have been counted.
        tells : bool
            Whether kinds are told. Then guessing has no line.
        """
        self._guessing_in, self._expects_n_grams = guessing, expects_n_grams
        self.words = TELLING if tells else WRITING
        self._convert()

    def show_baselines(
        self, losses: Sequence[NamesLoss], largest_kind: NamesLoss | None = None
    ) -> None:
        """Show lines for n-gram models, order 1 first, and for always telling the largest kind."""
        self._losses, self._largest = losses, largest_kind
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
        self.baselines = tuple(float(unit.from_nats(unit.base_of(loss))) for loss in self._losses)
        self.largest_kind = None
        if self._largest is not None:
            self.largest_kind = float(unit.from_nats(unit.base_of(self._largest)))
        floor = self.largest_kind if self.words is TELLING else self.guessing
        numbered = {0: floor, **dict(enumerate(self.baselines, start=1))}
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
            texts.append(f"{orders_text(orders[1:] or orders)} {_range(loss, loss)}")
        if self._expects_n_grams and self.words is TELLING and 0 in self._wanted:
            texts.append(f"{self.words.floor} {unit.write(_MOST_RIGHT)}")
        positions = dict(zip(shown, self.levels, strict=True))
        self.names.show_lines(positions, max(texts, key=len, default=""))

    def _describe(self, numbers: Sequence[int]) -> str:
        """Name lines and their losses: "guessing 3.30", "3–5-gram 1.85–1.91"."""
        losses = [self._vertical.unit.write(self.shown[number]) for number in numbers]
        low, high = losses[-1], losses[0]
        amount = low if low == high else _range(low, high)
        orders = sorted(number for number in numbers if number)
        names = [self.words.floor] if 0 in numbers else []
        if orders:
            names.append(orders_text(orders))
        return f"{', '.join(names)} {amount}"


def _range(low: str, high: str) -> str:
    """Write two amounts as a range; the sign of percent stands once."""
    return f"{low.removesuffix(PERCENT)}–{high}"
