"""The runs that are open: which of them is shown, and which ones are kept beside it."""

from collections.abc import Callable
from itertools import count

from dinogui.common.run_plan import RunPlan
from dinogui.session.run import Run, RunState
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.training.curves.run_curves import Curves

MAX_EARLIER = 2
"""Earlier runs that stay open. The others are on the disk."""

MAX_NOT_ON_DISK = 6
"""Earlier runs that stay open if they cannot be written to the disk, or are still being written."""


class OpenRuns:
    """Holds runs by id, and decides which to forget when another one is shown.

    Parameters
    ----------
    plan : RunPlan
        What the first run begins with.
    forget : callable
        Called with the id of a run that can no longer be shown again.

    Attributes
    ----------
    shown : Run
        Until something is loaded, a run without data in state `RunState.EMPTY`.
    """

    def __init__(self, plan: RunPlan, forget: Callable[[int], None]) -> None:
        self.shown = Run(0, plan)
        self._forget_id = forget
        self._ids = count(1)
        self._runs: dict[int, Run] = {}

    def __contains__(self, run_id: int) -> bool:
        """Whether there is a run of that id."""
        return run_id in self._runs

    def get(self, run_id: int) -> Run | None:
        """Return the run of an id, or None if it is not open."""
        return self._runs.get(run_id)

    @property
    def all_earlier(self) -> tuple[Run, ...]:
        """The open runs that are not shown, the one that was shown last first."""
        return tuple(run for run in reversed(self._runs.values()) if run is not self.shown)

    @property
    def earlier(self) -> Run | None:
        """The run that was shown before, if it was kept."""
        return next(iter(self.all_earlier), None)

    def show_new(
        self,
        plan: RunPlan,
        corpus: Corpus | Text,
        path: str | None,
        resumed_at: int = 0,
        curves: Curves | None = None,
    ) -> Run:
        """Make a run and show it; see `Run`.

        The run shown until now stays open if it is worth it; see `trim` for how long.
        """
        earlier = self.earlier
        if self.shown.is_worth_keeping(earlier):
            if earlier is not None and not earlier.steps_made:
                self.forget(earlier)
            self.shown.stand_still()
        else:
            self.forget(self.shown)
        state = RunState.PAUSED if resumed_at else RunState.READY
        run = Run(next(self._ids), plan, corpus, path, state, resumed_at, curves or Curves())
        self._runs[run.id] = self.shown = run
        return run

    def show(self, run: Run) -> None:
        """Show one of the runs again. Nothing is left of the present one if an error ended it."""
        if self.shown.state is RunState.FAILED:
            self.forget(self.shown)
        else:
            self.shown.stand_still()
        self._runs[run.id] = self._runs.pop(run.id)  # the latest
        self.shown = run

    def trim(self) -> list[Run]:
        """Forget the oldest earlier runs that are too many, and return those that are lost by it.

        A run is lost if it is not on the disk. Such runs are forgotten only if the others are not
        enough.
        """
        on_disk = [run for run in self.all_earlier if run.is_on_disk]
        for run in on_disk[MAX_EARLIER:]:
            self.forget(run)
        lost = [run for run in self.all_earlier if not run.is_on_disk][MAX_NOT_ON_DISK:]
        for run in lost:
            self.forget(run)
        return lost

    def forget(self, run: Run | None) -> None:
        """Let go of a run for good."""
        if run is not None and self._runs.pop(run.id, None) is not None:
            self._forget_id(run.id)
