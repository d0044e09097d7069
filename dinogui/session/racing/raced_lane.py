"""A lane of a race as the window knows it: its losses, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dinogui.session.curves.run_curves import Curves
from dinogui.workers.race_worker import LaneReport
from engine.evaluation.units import Unit
from engine.training.messages import HeldOutLoss

if TYPE_CHECKING:
    from engine.racing.lane import Lane


class RacedLane:
    """One of the lanes.

    Parameters
    ----------
    lane : Lane
    colour : int
        Place in the theme's colours of runs.

    Attributes
    ----------
    lane, colour
        As given.
    curves : Curves
    n_parameters : int
    seconds : float
        Spent on its training.
    best : HeldOutLoss or None
        The lowest held-out loss so far; None if nothing is held out.
    has_diverged : bool
    is_shown : bool
        Whether its curves are drawn.
    """

    def __init__(self, lane: Lane, colour: int) -> None:
        self.lane, self.colour = lane, colour
        self.curves = Curves()
        self.n_parameters, self.seconds = 0, 0.0
        self.best: HeldOutLoss | None = None
        self.has_diverged = False
        self.is_shown = True

    @property
    def title(self) -> str:
        """What to call it."""
        return self.lane.title

    @property
    def step(self) -> int:
        """Steps made."""
        return self.curves.last_step

    def loss(self, unit: Unit) -> float | None:
        """Return the best held-out loss, or the last smoothed one if nothing is held out.

        It is None before the first one is known, and of a diverged lane if nothing is held out.
        """
        best = self.best
        if best is not None:
            nats = best.nats_per_name if unit.is_per_name else best.nats_per_character
        else:
            last = self.curves.smoothed(unit).last_point
            if last is None or self.has_diverged:
                return None
            nats = last[1]
        return float(unit.from_nats(nats))

    def take(self, report: LaneReport) -> None:
        """Take the latest steps."""
        self.curves.append(report.step, report.chunk)
        self.curves.clock.read(report.step, report.epoch, report.examples, report.seconds)
        self.curves.clock.sizes = ((0, report.n_parameters),)
        self.n_parameters, self.best = report.n_parameters, report.best
        self.seconds, self.has_diverged = report.seconds, report.has_diverged
