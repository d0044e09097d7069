"""How fast a run trains: at a few speeds that the eye can follow, or as fast as it can."""

from enum import Enum


class Speed(Enum):
    """A speed of the training. The value is in steps per second; None stands for no limit.

    The speed changes no number of a run, so it is not in the run's record.
    """

    ONE = 1
    TEN = 10
    HUNDRED = 100
    FULL = None

    @property
    def is_full(self) -> bool:
        """Whether the training makes as many steps as it can."""
        return self is Speed.FULL

    @property
    def label(self) -> str:
        """A short text for a button."""
        return "Full speed" if self.value is None else f"{self.value}/s"
