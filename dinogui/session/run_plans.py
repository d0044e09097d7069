"""What the next run begins with, for each kind of data."""

from dataclasses import replace

from dinogui.common.run_plan import RunPlan
from engine.data.training_data import DataKind
from engine.training.presets import MELODY_PRESETS, PRESETS, TEXT_PRESETS, Preset
from engine.training.settings import RunSettings

_FIRST: dict[DataKind, RunPlan] = {
    "names": RunPlan.of(PRESETS[0]),
    # It writes words after seconds and verse after minutes.
    "text": RunPlan.of(next(p for p in TEXT_PRESETS if p.name == "Sonnets, good")),
    "melodies": RunPlan.of(MELODY_PRESETS[0]),
}


class RunPlans:
    """Remembers the plan that was last used for each kind of data.

    Parameters
    ----------
    seed : int
        The seed of presets that have none of their own.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._latest = dict(_FIRST)

    def keep(self, kind: DataKind, plan: RunPlan) -> None:
        """Remember the plan of a run that another one is about to replace."""
        self._latest[kind] = plan

    def plan_for(self, kind: DataKind, settings: RunSettings) -> RunPlan:
        """Return what to begin with; the seed and the held-out share are those of `settings`."""
        plan = self._latest[kind]
        kept = replace(plan.settings, seed=settings.seed, held_out=settings.held_out)
        return replace(plan, settings=kept)

    def plan_of(self, preset: Preset) -> RunPlan:
        """Return the plan of a preset.

        The course's notebook keeps its own seed: with another one the figures would not be the
        course's. Every other preset gets the seed that the session was opened with.
        """
        plan = RunPlan.of(preset)
        if preset.recipe.is_legacy:
            return plan
        return replace(plan, settings=replace(plan.settings, seed=self._seed))
