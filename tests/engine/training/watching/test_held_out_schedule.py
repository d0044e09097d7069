import pytest

from engine.storage.validated_mapping import ValidatedMapping
from engine.training.loaders.name_loader import NameLoader
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import RunSettings
from engine.training.watching.held_out_schedule import HeldOutSchedule


@pytest.fixture
def make_schedule(lengths_corpus):
    """Return a function that makes a schedule, its loader and parameters for it."""

    def make(recipe=DEFAULT):
        loader = NameLoader(lengths_corpus, recipe, RunSettings())
        return HeldOutSchedule(loader), loader

    return make


@pytest.fixture
def parameters(make_parameters, lengths_corpus):
    return make_parameters(len(lengths_corpus.vocabulary), (5,), 1)


def test_it_is_due_at_the_start_and_then_at_the_loader_s_intervals(make_schedule, parameters):
    schedule, loader = make_schedule()
    assert schedule.is_due
    schedule.measure(0, parameters)
    assert not schedule.is_due
    loader.taken = loader.measure_every - 1
    assert not schedule.is_due
    loader.taken += 1
    assert schedule.is_due


def test_results_are_taken_once(make_schedule, parameters):
    schedule, loader = make_schedule()
    schedule.measure(7, parameters)
    (measured,) = schedule.take()
    assert measured.step == 7
    assert measured.nats_per_name == loader.held_out_data.loss(parameters).nats_per_name
    assert schedule.take() == []


def test_nothing_is_measured_where_nothing_is_held_out(make_schedule, parameters):
    schedule, _ = make_schedule(NOTEBOOK)
    schedule.measure(0, parameters)
    assert schedule.take() == []
    assert not schedule.is_due


def test_a_restored_schedule_continues(make_schedule, parameters):
    schedule, loader = make_schedule()
    loader.taken = 1_500
    schedule.measure(3, parameters)
    restored, other_loader = make_schedule()
    other_loader.taken = 1_999
    restored.restore(ValidatedMapping(schedule.state()))
    assert not restored.is_due
    other_loader.taken = 2_000
    assert restored.is_due
    assert restored.take() == schedule.take()


def test_a_function_is_called_while_it_measures_and_may_end_it(make_schedule, parameters):
    (schedule, _), shares = make_schedule(), []
    schedule.on_progress = shares.append
    assert schedule.measure(0, parameters) is not None
    assert shares[0] == 0.0

    def interrupt(_share):
        raise InterruptedError

    schedule.on_progress = interrupt
    with pytest.raises(InterruptedError):
        schedule.measure(1, parameters)
    assert len(schedule.take()) == 1
