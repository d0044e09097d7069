"""Races of the session: the lanes are what the same runs would be alone, and the run stands."""

import sys
import time

import numpy as np
import pytest

from dinogui.session.racing.shown_race import RaceState
from dinogui.session.run import RunState
from engine.data.corpus import corpus_of_names
from engine.evaluation.units import Unit
from engine.racing.lane import Lane, titled
from engine.racing.lane_text import lanes_of_text
from engine.racing.race import Race, RacePlan
from engine.racing.race_folder import save_race
from engine.runs.run_file import load_run, save_run
from engine.sampling.names import sample_names
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer

UNIT = Unit.NATS_PER_NAME
START = Hyperparameters(widths=(6,))


@pytest.fixture
def corpus():
    names = [f"{a}{b}saurus" for a in "bcdfgkl" for b in "aeiou"]
    return corpus_of_names(names, "names.txt", 0, lower_case=True)


@pytest.fixture
def trained(session, corpus, train_until):
    """Return a session whose run of a small network has made 50 steps."""
    session.use(corpus)
    session.restart(hyperparameters=START)
    train_until(session, 50)
    return session


def begin(session, text="cell=rnn; cell=gru", **plan):
    """Begin a race of lanes as they are typed, based on the run shown."""
    run = session.run
    base = Lane(run.hyperparameters, run.settings, run.recipe)
    lanes = titled(lanes_of_text(text, base))
    session.racing.begin(lanes, RacePlan(**plan))
    return lanes


def wait_for(qtbot, session, state):
    qtbot.waitUntil(lambda: session.racing.state is state, timeout=30_000)


def alone(session, lane, step):
    """Return a trainer of a lane's settings that has made so many steps, and its losses."""
    trainer = Trainer(session.corpus, lane.hyperparameters, lane.recipe, lane.settings)
    losses = []
    while trainer.step < step:
        losses.append(trainer.run(step - trainer.step).smoothed_loss)
    return trainer, np.concatenate(losses)


def test_lanes_are_what_the_same_runs_would_be_alone(qtbot, trained):
    racing = trained.racing
    lanes = begin(trained, steps=80)
    assert racing.state is RaceState.RACING
    assert [lane.title for lane in racing.lanes] == [lane.title for lane in lanes]
    wait_for(qtbot, trained, RaceState.OVER)
    for raced, lane in zip(racing.lanes, lanes, strict=True):
        trainer, losses = alone(trained, lane, 80)
        seen = dict(zip(*raced.curves.smoothed(UNIT).points(0, 1_000, 10_000), strict=True))
        assert seen == dict(enumerate(losses, 1))
        assert raced.best == trainer.best.held_out
        assert raced.n_parameters == trainer.parameters.flat.size
    best = min(racing.lanes, key=lambda lane: lane.best.nats_per_character)
    assert racing.leader is best


def test_the_run_stands_meanwhile_and_is_shown_again(qtbot, trained):
    run, snapshot = trained.run, trained.snapshot.parameters.flat.copy()
    trained.train()
    begin(trained)
    assert trained.state is RunState.PAUSED
    qtbot.waitUntil(lambda: trained.racing.lanes[0].step > 30, timeout=30_000)
    stood_at = trained.progress.step
    trained.racing.end()
    assert (trained.racing.state, trained.racing.lanes) == (RaceState.OFF, ())
    assert trained.run is run
    assert trained.progress.step == stood_at
    assert len(snapshot) == trained.snapshot.parameters.flat.size
    trained.train(stood_at + 10)
    qtbot.waitUntil(lambda: trained.state is RunState.PAUSED)
    expected, _ = alone(trained, Lane(START, run.settings, run.recipe), stood_at + 10)
    np.testing.assert_array_equal(trained.snapshot.parameters.flat, expected.parameters.flat)


def test_a_race_pauses_and_goes_on(qtbot, trained):
    racing = trained.racing
    begin(trained)
    qtbot.waitUntil(lambda: racing.lanes[0].step > 0, timeout=30_000)
    trained.train_or_pause()
    assert racing.state is RaceState.PAUSED
    with qtbot.waitSignal(racing.names_written):
        racing.ask_for_names(1, 0)  # an order after which everything before it has been reported
    stood_at = racing.lanes[0].step
    assert racing.lanes[1].step == stood_at
    qtbot.wait(50)
    assert racing.lanes[0].step == stood_at
    trained.train_or_pause()
    qtbot.waitUntil(lambda: racing.lanes[0].step > stood_at, timeout=30_000)
    assert racing.state is RaceState.RACING


def test_a_lane_becomes_the_run_in_hand(qtbot, trained):
    before, racing = trained.run, trained.racing
    lanes = begin(trained)
    qtbot.waitUntil(lambda: racing.lanes[1].step > 40, timeout=30_000)
    with qtbot.waitSignal(trained.run_begun):
        racing.take(racing.lanes[1])
    qtbot.waitUntil(lambda: trained.has_network)
    assert racing.state is RaceState.OFF
    assert trained.run is not before
    assert before in trained.runs.all_earlier
    step = trained.steps_made
    assert trained.curves.last_step == step
    assert [entry.steps_made for entry in trained.run.log] == [1]
    trainer, losses = alone(trained, lanes[1], step + 20)
    last = trained.curves.smoothed(UNIT).last_point
    assert last == (step, losses[step - 1])
    trained.train(step + 20)
    qtbot.waitUntil(lambda: trained.state is RunState.PAUSED and trained.steps_made == step + 20)
    qtbot.waitUntil(lambda: trained.snapshot.step == step + 20)
    np.testing.assert_array_equal(trained.snapshot.parameters.flat, trainer.parameters.flat)


def test_a_lane_that_diverges_stops_alone(qtbot, trained):
    racing = trained.racing
    begin(trained, "learning_rate=0.01; learning_rate=1e15", steps=400)
    wait_for(qtbot, trained, RaceState.OVER)
    assert [lane.has_diverged for lane in racing.lanes] == [False, True]
    assert racing.lanes[0].step == 400
    assert racing.lanes[1].step < 400
    with qtbot.waitSignal(racing.names_written) as written:
        racing.ask_for_names(3, 1)
    assert [len(names) for names in written.args[0]] == [3, 0]


def test_names_stand_for_the_same_random_numbers(qtbot, trained):
    racing = trained.racing
    lanes = begin(trained, steps=60)
    wait_for(qtbot, trained, RaceState.OVER)
    with qtbot.waitSignal(racing.names_written) as written:
        racing.ask_for_names(4, 7)
    for names, lane in zip(written.args[0], lanes, strict=True):
        trainer, _ = alone(trained, lane, 60)
        assert list(names) == sample_names(trainer.parameters, trainer.vocabulary, 4, seed=7)


def test_another_run_or_training_ends_the_race(qtbot, trained):
    begin(trained)
    trained.restart()
    assert not trained.racing.is_on
    begin(trained)
    trained.train()
    assert not trained.racing.is_on
    trained.pause()


def test_a_race_that_cannot_begin_is_refused_in_a_sentence(qtbot, trained):
    with qtbot.waitSignal(trained.racing.refused) as refused:
        lane = Lane(START, trained.settings, trained.recipe)
        trained.racing.begin([lane, lane], RacePlan())
    assert refused.args[0] == "Lanes 1 and 2 are the same. Leave one out, or change it."
    assert not trained.racing.is_on


def test_closing_ends_a_race_at_once(qtbot, trained):
    begin(trained)
    qtbot.waitUntil(lambda: trained.racing.lanes[0].step > 0, timeout=30_000)
    trained.close()
    assert trained.has_ended


def test_data_that_are_in_no_file_are_saved_with_the_race(qtbot, trained, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.runs.entries.data_entries.SMALL_BYTES", 0)
    assert trained.path is None
    begin(trained, steps=5)
    save(qtbot, trained, tmp_path / "race")
    lane = next((tmp_path / "race").glob("*.npz"))
    assert load_run(lane).corpus is not None


def save(qtbot, session, folder):
    with qtbot.waitSignal(session.racing.saved, timeout=30_000):
        session.racing.save(str(folder))


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file")
def test_where_there_is_no_room_for_checkpoints_a_race_is_saved_without(qtbot, trained, tmp_path):
    import resource

    racing = trained.racing
    begin(trained, steps=1_000)
    qtbot.waitUntil(lambda: racing.state is RaceState.OVER, timeout=60_000)
    save(qtbot, trained, tmp_path / "whole")
    whole = [load_run(path) for path in sorted((tmp_path / "whole").glob("*.npz"))]
    assert all(len(run.checkpoints) > 2 for run in whole)
    least, most = [], max(path.stat().st_size for path in (tmp_path / "whole").glob("*.npz"))
    for number, run in enumerate(whole):
        path = tmp_path / f"{number}.npz"
        save_run(path, run.data(), run.state, run.extras)
        least.append(path.stat().st_size)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((max(least) + most) // 2, limits[1]))
    try:
        with qtbot.waitSignals([racing.saved, racing.left_out], timeout=30_000):
            racing.save(str(tmp_path / "without"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    without = [load_run(path) for path in sorted((tmp_path / "without").glob("*.npz"))]
    assert [run.state.step for run in without] == [run.state.step for run in whole]
    assert any(not run.checkpoints for run in without)


def test_a_race_that_was_saved_goes_on_as_if_it_had_never_been(qtbot, trained, tmp_path):
    racing = trained.racing
    lanes = begin(trained, steps=300)
    qtbot.waitUntil(lambda: racing.lanes[0].step > 20, timeout=30_000)
    save(qtbot, trained, tmp_path / "race")
    assert racing.state is not RaceState.PAUSED
    racing.end()
    with qtbot.waitSignal(racing.begun, timeout=30_000):
        racing.open(str(tmp_path / "race"))
    assert 20 < racing.lanes[0].step <= 300
    assert not racing.is_unsaved
    if racing.state is RaceState.PAUSED:
        racing.pause_or_go_on()
        wait_for(qtbot, trained, RaceState.OVER)
    for raced, lane in zip(racing.lanes, lanes, strict=True):
        trainer, losses = alone(trained, lane, 300)
        assert raced.title == lane.title
        assert raced.curves.smoothed(UNIT).last_point == (300, losses[-1])
        assert raced.curves.raw(UNIT).last_point is not None
        assert raced.best == trainer.best.held_out


def test_a_race_of_the_command_line_is_opened_with_its_data(qtbot, trained, tmp_path):
    data = corpus_of_names(["anna", "bob", "clara", "dora"] * 9, "people.txt", 0, lower_case=True)
    lanes = titled(lanes_of_text("cell=rnn; cell=gru", Lane(START, trained.settings)))
    race = Race(data, lanes, RacePlan(steps=40))
    while not race.is_over:
        race.advance(0.05)
    save_race(tmp_path / "race", race)
    racing = trained.racing
    with qtbot.waitSignal(racing.begun, timeout=30_000):
        racing.open(str(tmp_path / "race"))
    assert racing.state is RaceState.OVER
    assert trained.corpus.fingerprint == data.fingerprint
    for raced, lane in zip(racing.lanes, race.lanes, strict=True):
        expected = lane.curve.smoothed[-1]
        step, loss = raced.curves.smoothed(Unit.NATS_PER_CHARACTER).last_point
        assert (raced.step, step) == (40, 40)
        assert loss == pytest.approx(expected[2], rel=1e-12)


def test_a_race_that_was_opened_in_vain_is_not_taken_for_the_one_before(qtbot, trained, tmp_path):
    racing = trained.racing
    begin(trained, steps=20)
    wait_for(qtbot, trained, RaceState.OVER)
    save(qtbot, trained, tmp_path / "two lanes")
    begin(trained, "cell=rnn; cell=gru; cell=lstm", steps=100_000)
    racing.keep_in = str(tmp_path / "kept")
    qtbot.waitUntil(lambda: racing.lanes[0].step > 5, timeout=30_000)
    racing.open(str(tmp_path / "two lanes"))
    worker = racing._client.worker
    while len(worker._race.lanes) != 2:  # no event is processed, so the window does not know yet
        time.sleep(0.005)
    racing.end()
    begin(trained, "cell=rnn; cell=gru; cell=lstm", steps=20)
    wait_for(qtbot, trained, RaceState.OVER)
    assert [lane.step for lane in racing.lanes] == [20, 20, 20]
    assert not worker._left, "no race that nobody can see stays in memory"


def test_folders_that_are_no_place_for_a_race_are_refused(qtbot, trained, tmp_path):
    racing = trained.racing
    begin(trained, steps=20)
    wait_for(qtbot, trained, RaceState.OVER)
    (tmp_path / "letter.txt").write_text("Dear all", encoding="utf-8")
    with qtbot.waitSignal(racing.refused, timeout=10_000) as refused:
        racing.save(str(tmp_path))
    assert refused.args[0].endswith("holds other files. Save the race in a new or empty folder.")
    assert racing.is_unsaved
    with qtbot.waitSignal(racing.refused, timeout=10_000) as refused:
        racing.open(str(tmp_path))
    assert refused.args[0].endswith("Choose the folder of a saved race.")
    assert racing.state is RaceState.OVER
    assert racing.lanes[0].step == 20
