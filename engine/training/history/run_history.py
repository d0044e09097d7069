"""The history of a run: what is needed to reach any of its steps again."""

from dataclasses import dataclass, replace

from engine.training.history.checkpoints import Checkpoint
from engine.training.record import Record


@dataclass(frozen=True)
class RunHistory:
    """Everything that is needed to reach any step of a run again, apart from its data.

    Attributes
    ----------
    record : Record
    step : int
        Steps made.
    checkpoints : tuple of Checkpoint
        In their order; there may be none.
    """

    record: Record
    step: int
    checkpoints: tuple[Checkpoint, ...] = ()

    def up_to(self, step: int) -> "RunHistory":
        """Return the history of the run as it was after a step, with all events there."""
        events = tuple(event for event in self.record.events if event.step <= step)
        return RunHistory(
            replace(self.record, events=events),
            min(step, self.step),
            tuple(each for each in self.checkpoints if each.step <= step),
        )
