"""Measuring in full: beside the training, for the run shown, and given up when it goes on."""

import numpy as np
import pytest

from dinogui.common.run_plan import RunPlan
from dinogui.session.run import RunState
from dinogui.workers.held_out_measurer import HeldOutMeasurer
from dinogui.workers.service import Threads, WorkerClient
from engine.data.corpus import corpus_of_names
from engine.data.text import text_of_symbols
from engine.data.vocabulary import Vocabulary
from engine.evaluation.text_loss import loss_of_text
from engine.nn.network import loss_of_names
from engine.training.messages import RunRequest
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer


@pytest.fixture
def threads(qapp):
    threads = Threads()
    yield threads
    threads.close()


@pytest.fixture(scope="module")
def corpus():
    random = np.random.default_rng(2)
    letters = random.choice(list("abcdef"), (400, 7))
    return corpus_of_names(list(map("".join, letters)), "made up", 0, lower_case=True)


def make_text(length):
    symbols = np.random.default_rng(1).integers(0, 4, length).astype(np.uint8)
    return text_of_symbols(symbols, Vocabulary(tuple("abcd")), "made up", lower_case=False)


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


def test_training_gives_a_measurement_up(session, qtbot):
    text = make_text(300_000)
    small = Hyperparameters(0.01, 1.0, (64,), optimizer="adam", batch=8)
    plan = RunPlan(DEFAULT, small, RunSettings(held_out=0.9))
    session.restart()
    session._begin(text, None, plan)
    qtbot.waitUntil(lambda: session.has_network, timeout=30_000)
    run = session.run
    session.held_out_measuring.measure()
    session.train()
    qtbot.waitUntil(lambda: session.steps_made > 5, timeout=30_000)
    qtbot.wait(50)
    assert run.full_held_out is None
    session.pause()


def test_a_measurement_stops_in_the_middle_when_it_is_cancelled(threads, qtbot):
    text, told = make_text(600_000), []
    settings = RunSettings(held_out=0.9)
    hyperparameters = Hyperparameters(widths=(100,))
    snapshot = Trainer(text, hyperparameters, settings=settings).snapshot()
    client = WorkerClient(HeldOutMeasurer(), threads.start("measuring"), threads)

    def cancel(share):
        told.append(share)
        client.cancel(HeldOutMeasurer.measure)

    client.order(
        HeldOutMeasurer.measure,
        RunRequest(1, text, DEFAULT, hyperparameters, settings),
        snapshot,
        False,
        done=lambda _: told.append("done"),
        dropped=lambda: told.append("dropped"),
        reported=cancel,
    )
    qtbot.waitUntil(lambda: "dropped" in told, timeout=30_000)
    assert 0 < told[0] < 0.5
    assert told[1:] == ["dropped"]


@pytest.mark.parametrize("rests", [False, True])
def test_a_text_is_measured_whole(threads, qtbot, rests):
    text, found = make_text(60_000), []
    settings, hyperparameters = RunSettings(held_out=0.5), Hyperparameters(widths=(5,))
    trainer = Trainer(text, hyperparameters, settings=settings)
    client = WorkerClient(HeldOutMeasurer(), threads.start("measuring"), threads)
    request = RunRequest(1, text, DEFAULT, hyperparameters, settings)
    shares = []
    client.order(
        HeldOutMeasurer.measure,
        request,
        trainer.snapshot(),
        rests,
        done=found.append,
        reported=shares.append,
    )
    qtbot.waitUntil(lambda: bool(found), timeout=30_000)
    expected = loss_of_text(trainer.parameters, *text.split(0.5)).nats_per_character
    assert (found[0].step, found[0].nats_per_character) == (0, expected)
    assert shares == sorted(shares)
    assert len(shares) > 5
