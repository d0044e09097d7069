"""A run as others are compared with it: what describes it, and what it has reached."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import DataKind
from engine.data.vocabulary import Vocabulary
from engine.evaluation.held_out.data import held_out_of
from engine.nn.parameters import Parameters
from engine.racing.gradient_pieces import GradientLeft, pieces_of_first
from engine.racing.lane_curve import checked_points
from engine.racing.race import RacingLane
from engine.racing.race_folder import CURVE, open_lanes
from engine.runs.run_file import SavedRun, load_run
from engine.runs.saved_curves import read_curves
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.curves.run_clock import RunClock
from engine.training.messages import HeldOutLoss
from engine.training.rate_changes import Rate, RateCourse, rate_course_of
from engine.training.recipes import RECIPES
from engine.training.record import Record
from engine.training.watching.measured_losses import measured_losses


@dataclass(frozen=True)
class ComparedRun:
    """A run beside others.

    Attributes
    ----------
    title : str
    record : Record
        What it began with, and its events.
    step : int
        Steps made.
    seconds : float or None
        Seconds that it was trained for; None if nobody has counted them.
    parameters : Parameters
        Of its latest network.
    vocabulary : Vocabulary
    corpus : Corpus or Text or None
        What it learned from, if that is at hand.
    best, latest : HeldOutLoss or None
        Of the lowest held-out loss, and the last one; None if nothing is held out.
    held_out : (k, 3) array or None
        Rows of step, seconds and held-out loss in nats per character; None if it was not in a race.
    gradient : GradientLeft or None
        Of its latest network; None if it has not been measured.
    rates : RateCourse or None
        The learning rate in its course; None if that is not known.
    """

    title: str
    record: Record
    step: int
    seconds: float | None
    parameters: Parameters
    vocabulary: Vocabulary
    corpus: Corpus | Text | None
    best: HeldOutLoss | None
    latest: HeldOutLoss | None
    held_out: NDArray[np.float64] | None = None
    gradient: GradientLeft | None = None
    rates: RateCourse | None = None

    @property
    def split(self) -> tuple[object, ...]:
        """What decides on the held-out data: runs in which it is the same can be compared."""
        settings = self.record.settings
        return (
            *(self.record.fingerprint, self.record.recipe, settings.seed, settings.held_out),
            *(settings.window, settings.task),
        )

    def measured(self) -> "ComparedRun":
        """Return the run with the held-out loss of its present network as the latest.

        It may be the best as well. Nothing changes if it holds nothing out, or its data are not at
        hand.
        """
        settings = self.record.settings
        holds_out = RECIPES[self.record.recipe].holds_out
        if self.corpus is None or not holds_out or not self.parameters.is_finite():
            return self
        data = held_out_of(
            self.corpus, settings.seed, settings.held_out, settings.window, settings.task
        )
        loss = data.loss(self.parameters)
        latest = HeldOutLoss(self.step, loss.nats_per_name, loss.nats_per_character, loss.accuracy)
        is_best = self.best is None or latest.nats_per_character < self.best.nats_per_character
        return replace(self, latest=latest, best=latest if is_best else self.best)

    @classmethod
    def of_lane(cls, lane: RacingLane) -> "ComparedRun":
        """Return the run of a lane that is under way, with a copy of its network."""
        trainer = lane.trainer
        trend = trainer.held_out_trend
        return cls(
            lane.title,
            trainer.record,
            trainer.step,
            lane.seconds,
            trainer.parameters.frozen_copy(),
            trainer.vocabulary,
            trainer.corpus,
            None if trend is None else trend.best,
            None if trend is None else trend.latest,
            lane.curve.held_out,
            rates=RateCourse(
                {}, Rate(trainer.learning_rate, trainer.hyperparameters.learning_rate)
            ),
        )

    @classmethod
    def of_saved(
        cls, saved: SavedRun, title: str, corpus: Corpus | Text | None = None
    ) -> "ComparedRun":
        """Return a saved run.

        Parameters
        ----------
        saved : SavedRun
        title : str
        corpus : Corpus or Text, optional
            Data that the run may have learned from. Others are left out.

        Raises
        ------
        ValueError
            If what the file says of its losses is damaged.
        """
        state = saved.state
        best, latest = _measured(ValidatedMapping(state.values))
        data = saved.corpus
        if data is None and corpus is not None and corpus.fingerprint == saved.fingerprint:
            data = corpus
        extras = ValidatedMapping(saved.extras)
        curve = extras.part(CURVE)
        curves = read_curves(saved.extras, state.step)
        return cls(
            title,
            saved.record,
            state.step,
            saved.seconds if "seconds" in extras else None,
            saved.network.parameters,
            saved.network.vocabulary,
            data,
            best,
            latest,
            checked_points(curve, "held_out", state.step) if "held_out" in curve else None,
            rates=None
            if curves is None
            else rates_of(saved.record, state.step, curves.clock, saved.network.kind),
        )


def rates_of(record: Record, step: int, clock: RunClock, kind: DataKind) -> RateCourse | None:
    """Return the learning rate in the course of a run; see `rate_course_of`."""
    return rate_course_of(
        record.hyperparameters, record.events, step, clock, kind, record.settings.window
    )


def measure_all(runs: Iterable[ComparedRun]) -> list[ComparedRun]:
    """Return runs with what takes a while: the held-out loss and the gradient flow of each.

    The gradient flow is measured on the same pieces for all, from the first data at hand.
    """
    runs = list(runs)
    pieces = pieces_of_first(run.corpus for run in runs)
    if pieces is None:
        return runs
    return [
        replace(run.measured(), gradient=pieces.measure(run.parameters, run.vocabulary))
        for run in runs
    ]


def saved_runs(paths: Iterable[str | os.PathLike[str]]) -> list[tuple[str, SavedRun]]:
    """Read runs from their files, and all lanes of races from their folders, with their titles.

    A run is called as its file is, without the suffix. If several are, their paths tell them apart.

    Raises
    ------
    CheckpointError
        If one of them holds no usable run.
    """
    found: list[tuple[str, str, SavedRun]] = []
    for path in paths:
        if Path(path).is_dir():
            found += [(str(path), title, saved) for title, saved in open_lanes(path)]
        else:
            found.append((str(path), Path(path).stem, load_run(path)))
    titles = [title for _, title, _ in found]
    return [
        (title if titles.count(title) == 1 else _longer(title, path), saved)
        for path, title, saved in found
    ]


def _longer(title: str, path: str) -> str:
    return f"{path}, {title}" if Path(path).is_dir() else path


def _measured(values: ValidatedMapping) -> tuple[HeldOutLoss | None, HeldOutLoss | None]:
    """Return the best held-out loss in the state of a run, and the latest."""
    if "best.measured" not in values:
        return None, None
    best, latest = measured_losses(values.part("best."))
    return best, latest
