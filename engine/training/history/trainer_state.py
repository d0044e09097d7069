"""The complete state of a trainer between two steps, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.nn.parameters import Parameters
from engine.storage.validated_mapping import dataclass_from_json
from engine.training.ending import ENDLESS, Until
from engine.training.recipes import Recipe
from engine.training.record import Event, WarmStart
from engine.training.settings import Hyperparameters, RunSettings


@dataclass(frozen=True)
class TrainerState:
    """What `Trainer.state` returns, and what `Trainer.restored` continues from.

    Pruned units, and output layers that an added layer replaced, are not part of it, because their
    copies may be many times as large as the network. A resumed run therefore cannot restore what a
    change of widths or layers took away before the run was saved. Nor can it undo that it went to
    its best network before.

    Attributes
    ----------
    step : int
        Steps made.
    recipe : Recipe
    settings : RunSettings
    initial_hyperparameters, hyperparameters : Hyperparameters
        At the beginning of the run, and now.
    events : tuple of Event
        See `engine.training.record`.
    parameters : Parameters
        Read-only.
    values : mapping of str to array or JSON value
        Everything else: random states, moments, averages, the position in the data, the last good
        parameters, the best network, when the run ends. The arrays are read-only copies.
    warm_start : WarmStart or None
        The initial parameters, if they were not drawn at random.
    initial_until : Until
        When the run was to end, at its beginning.
    """

    step: int
    recipe: Recipe
    settings: RunSettings
    initial_hyperparameters: Hyperparameters
    hyperparameters: Hyperparameters
    events: tuple[Event, ...]
    parameters: Parameters
    values: Mapping[str, Any]
    warm_start: WarmStart | None = None
    initial_until: Until = ENDLESS

    @property
    def until(self) -> Until:
        """When the run ends by itself."""
        return dataclass_from_json(Until, self.values["ending.until"])
