"""Whole runs to begin with: a recipe, a network and its knobs under one name."""

from dataclasses import dataclass

from engine.messages import Hyperparameters, RunSettings
from engine.recipes import DEFAULT, NOTEBOOK, Recipe


@dataclass(frozen=True)
class Preset:
    """A run that is known to work.

    Attributes
    ----------
    name, summary : str
        For people.
    recipe : Recipe
    hyperparameters : Hyperparameters
    settings : RunSettings
        Its seed and held-out share are those of whoever chooses the preset.
    """

    name: str
    summary: str
    recipe: Recipe
    hyperparameters: Hyperparameters
    settings: RunSettings


PRESETS = (
    Preset(
        "A name a step",
        "The course's network trained the right way: a tanh RNN of 50 units, plain SGD.",
        DEFAULT,
        Hyperparameters(),
        RunSettings(),
    ),
    Preset(
        "The course's notebook",
        "To the letter: its order, its seeds, its smoothed loss.",
        NOTEBOOK,
        Hyperparameters(),
        RunSettings(),
    ),
    Preset(
        "Quick and good",
        "A GRU of 50 units, Adam on batches of 32 names: good after seconds.",
        DEFAULT,
        Hyperparameters(0.005, 5.0, (50,), optimizer="adam", batch=32),
        RunSettings(cell="gru"),
    ),
    Preset(
        "Deep LSTM",
        "Two layers of 128 units, Adam on batches of 32 names, a fifth dropped out.",
        DEFAULT,
        Hyperparameters(0.003, 5.0, (128, 128), optimizer="adam", batch=32, dropout=0.2),
        RunSettings(cell="lstm", dtype="float32"),
    ),
)
