"""The figures of a run, by which a list is sorted and filtered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dinogui.session.run import Run
from engine.evaluation.units import Unit

if TYPE_CHECKING:
    from engine.runs.run_summary import RunSummary


@dataclass(frozen=True)
class RunFacts:
    """Figures of a run. All losses are in nats per character; None where nothing was measured.

    Attributes
    ----------
    n_parameters : int
    seconds : float
        Spent training.
    loss : float or None
        The smoothed training loss.
    best, last : float or None
        The best and the last held-out loss.
    n_events : int
        How often something changed the run's course.
    modified : float or None
        When its file was last written, in seconds since 1970; None if it is in memory only.
    n_bytes : int
        Of its file.
    """

    n_parameters: int = 0
    seconds: float = 0.0
    loss: float | None = None
    best: float | None = None
    last: float | None = None
    n_events: int = 0
    modified: float | None = None
    n_bytes: int = 0

    @classmethod
    def of_summary(cls, summary: RunSummary) -> RunFacts:
        """Return the figures of a run that is in a file."""
        return cls(
            summary.n_parameters,
            summary.seconds,
            _per_character(summary.loss, summary.characters),
            summary.best[1] if summary.best is not None else None,
            summary.last[1] if summary.last is not None else None,
            summary.n_events,
        )

    @classmethod
    def of_open_run(cls, run: Run) -> RunFacts:
        """Return the figures of an open run."""
        progress, architecture = run.progress, run.architecture
        trend = progress.held_out if progress is not None else None
        return cls(
            architecture.n_parameters if architecture is not None else 0,
            progress.seconds if progress is not None else 0.0,
            _per_character(progress.smoothed_loss, progress.smoothed_characters)
            if progress is not None
            else None,
            trend.best.nats_per_character if trend is not None else None,
            trend.latest.nats_per_character if trend is not None else None,
            len(run.events),
        )


NO_FACTS = RunFacts()
"""Of a run of which no figures are known."""


def _per_character(loss: float | None, characters: float | None) -> float | None:
    if loss is None or not characters:
        return None
    return Unit.NATS_PER_CHARACTER.of(loss, characters)
