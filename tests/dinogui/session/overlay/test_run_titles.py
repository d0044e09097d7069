"""Titles tell runs that are shown together apart."""

from dataclasses import replace

import pytest

from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.overlay.run_titles import titles_of
from dinogui.session.session import Session
from engine.data.corpus import corpus_of_names


@pytest.fixture
def run(session: Session):
    """Return a run of an RNN as it would be overlaid."""
    session.use(corpus_of_names(["anna", "berta", "carla"], "people", 0, lower_case=True))
    overlaid = OverlaidRun.of_run(session.run, "run 1")
    assert overlaid is not None
    return overlaid


def altered(run, step=0, **hyperparameters):
    record = run.record
    changed = replace(record, hyperparameters=replace(record.hyperparameters, **hyperparameters))
    return replace(run, record=changed, step=step)


def test_the_network_is_enough_where_it_differs(run):
    lstm = replace(run, architecture=replace(run.architecture, cell="lstm", widths=(64, 32)))
    assert titles_of([run, lstm]) == ["RNN 50", "LSTM 64 + 32"]


def test_what_differs_is_added(run):
    runs = [run, altered(run, learning_rate=0.1), altered(run, clip=None)]
    assert titles_of(runs) == [
        "RNN 50, learning rate 0.01, clip value 5",
        "RNN 50, learning rate 0.1",
        "RNN 50, learning rate 0.01, no clipping",
    ]
    seeded = replace(run.record, settings=replace(run.record.settings, seed=4))
    assert titles_of([run, replace(run, record=seeded)]) == ["RNN 50, seed 0", "RNN 50, seed 4"]
    assert titles_of([run, altered(run, optimizer="adam")]) == ["RNN 50, SGD", "RNN 50, Adam"]


def test_runs_that_are_the_same_differ_by_their_steps_and_then_by_numbers(run):
    assert titles_of([run, altered(run, step=1)]) == ["RNN 50, 0 steps", "RNN 50, 1 step"]
    assert titles_of([run, run, run]) == ["RNN 50", "RNN 50 (2)", "RNN 50 (3)"]
