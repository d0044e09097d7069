"""Ready-made lanes of a race, made from a run that they have in common.

To add a set, write its function and add it to `LANE_SETS`. The command line and the window go by
that registry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

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


class MakeLanes(Protocol):
    """Makes the lanes of a set."""

    def __call__(self, base: Lane, n_symbols: int, n_kinds: int = 0) -> tuple[Lane, ...]:
        """Return the lanes, without titles.

        Parameters
        ----------
        base : Lane
            What all have in common.
        n_symbols : int
            Size of the vocabulary.
        n_kinds : int
            Kinds of names; 0 if the names have none.
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
    make : MakeLanes
    only_to_tell : bool
        Whether it is for networks that tell kinds only.
    """

    key: str
    title: str
    make: MakeLanes
    only_to_tell: bool = False


def cells(base: Lane, n_symbols: int, n_kinds: int = 0) -> tuple[Lane, ...]:
    """Return a lane for each cell, with about as many parameters as the given one has.

    If not all cells can have so many or so few, they have the nearest number that all can have.
    """
    lanes = [base.changed(cell=cell) for cell in CELLS][:MAX_LANES]
    count = common_count(
        base.architecture(n_symbols, n_kinds).n_parameters,
        [lane.architecture(n_symbols, n_kinds) for lane in lanes],
    )
    return at_equal_parameters(lanes, n_symbols, count, n_kinds)


def directions(base: Lane, n_symbols: int, n_kinds: int = 0) -> tuple[Lane, ...]:
    """Return a network that reads names in one direction, and one of both, of about the same size.

    The one of one direction has the widths of the given lane.

    Raises
    ------
    ValueError
        If the network writes names, and so reads in one direction only.
    """
    if base.settings.task != "tell":
        raise ValueError(
            "a race of one direction against two is for networks that tell kinds. A network that "
            "writes cannot read letters that are not written yet."
        )
    one, both = (base.changed(both_directions=each) for each in (False, True))
    count = one.architecture(n_symbols, n_kinds).n_parameters
    return one, *at_equal_parameters([both], n_symbols, count, n_kinds)


def rates(base: Lane, n_symbols: int, n_kinds: int = 0) -> tuple[Lane, ...]:
    """Return lanes with a smaller, the same and a larger learning rate."""
    rate = base.hyperparameters.learning_rate
    return _different(
        base.changed(learning_rate=min(_rounded(rate * factor), MAX_LEARNING_RATE))
        for factor in _RATE_FACTORS
    )


def widths(base: Lane, n_symbols: int, n_kinds: int = 0) -> tuple[Lane, ...]:
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


def optimizers(base: Lane, n_symbols: int, n_kinds: int = 0) -> tuple[Lane, ...]:
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
        LaneSet("directions", "One direction against two", directions, only_to_tell=True),
    )
}
"""All sets by key, in the order in which they are offered."""
