"""What a run is built on: its recipe, its hyperparameters and its settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from engine.storage.validated_mapping import dataclass_from_json
from engine.training.ending import ENDLESS, Until
from engine.training.presets import Preset
from engine.training.recipes import RECIPES, Recipe
from engine.training.settings import (
    Hyperparameters,
    RunSettings,
    check_recipe,
    default_hyperparameters,
)

PlanData = Literal["names", "kinds", "text", "melodies"]
"""What a plan is for: names without kinds, names with kinds, a text or melodies."""

PLAN_DATA: tuple[PlanData, ...] = get_args(PlanData)


@dataclass(frozen=True)
class RunPlan:
    """What a run begins with, apart from its data.

    A plan describes a run that could begin; `dinogui.session.run.Run` is one that has begun.

    Attributes
    ----------
    recipe : Recipe
    hyperparameters : Hyperparameters
    settings : RunSettings
    until : Until
        When the run ends by itself.
    is_of_kinds : bool
        Whether it is for names with kinds.
    """

    recipe: Recipe
    hyperparameters: Hyperparameters
    settings: RunSettings
    until: Until = ENDLESS
    is_of_kinds: bool = False

    @classmethod
    def of(cls, preset: Preset) -> RunPlan:
        """Return the plan of a preset."""
        return cls(
            preset.recipe,
            preset.hyperparameters,
            preset.settings,
            preset.until or ENDLESS,
            preset.is_of_kinds,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the plan as values that JSON has a form for."""
        return {
            "recipe": self.recipe.name,
            "hyperparameters": asdict(self.hyperparameters),
            "settings": asdict(self.settings),
            "until": asdict(self.until),
            "is_of_kinds": self.is_of_kinds,
        }

    @classmethod
    def from_json(cls, values: Any) -> RunPlan | None:
        """Return the plan that `to_json` wrote, or None if the values are not a valid plan.

        Earlier versions stored the hyperparameters under the name "knobs", and the balance of kinds
        among the settings.
        """
        try:
            name = "hyperparameters" if "hyperparameters" in values else "knobs"
            hyperparameters, settings = dict(values[name]), dict(values["settings"])
            if "balance" in settings:
                hyperparameters.setdefault("balance", settings.pop("balance"))
            numbers = {name: value for name, value in settings.items() if name not in _SWITCHES}
            _refuse_booleans([*hyperparameters.values(), *numbers.values()])
            hyperparameters["widths"] = tuple(hyperparameters["widths"])
            plan = cls(
                RECIPES[values["recipe"]],
                Hyperparameters(**hyperparameters),
                RunSettings(**settings),
                dataclass_from_json(Until, values.get("until", {})),
                values.get("is_of_kinds", False) is True,
            )
            check_recipe(plan.recipe, plan.hyperparameters, plan.settings)
            if "schedule" not in hyperparameters and plan.hyperparameters == Hyperparameters():
                # The default of earlier versions, whose learning rate did not fall.
                usual = default_hyperparameters(plan.recipe)
                plan = replace(plan, hyperparameters=usual)
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
            return None
        return plan


_SWITCHES = ("both_directions",)
"""The settings of a run that are booleans."""


def _refuse_booleans(values: list[object]) -> None:
    """Refuse booleans where they are no values: Python takes them for numbers.

    Raises
    ------
    TypeError
        If one of the values is a boolean.
    """
    if any(isinstance(value, bool) for value in values):
        raise TypeError("only a switch can be a boolean.")
