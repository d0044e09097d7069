"""Slow speeds: a step at a time, each told, and orders are carried out while it waits."""

from dataclasses import replace

import numpy as np
import pytest

from dinogui.common.speed import Speed
from engine.data.corpus import corpus_of_names
from engine.training.messages import RunRequest, SetHyperparameters
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

NAMES = ["anna", "bob", "clara", "david", "eve", "fred", "gina", "hugo", "ida", "jan"]
SMALL = Hyperparameters(widths=(8,))
CORPUS = corpus_of_names(NAMES, "ten", 0, lower_case=True)
ASKED = RunRequest(1, CORPUS, DEFAULT, SMALL, RunSettings())


class Told:
    """What the training thread has told: the steps of each message, and the latest messages."""

    def __init__(self, training):
        self.progress, self.snapshots, self.stops = [], [], []
        training.progressed.connect(lambda _run, progress: self.progress.append(progress))
        training.snapshot_taken.connect(lambda _run, snapshot: self.snapshots.append(snapshot))
        training.stopped.connect(lambda *message: self.stops.append(message))

    @property
    def step(self):
        return self.progress[-1].step if self.progress else 0


@pytest.fixture
def told(training):
    return Told(training)


@pytest.fixture
def copy(training, qtbot):
    def run():
        answers = []
        training.copy(1, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        return answers[0]

    return run


@pytest.mark.parametrize("speed", [Speed.TEN, Speed.HUNDRED])
def test_each_step_is_told_with_its_network(training, told, qtbot, speed):
    training.begin(ASKED)
    training.set_speed(speed)
    training.train(5)
    qtbot.waitUntil(lambda: bool(told.stops))
    assert told.stops == [(1, None)]
    steps = [progress for progress in told.progress if len(progress.chunk)]
    assert [(progress.step, len(progress.chunk)) for progress in steps] == [
        (step, 1) for step in range(1, 6)
    ]
    assert [snapshot.step for snapshot in told.snapshots][:6] == list(range(6))
    assert all(0 < progress.steps_per_second <= speed.value for progress in steps)


def test_the_numbers_are_those_of_full_speed(training, told, copy, qtbot):
    training.begin(ASKED)
    for goal, speed in ((3, Speed.HUNDRED), (40, Speed.FULL), (44, Speed.HUNDRED)):
        training.set_speed(speed)
        training.train(goal)
        qtbot.waitUntil(lambda goal=goal: told.step == goal)
    trainer = Trainer(CORPUS, SMALL, DEFAULT, RunSettings())
    while trainer.step < 44:
        trainer.run(44 - trainer.step)
    state = copy().state
    assert np.array_equal(state.parameters.flat, trainer.parameters.flat)
    assert state.events == trainer.record.events


def test_a_pause_and_another_speed_do_not_wait_for_the_next_step(training, told, copy, qtbot):
    training.set_speed(Speed.ONE)
    training.begin(ASKED)
    training.train(None)
    qtbot.waitUntil(lambda: told.step == 1)
    training.pause()
    assert copy().state.step == 1  # answered before the second step
    training.train(None)
    qtbot.waitUntil(lambda: told.step == 2)
    training.set_speed(Speed.FULL)
    qtbot.waitUntil(lambda: told.step > 100)
    training.set_speed(Speed.ONE)
    before = copy().state.step
    assert copy().state.step in (before, before + 1)


def test_a_change_is_in_force_and_told_before_the_next_step(training, told, copy, qtbot):
    resized = []
    training.resized.connect(lambda _run, report: resized.append(report.step))
    training.set_speed(Speed.ONE)
    training.begin(ASKED)
    training.train(None)
    qtbot.waitUntil(lambda: told.step == 1)
    training.set_hyperparameters(SetHyperparameters(replace(SMALL, widths=(9,)), 1))
    qtbot.waitUntil(lambda: resized == [1])
    assert told.snapshots[-1].parameters.architecture.widths == (9,)
    assert told.snapshots[-1].step == 1


def test_the_clock_of_a_slow_run_counts_its_waits(training, told, qtbot):
    training.set_speed(Speed.TEN)
    training.begin(ASKED)
    training.train(4)
    qtbot.waitUntil(lambda: bool(told.stops))
    assert told.progress[-1].seconds >= 0.25  # three waits of a tenth each; a step takes far less
