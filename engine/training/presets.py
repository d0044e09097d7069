"""Presets: a recipe, settings and hyperparameters that are known to work, under one name."""

from dataclasses import dataclass, replace

from engine.data.training_data import DataKind
from engine.training.ending import Until
from engine.training.recipes import COURSE_ITERATIONS, DEFAULT, NOTEBOOK, Recipe
from engine.training.settings import Hyperparameters, RunSettings, default_hyperparameters


@dataclass(frozen=True)
class MeasuredLoss:
    """The lowest held-out loss that a preset was measured to reach, on the data that it is for.

    `tests/benchmarks/RESULTS.md` says how it was measured.

    Attributes
    ----------
    data : str
        Name of the data's file.
    nats_per_character : float
    seconds : float
        Processor time until then, on one BLAS thread.
    counting : float
        The loss of the best n-gram model on the same held-out data, in nats per character.
    """

    data: str
    nats_per_character: float
    seconds: float
    counting: float

    def describe(self) -> str:
        """Return it in words: 1.68 nats per character on dinos.txt after 4 s (counting: 1.70)."""
        return (
            f"{self.nats_per_character:.2f} nats per character on {self.data} after "
            f"{self.seconds:g} s (counting: {self.counting:.2f})"
        )


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
        Kind of data that it is for: "names", "text" or "melodies".
    lower_case : bool
        Whether to convert the data to lower case.
    until : Until or None
        When such a run ends by itself; None if it does not.
    measured : MeasuredLoss or None
        What it reaches. None for those of the course, which were not measured.
    is_of_kinds : bool
        Whether it is for names or tunes with kinds only.
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
    measured: MeasuredLoss | None = None
    is_of_kinds: bool = False

    def describe(self) -> str:
        """Return the summary, and what was measured."""
        if self.measured is None:
            return self.summary
        return f"{self.summary} It reaches {self.measured.describe()}."


_ADAM = Hyperparameters(
    0.003, 1.0, clipping="norm", optimizer="adam", batch=32, schedule="exponential"
)

PRESETS = (
    Preset(
        "default",
        "One name per step",
        "The course's network with an improved recipe: a tanh RNN of 50 units, plain SGD at a "
        "learning rate that falls.",
        DEFAULT,
        default_hyperparameters(DEFAULT),
        RunSettings(),
        measured=MeasuredLoss("dinos.txt", 1.719, 7, 1.695),
    ),
    Preset(
        "notebook",
        "The course's notebook",
        "Exactly as in the notebook: its order, its seeds, its smoothed loss, its 35,000 steps.",
        NOTEBOOK,
        default_hyperparameters(NOTEBOOK),
        RunSettings(),
        until=Until(steps=COURSE_ITERATIONS),
    ),
    Preset(
        "quick",
        "Quick and good",
        "A GRU of 64 units, Adam on batches of 32 names: good names within seconds.",
        DEFAULT,
        replace(_ADAM, learning_rate=0.006, widths=(64,), dropout=0.15, decay=0.09),
        RunSettings(cell="gru", dtype="float32"),
        measured=MeasuredLoss("dinos.txt", 1.682, 4, 1.695),
    ),
    Preset(
        "deep",
        "Deep LSTM",
        "Two LSTM layers of 128 units, Adam on batches of 32 names, dropout 0.4.",
        DEFAULT,
        replace(_ADAM, learning_rate=0.004, widths=(128, 128), dropout=0.4, decay=0.08),
        RunSettings(cell="lstm", dtype="float32"),
        until=Until(patience=26),
        measured=MeasuredLoss("dinos.txt", 1.663, 20, 1.695),
    ),
    Preset(
        "good",
        "Good names",
        "Two LSTM layers of 192 units, dropout 0.5: the best for a thousand names.",
        DEFAULT,
        replace(_ADAM, learning_rate=0.004, widths=(192, 192), dropout=0.5, decay=0.06),
        RunSettings(cell="lstm", dtype="float32"),
        until=Until(patience=10),
        measured=MeasuredLoss("dinos.txt", 1.646, 44, 1.695),
    ),
    Preset(
        "many",
        "Many names",
        "Two LSTM layers of 128 units, dropout 0.2, 64 names per step, for ten thousand names "
        "and more.",
        DEFAULT,
        replace(_ADAM, learning_rate=0.005, widths=(128, 128), batch=64, dropout=0.2, decay=0.3),
        RunSettings(cell="lstm", dtype="float32"),
        until=Until(patience=8),
        measured=MeasuredLoss("names.txt", 2.026, 56, 2.077),
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
        "16 streams, two GRU layers of 192 units, dropout 0.6.",
        DEFAULT,
        replace(_ADAM, widths=(192, 192), batch=16, dropout=0.6, decay=0.12),
        RunSettings(cell="gru", dtype="float32", embedding=32, length=48),
        kind="text",
        until=Until(patience=10),
        measured=MeasuredLoss("shakespeare.txt", 1.716, 38, 1.739),
    ),
    Preset(
        "long",
        "A longer text",
        "32 streams, two GRU layers of 256 units, dropout 0.2, for a megabyte or more: below "
        "counting after two minutes, and better for ten.",
        DEFAULT,
        replace(_ADAM, learning_rate=0.005, widths=(256, 256), dropout=0.2, decay=0.5),
        RunSettings(cell="gru", dtype="float32", embedding=64, length=32),
        kind="text",
        lower_case=False,
        until=Until(patience=15),
        measured=MeasuredLoss("tinyshakespeare.txt", 1.485, 605, 1.669),
    ),
)

MELODY_PRESETS = (
    Preset(
        "jazz",
        "Jazz, good",
        "32 streams, two LSTM layers of 192 units, an embedding of 48, dropout 0.2.",
        DEFAULT,
        replace(_ADAM, learning_rate=0.006, widths=(192, 192), dropout=0.2, decay=0.09),
        RunSettings(cell="lstm", dtype="float32", embedding=48, length=64),
        kind="melodies",
        lower_case=False,
        until=Until(patience=15),
    ),
    Preset(
        "tunes",
        "A few tunes",
        "8 streams of 32 symbols, a GRU of 48 units, an embedding of 16, dropout 0.4: for some "
        "dozens of tunes, which a larger network learns by heart.",
        DEFAULT,
        replace(_ADAM, learning_rate=0.006, widths=(48,), batch=8, dropout=0.4, decay=0.02),
        RunSettings(cell="gru", dtype="float32", embedding=16, length=32),
        kind="melodies",
        lower_case=False,
        until=Until(patience=15),
    ),
    Preset(
        "jazz-course",
        "Jazz, as in the course",
        "60 streams of 30 symbols, an LSTM of 64 units, Adam at 0.01.",
        DEFAULT,
        Hyperparameters(0.01, None, (64,), optimizer="adam", batch=60),
        RunSettings(cell="lstm", dtype="float32", length=30),
        kind="melodies",
        lower_case=False,
    ),
    Preset(
        "player",
        "Tell the player",
        "A GRU of 64 units that reads eight bars from both ends and tells their kind, such as who "
        "plays, dropout 0.5.",
        DEFAULT,
        replace(
            _ADAM,
            optimizer="adamw",
            learning_rate=0.004,
            widths=(64,),
            batch=32,
            dropout=0.5,
            l2=0.05,
            decay=0.05,
        ),
        RunSettings(cell="gru", embedding=32, dtype="float32", task="tell", both_directions=True),
        kind="melodies",
        lower_case=False,
        until=Until(patience=12),
        is_of_kinds=True,
    ),
)
"""Presets for melodies."""

KIND_PRESETS = (
    Preset(
        "kinds",
        "Names by kind",
        "Two LSTM layers of 160 units that are told the kind, Adam on batches of 64 names, dropout "
        "0.45, kinds drawn a little more evenly than by their size: one network for all kinds.",
        DEFAULT,
        replace(
            _ADAM,
            learning_rate=0.005,
            widths=(160, 160),
            batch=64,
            dropout=0.45,
            decay=0.15,
            balance=0.25,
        ),
        RunSettings(cell="lstm", dtype="float32"),
        until=Until(patience=8),
        is_of_kinds=True,
    ),
    Preset(
        "tell",
        "Tell the kind",
        "A GRU of 128 units that reads a name from both ends and tells its kind, with an embedding "
        "of the letters, AdamW with L2 0.05 on batches of 64 names, dropout 0.3.",
        DEFAULT,
        replace(
            _ADAM,
            optimizer="adamw",
            learning_rate=0.015,
            widths=(128,),
            batch=64,
            dropout=0.3,
            l2=0.05,
            decay=0.8,
        ),
        RunSettings(cell="gru", embedding=32, dtype="float32", task="tell", both_directions=True),
        until=Until(patience=8),
        is_of_kinds=True,
    ),
)
"""Presets for names with kinds."""

PRESETS_BY_KEY = {
    preset.key: preset for preset in (*PRESETS, *KIND_PRESETS, *TEXT_PRESETS, *MELODY_PRESETS)
}
"""All presets, by their names on the command line."""


def presets_for(kind: DataKind, *, has_kinds: bool = False) -> tuple[Preset, ...]:
    """Return the presets that some data can be learned with, those made for them first.

    Parameters
    ----------
    kind : str
        The kind of data: "names", "text" or "melodies".
    has_kinds : bool
        Whether they have kinds, which the course's recipe does not know.
    """
    if kind == "text":
        return TEXT_PRESETS
    if kind == "melodies":
        return tuple(each for each in MELODY_PRESETS if has_kinds or not each.is_of_kinds)
    if not has_kinds:
        return PRESETS
    return (*KIND_PRESETS, *(preset for preset in PRESETS if not preset.recipe.is_legacy))
