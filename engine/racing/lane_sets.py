"""Ready-made lanes of a race, made from a run that they have in common.

To add a set, write its function and add it to `LANE_SETS`. The command line and the window go by
that registry.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.nn.architecture import MAX_HIDDEN, MIN_HIDDEN
from engine.nn.cells import CELLS
from engine.racing.equal_parameters import at_equal_parameters, common_count
from engine.racing.lane import MAX_LANES, Lane
from engine.training.ranges import MAX_LEARNING_RATE

_RATE_FACTORS = (0.3, 1.0, 3.0)
_WIDTH_FACTORS = (0.5, 1.0, 2.0)

_USUAL_RATES = {"sgd": 0.01, "momentum": 0.001, "rmsprop": 0.005, "adam": 0.003}
"""The optimizers of the set, each with a rate at which it learns well.

Of several rates, these led to the lowest held-out loss of an RNN of 50 units within 20,000 steps of
one dinosaur's name each. Momentum adds up about ten gradients, so it has a tenth of SGD's.
"""


@dataclass(frozen=True)
class LaneSet:
    """A ready-made choice of lanes.

    Attributes
    ----------
    key : str
        Name on the command line.
    title : str
        For people.
    make : callable
        Takes a lane with what all have in common, and the size of the vocabulary. Returns the
        lanes, without titles.
    """

    key: str
    title: str
    make: Callable[[Lane, int], tuple[Lane, ...]]


def cells(base: Lane, n_symbols: int) -> tuple[Lane, ...]:
    """Return a lane for each cell, with about as many parameters as the given one has.

    If not all cells can have so many or so few, they have the nearest number that all can have.
    """
    lanes = [base.changed(cell=cell) for cell in CELLS][:MAX_LANES]
    count = common_count(
        base.architecture(n_symbols).n_parameters,
        [lane.architecture(n_symbols) for lane in lanes],
    )
    return at_equal_parameters(lanes, n_symbols, count)


def rates(base: Lane, n_symbols: int) -> tuple[Lane, ...]:
    """Return lanes with a smaller, the same and a larger learning rate."""
    rate = base.hyperparameters.learning_rate
    return _different(
        base.changed(learning_rate=min(_rounded(rate * factor), MAX_LEARNING_RATE))
        for factor in _RATE_FACTORS
    )


def widths(base: Lane, n_symbols: int) -> tuple[Lane, ...]:
    """Return lanes with half as many, as many, and twice as many hidden units."""
    return _different(
        base.changed(
            widths=tuple(
                min(max(round(width * factor), MIN_HIDDEN), MAX_HIDDEN)
                for width in base.hyperparameters.widths
            )
        )
        for factor in _WIDTH_FACTORS
    )


def optimizers(base: Lane, n_symbols: int) -> tuple[Lane, ...]:
    """Return a lane for each of some optimizers, at a learning rate that suits it."""
    now = base.hyperparameters
    size = now.learning_rate / _USUAL_RATES.get(now.optimizer, _USUAL_RATES["adam"])
    return tuple(
        base.changed(optimizer=name, learning_rate=_rounded(rate * size))
        for name, rate in _USUAL_RATES.items()
    )


def _different(lanes: Iterable[Lane]) -> tuple[Lane, ...]:
    """Return lanes without those that a bound has made equal to an earlier one."""
    return tuple(dict.fromkeys(lanes))


def _rounded(rate: float) -> float:
    """Return a rate without the last digits, which come from the multiplication."""
    return float(f"{rate:.3g}")


LANE_SETS: dict[str, LaneSet] = {
    each.key: each
    for each in (
        LaneSet("cells", "Cells at equal parameter counts", cells),
        LaneSet("rates", "Three learning rates", rates),
        LaneSet("widths", "Three widths", widths),
        LaneSet("optimizers", "Optimizers", optimizers),
    )
}
"""All sets by key, in the order in which they are offered."""
