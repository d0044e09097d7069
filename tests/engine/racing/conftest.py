import pytest

from engine.racing.lane import Lane, titled
from engine.racing.lane_text import lanes_of_text
from engine.racing.race import Race, RacePlan
from engine.training.settings import Hyperparameters


@pytest.fixture(scope="session")
def base():
    """Return a lane with a small network."""
    return Lane(Hyperparameters(widths=(5,)))


@pytest.fixture(scope="session")
def make_race(corpus, base):
    """Return a function that makes a race from lanes as they are typed."""

    def make(text="cell=rnn; cell=gru", data=corpus, **plan):
        return Race(data, titled(lanes_of_text(text, base)), RacePlan(**plan))

    return make


@pytest.fixture(scope="session")
def finish():
    """Return a function that races to the end and returns the race."""

    def finish(race, seconds=0.02):
        while not race.is_over:
            race.advance(seconds)
        return race

    return finish
