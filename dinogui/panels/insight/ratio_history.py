"""How far each step moved each weight, over time, in bounded memory."""

from collections.abc import Iterable, Mapping

import numpy as np

from engine.nn.parameters import Array

MOST = 600
"""Measurements that are kept: of a longer run every second one goes, again and again."""

_MOST_PALE = 150
"""Of them, those that the curves of all weights together are drawn with."""


class RatioHistory:
    """Ratios of update to weight, by weight; gaps where nothing was measured."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._steps = np.zeros(MOST)
        self._ratios = np.zeros((MOST, 0))  # a row a measurement, a column a weight
        self._latest: Mapping[str, float] = {}
        self._count = 0
        self._every = self._skipped = 1

    def __len__(self) -> int:
        return self._count

    def append(self, step: int, ratios: Mapping[str, float]) -> None:
        """Keep a measurement, or one of several where there are many."""
        self._latest = ratios
        self._skipped += 1
        if self._skipped < self._every:
            return
        self._skipped = 0
        new = [name for name in ratios if name not in self._names]
        if new:  # at first, and when a layer has been put on
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
        """Return the latest ratio of a weight; None where none was measured."""
        return self._latest.get(name)

    def nearest(self, step: float, name: str) -> tuple[int, float] | None:
        """Return the measured step that is nearest to one, and a weight's ratio there."""
        if not self._count or name not in self._names:
            return None
        row = int(np.abs(self._steps[: self._count] - step).argmin())
        return int(self._steps[row]), float(self._ratios[row, self._names.index(name)])

    def curves(self, name: str) -> tuple[Array, Array, tuple[Array, Array]]:
        """Return what to draw of a weight, and of all together.

        Returns
        -------
        steps, ratio : (n,) array
            Its ratio as a logarithm to base 10; no number where it is zero, infinite or missing.
        others : tuple of two (k,) arrays
            The curves of all, one behind the other, with gaps between, and with fewer points.
        """
        steps, logarithms = self._steps[: self._count].copy(), self._logarithms()
        missing = np.full(self._count, np.nan)
        ratio = logarithms[:, self._names.index(name)] if name in self._names else missing
        every = -(-self._count // _MOST_PALE) or 1
        pale = logarithms[::-1][::every][::-1]  # the latest is among them
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
