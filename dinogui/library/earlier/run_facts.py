"""The figures of a run, by which a list is sorted and filtered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dinogui.session.run import Run
from engine.evaluation.units import Unit

if TYPE_CHECKING:
    from engine.data.training_data import DataKind
    from engine.runs.run_summary import Loss, RunSummary
    from engine.training.messages import HeldOutLoss


@dataclass(frozen=True)
class RunFacts:
    """Figures of a run. Each loss is in nats per name and in nats per character.

    A loss is None where nothing was measured. A text has symbols in place of characters, and no
    names: only its second figure counts.

    Attributes
    ----------
    kind : str
        Of the data: "names" or "text".
    n_parameters : int
    seconds : float
        Spent training.
    loss : (float, float) or None
        The smoothed training loss.
    best, last : (float, float) or None
        The best and the last held-out loss; None if nothing was measured since the first step.
    n_events : int
        How often something changed the run's course.
    modified : float or None
        When its file was last written, in seconds since 1970; None if it is in memory only.
    n_bytes : int
        Of its file.
    accuracy : float or None
        The share of held-out names whose kind was last told right, from 0 to 1; None if no kinds
        are told, or nothing was measured.
    """

    kind: DataKind = "names"
    n_parameters: int = 0
    seconds: float = 0.0
    loss: Loss | None = None
    best: Loss | None = None
    last: Loss | None = None
    n_events: int = 0
    modified: float | None = None
    n_bytes: int = 0
    accuracy: float | None = None

    @classmethod
    def of_summary(cls, summary: RunSummary) -> RunFacts:
        """Return the figures of a run that is in a file."""
        return cls(
            summary.kind,
            summary.n_parameters,
            summary.seconds,
            _loss(summary.loss, summary.characters),
            summary.best,
            summary.last,
            summary.n_events,
            accuracy=summary.accuracy,
        )

    @classmethod
    def of_open_run(cls, run: Run) -> RunFacts:
        """Return the figures of an open run."""
        progress, architecture = run.progress, run.architecture
        best, last = _held_out(run)
        return cls(
            run.kind,
            architecture.n_parameters if architecture is not None else 0,
            progress.seconds if progress is not None else 0.0,
            _loss(progress.smoothed_loss, progress.smoothed_characters) if progress else None,
            best,
            last,
            len(run.events),
            accuracy=_accuracy(run),
        )


NO_FACTS = RunFacts()
"""Of a run of which no figures are known."""


def _loss(per_name: float | None, characters: float | None) -> Loss | None:
    if per_name is None or not characters:
        return None
    return per_name, Unit.NATS_PER_CHARACTER.of(per_name, characters)


def _held_out(run: Run) -> tuple[Loss | None, Loss | None]:
    """Return the best and the last held-out loss of an open run.

    The loss in full, which is measured at a pause, is the last one. It may be the best as well,
    unless the others were measured on a part of the data.
    """
    trend = run.progress.held_out if run.progress is not None else None
    if trend is not None and run.steps_made and not trend.latest.step:
        trend = None  # it was measured before the first step
    best = _measured(trend.best) if trend is not None else None
    last = _measured(trend.latest) if trend is not None else None
    in_full, size = run.full_held_out, run.held_out_size
    if in_full is None or size is None:
        return best, last
    full = _measured(in_full)
    if best is None or (size.is_whole and full[1] < best[1]):
        best = full
    return best, full


def _accuracy(run: Run) -> float | None:
    """Return the accuracy that belongs to the last held-out loss of an open run."""
    if run.full_held_out is not None:
        return run.full_held_out.accuracy
    trend = run.progress.held_out if run.progress is not None else None
    if trend is None or (run.steps_made and not trend.latest.step):
        return None
    return trend.latest.accuracy


def _measured(loss: HeldOutLoss) -> Loss:
    return loss.nats_per_name, loss.nats_per_character
