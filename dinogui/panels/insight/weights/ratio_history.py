"""How far each step moved each weight over time, in bounded memory."""

from collections.abc import Iterable, Mapping

import numpy as np

from engine.nn.parameters import Array

MOST = 600
"""The most measurements to keep. When they are full, every second one is dropped."""

_MOST_PALE = 150
"""The most measurements to draw for the pale curves of all weights."""


class RatioHistory:
    """Ratio of update to weight, ‖ΔW‖ / ‖W‖, by step and weight; NaN where nothing was measured."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._steps = np.zeros(MOST)
        self._ratios = np.zeros((MOST, 0))  # (measurements, weights)
        self._latest: Mapping[str, float] = {}
        self._count = 0
        self._every = self._skipped = 1

    def __len__(self) -> int:
        return self._count

    def append(self, step: int, ratios: Mapping[str, float]) -> None:
        """Keep a measurement; in a long run, only every few of them."""
        self._latest = ratios
        self._skipped += 1
        if self._skipped < self._every:
            return
        self._skipped = 0
        new = [name for name in ratios if name not in self._names]
        if new:  # at first, and after a layer was added
            self._names += new
            gaps = np.full((MOST, len(new)), np.nan)
            self._ratios = np.concatenate((self._ratios, gaps), axis=1)
        self._steps[self._count] = step
        self._ratios[self._count] = [ratios.get(name, np.nan) for name in self._names]
        self._count += 1
        if self._count == MOST:
            self._count = MOST // 2
            for kept in (self._steps, self._ratios):
                kept[: self._count] = kept[1::2].copy()
            self._every *= 2

    def latest(self, name: str) -> float | None:
        """Return the latest ratio of a weight, or None if none was measured."""
        return self._latest.get(name)

    def nearest(self, step: float, name: str) -> tuple[int, float] | None:
        """Return the measured step nearest to `step`, and a weight's ratio there."""
        if not self._count or name not in self._names:
            return None
        row = int(np.abs(self._steps[: self._count] - step).argmin())
        return int(self._steps[row]), float(self._ratios[row, self._names.index(name)])

    def curves(self, name: str) -> tuple[Array, Array, tuple[Array, Array]]:
        """Return the curve of a weight, and the pale curves of all weights.

        Returns
        -------
        steps, ratio : (n,) array
            The ratio as a logarithm to base 10; NaN where it is zero, infinite or missing.
        others : tuple of two (k,) arrays
            The curves of all weights, one after the other, with gaps between them and fewer points.
        """
        steps, logarithms = self._steps[: self._count].copy(), self._logarithms()
        missing = np.full(self._count, np.nan)
        ratio = logarithms[:, self._names.index(name)] if name in self._names else missing
        every = -(-self._count // _MOST_PALE) or 1
        pale = logarithms[::-1][::every][::-1]  # keeps the latest
        y = np.concatenate((pale, np.full((1, len(self._names)), np.nan)))
        x = np.append(steps[::-1][::every][::-1], np.nan)
        return steps, ratio, (np.tile(x, len(self._names)), y.T.reshape(-1))

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for each measurement."""
        yield ["step", *(f"update/weight of {name}" for name in self._names)]
        for step, row in zip(self._steps[: self._count], self._ratios, strict=False):
            yield [int(step), *row.tolist()]

    def _logarithms(self) -> Array:
        with np.errstate(all="ignore"):
            logarithms = np.log10(self._ratios[: self._count])
        return np.where(np.isfinite(logarithms), logarithms, np.nan)
