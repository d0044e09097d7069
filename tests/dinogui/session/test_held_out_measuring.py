"""Measuring in full: beside the training, for the run shown, and given up when it goes on."""

import numpy as np
import pytest

from dinogui.common.run_plan import RunPlan
from dinogui.session.run import RunState
from engine.data.corpus import corpus_of_names
from engine.nn.network import loss_of_names
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings


@pytest.fixture(scope="module")
def corpus():
    random = np.random.default_rng(2)
    letters = random.choice(list("abcdef"), (400, 7))
    return corpus_of_names(list(map("".join, letters)), "made up", 0, lower_case=True)


def measured(session, qtbot, step):
    """Wait until the network at a step has been measured in full, and return its loss."""
    run = session.run
    qtbot.waitUntil(
        lambda: run.full_held_out is not None and run.full_held_out.step == step, timeout=30_000
    )
    return run.full_held_out


def test_the_loss_is_that_of_the_network_at_the_pause(session, qtbot, corpus, train_until):
    session.use(corpus)
    train_until(session, 20)
    found = measured(session, qtbot, 20)
    assert session.snapshot.step == 20
    held_out = corpus.vocabulary.encode_all(corpus.split(0, 0.1)[1])
    expected = loss_of_names(session.snapshot.parameters, held_out)
    assert found.nats_per_name == pytest.approx(expected.nats_per_name, rel=1e-12)
    assert found.nats_per_character == pytest.approx(expected.nats_per_character, rel=1e-12)


def test_a_change_at_a_pause_is_measured_too(session, qtbot, corpus, train_until):
    session.use(corpus)
    train_until(session, 20)
    before = measured(session, qtbot, 20)
    session.set_hyperparameters(widths=(20,))
    qtbot.waitUntil(lambda: session.run.full_held_out is not before, timeout=30_000)
    held_out = corpus.vocabulary.encode_all(corpus.split(0, 0.1)[1])
    expected = loss_of_names(session.snapshot.parameters, held_out)
    assert session.snapshot.parameters.architecture.widths == (20,)
    assert session.run.full_held_out.nats_per_name == pytest.approx(
        expected.nats_per_name, rel=1e-12
    )


def test_a_run_shown_again_is_measured(session, qtbot, corpus, train_until):
    session.use(corpus)
    train_until(session, 20)
    first = session.run
    loss = measured(session, qtbot, 20)
    session.restart()
    train_until(session, 30)
    measured(session, qtbot, 30)
    assert session.show_run(first.id)
    assert measured(session, qtbot, 20) == loss


def test_a_new_run_is_not_measured_before_its_first_step(session, qtbot, corpus):
    session.use(corpus)
    qtbot.waitUntil(lambda: session.has_network)
    qtbot.wait(300)
    assert session.state is RunState.READY
    assert session.run.full_held_out is None


def test_training_gives_a_measurement_up(session, qtbot, names_file):
    path = names_file("".join(np.random.default_rng(1).choice(list("abcd"), 100_000)), "long.txt")
    small = Hyperparameters(0.01, 1.0, (64,), optimizer="adam", batch=8)
    plan = RunPlan(DEFAULT, small, RunSettings(held_out=0.9))
    session.load(str(path), kind="text", plan=plan)
    qtbot.waitUntil(lambda: session.has_network, timeout=30_000)
    run, steps = session.run, set()
    note = session.held_out_measuring.changed
    note.connect(lambda: steps.add(run.full_held_out and run.full_held_out.step))
    session.held_out_measuring.measure()
    session.train()
    qtbot.waitUntil(lambda: session.steps_made > 5, timeout=30_000)
    session.pause()
    qtbot.waitUntil(lambda: run.full_held_out is not None, timeout=30_000)
    assert 0 not in steps, "the network before the first step was measured in the end"
