"""Every event has words, and they tell what changed from what to what."""

from typing import get_args

import pytest

from dinogui.common.event_words import EVENT_WORDS, event_text, events_text
from engine.training.rate_changes import Rate, RateChange
from engine.training.record import Change, Event, EventKind


def event(kind, *changes, step=10):
    return Event(step, kind, tuple(Change(*change) for change in changes), 20.0)


def test_every_kind_has_words():
    assert set(EVENT_WORDS) == set(get_args(EventKind))


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("set hyperparameters", [("learning_rate", 0.01, 0.002)], "learning rate 0.01 → 0.002"),
        ("set hyperparameters", [("clip", 5.0, None)], "clip value 5 → off"),
        ("set hyperparameters", [("widths", (50,), (60, 60))], "hidden units 50 → 60 + 60"),
        ("set hyperparameters", [("optimizer", "sgd", "adam")], "optimiser SGD → Adam"),
        (
            "set hyperparameters",
            [("clipping", "entries", "norm")],
            "clipping each entry → the norm",
        ),
        (
            "set hyperparameters",
            [("backend", "numpy", "compiled")],
            "kind of step NumPy → Faster step",
        ),
        ("set hyperparameters", [], "learning rate set again"),
        ("undo resize", [("widths", (60,), (50,))], "resize undone, hidden units 60 → 50"),
        ("set end", [("steps", None, 5000)], "end after steps none → 5,000"),
        ("go to best", [("step", 5000, 500)], "went back to the best network, step 5,000 → 500"),
        (
            "go back and halve the rate",
            [("step", 900, 800), ("learning_rate", 0.2, 0.1)],
            "went back to the last healthy network, step 900 → 800, learning rate 0.2 → 0.1",
        ),
        ("go on", [], "went on with the network that diverged"),
    ],
)
def test_an_event_in_words(kind, changes, words):
    assert event_text(event(kind, *changes)) == words


def test_events_that_lie_together_have_a_line_each():
    first = event("roll back", step=1200)
    second = event("set hyperparameters", ("batch", 1, 2000), step=1300)
    assert events_text([first, second], [None, None]) == (
        "step 1,200: rolled back to the last good network\nstep 1,300: batch size 1 → 2,000"
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ((0.01, 0.01), (0.002, 0.002), "learning rate 0.01 → 0.002"),
        ((0.00252, 0.01), (0.00504, 0.00504), "learning rate 0.00252 (set to 0.01) → 0.00504"),
        ((0.0025, 0.01), (0.01, 0.01), "learning rate 0.0025 (set to 0.01) → 0.01"),
        (
            (0.004, 0.01),
            (0.002, 0.005),
            "learning rate 0.004 (set to 0.01) → 0.002 (set to 0.005)",
        ),
    ],
)
def test_the_learning_rate_is_that_in_force(before, after, words):
    changes = [("learning_rate", before[1], after[1])] if before[1] != after[1] else []
    rates = RateChange(Rate(*before), Rate(*after))
    assert event_text(event("set hyperparameters", *changes), rates) == words
    other = event("set hyperparameters", ("clip", 5.0, 2.0), *changes)
    assert event_text(other, rates) == f"clip value 5 → 2, {words}"


def test_a_rate_that_stays_the_same_is_not_described():
    rates = RateChange(Rate(0.01, 0.01), Rate(0.01, 0.01))
    assert event_text(event("set hyperparameters", ("decay", 0.0, 0.5)), rates) == "decay 0 → 0.5"
    assert event_text(event("set hyperparameters"), rates) == "learning rate set again"
