"""The losses of a lane along its steps and its seconds, in a bounded memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.ending import MAX_SECONDS
from engine.training.messages import Chunk, HeldOutLoss
from engine.training.ranges import MAX_STEPS

Points = NDArray[np.float64]

MAX_POINTS = 4_096
"""Most points of a curve."""

_STEP, _SECONDS = 0, 1
"""Columns of the points; the third is the loss."""


class LaneCurve:
    """The smoothed and the held-out loss of a lane, in nats per character.

    When there are `MAX_POINTS` of one of them, every second one is dropped, and from then on only
    every second one is taken.
    """

    def __init__(self) -> None:
        self._smoothed = _ThinnedPoints(1)
        self._held_out = _ThinnedPoints(0)
        self._measured = 0  # held-out losses so far
        self._latest: tuple[float, float, float] | None = None

    def add(self, chunk: Chunk, step: int, seconds: tuple[float, float]) -> None:
        """Add the results of some steps.

        Parameters
        ----------
        chunk : Chunk
        step : int
            Steps made so far, those of the chunk included.
        seconds : tuple of float
            Time spent on training before the chunk, and after it.
        """
        begin, end = seconds
        count = len(chunk)
        self._add_held_out(chunk.held_out, step - count, count, seconds)
        if not count:
            return
        steps = np.arange(step - count + 1, step + 1)
        losses = chunk.smoothed_loss / chunk.smoothed_characters
        self._latest = float(step), end, float(losses[-1])
        due = steps % self._smoothed.every == 0
        clock = begin + (end - begin) * np.arange(1, count + 1) / count
        self._smoothed.add(
            steps[due].tolist(), np.column_stack((steps, clock, losses))[due].tolist()
        )

    def _add_held_out(
        self, measured: Sequence[HeldOutLoss], first: int, count: int, seconds: tuple[float, float]
    ) -> None:
        for each in measured:
            share = (each.step - first) / count if count else 0.0
            clock = seconds[0] + (seconds[1] - seconds[0]) * share
            point = [float(each.step), clock, each.nats_per_character]
            self._held_out.add([self._measured], [point])
            self._measured += 1

    @property
    def smoothed(self) -> Points:
        """The smoothed loss: (k, 3), rows of step, seconds and nats per character."""
        points = self._smoothed.points
        if self._latest is not None and (not points or points[-1][_STEP] != self._latest[_STEP]):
            points = [*points, list(self._latest)]
        return _array(points)

    @property
    def held_out(self) -> Points:
        """The held-out loss: (k, 3), rows of step, seconds and nats per character."""
        return _array(self._held_out.points)

    def state(self) -> StateDict:
        """Return everything that `restore` needs, as arrays and JSON values."""
        return {
            "smoothed": _array(self._smoothed.points),
            "smoothed_every": self._smoothed.every,
            "held_out": _array(self._held_out.points),
            "held_out_every": self._held_out.every,
            "measured": self._measured,
            "latest": _array([] if self._latest is None else [list(self._latest)]),
        }

    def restore(self, state: ValidatedMapping, step: int) -> None:
        """Go on with the curve of a lane that has made `step` steps.

        Raises
        ------
        ValueError
            If it is not the state of such a curve; the message names what is wrong.
        """
        self._smoothed.restore(state, "smoothed", step)
        self._held_out.restore(state, "held_out", step)
        self._measured = state.whole("measured", most=MAX_STEPS)
        latest = checked_points(state, "latest", step).tolist()
        self._latest = tuple(latest[-1]) if latest else None


class _ThinnedPoints:
    """Points of which only every so-manieth is kept.

    Parameters
    ----------
    first : int
        The index of the first point: 1 for steps, which are counted from 1, or 0.

    Attributes
    ----------
    every : int
        A point is kept if its index is a multiple of it.
    points : list of list of float
    """

    def __init__(self, first: int) -> None:
        self.every = 1
        self.points: list[list[float]] = []
        self._first = first

    def add(self, indices: Sequence[int], points: Sequence[list[float]]) -> None:
        """Add points with consecutive indices; some may be left out that are not kept anyway."""
        for index, point in zip(indices, points, strict=True):
            if index % self.every:
                continue
            self.points.append(point)
            if len(self.points) == MAX_POINTS:
                self.every *= 2
                self.points = self.points[self._first :: 2]

    def restore(self, state: ValidatedMapping, name: str, step: int) -> None:
        """Go on with points that were saved."""
        self.every = state.whole(f"{name}_every", most=MAX_STEPS, least=1)
        self.points = checked_points(state, name, step).tolist()


def checked_points(state: ValidatedMapping, name: str, step: int) -> Points:
    """Return points of a curve from a file.

    Parameters
    ----------
    state : ValidatedMapping
    name : str
    step : int
        Steps made; no point is later.

    Raises
    ------
    ValueError
        If it is not an array of such points; the message names it.
    """
    points: Points = state.array(name, (-1, 3), float)
    steps, seconds = points[:, _STEP], points[:, _SECONDS]
    fits = (
        len(points) < MAX_POINTS
        and np.isfinite(points).all()
        and (np.diff(steps) >= 0).all()
        and ((steps >= 0) & (steps <= step)).all()
        and ((seconds >= 0) & (seconds <= MAX_SECONDS)).all()
    )
    if not fits:
        raise ValueError(f"{name} must hold points in the order of their steps, up to {step:,}.")
    return points


def _array(points: Sequence[Sequence[float]]) -> Points:
    """Return points as an array: (k, 3), also if there are none."""
    return np.array(points, dtype=np.float64).reshape(-1, 3)
