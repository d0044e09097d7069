"""How far each step moved each weight, over time, in bounded memory."""

from collections.abc import Iterable, Mapping

import numpy as np

from engine.parameters import Array

MOST = 600
"""Measurements that are kept: of a longer run every second one goes, again and again."""


class RatioHistory:
    """Ratios of update to weight, by weight; gaps where nothing was measured."""

    def __init__(self) -> None:
        self._steps: list[int] = []
        self._ratios: list[Mapping[str, float]] = []
        self._every = self._skipped = 1

    def __len__(self) -> int:
        return len(self._steps)

    def append(self, step: int, ratios: Mapping[str, float]) -> None:
        """Keep a measurement, or one of several where there are many."""
        self._skipped += 1
        if self._skipped < self._every:
            return
        self._skipped = 0
        self._steps.append(step)
        self._ratios.append(ratios)
        if len(self._steps) >= MOST:
            del self._steps[::2], self._ratios[::2]
            self._every *= 2

    def latest(self, name: str) -> float | None:
        """Return the latest ratio of a weight; None where none was measured."""
        return self._ratios[-1].get(name) if self._ratios else None

    def curves(self, name: str) -> tuple[Array, Array, tuple[Array, Array]]:
        """Return what to draw of a weight, and of all together.

        Returns
        -------
        steps, ratio : (n,) array
            Its ratio as a logarithm to base 10; no number where it is zero, infinite or missing.
        others : tuple of two (k,) arrays
            The curves of all, one behind the other, with gaps between.
        """
        steps = np.array(self._steps, float)
        names = list(dict.fromkeys(key for ratios in self._ratios[-1:] for key in ratios))
        found = [self._logarithms(key) for key in names]
        gap = np.array([np.nan])
        x = [piece for _ in names for piece in (steps, gap)]
        y = [piece for values in found for piece in (values, gap)]
        others = (np.concatenate(x or [gap]), np.concatenate(y or [gap]))
        return steps, self._logarithms(name), others

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for each measurement."""
        names = list(self._ratios[-1]) if self._ratios else []
        yield ["step", *(f"update/weight of {name}" for name in names)]
        for step, ratios in zip(self._steps, self._ratios, strict=True):
            yield [step, *(ratios.get(name, "") for name in names)]

    def _logarithms(self, name: str) -> Array:
        values = np.array([ratios.get(name, np.nan) for ratios in self._ratios], float)
        with np.errstate(all="ignore"):
            logarithms = np.log10(values)
        return np.where(np.isfinite(logarithms), logarithms, np.nan)
