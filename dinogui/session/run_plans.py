"""What the next run begins with, for each kind of data; names with kinds have their own."""

from dataclasses import replace

from dinogui.common.run_plan import PlanData, RunPlan
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.training.presets import KIND_PRESETS, MELODY_PRESETS, PRESETS, TEXT_PRESETS, Preset
from engine.training.settings import RunSettings

_FIRST: dict[PlanData, RunPlan] = {
    "names": RunPlan.of(PRESETS[0]),
    "kinds": RunPlan.of(KIND_PRESETS[0]),
    # It writes words after seconds and verse after minutes.
    "text": RunPlan.of(next(p for p in TEXT_PRESETS if p.name == "Sonnets, good")),
    "melodies": RunPlan.of(MELODY_PRESETS[0]),
}


def plan_data_of(corpus: Corpus | Text) -> PlanData:
    """Return what a plan for some data is for."""
    if corpus.kind != "names":
        return corpus.kind
    return "names" if corpus.kinds is None else "kinds"


class RunPlans:
    """Remembers the plan that was last used for names, for names with kinds, and for a text.

    Parameters
    ----------
    seed : int
        The seed of presets that have none of their own.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._latest = dict(_FIRST)

    def keep(self, data: PlanData, plan: RunPlan) -> None:
        """Remember the plan of a run that another one is about to replace."""
        self._latest[data] = plan

    def plan_for(self, data: PlanData, settings: RunSettings) -> RunPlan:
        """Return what to begin with; the seed and the held-out share are those of `settings`."""
        plan = self._latest[data]
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
