"""A lane of a race as the window knows it: its losses, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.workers.race_worker import LaneReport
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.evaluation.units import Unit
from engine.nn.parameters import Parameters
from engine.runs.saved_curves import read_curves
from engine.training.curves.run_curves import Curves
from engine.training.messages import Chunk, HeldOutLoss
from engine.training.record import Record

if TYPE_CHECKING:
    from engine.racing.lane import Lane
    from engine.racing.lane_curve import Points


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
    parameters : Parameters or None
        Of its network about a second ago, or as it stands.
    is_shown : bool
        Whether its curves are drawn.
    """

    def __init__(self, lane: Lane, colour: int) -> None:
        self.lane, self.colour = lane, colour
        self.curves = Curves()
        self.n_parameters, self.seconds = 0, 0.0
        self.best: HeldOutLoss | None = None
        self.has_diverged = False
        self.parameters: Parameters | None = None
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

        In the unit of an accuracy, it is that of the network with the best loss.

        It is None before the first one is known, and of a diverged lane if nothing is held out.
        """
        best = self.best
        if best is not None:
            if unit.is_accuracy and best.accuracy is None:  # a file of a race keeps none
                return None
            nats = unit.base_of(best)
        else:
            last = self.curves.smoothed(unit).last_point
            if last is None or self.has_diverged:
                return None
            nats = last[1]
        return float(unit.from_nats(nats))

    @classmethod
    def opened(
        cls,
        lane: Lane,
        colour: int,
        extras: Mapping[str, Any],
        step: int,
        points: tuple[Points, Points],
        length: float,
    ) -> RacedLane:
        """Return a lane of a race that was saved.

        Parameters
        ----------
        lane : Lane
        colour : int
        extras : mapping
            Of its file; without curves if an earlier version of the command line saved the race.
        step : int
            Steps that it has made.
        points : (array, array)
            The smoothed and the held-out losses, for that case; see `engine.racing.lane_curve`.
        length : float
            Characters of a name of mean length.

        Raises
        ------
        ValueError
            If the curves are damaged.
        """
        raced = cls(lane, colour)
        curves = read_curves(extras, step)
        if curves is None:
            _fill(raced.curves, *points, length)
        else:
            raced.curves = curves
        return raced

    def take(self, report: LaneReport) -> None:
        """Take the latest steps."""
        self.curves.take(
            *(report.chunk, report.step, report.epoch, report.examples, report.seconds)
        )
        self.curves.clock.sizes = ((0, report.n_parameters),)
        self.n_parameters, self.best = report.n_parameters, report.best
        self.seconds, self.has_diverged = report.seconds, report.has_diverged
        self.parameters = self.parameters if report.parameters is None else report.parameters

    def overlaid(self, corpus: Corpus | Text) -> OverlaidRun | None:
        """Return it as a run to be compared with others; None before its network was reported."""
        lane, parameters = self.lane, self.parameters
        if parameters is None:
            return None
        return OverlaidRun(
            self.title,
            None,
            corpus.kind,
            Record(
                corpus.source,
                corpus.fingerprint,
                lane.recipe.name,
                lane.settings,
                lane.hyperparameters,
            ),
            parameters.architecture,
            self.curves,
            self.step,
            self.seconds,
            corpus.vocabulary,
            parameters,
            self.colour,
            self.title,
        )


def _fill(curves: Curves, smoothed: Points, held_out: Points, length: float) -> None:
    """Draw points where there are no curves. Losses per name are those of a mean length."""
    for step, seconds, loss in smoothed:
        curves.begin_smoothed(int(step), loss * length, length)
        curves.clock.read(int(step), 0.0, 0, seconds)
    measured = [HeldOutLoss(int(step), loss * length, loss) for step, _, loss in held_out]
    curves.append(
        int(smoothed[-1][0]) if len(smoothed) else 0, Chunk.of((), (), (), (), held_out=measured)
    )
