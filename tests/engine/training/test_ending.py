import math

import pytest

from engine.storage.validated_mapping import ValidatedMapping
from engine.training.ending import (
    ENDLESS,
    MAX_LOSS,
    MAX_MINUTES,
    MAX_PATIENCE,
    Ended,
    Ending,
    Until,
)
from engine.training.presets import PRESETS, TEXT_PRESETS
from engine.training.ranges import MAX_STEPS


@pytest.mark.parametrize(
    "values",
    [
        *({"steps": value} for value in (0, -1, 1.5, True, MAX_STEPS + 1, "3")),
        *({"patience": value} for value in (0, 2.0, MAX_PATIENCE + 1)),
        *({"minutes": value} for value in (0, -1.0, math.inf, math.nan, 2 * MAX_MINUTES, True)),
        *({"loss": value} for value in (0.0, -1.7, math.nan, 2 * MAX_LOSS)),
    ],
)
def test_values_that_no_run_could_meet_are_refused(values):
    (name,) = values
    with pytest.raises(ValueError, match=f"^{name} must be a "):
        Until(**values)


def test_a_rule_is_described_in_words():
    assert Until().describe() == ""
    assert Until() == ENDLESS
    assert Until(steps=1).describe() == "1 step"
    rule = Until(35_000, 10, 1.7, 20)
    assert rule.describe() == (
        "35,000 steps or 10 minutes or a loss of 1.7 nats per character or 20 measurements without "
        "a better loss"
    )
    assert Until(loss=0.6).describe("nats per name") == "a loss of 0.6 nats per name"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("steps", "Ended at step 9, as set."),
        ("minutes", "Ended at step 9, after 1 minute as set."),
        ("loss", "Ended at step 9: the loss has reached what was set."),
        ("patience", "Ended at step 9: the last 3 measurements were no better than the best one."),
    ],
)
def test_an_end_says_why(reason, sentence):
    assert Ended(reason, 9, Until(9, 1, 1.5, 3)).sentence() == sentence


def test_steps_and_seconds_left_are_none_beyond_the_end():
    ending = Ending(Until(steps=10, minutes=0.5))
    assert [ending.steps_left(step) for step in (0, 9, 10, 11)] == [10, 1, MAX_STEPS, MAX_STEPS]
    assert [ending.seconds_left(spent) for spent in (0, 29, 30, 31)] == [30, 1, math.inf, math.inf]
    assert Ending(Until()).steps_left(5) == MAX_STEPS
    assert Ending(Until()).seconds_left(5) == math.inf


def test_what_a_run_has_gone_beyond_is_not_left():
    until = Until(steps=100, minutes=2.0, loss=1.5, patience=4)
    assert until.left(99, 119.0, is_loss_met=False) == until
    assert until.left(100, 119.0, is_loss_met=False) == Until(None, 2.0, 1.5, 4)
    assert until.left(250, 120.0, is_loss_met=True) == Until(patience=4)


def test_a_loss_is_met_once_until_another_one_is_set():
    ending = Ending(Until(loss=1.5))
    ending.take_loss(1, 1.6)
    assert ending.ended is None
    ending.take_loss(2, 1.5)
    assert ending.ended == Ended("loss", 2, ending.until)
    ending.go_on()
    ending.take_loss(3, 1.4)
    assert ending.ended is None
    ending.set(Until(loss=1.3))
    ending.take_loss(4, 1.3)
    assert ending.ended is not None


def _meets(ending, *comparisons):
    """Return after how many comparisons a run has ended."""
    for count, is_better in enumerate(comparisons, 1):
        ending.take_comparison(count, is_better=is_better)
        if ending.ended is not None:
            return count
    return None


def test_patience_counts_measurements_in_a_row():
    assert _meets(Ending(Until(patience=2)), False, True, False, False) == 4
    assert _meets(Ending(Until(patience=2)), False, True, False, True) is None


def test_patience_counts_anew_when_training_goes_on_and_when_it_is_set():
    ending = Ending(Until(patience=2))
    assert _meets(ending, False, False) == 2
    ending.go_on()
    assert _meets(ending, False, False) == 2
    ending = Ending(Until(patience=3))
    assert _meets(ending, False, False) is None
    ending.set(Until(patience=2))
    assert _meets(ending, False, False) == 2
    ending = Ending(Until(patience=2))
    assert _meets(ending, False) is None
    ending.set(Until(steps=7, patience=2))  # the patience is as it was
    assert _meets(ending, False) == 1


def test_a_restored_ending_continues():
    ending = Ending(Until(loss=1.5, patience=3))
    ending.take_loss(1, 1.4)
    ending.take_comparison(1, is_better=False)
    restored = Ending(Until())
    restored.restore(ValidatedMapping(ending.state()))
    assert restored.until == ending.until
    assert restored.ended == ending.ended
    restored.go_on()
    restored.take_loss(2, 1.4)
    assert _meets(restored, False, False) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("until", {"hours": 1}),
        ("until", None),
        ("waited", -1),
        ("is_loss_met", 1),
        ("reason", "weather"),
        ("reason", ["steps"]),
        ("reason", "minutes"),
        ("step", MAX_STEPS + 1),
    ],
)
def test_a_forged_state_is_refused(name, value):
    ending = Ending(Until(steps=1))
    ending.end("steps", 1)
    with pytest.raises(ValueError, match=f"(?i){name}"):
        Ending(Until()).restore(ValidatedMapping(ending.state() | {name: value}))


def test_a_preset_may_carry_an_end():
    assert all(p.until != ENDLESS for p in (*PRESETS, *TEXT_PRESETS))
