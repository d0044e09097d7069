"""Counting in the loading thread: for the run that is on, and for no other."""

from dinogui.workers.baselines_counter import BaselinesCounter
from engine.data.corpus import corpus_of_names
from engine.training.messages import RunRequest
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings


def test_a_run_that_is_over_is_not_counted_for():
    names = ["anna", "bob", "clara", "david", "eve", "fred"]
    corpus = corpus_of_names(names, "six", 0, lower_case=True)
    counter, counted = BaselinesCounter(), []
    counter.counted.connect(lambda run_id, losses: counted.append((run_id, len(losses))))
    counter.abandon_before(2)
    for run_id in (1, 2):
        counter.count(RunRequest(run_id, corpus, DEFAULT, Hyperparameters(), RunSettings()))
    assert counted == [(2, 5)]
