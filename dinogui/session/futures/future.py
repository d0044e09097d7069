"""A future as the window knows it: its losses, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dinogui.common.value_ranges import CLIP_VALUE, LEARNING_RATE, WIDTH, ValueRange
from engine.evaluation.units import Unit
from engine.training.curves.curve import Curve
from engine.training.messages import HeldOutLoss

if TYPE_CHECKING:
    from engine.runs.futures import Growth, KnobName

KNOB_RANGES: dict[KnobName, ValueRange] = {
    "learning_rate": LEARNING_RATE,
    "clip": CLIP_VALUE,
    "widths": WIDTH,
}
"""What the knobs are called, and which values can be set."""

_DIGITS = 3
"""Significant digits of a value: those of a multiple."""

_BUCKETS = 1 << 11
"""As many as there are pixels in the part of the plot that futures fill."""


class Future:
    """One of the futures.

    Parameters
    ----------
    knob : str
        See `engine.runs.futures.KnobName`.
    value : float or None
        What the knob is turned to. None means off.

    Attributes
    ----------
    last_step : int
        The last step made; 0 before the first one.
    has_diverged : bool
    is_over : bool
        Whether there will be no more steps.
    held_out : HeldOutLoss or None
        The latest.
    """

    def __init__(self, knob: KnobName, value: float | None) -> None:
        self.knob, self.value = knob, value
        self.last_step = 0
        self.has_diverged = self.is_over = False
        self.held_out: HeldOutLoss | None = None
        self._curves = {per_name: Curve(_BUCKETS) for per_name in (True, False)}

    @property
    def value_text(self) -> str:
        """What the knob is turned to: 0.02, 100 or off."""
        if self.value is None:
            return "off"
        if self.knob == "widths":
            return KNOB_RANGES[self.knob].write(self.value)
        return KNOB_RANGES[self.knob].write(float(f"{self.value:.{_DIGITS}g}"))

    @property
    def label(self) -> str:
        """What is written at the end of its line: 0.02, or 0.04 diverges."""
        return f"{self.value_text} diverges" if self.has_diverged else self.value_text

    def smoothed(self, unit: Unit) -> Curve:
        """Return the moving average of the loss, in the nats that a unit is based on."""
        return self._curves[unit.of_losses.is_per_name]

    def grow(self, growth: Growth) -> None:
        """Take the latest steps."""
        chunk = growth.chunk
        steps = np.arange(growth.step - len(chunk) + 1, growth.step + 1)
        self._curves[True].append(steps, chunk.smoothed_loss)
        self._curves[False].append(steps, chunk.smoothed_loss / chunk.smoothed_characters)
        if chunk.held_out:
            self.held_out = chunk.held_out[-1]
        self.last_step = growth.step
        self.has_diverged, self.is_over = growth.has_diverged, growth.is_over
