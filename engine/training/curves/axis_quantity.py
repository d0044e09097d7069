"""What a run uses up as it trains: the quantities by which its curves can be drawn."""

from enum import Enum

from engine.data.training_data import DataKind


class AxisQuantity(Enum):
    """What a run uses up. The value is its name in the window."""

    STEP = "step"
    EPOCH = "epoch"
    EXAMPLES = "names seen"
    TIME = "time"
    WORK = "parameters × steps"

    def label(self, kind: DataKind) -> str:
        """Return the name in the window. Texts and melodies consist of symbols."""
        return self.value if kind == "names" else self.value.replace("names", "symbols")
