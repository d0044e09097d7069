import json
from dataclasses import replace

import numpy as np
import pytest

from dinogui.session.run import RunState
from dinogui.session.session import Session
from engine.data.corpus import names_from_bytes
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.training import record
from engine.training.presets import PRESETS
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import RunSettings, default_hyperparameters
from engine.training.trainer import Trainer


@pytest.fixture
def corpus():
    random = np.random.default_rng(7)
    names = {"".join(random.choice(list("abcde"), 6)) for _ in range(60)}
    return names_from_bytes("\n".join(sorted(names)).encode(), "letters")


@pytest.fixture
def running(session, corpus, qtbot):
    """Return a session with a run that is ready."""
    session.use(corpus)
    qtbot.waitUntil(lambda: session.has_network)
    return session


def test_without_data_nothing_can_be_trained_or_generated(session):
    session.train()
    session.step()
    session.restart()
    assert session.state is RunState.EMPTY
    with pytest.raises(SamplingError, match="Open a file of names"):
        session.name_generation.find_candidates(Constraints())


def test_the_worker_computes_the_same_as_the_trainer(running, corpus, train_until, write_names):
    train_until(running, 2500)
    trainer = Trainer(corpus)
    while trainer.step < 2500:
        trainer.run(2500 - trainer.step)
    assert running.progress.smoothed_loss == trainer.smoothed_loss
    names = write_names(running, 5)
    running.restart()
    train_until(running, 2500)
    assert running.snapshot_step == 2500
    assert write_names(running, 5) == names, "the same network and the same random stream"


def test_every_loss_arrives(running, train_until):
    received = []
    running.progressed.connect(lambda p: received.append((p.step, len(p.chunk))))
    train_until(running, 3000)
    assert sum(count for _, count in received) == 3000
    assert received[-1][0] == 3000
    assert running.curves.last_step == 3000


def test_training_continues_after_a_pause(running, qtbot, corpus, train_until):
    running.train()
    qtbot.waitUntil(lambda: running.steps_made > 100)
    running.pause()
    assert running.state is RunState.PAUSED
    copies = []
    running.copy_run(running.run, copies.append, copies.append)
    qtbot.waitUntil(lambda: bool(copies))  # the worker has paused by now
    paused_at = running.steps_made
    qtbot.wait(100)
    assert running.steps_made == paused_at
    goal = paused_at + 100
    train_until(running, goal)
    trainer = Trainer(corpus)
    while trainer.step < goal:
        trainer.run(goal - trainer.step)
    assert running.progress.smoothed_loss == trainer.smoothed_loss


def test_a_step_is_one_name(running, qtbot):
    for expected in (1, 2, 3):
        running.step()
        qtbot.waitUntil(lambda expected=expected: running.steps_made == expected)
    assert running.state is RunState.PAUSED


def test_each_order_makes_one_step(running, qtbot):
    for _ in range(10):
        running.step()
    qtbot.waitUntil(lambda: running.steps_made == 10)


def test_training_can_start_right_after_a_step(running, qtbot):
    running.step()
    running.train()
    qtbot.waitUntil(lambda: running.steps_made > 500)
    assert running.state is RunState.TRAINING


def test_the_answer_to_an_earlier_order_is_dropped(running, qtbot):
    running.train(1)
    running.pause()
    running.train()
    qtbot.waitUntil(lambda: running.steps_made > 500)
    assert running.state is RunState.TRAINING


def test_a_goal_already_reached_adds_no_log_entry(running, train_until):
    entries = []
    running.log_entry_written.connect(entries.append)
    for _ in range(3):
        train_until(running, 1)
    assert [entry.iteration for entry in entries] == [0]


def test_a_hyperparameter_set_right_before_a_pause_takes_effect(running, qtbot):
    reports = []
    running.resized.connect(reports.append)
    running.train()
    qtbot.waitUntil(lambda: running.steps_made > 50)
    running.set_hyperparameters(widths=(100,))
    running.pause()
    qtbot.waitUntil(lambda: bool(reports))
    assert reports[0].widths_after == (100,)


def test_the_first_and_every_2000th_iteration_add_a_log_entry(running, train_until):
    entries = []
    running.log_entry_written.connect(entries.append)
    train_until(running, 4001)
    assert [entry.iteration for entry in entries] == [0, 2000, 4000]
    assert all(len(entry.names) == 7 for entry in entries)


def test_hyperparameters_act_during_training_without_a_restart(running, qtbot):
    reports = []
    running.resized.connect(reports.append)
    running.train()
    qtbot.waitUntil(lambda: running.steps_made > 50)
    running.set_hyperparameters(learning_rate=0.02)
    running.set_hyperparameters(clip=None)
    running.set_hyperparameters(widths=(80,))
    qtbot.waitUntil(lambda: len(reports) == 1)
    running.set_hyperparameters(widths=(20,))
    qtbot.waitUntil(lambda: len(reports) == 2)
    step = running.steps_made
    qtbot.waitUntil(lambda: running.steps_made > step)
    usual = default_hyperparameters(DEFAULT)
    assert running.hyperparameters == replace(usual, learning_rate=0.02, clip=None, widths=(20,))
    assert [(r.widths_before, r.widths_after) for r in reports] == [((50,), (80,)), ((80,), (20,))]
    assert reports[0].cost is None
    assert reports[1].cost.held_out


def test_a_hyperparameter_set_while_paused_acts_at_the_next_step(running, qtbot, write_names):
    reports = []
    running.resized.connect(reports.append)
    running.step()
    qtbot.waitUntil(lambda: running.steps_made == 1)
    for hidden in (60, 70, 80, 90):
        running.set_hyperparameters(widths=(hidden,))
    qtbot.waitUntil(lambda: bool(reports) and reports[-1].widths_after == (90,))
    assert running.steps_made == 1
    assert write_names(running, 3)


def test_late_messages_of_an_earlier_run_are_dropped(running, qtbot):
    running.train()
    qtbot.waitUntil(lambda: running.steps_made > 100)
    steps = []
    running.progressed.connect(lambda p: steps.append(p.step))
    running.restart()
    qtbot.waitUntil(lambda: len(steps) > 0)
    qtbot.wait(100)
    assert steps == [0]
    assert running.state is RunState.READY


def test_divergence_pauses_and_training_can_continue(running, qtbot, train_until, write_names):
    seen = []
    running.diverged.connect(seen.append)
    running.set_hyperparameters(learning_rate=1e15, clip=None)
    running.train()
    qtbot.waitUntil(lambda: running.state is RunState.DIVERGED)
    assert len(seen) == 1
    assert seen[0].learning_rate == pytest.approx(1e15, rel=1e-3), "the rate in force: it falls"
    assert write_names(running, 3), "the last good network still generates names"
    running.set_hyperparameters(learning_rate=0.01, clip=5.0)
    goal = running.steps_made + 300
    train_until(running, goal)
    assert running.steps_made == goal
    assert running.state is RunState.PAUSED


def test_an_unexpected_error_becomes_a_message_and_a_restart_helps(
    running, qtbot, caplog, write_names, monkeypatch
):
    def fail(_trainer):
        raise ValueError("no snapshot")

    names = write_names(running, 3)
    with monkeypatch.context() as broken:
        broken.setattr(Trainer, "snapshot", fail)
        with qtbot.waitSignal(running.failed) as failed:
            running.restart(NOTEBOOK, settings=RunSettings())
    assert "ValueError" in failed.args[0]
    assert running.state is RunState.FAILED
    assert "The training failed" in caplog.text
    running.train()
    running.set_hyperparameters(widths=(60,))
    assert running.state is RunState.FAILED
    assert not running.has_network, "no answer comes from the run before"
    running.restart(DEFAULT, settings=RunSettings())
    with qtbot.waitSignal(running.network_made):
        pass
    assert write_names(running, 3) == names, "it starts like the first run"


def test_the_notebook_recipe_repeats_the_course(session, shared_file, dinos_path, train_until):
    published = json.loads(shared_file("expected/course.json").read_text())["model"]
    entries = []
    session.log_entry_written.connect(entries.append)
    session.use(names_from_bytes(dinos_path.read_bytes(), "dinos.txt"))
    session.restart(NOTEBOOK, default_hyperparameters(NOTEBOOK))
    train_until(session, 2001)
    for entry in entries:
        assert f"{entry.smoothed_loss:.6f}" == (
            f"{published['smoothed_loss'][str(entry.iteration)]:.6f}"
        )
        assert [name.capitalize() for name in entry.names] == (
            published["names"][str(entry.iteration)]
        )
    assert [entry.iteration for entry in entries] == [0, 2000]


def test_loading_starts_a_new_run_and_a_bad_file_keeps_the_current_one(running, names_file, qtbot):
    running.train()
    qtbot.waitUntil(lambda: running.steps_made > 20)
    with qtbot.waitSignal(running.refused) as refused:
        running.load(str(names_file("", "empty.txt")))
    assert "empty" in refused.args[0]
    assert running.corpus.source == "letters"
    step = running.steps_made
    qtbot.waitUntil(lambda: running.steps_made > step)
    shares = []
    running.loading_advanced.connect(shares.append)
    with qtbot.waitSignal(running.run_begun):
        running.load(str(names_file()))
    assert running.corpus.source == "people.txt"
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert running.state is RunState.READY


def test_the_file_requested_last_wins(running, names_file, qtbot):
    first, second = names_file(name="first.txt"), names_file(name="second.txt")
    running.load(str(first))
    with qtbot.waitSignal(running.run_begun):
        running.load(str(second))
    qtbot.wait(50)
    assert running.corpus.source == "second.txt"


def test_a_loaded_corpus_wins_over_a_file_being_read(running, names_file, corpus, qtbot):
    running.load(str(names_file()))
    running.use(corpus)
    qtbot.wait(200)
    assert running.corpus is corpus


def test_closing_does_not_wait_for_a_long_file(qtbot, names_file):
    session = Session()
    path = names_file(b"abcdefgh\n" * 3_000_000)
    shares = []
    session.loading_advanced.connect(shares.append)
    session.load(str(path))
    qtbot.waitUntil(lambda: any(share > 0.0 for share in shares), timeout=20_000)
    session.close()
    assert max(shares) < 1.0, "reading was cancelled before its end"


def test_names_keep_their_case_on_request(running, names_file, qtbot):
    with qtbot.waitSignal(running.run_begun):
        running.load(str(names_file()), lower_case=False)
    qtbot.waitUntil(lambda: running.has_network)
    assert "A" in running.corpus.vocabulary.symbols
    assert "Anna" in running.corpus.distinct


def test_presets_except_the_notebook_use_the_seed_of_the_command_line(corpus, qtbot):
    session = Session(seed=5)
    session.use(corpus)
    for preset in PRESETS:
        session.begin_preset(preset)
        assert session.settings.seed == (0 if preset.recipe is NOTEBOOK else 5), preset.name
    session.close()


def test_a_run_whose_record_is_full_goes_on_as_it_was(running, qtbot, monkeypatch):
    monkeypatch.setattr(record, "MAX_EVENTS", 4)
    monkeypatch.setattr(record, "RESERVED_EVENTS", 2)
    running.train()
    for rate in (0.02, 0.03):
        running.set_hyperparameters(learning_rate=rate)
        step = running.steps_made
        qtbot.waitUntil(lambda step=step: running.steps_made > step)
    with qtbot.waitSignal(running.refused) as refused:
        running.set_hyperparameters(learning_rate=0.5)
    assert refused.args[0].startswith("This run can be changed no more, because its record is full")
    assert running.hyperparameters.learning_rate == 0.03
    step = running.steps_made
    qtbot.waitUntil(lambda: running.steps_made > step)
    assert running.state is RunState.TRAINING


def test_a_diverged_run_whose_record_is_full_says_so_and_stays_diverged(
    running, qtbot, monkeypatch
):
    monkeypatch.setattr(record, "MAX_EVENTS", 4)
    monkeypatch.setattr(record, "RESERVED_EVENTS", 2)
    running.set_hyperparameters(learning_rate=1e15, clip=None)
    running.train()
    qtbot.waitUntil(lambda: running.state is RunState.DIVERGED)
    with qtbot.waitSignal(running.refused):
        running.recover("roll back and halve the rate")
    qtbot.waitUntil(lambda: running.state is RunState.DIVERGED)
    assert running.hyperparameters.learning_rate == 1e15
