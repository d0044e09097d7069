"""What the baselines of a run are called: those of writing, and those of telling kinds."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class BaselineWords:
    """The words for the baselines.

    Attributes
    ----------
    floor : str
        The name of the line of what needs no reading.
    floor_in_full : str
        The same in the legend.
    n_grams : str
        What the legend calls the lines of n-gram models.
    counting : str
        What one n-gram model is called behind "5-gram".
    all_counting : str
        What all of them are called together.
    """

    floor: str
    floor_in_full: str
    n_grams: str
    counting: str
    all_counting: str

    def beats(self, order: int, value: str) -> tuple[str, str]:
        """Return that the n-gram model of an order is beaten, in words and in fewer words."""
        return (
            f"better than {order}-gram {self.counting} ({value})",
            f"beats {order}-gram ({value})",
        )


WRITING = BaselineWords("guessing", "guessing", "n-grams", "counting", "counting")
TELLING = BaselineWords(
    "largest kind", "always the largest kind", "n-grams by Bayes’ rule", "Bayes", "n-gram Bayes"
)
"""A network that tells kinds is compared with one that always tells the largest one."""


def orders_text(orders: Sequence[int]) -> str:
    """Name n-gram models of these orders: "3–5-gram", "1, 4-gram"."""
    is_row = len(orders) > 2 and orders[-1] - orders[0] == len(orders) - 1
    written = f"{orders[0]}–{orders[-1]}" if is_row else ", ".join(map(str, orders))
    return f"{written}-gram"
