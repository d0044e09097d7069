"""Presets: a recipe, settings and hyperparameters that are known to work, under one name."""

from dataclasses import dataclass

from engine.data.training_data import DataKind
from engine.training.ending import Until
from engine.training.recipes import DEFAULT, NOTEBOOK, Recipe
from engine.training.settings import Hyperparameters, RunSettings, default_hyperparameters


@dataclass(frozen=True)
class Preset:
    """A run that is known to work.

    Attributes
    ----------
    key : str
        Name on the command line.
    name, summary : str
        For people.
    recipe : Recipe
    hyperparameters : Hyperparameters
    settings : RunSettings
        Only the course's recipe uses its seed; for other runs the seed is chosen when they begin.
    kind : str
        Kind of data that it is for: "names" or "text".
    lower_case : bool
        Whether to convert the data to lower case.
    until : Until or None
        When such a run ends by itself; None if it does not.
    """

    key: str
    name: str
    summary: str
    recipe: Recipe
    hyperparameters: Hyperparameters
    settings: RunSettings
    kind: DataKind = "names"
    lower_case: bool = True
    until: Until | None = None


PRESETS = (
    Preset(
        "default",
        "One name per step",
        "The course's network with an improved recipe: a tanh RNN of 50 units, plain SGD.",
        DEFAULT,
        default_hyperparameters(DEFAULT),
        RunSettings(),
    ),
    Preset(
        "notebook",
        "The course's notebook",
        "Exactly as in the notebook: its order, its seeds, its smoothed loss.",
        NOTEBOOK,
        default_hyperparameters(NOTEBOOK),
        RunSettings(),
    ),
    Preset(
        "quick",
        "Quick and good",
        "A GRU of 50 units, Adam on batches of 32 names: good within seconds.",
        DEFAULT,
        Hyperparameters(0.005, 5.0, (50,), optimizer="adam", batch=32),
        RunSettings(cell="gru"),
    ),
    Preset(
        "deep",
        "Deep LSTM",
        "Two layers of 128 units, Adam on batches of 32 names, dropout 0.2.",
        DEFAULT,
        Hyperparameters(0.003, 5.0, (128, 128), optimizer="adam", batch=32, dropout=0.2),
        RunSettings(cell="lstm", dtype="float32"),
    ),
)

TEXT_PRESETS = (
    Preset(
        "sonnets-course",
        "Sonnets, as in the course",
        "Windows of 40 symbols, two LSTM layers of 128 units, dropout 0.5, Adam.",
        DEFAULT,
        Hyperparameters(0.001, None, (128, 128), optimizer="adam", batch=128, dropout=0.5),
        RunSettings(cell="lstm", dtype="float32", window=40, stride=3),
        kind="text",
    ),
    Preset(
        "sonnets",
        "Sonnets, good",
        "16 streams, a GRU of 256 units, dropout 0.33: verse within minutes.",
        DEFAULT,
        Hyperparameters(
            0.003,
            1.0,
            (256,),
            clipping="norm",
            optimizer="adam",
            batch=16,
            dropout=0.33,
            decay=0.05,
        ),
        RunSettings(cell="gru", dtype="float32", length=64),
        kind="text",
    ),
    Preset(
        "long",
        "A longer text",
        "32 streams, a GRU of 256 units, a decaying learning rate: for a megabyte or more.",
        DEFAULT,
        Hyperparameters(
            0.004,
            1.0,
            (256,),
            clipping="norm",
            optimizer="adam",
            batch=32,
            decay=0.5,
        ),
        RunSettings(cell="gru", dtype="float32", length=64),
        kind="text",
        lower_case=False,
    ),
)
