"""How many steps a compiled run makes in one call."""

import math

import pytest

from engine.training.steps_ahead import StepsAhead


@pytest.fixture
def ahead():
    """Return one that knows its pace: 1,000 parameters, 1 ms a step."""
    ahead = StepsAhead()
    made = 0
    while made < 400:
        made = ahead.most(1_000, math.inf)
        ahead.note(made, made / 1_000)
    return ahead


def test_the_first_calls_make_few_steps_and_each_at_most_twice_as_many_as_the_last():
    ahead, made = StepsAhead(), []
    for _ in range(5):
        made.append(ahead.most(1_000, 60.0))
        ahead.note(made[-1], 1e-6)
    assert made == [16, 32, 64, 128, 256]


def test_a_call_ends_in_time_at_the_known_pace(ahead):
    assert 50 <= ahead.most(1_000, 0.05) <= 51
    assert ahead.most(1_000, 0.0) == 1
    assert ahead.most(1_000, -0.01) == 1


def test_a_call_after_a_short_one_makes_as_many_as_before_it(ahead):
    before = ahead.most(1_000, math.inf)
    ahead.note(3, 0.003)
    assert ahead.most(1_000, math.inf) == before


def test_a_slower_pace_counts_at_once(ahead):
    ahead.note(100, 1.0)
    assert 5 <= ahead.most(1_000, 0.05) <= 6


def test_a_network_of_another_size_begins_anew(ahead):
    assert ahead.most(2_000, 60.0) == 16
