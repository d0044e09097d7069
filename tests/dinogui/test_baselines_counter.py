"""Counting in the loading thread: for the run that is on, and for no other."""

from dinogui.baselines_counter import BaselinesCounter
from engine.corpus import corpus_of_names
from engine.messages import RunRequest
from engine.recipes import DEFAULT
from engine.settings import Hyperparameters, RunSettings


def test_a_run_that_is_over_is_not_counted_for():
    names = ["anna", "bob", "clara", "david", "eve", "fred"]
    corpus = corpus_of_names(names, "six", 0, lower_case=True)
    counter, counted = BaselinesCounter(), []
    counter.counted.connect(lambda generation, losses: counted.append((generation, len(losses))))
    counter.abandon_before(2)
    for generation in (1, 2):
        counter.count(RunRequest(generation, corpus, DEFAULT, Hyperparameters(), RunSettings()))
    assert counted == [(2, 5)]
