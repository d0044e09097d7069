"""A run has an id, and holds all data and state of its own."""

from dataclasses import replace

import numpy as np
import pytest

from dinogui.common.run_plan import RunPlan
from dinogui.session.open_runs import MAX_EARLIER, MAX_NOT_ON_DISK, OpenRuns
from dinogui.session.run import Run, RunState
from engine.data.corpus import names_from_bytes
from engine.evaluation.units import Unit
from engine.training.ending import ENDLESS, Until
from engine.training.messages import Chunk, LossRise, Progress
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings

PLAN = RunPlan(DEFAULT, Hyperparameters(), RunSettings())


@pytest.fixture(scope="module")
def corpus():
    return names_from_bytes(b"anna\nbob\nclara\ndavid\n", "people")


RISE = LossRise(100, 50, 2.0, 60.0, 3.3)


def trained(run, step, rise=None):
    """Tell a run that it has made some more steps."""
    ones = np.ones(step - run.steps_made)
    chunk = Chunk.of(ones, ones, ones, ones, held_out=())
    run.take_progress(Progress(step, 0.0, chunk, 0.0, 0.0, 1.0, 1.0, rise=rise))
    return run


@pytest.fixture
def forgotten():
    return []


@pytest.fixture
def runs(forgotten):
    return OpenRuns(PLAN, forgotten.append)


def test_a_run_without_data_can_do_nothing():
    run = Run(0, PLAN)
    assert (run.kind, run.architecture, run.can_train) == ("names", None, False)
    assert run.guessing_loss(Unit.NATS_PER_NAME) == 0.0
    with pytest.raises(ValueError, match="needs data"):
        run.request()


@pytest.mark.parametrize(
    ("ruinous", "usual"),
    [
        ({"learning_rate": 1.0, "clip": None}, Hyperparameters(0.01, 5.0, (30,))),
        ({"learning_rate": 2.0, "optimizer": "adam"}, Hyperparameters(0.003, optimizer="adam")),
        ({"learning_rate": 0.005, "clip": None}, Hyperparameters(0.005)),
        ({"clip": None, "clipping": "norm"}, Hyperparameters(clip=1.0, clipping="norm")),
    ],
    ids=str,
)
def test_what_a_run_went_bad_with_is_not_passed_on(corpus, ruinous, usual):
    run = Run(1, PLAN, corpus)
    run.set_hyperparameters(run.changed(ruinous | {"widths": (30,)}))
    assert run.plan_elsewhere == run.plan, "it may go well"
    trained(run, 100, RISE)
    assert run.plan_elsewhere.hyperparameters == replace(usual, widths=(30,))
    assert run.plan.hyperparameters.learning_rate == run.hyperparameters.learning_rate
    trained(run, 200)
    assert run.has_gone_bad, "also when it has come down again"
    run.set_hyperparameters(run.changed({"learning_rate": 0.0001, "clip": 4.0}))
    assert run.plan_elsewhere == run.plan, "that was changed by hand since"


def test_half_of_a_ruinous_rate_is_not_passed_on_either(corpus):
    run = Run(1, PLAN, corpus)
    run.set_hyperparameters(run.changed({"learning_rate": 1.0}))
    trained(run, 100, RISE)
    run.set_hyperparameters(run.hyperparameters.at_half_rate())
    assert run.plan_elsewhere.hyperparameters == Hyperparameters()


def test_the_plan_follows_the_hyperparameters_and_the_initial_ones_stay(corpus):
    run = Run(1, PLAN, corpus)
    run.hyperparameters = run.changed({"learning_rate": 0.02, "widths": (50, 20)})
    assert run.plan == replace(PLAN, hyperparameters=Hyperparameters(0.02, 5.0, (50, 20)))
    assert run.begun_with == PLAN
    assert run.architecture.widths == (50, 20)
    with pytest.raises(ValueError, match="Layers can be added"):
        run.changed({"widths": (50,)})
    with pytest.raises(ValueError, match="learning_rate"):
        run.changed({"learning_rate": -1.0})


def test_unsaved_changes(corpus):
    run = Run(1, PLAN, corpus)
    assert not run.is_unsaved, "there is nothing to lose yet"
    assert trained(run, 3).is_unsaved
    run.saved = run.mark
    assert not run.is_unsaved
    run.hyperparameters = run.changed({"clip": 1.0})
    assert run.is_unsaved
    for name, value in (("until", Until(steps=9)), ("replacements", 1)):
        run.saved = run.mark
        assert not run.is_unsaved
        setattr(run, name, value)
        assert run.is_unsaved
    opened = Run(2, PLAN, corpus, resumed_at=500, saved=(500, Hyperparameters(), ENDLESS, 0))
    assert not opened.is_unsaved, "even before the first progress message"


def test_the_previous_run_is_kept_and_still_receives_its_messages(runs, corpus, forgotten):
    first = trained(runs.show_new(PLAN, corpus, "a.txt"), 5)
    first.state = RunState.TRAINING
    second = runs.show_new(PLAN, corpus, "b.txt")
    assert (runs.shown, runs.earlier) == (second, first)
    assert (first.state, first.id in runs, second.id in runs) == (RunState.PAUSED, True, True)
    trained(runs.get(first.id), 8)
    assert first.curves.last_step == 8
    runs.show(first)
    assert (runs.shown, runs.earlier) == (first, second)
    assert forgotten == []


def test_ids_are_never_reused(runs, corpus, forgotten):
    ids = [runs.show_new(PLAN, corpus, None).id for _ in range(3)]
    assert ids == [1, 2, 3]
    assert forgotten == [1, 2], "neither had made a step"
    assert runs.get(1) is None


def test_a_run_with_steps_is_kept_before_one_with_changed_hyperparameters(runs, corpus):
    learned = trained(runs.show_new(PLAN, corpus, None), 5)
    tuned = runs.show_new(PLAN, corpus, None)
    tuned.hyperparameters = tuned.changed({"learning_rate": 0.02})
    runs.show_new(PLAN, corpus, None)
    assert runs.earlier is learned
    assert tuned.id not in runs


def test_a_run_with_changed_hyperparameters_is_kept_before_an_unchanged_one(runs, corpus):
    tuned = runs.show_new(PLAN, corpus, None)
    tuned.hyperparameters = tuned.changed({"learning_rate": 0.02})
    runs.show_new(PLAN, corpus, None)
    assert runs.earlier is tuned


def test_a_run_ended_by_an_error_is_dropped(runs, corpus, forgotten):
    first = trained(runs.show_new(PLAN, corpus, None), 5)
    failed = trained(runs.show_new(PLAN, corpus, None), 2)
    failed.state = RunState.FAILED
    runs.show(first)
    assert runs.earlier is None
    assert forgotten == [failed.id]


def test_of_the_runs_on_the_disk_only_the_latest_stay_open(runs, corpus, forgotten):
    shown = []
    for step in range(1, 5):
        shown.append(trained(runs.show_new(PLAN, corpus, None), step))
        shown[-1].autosaved = shown[-1].mark
    runs.show(shown[0])
    assert runs.trim() == []
    assert runs.all_earlier == (shown[3], shown[2])
    assert forgotten == [shown[1].id]
    assert MAX_EARLIER == 2


def test_runs_that_are_not_on_the_disk_stay_open_for_longer(runs, corpus, forgotten):
    shown = [
        trained(runs.show_new(PLAN, corpus, None), step) for step in range(1, MAX_NOT_ON_DISK + 3)
    ]
    assert runs.trim() == [shown[0]]
    assert len(runs.all_earlier) == MAX_NOT_ON_DISK
    for run in shown:
        run.saved = run.mark
    assert runs.trim() == [], "nothing is lost by forgetting these"
    assert runs.all_earlier == (shown[-2], shown[-3])


def test_a_run_is_on_the_disk_as_long_as_it_stays_the_same(corpus):
    run = trained(Run(1, PLAN, corpus), 3)
    assert not run.is_on_disk
    run.autosaved = run.mark
    assert run.is_on_disk
    assert run.is_unsaved, "it is in no file of the person's own"
    trained(run, 4)
    assert not run.is_on_disk
