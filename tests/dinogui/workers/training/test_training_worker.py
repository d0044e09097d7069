"""The training worker: it holds several runs, trains one, and survives its errors."""

import subprocess
import sys

import numpy as np
import pytest

from dinogui.workers.training import training_worker
from engine.data.corpus import corpus_of_names
from engine.training.messages import RunRequest, SetHyperparameters
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

CODE = """
import sys
import dinogui.workers.training.training_worker
import dinogui.workers.file_reader, dinogui.workers.text_sampler
unwanted = {"PySide6.QtWidgets", "PySide6.QtGui", "pyqtgraph"}
sys.exit(", ".join(unwanted & set(sys.modules)) or 0)
"""
NAMES = ["anna", "bob", "clara", "david", "eve", "fred", "gina", "hugo", "ida", "jan"]
SMALL = Hyperparameters(widths=(8,))
FAILED = "Training was stopped by an error (ZeroDivisionError: division by zero)."


def test_workers_import_no_widgets():
    ended = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.fixture
def steps(training):
    """Return the steps of each run by its id, as its progress reports them."""
    steps = {}
    training.progressed.connect(lambda run_id, progress: steps.update({run_id: progress.step}))
    return steps


@pytest.fixture
def copy(training, qtbot):
    """Return a function that copies a run, and returns the copy or a refusal."""

    def run(run_id):
        answers = []
        training.copy(run_id, answers.append, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        assert len(answers) == 1
        return answers[0]

    return run


def request(run_id, seed=0):
    corpus = corpus_of_names(NAMES, "ten", 0, lower_case=True)
    return RunRequest(run_id, corpus, DEFAULT, SMALL, RunSettings(seed=seed))


def test_a_waiting_run_continues_bit_for_bit(training, steps, copy, qtbot):
    stops = []
    training.stopped.connect(lambda *message: stops.append(message))
    training.begin(request(1))
    training.train(30)
    qtbot.waitUntil(lambda: stops == [(1, None)])
    training.begin(request(2, seed=5))
    training.train(20)
    qtbot.waitUntil(lambda: stops == [(1, None), (2, None)])
    training.switch_to(1)
    training.train(50)
    qtbot.waitUntil(lambda: len(stops) == 3)
    assert stops[2] == (1, None)
    assert steps == {1: 50, 2: 20}
    for run_id, seed, goal in ((1, 0, 50), (2, 5, 20)):
        asked = request(run_id, seed)
        trainer = Trainer(asked.corpus, asked.hyperparameters, asked.recipe, asked.settings)
        while trainer.step < goal:
            trainer.run(goal - trainer.step)
        state = copy(run_id).state
        assert state.step == goal
        assert np.array_equal(state.parameters.flat, trainer.parameters.flat)


def test_the_first_network_is_sent_before_it_is_measured(training, copy, qtbot):
    told = []
    training.snapshot_taken.connect(lambda run_id, taken: told.append((run_id, "network", taken)))
    training.progressed.connect(lambda run_id, now: told.append((run_id, "progress", now)))
    training.begin(request(1))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [(run_id, what) for run_id, what, _ in told] == [(1, "network"), (1, "progress")]
    snapshot, progress = (value for *_, value in told)
    asked = request(1)
    trainer = Trainer(asked.corpus, asked.hyperparameters, asked.recipe, asked.settings)
    assert np.array_equal(snapshot.parameters.flat, trainer.parameters.flat)
    assert progress.held_out == trainer.held_out_trend is not None
    assert progress.chunk.held_out == trainer.opening().held_out
    assert copy(1).state.values.keys() == trainer.state().values.keys()


def test_no_loss_is_lost_when_another_run_is_shown(training, qtbot):
    counts = {1: 0, 2: 0}
    steps = {1: 0, 2: 0}

    def count(run_id, progress):
        counts[run_id] += len(progress.chunk)
        steps[run_id] = progress.step

    training.progressed.connect(count)
    training.begin(request(1))
    training.train(None)
    qtbot.waitUntil(lambda: steps[1] > 50)
    training.begin(request(2))
    training.step()
    qtbot.waitUntil(lambda: steps[2] == 1)
    assert counts == steps


def test_orders_apply_to_the_current_run_only(training, steps, copy, qtbot):
    training.begin(request(1))
    training.begin(request(2))
    training.set_hyperparameters(SetHyperparameters(Hyperparameters(0.5, widths=(8,))))
    training.step()
    qtbot.waitUntil(lambda: steps.get(2) == 1)
    assert copy(1).state.hyperparameters == SMALL
    assert copy(2).state.hyperparameters.learning_rate == 0.5
    assert steps[1] == 0


def test_a_waiting_change_stays_with_its_run(training, copy):
    training.begin(request(1))
    training.set_hyperparameters(SetHyperparameters(Hyperparameters(0.5, widths=(8,))))
    training.begin(request(2))
    assert copy(2).state.hyperparameters == SMALL
    training.switch_to(1)
    assert copy(1).state.hyperparameters.learning_rate == 0.5


def test_a_forgotten_run_stops_and_is_gone(training, steps, copy, qtbot):
    training.begin(request(1))
    training.begin(request(2))
    training.train(None)
    qtbot.waitUntil(lambda: steps.get(2, 0) > 10)
    training.forget(2)
    assert "no run to save" in copy(2).sentence
    made = steps[2]
    qtbot.wait(50)
    assert steps[2] == made
    training.switch_to(1)
    training.step()
    qtbot.waitUntil(lambda: steps[1] == 1)


def test_a_copied_run_is_resumed_under_another_id(training, steps, copy, qtbot):
    training.begin(request(1))
    training.step()
    saved = copy(1)
    training.resume(request(7), saved)
    training.step()
    qtbot.waitUntil(lambda: steps.get(7) == 2)
    assert steps[1] == 1


def test_a_failed_copy_is_refused_and_training_continues(
    training, steps, copy, qtbot, monkeypatch, caplog
):
    failures = []
    training.failed.connect(lambda *message: failures.append(message))
    training.begin(request(1))
    training.train(None)
    with monkeypatch.context() as broken:
        broken.setattr(training_worker, "RunCopy", lambda *_: 1 / 0)
        refusal = copy(1)
    assert "could not be copied (ZeroDivisionError" in refusal.sentence
    assert "Copying the run failed" in caplog.text
    step = steps.get(1, 0)
    qtbot.waitUntil(lambda: steps[1] > step + 10)
    assert failures == []
    assert copy(1).state.step > step


def test_an_error_in_training_ends_only_that_run(training, steps, copy, qtbot, monkeypatch):
    failures = []
    training.failed.connect(lambda *message: failures.append(message))
    training.begin(request(1))
    training.begin(request(2))
    with monkeypatch.context() as broken:
        broken.setattr(Trainer, "run", lambda *_: 1 / 0)
        training.train(None)
        qtbot.waitUntil(lambda: failures == [(2, FAILED)])
    assert "no run to save" in copy(2).sentence
    training.step()  # without this, no step can be made
    training.switch_to(1)
    training.step()
    qtbot.waitUntil(lambda: steps[1] == 1)
    assert len(failures) == 1


def test_a_newer_order_makes_the_end_of_training_obsolete(training, steps, qtbot):
    stops = []
    training.stopped.connect(lambda *message: stops.append(message))
    training.begin(request(1))
    training.train(1)
    training.begin(request(2))
    training.switch_to(1)
    training.step()
    qtbot.waitUntil(lambda: steps.get(1) in (1, 2))
    qtbot.wait(30)
    assert stops == []
