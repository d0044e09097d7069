import numpy as np
import pytest

from dinogui.session.run import RunState
from engine.data.corpus import corpus_of_names
from engine.training.trainer import Trainer


@pytest.fixture
def corpus():
    names = [f"{a}{b}saurus" for a in "bcdfgkl" for b in "aeiou"]
    return corpus_of_names(names, "names.txt", 0, lower_case=True)


def wait_until_stands(qtbot, session):
    qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=20_000)


@pytest.fixture
def trained(qtbot, session, corpus):
    """A session that has trained 1,200 steps, with another learning rate from step 700 on."""
    session.use(corpus)
    session.train(700)
    wait_until_stands(qtbot, session)
    session.set_hyperparameters(learning_rate=0.002)
    session.train(1200)
    wait_until_stands(qtbot, session)
    return session


def parameters_at(session, step):
    """Return the parameters of a run of the same seed that was stopped at a step."""
    plan = session.run.begun_with
    trainer = Trainer(session.corpus, plan.hyperparameters, plan.recipe, plan.settings)
    trainer.run(step)
    while trainer.step < step:
        trainer.run(step - trainer.step)
    return trainer.parameters.flat


def look(qtbot, session, step):
    with qtbot.waitSignal(session.past.reached, timeout=20_000):
        session.past.look(step)


def test_an_earlier_step_is_seen_as_it_was(qtbot, trained):
    look(qtbot, trained, 431)
    seen = trained.viewed_snapshot
    assert seen.step == 431
    np.testing.assert_array_equal(seen.parameters.flat, parameters_at(trained, 431))
    assert trained.viewed_hyperparameters == trained.run.begun_with.hyperparameters
    assert trained.name_generation.snapshot is seen


def test_the_present_comes_back(qtbot, trained):
    latest = trained.snapshot
    look(qtbot, trained, 431)
    trained.past.leave()
    assert trained.viewed_snapshot is latest
    assert trained.name_generation.snapshot is latest
    assert not trained.past.is_on


def test_training_goes_on_while_one_looks_back(qtbot, trained):
    look(qtbot, trained, 431)
    trained.train(1500)
    wait_until_stands(qtbot, trained)
    assert trained.steps_made == 1500
    assert trained.viewed_snapshot.step == 431
    trained.past.leave()
    assert trained.viewed_snapshot.step == 1500


def test_going_on_from_an_earlier_step_is_a_run_of_its_own(qtbot, trained):
    before = trained.run
    with qtbot.waitSignal(trained.network_made, timeout=20_000):
        trained.go_on_from(431)
    fork = trained.run
    assert fork is not before
    assert (fork.steps_made, fork.curves.last_step, fork.state) == (431, 431, RunState.PAUSED)
    assert trained.runs.earlier is before
    assert before.steps_made == 1200
    trained.train(600)
    wait_until_stands(qtbot, trained)
    np.testing.assert_array_equal(trained.snapshot.parameters.flat, parameters_at(trained, 600))


def test_the_events_of_a_run_are_known(qtbot, trained):
    assert [(event.step, event.kind) for event in trained.run.events] == [
        (700, "set hyperparameters")
    ]


def test_another_run_is_shown_as_it_is_now(qtbot, trained, corpus):
    look(qtbot, trained, 431)
    trained.use(corpus)
    assert not trained.past.is_on
    assert trained.past.moment is None
