"""What a run had used up at its steps: passes over the data, examples, time, and work."""

import numpy as np
from numpy.typing import NDArray

from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.curves.axis_quantity import AxisQuantity

Array = NDArray[np.floating]

_COLUMNS = (AxisQuantity.STEP, AxisQuantity.EPOCH, AxisQuantity.EXAMPLES, AxisQuantity.TIME)
_MAX_READINGS = 1 << 12
"""Even. Between two readings, what they count is taken to grow evenly."""


class RunClock:
    """Readings of everything that a run uses up, in a bounded amount of memory.

    When there are too many, every second one is dropped, and from then on only every second one is
    kept.

    Attributes
    ----------
    sizes : tuple of (int, int)
        From which step on the network had how many parameters, the first one at step 0. They are
        part of the run's record, not of the state of the clock.
    """

    def __init__(self) -> None:
        self.sizes: tuple[tuple[int, int], ...] = ((0, 1),)
        self._readings = np.zeros((_MAX_READINGS + 1, 4))  # in the order of `_COLUMNS`
        self._count = 1  # everything begins at 0
        self._every, self._passed = 1, 0

    def read(self, step: int, epoch: float, examples: int, seconds: float) -> None:
        """Add a reading. None of the numbers is below that of the reading before.

        A reading at the step of the last one, such as when a run is opened, changes nothing.
        """
        row = (step, epoch, examples, seconds)
        if step <= self._readings[self._count - 1, 0]:
            return
        if self._passed and self._count > 1:
            self._count -= 1  # the last reading was kept only until the next one
        self._readings[self._count] = np.maximum(row, self._readings[self._count - 1])
        self._count += 1
        self._passed = (self._passed + 1) % self._every
        if self._count > _MAX_READINGS:
            kept = self._readings[: self._count : 2].copy()
            self._count = len(kept)
            self._readings[: self._count] = kept
            self._every *= 2

    def amounts(self, quantity: AxisQuantity, steps: Array) -> Array:
        """Return what had been used up at steps. Beyond the last reading, it goes on evenly."""
        if quantity is AxisQuantity.WORK:
            begins, rates, before = self._work
            part = np.maximum(begins.searchsorted(steps, "right") - 1, 0)
            work: Array = before[part] + (np.asarray(steps, float) - begins[part]) * rates[part]
            return work
        return self._converted(AxisQuantity.STEP, quantity, np.asarray(steps, float))

    def step(self, quantity: AxisQuantity, amount: float) -> float:
        """Return the step at which an amount had been used up."""
        if quantity is AxisQuantity.WORK:
            begins, rates, before = self._work
            part = max(int(before.searchsorted(amount, "right")) - 1, 0)
            return float(begins[part] + (amount - before[part]) / rates[part])
        return float(self._converted(quantity, AxisQuantity.STEP, np.array([amount]))[0])

    @property
    def epoch_length(self) -> int:
        """The examples of a pass over the data; 0 before the first reading."""
        _, epoch, examples, _ = self._readings[self._count - 1].tolist()
        return round(examples / epoch) if epoch else 0

    @property
    def _work(self) -> tuple[Array, Array, Array]:
        """The steps at which the size changes, the size from there on, and the work until there."""
        begins, rates = np.array(self.sizes, float).T
        before = np.concatenate([[0.0], np.cumsum(np.diff(begins) * rates[:-1])])
        return begins, rates, before

    def _converted(self, source: AxisQuantity, target: AxisQuantity, values: Array) -> Array:
        if source is target:
            return values
        readings = self._readings[: self._count]
        known, wanted = (readings[:, _COLUMNS.index(each)] for each in (source, target))
        # Outside, the mean rate of the whole run holds.
        rate = wanted[-1] / known[-1] if known[-1] > 0 and wanted[-1] > 0 else 1.0
        inside = np.interp(values, known, wanted)
        beyond = wanted[-1] + (values - known[-1]) * rate
        return np.where(values > known[-1], beyond, np.where(values < 0, values * rate, inside))

    def cut(self, step: int) -> None:
        """Forget what comes after a step."""
        readings = self._readings[: self._count]
        if step >= readings[-1, 0]:
            return
        _, epoch, examples, seconds = (
            float(self.amounts(quantity, np.array([step]))[0]) for quantity in _COLUMNS
        )
        self._count = max(int(readings[:, 0].searchsorted(step)), 1)
        self.read(step, epoch, round(examples), seconds)

    def state(self) -> StateDict:
        """Return copies of everything."""
        return {
            "readings": self._readings[: self._count].copy(),
            "every": self._every,
            "passed": self._passed,
        }

    def restore(self, state: ValidatedMapping) -> None:
        """Become the clock that `state` was taken of.

        Raises
        ------
        ValueError
            If it is not the state of a clock; the message names what is wrong.
        """
        readings = state.array("readings", (-1, 4), float)
        every, passed = state.whole("every", least=1), state.whole("passed")
        fits = 1 <= len(readings) <= _MAX_READINGS and passed < every and not readings[:1].any()
        if not fits or not np.isfinite(readings).all() or (np.diff(readings, axis=0) < 0).any():
            raise ValueError("readings must be a table of numbers that grow from 0.")
        self._count, self._every, self._passed = len(readings), every, passed
        self._readings[: self._count] = readings
