"""A lane of a race: the run that it trains, and what it is called."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from engine.nn.architecture import Architecture
from engine.nn.cells import CELLS
from engine.nn.optimizers import OPTIMIZERS
from engine.training.recipes import DEFAULT, Recipe
from engine.training.settings import Hyperparameters, RunSettings, check_recipe

MIN_LANES, MAX_LANES = 2, 6

MAX_TITLE = 200
"""Characters of the longest title."""

SHARED_SETTINGS = (
    *("held_out", "seed", "window", "stride", "length"),
    *("smoothing", "measuring", "task"),
)
"""What decides on the data, their order and how losses are measured: the same in all lanes."""


@dataclass(frozen=True)
class Lane:
    """A run that takes part in a race.

    Attributes
    ----------
    hyperparameters : Hyperparameters
        At the beginning.
    settings : RunSettings
    recipe : Recipe
    title : str
        What to call it; see `titled`.
    """

    hyperparameters: Hyperparameters = field(default_factory=Hyperparameters)
    settings: RunSettings = field(default_factory=RunSettings)
    recipe: Recipe = DEFAULT
    title: str = ""

    def architecture(self, n_symbols: int, n_kinds: int = 0) -> Architecture:
        """Return the architecture of its network, for so many symbols and kinds of names."""
        return self.settings.architecture(n_symbols, self.hyperparameters.widths, n_kinds)

    def changed(self, **values: Any) -> "Lane":
        """Return a lane with other hyperparameters and settings.

        Raises
        ------
        ValueError
            If a value is not allowed; the message names it.
        """
        names = {each.name for each in fields(Hyperparameters)}
        turned = {name: value for name, value in values.items() if name in names}
        chosen = {name: value for name, value in values.items() if name not in names}
        return replace(
            self,
            hyperparameters=replace(self.hyperparameters, **turned),
            settings=replace(self.settings, **chosen),
        )

    @property
    def values(self) -> dict[str, Any]:
        """All hyperparameters and settings by name."""
        return vars(self.hyperparameters) | vars(self.settings)


def check_lanes(lanes: Sequence[Lane]) -> None:
    """Check that lanes can race with each other.

    Raises
    ------
    ValueError
        If there are too few or too many, or two are the same, or they would not train on the same
        data in the same order, or their recipe does not allow one. The message says which.
    """
    if not MIN_LANES <= len(lanes) <= MAX_LANES:
        raise ValueError(f"A race has {MIN_LANES} to {MAX_LANES} lanes, got {len(lanes)}.")
    first = lanes[0]
    for number, lane in enumerate(lanes, start=1):
        for name in SHARED_SETTINGS:
            if lane.values[name] != first.values[name]:
                raise ValueError(f"{name} must be the same in all lanes; lane {number} differs.")
        if lane.recipe != first.recipe:
            raise ValueError(f"recipe must be the same in all lanes; lane {number} differs.")
        check_recipe(lane.recipe, lane.hyperparameters, lane.settings)
    for number, lane in enumerate(lanes, start=1):
        for earlier, other in enumerate(lanes[: number - 1], start=1):
            if lane.values == other.values:
                raise ValueError(
                    f"Lanes {earlier} and {number} are the same. Leave one out, or change it."
                )


def titled(lanes: Sequence[Lane]) -> tuple[Lane, ...]:
    """Return lanes with titles that say what differs: "RNN 99", "rate 0.01", "Adam, batch 32"."""
    differing = {name for name in lanes[0].values if len({lane.values[name] for lane in lanes}) > 1}
    words = [", ".join(_words(lane, differing)) for lane in lanes]
    return tuple(
        replace(lane, title=title or f"lane {number}")
        for number, (lane, title) in enumerate(zip(lanes, words, strict=True), start=1)
    )


def _words(lane: Lane, differing: set[str]) -> list[str]:
    """Return the words of a title: the network first, then everything else that differs."""
    values, words = lane.values, []
    widths = ", ".join(map(str, values["widths"]))
    if "cell" in differing:
        words.append(f"{CELLS[values['cell']].TITLE} {widths}")
    elif "widths" in differing:
        words.append(f"{widths} units")
    return words + [_WORDS[name](values[name]) for name in _WORDS if name in differing]


_WORDS: dict[str, Callable[[Any], str]] = {
    "optimizer": lambda name: OPTIMIZERS[name].TITLE,
    "learning_rate": lambda rate: f"rate {rate:g}",
    "decay": lambda decay: f"decay {decay:g}" if decay else "constant rate",
    "schedule": lambda schedule: f"{schedule} decay",
    "clip": lambda clip: "no clipping" if clip is None else f"clip {clip:g}",
    "clipping": lambda clipping: f"clipping of {'the norm' if clipping == 'norm' else clipping}",
    "batch": lambda batch: f"batch {batch:,}",
    "dropout": lambda share: f"dropout {share:g}",
    "l2": lambda strength: f"L2 {strength:g}",
    "both_directions": lambda both: "both directions" if both else "one direction",
    "balance": lambda balance: f"balance {balance:g}",
    "embedding": lambda size: "one-hot" if size is None else f"embedding {size}",
    "dtype": str,
    "backend": {"numpy": "NumPy’s step", "compiled": "the faster step"}.__getitem__,
}
"""How a title says each value but the cell and the widths, in the order of a title."""
