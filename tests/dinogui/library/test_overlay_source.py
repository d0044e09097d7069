"""Runs from files on the plot: of earlier windows, damaged, deleted, and of the command line."""

import numpy as np
import pytest

from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.run import RunState
from engine.data.corpus import corpus_of_names
from engine.evaluation.units import Unit
from engine.runs.run_file import load_run, save_run
from engine.training.trainer import Trainer

NATS = Unit.NATS_PER_CHARACTER


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "autosave"


@pytest.fixture
def start(open_window, folder):
    """Return a function that opens a window with its autosaves in the folder."""
    return lambda: open_window(lambda window: window.library.autosave_in(folder))


@pytest.fixture
def later(start, qtbot, train_until):
    """Return a window beside the file of an earlier window's run of 80 steps, and its curve."""
    first = start()
    train_until(first.session, 80)
    curve = first.session.curves.smoothed(NATS).points(0, 80, 400)
    first.actions_.restart.trigger()
    first.library.finish_writing()
    first.close()
    window = start()
    qtbot.waitUntil(lambda: len(window.session.on_plot.choices) == 1, timeout=10_000)
    return window, curve


def choose(window):
    """Choose the run in View > Other runs."""
    actions = window.actions_.plot.runs_menu.actions()
    [action] = [action for action in actions if action.data() is not None]
    action.trigger()


def test_a_run_of_an_earlier_window_is_read_and_drawn(later, qtbot):
    window, (steps, losses) = later
    choose(window)
    on_plot = window.session.on_plot
    key, _ = on_plot.choices[0]
    assert on_plot.is_shown(key)
    qtbot.waitUntil(lambda: len(on_plot.overlaid) == 1, timeout=10_000)
    (run,) = on_plot.overlaid
    found = run.curves.smoothed(NATS).points(0, 80, 400)
    np.testing.assert_array_equal(found, (steps, losses))
    assert (run.step, run.title, run.run_id) == (80, "RNN 50, 80 steps", None)
    assert run.curves.clock.sizes == ((0, run.parameters.flat.size),)
    assert "RNN 50" in window.loss_plot.legend


def test_a_run_that_is_opened_leaves_the_overlay_and_returns_when_it_is_left(later, qtbot):
    window, _ = later
    session = window.session
    choose(window)
    qtbot.waitUntil(lambda: len(session.on_plot.overlaid) == 1, timeout=10_000)
    window.library.earlier.open(window.library.earlier.runs[0])
    qtbot.waitUntil(lambda: session.snapshot_step == 80, timeout=10_000)
    qtbot.waitUntil(lambda: session.on_plot.overlaid == ())
    window.actions_.restart.trigger()
    assert [run.step for run in session.on_plot.overlaid] == [80]


def test_a_damaged_file_is_said_and_the_others_stay(later, qtbot, folder, train_until):
    window, _ = later
    train_until(window.session, 30)
    window.actions_.restart.trigger()
    [path] = [run.path for run in window.library.earlier.runs if run.run_id is None]
    path.write_bytes(path.read_bytes()[:2_000])
    key = next(k for k, text in window.session.on_plot.choices if "80 steps" in text)
    window.session.on_plot.show(key)
    qtbot.waitUntil(lambda: "damaged" in window.banner.message, timeout=10_000)
    assert not window.session.on_plot.is_shown(key)
    assert [run.step for run in window.session.on_plot.overlaid] == [30]


def test_a_run_that_is_deleted_leaves_the_plot(later, qtbot):
    window, _ = later
    choose(window)
    qtbot.waitUntil(lambda: len(window.session.on_plot.overlaid) == 1, timeout=10_000)
    window.library.earlier.delete(window.library.earlier.runs[0])
    assert window.session.on_plot.overlaid == ()
    assert window.session.state is RunState.READY


def test_a_run_of_the_command_line_has_the_losses_that_its_state_knows(tmp_path):
    names = ["anna", "berta", "carla", "dora", "emil", "frida", "gustav", "hanna"]
    corpus = corpus_of_names(names, "people", 0, lower_case=True)
    trainer = Trainer(corpus)
    while trainer.step < 2_100:
        trainer.run(2_100 - trainer.step)
    save_run(tmp_path / "run.npz", corpus, trainer.state())
    run = OverlaidRun.of_file(load_run(tmp_path / "run.npz"), "key")
    assert run.curves.smoothed(NATS).last_point[0] == 2_100
    best, latest = run.measured()
    trend = trainer.held_out_trend
    assert (best, latest) == (trend.best, trend.latest)
    assert run.record == trainer.record
