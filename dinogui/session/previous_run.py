"""A run that stands aside while another one goes on, so that it can be gone back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dinogui.session.curves import Curves
from dinogui.session.run_plans import RunPlan
from dinogui.workers.sampling_messages import Measurement
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.network import NamesLoss
from engine.training.messages import Progress, Snapshot

if TYPE_CHECKING:
    from dinogui.session.session import Session


@dataclass
class PreviousRun:
    """What the session and its workshop know of one run; the attributes are theirs.

    The trainer itself, with the run's record, stays in the worker's thread.
    """

    run_id: int
    corpus: Corpus | Text | None
    path: str | None
    plan: RunPlan
    begun_with: RunPlan
    curves: Curves = field(default_factory=Curves)
    baselines: tuple[NamesLoss, ...] = ()
    progress: Progress | None = None
    snapshot: Snapshot | None = None
    measurements: list[Measurement] = field(default_factory=list)

    @classmethod
    def of(cls, session: Session) -> PreviousRun:
        """Return the present run of a session."""
        return cls(
            session.run_id,
            session.corpus,
            session.path,
            session.plan,
            session.begun_with,
            session.curves,
            session.baselines,
            session.progress,
            session.snapshot,
            session.name_generation.measurements,
        )

    @property
    def has_learned(self) -> bool:
        """Whether it has made a step."""
        return self.progress is not None and self.progress.step > 0

    def is_worth_keeping(self, rather_than: PreviousRun | None) -> bool:
        """Whether another run would put an end to anything: what it learned, or knobs found.

        What was learned is worth more than knobs: a run that has but those is not kept in the place
        of one that has learned.
        """
        has_knobs = self.corpus is not None and self.plan != self.begun_with
        return self.has_learned or (has_knobs and not (rather_than and rather_than.has_learned))

    def put_into(self, session: Session) -> None:
        """Make this the present run of a session, but for knobs, generation and snapshot."""
        session.corpus, session.path = self.corpus, self.path
        session.recipe, session.settings = self.plan.recipe, self.plan.settings
        session.begun_with = self.begun_with
        session.curves, session.baselines = self.curves, self.baselines
        session.progress, session.snapshot = self.progress, None

    def take_progress(self, progress: Progress) -> None:
        """Take what was still on its way when the run was put aside, so that no loss is lost."""
        self.curves.append(progress.step, progress.chunk)
        self.progress = progress
