"""What a run begins with, for either kind of data."""

from dataclasses import dataclass, replace

from engine.data.training_data import DataKind
from engine.training.presets import PRESETS, TEXT_PRESETS, Preset
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings


@dataclass(frozen=True)
class RunPlan:
    """A recipe, a network and its knobs.

    Attributes
    ----------
    recipe : Recipe
    hyperparameters : Hyperparameters
    settings : RunSettings
    """

    recipe: Recipe
    hyperparameters: Hyperparameters
    settings: RunSettings

    @classmethod
    def of(cls, preset: Preset) -> "RunPlan":
        """Return what a preset says."""
        return cls(preset.recipe, preset.hyperparameters, preset.settings)


_FIRST: dict[DataKind, RunPlan] = {
    "names": RunPlan.of(PRESETS[0]),
    # Words after seconds, verse after minutes.
    "text": RunPlan.of(next(p for p in TEXT_PRESETS if p.name == "Sonnets, good")),
}


class RunPlans:
    """Remembers what was last in force for each kind of data."""

    def __init__(self) -> None:
        self._latest = dict(_FIRST)

    def keep(self, kind: DataKind, plan: RunPlan) -> None:
        """Note what is in force, before data of the other kind is opened."""
        self._latest[kind] = plan

    def plan_for(self, kind: DataKind, settings: RunSettings) -> RunPlan:
        """Return what to begin with; the seed and the held-out share stay those of `settings`."""
        plan = self._latest[kind]
        kept = replace(plan.settings, seed=settings.seed, held_out=settings.held_out)
        return replace(plan, settings=kept)
