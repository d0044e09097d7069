"""Where steps and losses are on the axes of the loss plot, and where on the screen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.units import Unit
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.run_clock import RunClock

Array = NDArray[np.floating]
Number = TypeVar("Number", float, NDArray[np.floating])

_LEAST = 1e-100
_FAR = 1e5
"""Pixels: outside any window, and within what Qt can draw."""
_LEAST_SHOWN = 1e-6
"""The lowest loss on a logarithmic axis. A loss of 0 has no place on it."""
_POINT_DISTANCE = 2.5
"""Pixels from step to step from which on single steps can be told apart."""


@dataclass(frozen=True)
class HorizontalScale:
    """The horizontal axis: what it counts, and how.

    Attributes
    ----------
    quantity : AxisQuantity
    is_logarithmic : bool
        If so, positions on the axis are logarithms to base 10.
    clock : RunClock
        Converts steps to the other quantities.
    """

    quantity: AxisQuantity = AxisQuantity.STEP
    is_logarithmic: bool = False
    clock: RunClock = field(default_factory=RunClock)

    @cached_property
    def is_identity(self) -> bool:
        """Whether a position on the axis is a step."""
        return self.quantity is AxisQuantity.STEP and not self.is_logarithmic

    @property
    def first(self) -> float:
        """The position at which the axis begins."""
        return math.log10(self._least) if self.is_logarithmic else 0.0

    def position(self, steps: Array) -> Array:
        """Return the positions of steps on the axis."""
        if self.is_identity:
            return steps
        amounts = self.clock.amounts(self.quantity, steps)
        if self.is_logarithmic:
            return np.asarray(np.log10(np.maximum(amounts, self._least)))
        return amounts

    def amount(self, position: float) -> float:
        """Return what the axis counts at a position on it."""
        return float(10.0 ** min(position, 300.0)) if self.is_logarithmic else position

    def step(self, position: float) -> float:
        """Return the step at a position on the axis."""
        if self.is_identity:
            return position
        return self.clock.step(self.quantity, self.amount(position))

    @property
    def _least(self) -> float:
        """Where a logarithmic axis begins: at the first step."""
        if self.quantity is AxisQuantity.STEP:
            return 1.0
        return max(float(self.clock.amounts(self.quantity, np.ones(1))[0]), 1e-6)


@dataclass(frozen=True)
class VerticalScale:
    """The vertical axis: its unit, and whether positions are logarithms to base 10."""

    unit: Unit = Unit.NATS_PER_NAME
    is_logarithmic: bool = False

    @cached_property
    def is_identity(self) -> bool:
        """Whether a position on the axis is a loss in nats."""
        return self.unit.is_in_nats and not self.is_logarithmic

    def position(self, nats: Number) -> Number:
        """Return the positions of losses, given in the nats that the unit is based on."""
        return self.of_value(self.unit.from_nats(nats))

    def of_value(self, values: Number) -> Number:
        """Return the positions of losses in the unit."""
        if self.is_logarithmic:
            logarithms: Number = np.log10(np.maximum(values, _LEAST_SHOWN))
            return logarithms
        return values

    def value(self, position: float) -> float:
        """Return the loss in the unit at a position."""
        return float(10.0 ** min(position, 300.0)) if self.is_logarithmic else position


@dataclass(frozen=True)
class ViewScale:
    """The positions of steps and values in pixels, for one view; asking pyqtgraph is slow.

    Attributes
    ----------
    across : HorizontalScale
    left, high : float
        Positions on the axes at the left and at the top edge.
    per_x, per_y : float
        Pixels per unit of the axes.
    first, last : float
        Steps at the left and right edges.
    edges : (4,) tuple of float
        Pixels beyond which nothing is drawn: left, top, right, bottom. As a rule they are far
        outside, and Qt cuts off what lies between; a drawing in SVG cannot.
    """

    across: HorizontalScale
    left: float
    high: float
    per_x: float
    per_y: float
    first: float
    last: float
    edges: tuple[float, float, float, float] = (-_FAR, -_FAR, _FAR, _FAR)

    @classmethod
    def of(
        cls,
        view: Sequence[Sequence[float]],
        width: float,
        height: float,
        across: HorizontalScale,
    ) -> "ViewScale":
        """Return the scale of a view ((left, right), (low, high)) with a size in pixels."""
        (left, right), (low, high) = view
        # With a huge perplexity, the height of the view may be zero.
        return cls(
            across,
            left,
            high,
            width / (right - left),
            height / max(high - low, _LEAST),
            across.step(left),
            across.step(right),
        )

    def x(self, steps: Array) -> Array:
        """Return the pixels of steps."""
        pixels = (self.across.position(steps) - self.left) * self.per_x
        within: Array = np.minimum(np.maximum(pixels, self.edges[0]), self.edges[2])
        return within

    def x_of(self, step: float) -> float:
        """Return the pixel of a step."""
        position = step
        if not self.across.is_identity:
            position = float(self.across.position(np.array([step]))[0])
        return min(max((position - self.left) * self.per_x, self.edges[0]), self.edges[2])

    def y(self, positions: Array) -> Array:
        """Return the pixels of positions on the vertical axis."""
        with np.errstate(over="ignore"):  # infinite values are clipped out of view
            pixels = (self.high - positions) * self.per_y
        # For few of them, `numpy.clip` is slower.
        within: Array = np.minimum(np.maximum(pixels, self.edges[1]), self.edges[3])
        return within

    def y_of(self, position: float) -> float:
        """Return the pixel of a position on the vertical axis."""
        return min(max((self.high - position) * self.per_y, self.edges[1]), self.edges[3])

    def step(self, x: float) -> float:
        """Return the step at a pixel."""
        return self.across.step(self.left + x / max(self.per_x, _LEAST))

    @property
    def points_until(self) -> float:
        """The step up to which single steps can be told apart; infinite if that is all of them."""
        if self.across.is_logarithmic:
            return self.per_x / (math.log(10.0) * _POINT_DISTANCE)
        seen, width = self.last - self.first, self.x_of(self.last) - self.x_of(self.first)
        return math.inf if width >= _POINT_DISTANCE * seen else -math.inf

    def pieces(self, begin: float, end: float) -> list[tuple[float, float]]:
        """Divide steps into ranges that are drawn with the same grain.

        On a logarithmic axis, each doubling is one.
        """
        if not self.across.is_logarithmic:
            return [(begin, end)]
        lowest = math.floor(math.log2(max(begin, 1.0)))
        highest = math.ceil(math.log2(max(min(end, 1e15), 2.0)))
        return [(2.0**power, 2.0 ** (power + 1)) for power in range(lowest, highest)]
