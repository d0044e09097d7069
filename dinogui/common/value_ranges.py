"""The numbers that a person can set in the window: the title and the range of each.

The engine allows more (`engine.training.ranges`): a run that comes from a command line or a file
may have other values, and the window shows them as they are.
"""

from dataclasses import dataclass

from dinogui.common.words import HYPERPARAMETER_WORDS
from engine.nn.architecture import MAX_HIDDEN, MAX_LAYERS, MIN_HIDDEN
from engine.training.ending import MAX_MINUTES
from engine.training.ranges import MAX_SEED, MAX_STEPS
from engine.training.settings import MAX_BATCH


@dataclass(frozen=True)
class ValueRange:
    """What a value is called, and where its numbers begin and end, both ends included.

    Attributes
    ----------
    title : str
        In small letters, as in the middle of a sentence.
    low, high : float
    is_whole : bool
    unit : str
        What follows the number: " %", or nothing.
    can_be_off : bool
        Whether there is an "off" besides the numbers.
    """

    title: str
    low: float
    high: float
    is_whole: bool = False
    unit: str = ""
    can_be_off: bool = False

    def write(self, value: float) -> str:
        """Return a value of this kind as text: 0.003, 1e-5, 4,096, 10 %."""
        number = f"{value:,.0f}" if self.is_whole else f"{value:g}".replace("e-0", "e-")
        return f"{number}{self.unit}"

    def check(self, value: float) -> None:
        """Check that a value can be set.

        Raises
        ------
        ValueError
            If it lies outside of the range; the message is a sentence for people.
        """
        if not self.low <= value <= self.high:
            off = ", or is off" if self.can_be_off else ""
            raise ValueError(
                f"The {self.title} goes from {self.write(self.low)} to {self.write(self.high)}"
                f"{off}; {self.write(value)} is too {'low' if value < self.low else 'high'}."
            )


LEARNING_RATE = ValueRange(HYPERPARAMETER_WORDS["learning_rate"], 1e-5, 1.0)
CLIP_VALUE = ValueRange(HYPERPARAMETER_WORDS["clip"], 0.01, 50.0, can_be_off=True)
WIDTH = ValueRange(HYPERPARAMETER_WORDS["widths"], MIN_HIDDEN, MAX_HIDDEN, is_whole=True)
LAYERS = ValueRange("number of layers", 1, MAX_LAYERS, is_whole=True)
BATCH = ValueRange(HYPERPARAMETER_WORDS["batch"], 1, MAX_BATCH, is_whole=True)
DROPOUT = ValueRange(HYPERPARAMETER_WORDS["dropout"], 0.0, 0.95)
L2 = ValueRange("strength of L2", 0.0, 1.0)
DECAY = ValueRange(HYPERPARAMETER_WORDS["decay"], 0.0, 1.0)
SEED = ValueRange("seed", 0, MAX_SEED, is_whole=True)
EMBEDDING = ValueRange("size of the embedding", 0, MAX_HIDDEN, is_whole=True)
BALANCE = ValueRange(HYPERPARAMETER_WORDS["balance"], 0.0, 1.0)
HELD_OUT = ValueRange("share held out", 1.0, 50.0, unit=" %")
STEPS = ValueRange("number of steps", 1, MAX_STEPS, is_whole=True)
MINUTES = ValueRange("number of minutes", 0.01, MAX_MINUTES)
