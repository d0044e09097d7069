"""Recipes: two ways to train, one exactly like the course's notebook and one improved."""

from dataclasses import dataclass

COURSE_ITERATIONS = 35_000
"""Steps of the course's notebook."""


@dataclass(frozen=True)
class Recipe:
    """A way of training.

    Attributes
    ----------
    name : str
        As on the command line.
    summary : str
        One sentence for people.
    carries_state : bool
        Whether a name begins with the final hidden state of the name before it.
    reshuffles : bool
        Whether every epoch has a new order.
    holds_out : bool
        Whether a share of the distinct names is held out; else every line is trained on,
        duplicates included.
    is_legacy : bool
        Whether random numbers and the moving average are those of the course.
    """

    name: str
    summary: str
    carries_state: bool
    reshuffles: bool
    holds_out: bool
    is_legacy: bool


DEFAULT = Recipe(
    name="default",
    summary="The state is reset for each name, every epoch is shuffled, "
    "and a share of the names is held out.",
    carries_state=False,
    reshuffles=True,
    holds_out=True,
    is_legacy=False,
)

NOTEBOOK = Recipe(
    name="notebook",
    summary="Exactly like the course's notebook: shuffled once, the state carried from name "
    "to name, its random seeds, its smoothed loss.",
    carries_state=True,
    reshuffles=False,
    holds_out=False,
    is_legacy=True,
)

RECIPES = {recipe.name: recipe for recipe in (DEFAULT, NOTEBOOK)}
