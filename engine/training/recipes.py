"""The two ways to train: to the letter of the course, and the right way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """What one way of training does.

    Attributes
    ----------
    name : str
        As on the command line.
    summary : str
        One sentence for people.
    carries_state : bool
        Whether a name begins with the state that the name before it left behind.
    reshuffles : bool
        Whether every epoch has an order of its own.
    holds_out : bool
        Whether a share of the distinct names is held out; else every line is trained on,
        repeats included.
    is_legacy : bool
        Whether random numbers and the moving average are the course's own.
    """

    name: str
    summary: str
    carries_state: bool
    reshuffles: bool
    holds_out: bool
    is_legacy: bool


DEFAULT = Recipe(
    name="default",
    summary="The state is reset for each name, every epoch is shuffled anew, "
    "and a share of the names is held out.",
    carries_state=False,
    reshuffles=True,
    holds_out=True,
    is_legacy=False,
)

NOTEBOOK = Recipe(
    name="notebook",
    summary="The course's notebook to the letter: shuffled once, the state carried from name "
    "to name, its random seeds, its smoothed loss.",
    carries_state=True,
    reshuffles=False,
    holds_out=False,
    is_legacy=True,
)

RECIPES = {recipe.name: recipe for recipe in (DEFAULT, NOTEBOOK)}
