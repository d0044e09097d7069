"""Runs that are put aside, and shown again: from memory, from the disk, after a restart."""

import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

from dinogui.session.open_runs import MAX_EARLIER, MAX_NOT_ON_DISK
from dinogui.session.run import RunState
from engine.runs.run_file import load_run
from engine.storage.archive import CheckpointError
from engine.training.presets import PRESETS


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "autosave"


@pytest.fixture
def start(open_window, folder):
    """Return a function that opens a window with its autosaves in the folder."""

    def make(**options):
        return open_window(lambda window: window.library.autosave_in(folder, **options))

    return make


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def train(qtbot, window, step):
    """Train up to a step."""
    window.session.train(step)
    qtbot.waitUntil(lambda: window.session.snapshot_step == step, timeout=20_000)
    qtbot.waitUntil(lambda: window.session.state is RunState.PAUSED)


def listed(window):
    return [run.step for run in window.library.earlier.runs]


def open_earlier(qtbot, window, step):
    """Choose a run in File > Runs."""
    menu = window.actions_.runs_menu
    qtbot.waitUntil(lambda: step in listed(window), timeout=10_000)
    [action] = [a for a in menu.actions() if a.data() is not None and a.data().step == step]
    menu.triggered.emit(action)
    qtbot.waitUntil(lambda: window.session.snapshot_step == step, timeout=10_000)


def on_disk(folder):
    steps = []
    for path in folder.glob("*.npz"):
        with suppress(CheckpointError):  # it is renamed just now, and found the next time
            steps.append(load_run(path).state.step)
    return sorted(steps)


def age_of_the_trash(folder, days):
    """Let everything have been deleted so many days ago."""
    path = folder / "index.json"
    index = json.loads(path.read_text())
    for entry in index["runs"].values():
        if "deleted" in entry["label"]:
            entry["label"]["deleted"] = time.time() - days * 86_400
    path.write_text(json.dumps(index))


def restart_after(qtbot, window, steps):
    """Begin a run after each of several that make some steps."""
    for step in steps:
        train(qtbot, window, step)
        press(qtbot, window, "Ctrl+R")


def test_every_run_is_put_aside_whatever_replaces_it(start, qtbot, folder, names_file):
    window = start()
    train(qtbot, window, 11)
    press(qtbot, window, "Ctrl+R")
    train(qtbot, window, 12)
    window.run_commands.begin_preset(PRESETS[0])
    train(qtbot, window, 13)
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file()))
    train(qtbot, window, 14)
    window.actions_.open_dinosaurs.trigger()
    train(qtbot, window, 15)
    window.library.finish_writing()
    [thirteen] = [path for path in folder.glob("*.npz") if load_run(path).state.step == 13]
    shutil.copy(thirteen, folder.parent / "run.npz")
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(folder.parent / "run.npz"))
    qtbot.waitUntil(lambda: listed(window) == [15, 14, 13, 12, 11], timeout=10_000)
    window.library.finish_writing()
    qtbot.waitUntil(lambda: on_disk(folder) == [11, 12, 13, 14, 15])
    open_earlier(qtbot, window, 11)
    assert window.session.steps_made == 11
    # The run from a file is in memory, and in its own file.
    qtbot.waitUntil(lambda: listed(window) == [13, 15, 14, 13, 12])
    window.library.finish_writing()
    qtbot.waitUntil(lambda: on_disk(folder) == [11, 12, 13, 14, 15])


def test_a_run_without_steps_is_not_put_aside(start, qtbot, folder):
    window = start()
    window.session.set_hyperparameters(learning_rate=0.02)
    press(qtbot, window, "Ctrl+R")
    qtbot.waitUntil(lambda: window.session.has_network)
    assert listed(window) == []
    assert not folder.exists()


def test_a_run_from_the_disk_is_the_same_to_the_bit(start, qtbot):
    window = start()
    restart_after(qtbot, window, (50, 10, 20, 30))
    window.library.finish_writing()
    assert len(window.session.runs.all_earlier) == MAX_EARLIER
    [earlier] = [run for run in window.library.earlier.runs if run.step == 50]
    assert earlier.run_id is None, "it is no longer in memory"
    flat = load_run(earlier.path).state.parameters.flat
    open_earlier(qtbot, window, 50)
    assert window.session.snapshot.parameters.flat.tobytes() == flat.tobytes()
    assert window.session.curves.last_step == 50
    assert not window.session.run.file, "it is in no file of the person's own"
    assert window.isWindowModified()
    train(qtbot, window, 60)


def test_earlier_runs_are_listed_by_later_windows(start, qtbot, folder):
    window = start()
    restart_after(qtbot, window, (10, 20, 30, 40))
    window.close()
    other = start()
    qtbot.waitUntil(lambda: listed(other) == [40, 30, 20, 10])
    [text, *_] = [action.text() for action in other.actions_.runs_menu.actions()]
    assert text.startswith("&1  dinosaurs.txt, RNN 50, 40 steps, ")
    assert "nats per name, " in text
    open_earlier(qtbot, other, 20)
    train(qtbot, other, 25)
    open_earlier(qtbot, other, 40)
    assert sorted(listed(other)) == [10, 25, 30]
    other.library.finish_writing()
    assert on_disk(folder) == [10, 25, 30, 40]


def test_a_resize_after_the_last_step_names_the_network_that_the_loss_belongs_to(start, qtbot):
    window = start()
    train(qtbot, window, 20)
    window.controls.hidden.box.setFocus()
    window.controls.hidden.box.selectAll()
    with qtbot.waitSignal(window.session.resized):
        qtbot.keyClicks(window.controls.hidden.box, "30\r")
    run = window.session.run
    press(qtbot, window, "Ctrl+R")

    def named(window):
        return [(each.network, each.loss) for each in window.library.earlier.runs]

    [(network, loss)] = named(window)
    assert network == "RNN 50 → 30"
    assert loss.endswith(" nats per name with 50 units")
    window.close()
    other = start()
    qtbot.waitUntil(lambda: named(other) == [(network, loss)])
    open_earlier(qtbot, other, 20)
    train(qtbot, other, 21)
    press(qtbot, other, "Ctrl+R")
    qtbot.waitUntil(lambda: [each[0] for each in named(other)] == ["RNN 30"])
    assert run.hyperparameters.widths == (30,)


def test_an_earlier_run_that_was_only_looked_at_stays_one(start, qtbot, folder):
    window = start()
    restart_after(qtbot, window, (10,))
    window.close()
    other = start()
    open_earlier(qtbot, other, 10)
    assert not other.library.is_unsaved, "so nothing is asked"
    other.close()
    third = start()
    qtbot.waitUntil(lambda: listed(third) == [10])
    assert third.left_behind.isHidden()


def test_two_windows_do_not_open_the_same_run(start, qtbot):
    window = start()
    restart_after(qtbot, window, (10, 20))
    window.close()
    one, two = start(), start()
    for other in (one, two):
        qtbot.waitUntil(lambda other=other: listed(other) == [20, 10])
    [run] = [run for run in two.library.earlier.runs if run.step == 10]
    open_earlier(qtbot, one, 10)
    with qtbot.waitSignal(two.library.earlier.refused):
        two.library.earlier.open(run)
    assert "Another window of DinoGUI has opened that run" in two.banner.message
    assert listed(two) == [20]
    assert two.session.steps_made == 0


def test_a_deleted_run_waits_in_the_trash_for_30_days(start, qtbot, folder):
    window = start()
    restart_after(qtbot, window, (10, 20, 30, 40))
    window.library.finish_writing()
    earlier = window.library.earlier
    for step in (10, 40):
        earlier.delete(next(run for run in earlier.runs if run.step == step))
    assert listed(window) == [30, 20]
    earlier.restore()
    assert listed(window) == [40, 30, 20]
    assert on_disk(folder) == [10, 20, 30, 40], "a crash loses nothing that was deleted"
    window.close()
    assert on_disk(folder) == [10, 20, 30, 40]
    other = start()
    qtbot.waitUntil(lambda: listed(other) == [40, 30, 20])
    [deleted] = other.library.earlier.deleted
    assert deleted.step == 10
    other.close()
    age_of_the_trash(folder, days=29)
    third = start()
    qtbot.waitUntil(lambda: [run.step for run in third.library.earlier.deleted] == [10])
    third.library.earlier.restore()
    qtbot.waitUntil(lambda: sorted(listed(third)) == [10, 20, 30, 40])
    third.library.earlier.delete(next(r for r in third.library.earlier.runs if r.step == 10))
    third.close()
    age_of_the_trash(folder, days=31)
    fourth = start()
    qtbot.waitUntil(lambda: on_disk(folder) == [20, 30, 40])
    assert fourth.library.earlier.deleted == ()


def test_a_saved_run_leaves_the_folder(start, qtbot, folder):
    window = start()
    train(qtbot, window, 10)
    press(qtbot, window, "Ctrl+R")
    open_earlier(qtbot, window, 10)
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(folder.parent / "mine.npz"))
    qtbot.waitUntil(lambda: not list(folder.glob("*.npz")))
    train(qtbot, window, 15)
    press(qtbot, window, "Ctrl+R")
    qtbot.waitUntil(lambda: on_disk(folder) == [15])
    [run] = window.library.earlier.runs
    assert (run.name, run.data) == ("mine.npz", "dinosaurs.txt")
    window.close()
    other = start()
    qtbot.waitUntil(lambda: listed(other) == [15])
    assert other.library.earlier.runs[0].name == "mine.npz", "the file says so"


def test_a_run_that_an_error_ended_stays_in_the_folder(start, qtbot, monkeypatch, folder):
    window = start()
    train(qtbot, window, 10)
    qtbot.waitUntil(lambda: on_disk(folder) == [10], timeout=10_000)

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr("engine.training.trainer.Trainer.run", fail)
    with qtbot.waitSignal(window.session.failed):
        press(qtbot, window, "Space")
    monkeypatch.undo()
    press(qtbot, window, "Ctrl+R")
    open_earlier(qtbot, window, 10)
    train(qtbot, window, 12)


def test_closing_right_after_a_restart_waits_for_the_run_before(start, qtbot, folder):
    window = start()
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 100)
    press(qtbot, window, "Ctrl+R")
    steps = window.session.runs.earlier.steps_made
    window.close()
    [step] = on_disk(folder)
    assert step >= steps


def test_a_star_given_while_the_run_is_written_leaves_one_file(start, qtbot, folder):
    window = start()
    train(qtbot, window, 10)
    qtbot.waitUntil(lambda: len(list(folder.glob("*.npz"))) == 1)
    train(qtbot, window, 20)
    press(qtbot, window, "Ctrl+R")  # its copy is under way in the training thread
    [run] = window.library.earlier.runs
    window.library.earlier.star(run, True)
    window.library.finish_writing()
    qtbot.waitUntil(lambda: [path.stem[-7:] for path in folder.glob("*.npz")] == ["starred"])
    assert on_disk(folder) == [20]
    qtbot.waitUntil(lambda: [run.is_starred for run in window.library.earlier.runs] == [True])


def test_the_oldest_runs_without_a_star_make_room_and_it_is_said(start, qtbot, folder):
    window = start()
    restart_after(qtbot, window, (10,))
    window.library.finish_writing()
    size = sum(path.stat().st_size for path in folder.glob("*.npz"))
    window.close()
    other = start(max_bytes=round(4.5 * size))
    qtbot.waitUntil(lambda: listed(other) == [10])
    other.library.earlier.star(other.library.earlier.runs[0], True)
    qtbot.waitUntil(lambda: other.library.earlier.runs[0].is_starred)
    restart_after(qtbot, other, (20, 30, 40))
    other.library.finish_writing()
    assert sorted(listed(other)) == [10, 20, 30, 40]
    other.banner.hide()
    with qtbot.waitSignal(other.library.removed):
        restart_after(qtbot, other, (50,))
    assert "so the oldest run was removed: dinosaurs.txt, 20 steps." in other.banner.message
    other.library.finish_writing()  # an autosave on the way may be there before the last write
    qtbot.waitUntil(lambda: len(list(folder.glob("*.npz"))) == 4)
    assert on_disk(folder) == [10, 30, 40, 50]
    qtbot.waitUntil(lambda: sorted(listed(other)) == [10, 30, 40, 50])


def test_runs_that_cannot_be_written_stay_in_memory_and_losing_one_is_said(start, qtbot, folder):
    folder.write_text("a file in its place")
    window = start()
    steps = list(range(10, 10 + MAX_NOT_ON_DISK))
    restart_after(qtbot, window, steps)
    assert sorted(listed(window)) == steps
    assert "cannot keep a copy" in window.banner.message
    with qtbot.waitSignal(window.library.removed):
        restart_after(qtbot, window, (50,))
    assert "The earlier run dinosaurs.txt, 10 steps, is gone" in window.banner.message
    open_earlier(qtbot, window, 11)
    folder.unlink()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of folders are POSIX's")
def test_in_a_read_only_folder_runs_are_offered_for_reading(
    start, open_window, qtbot, folder, as_nobody
):
    window = start()
    train(qtbot, window, 10)
    qtbot.waitUntil(lambda: on_disk(folder) == [10], timeout=10_000)
    window.close()
    with tempfile.TemporaryDirectory() as outer:
        os.chmod(outer, 0o755)
        read_only = Path(outer, "autosave")
        shutil.copytree(folder, read_only)
        for path in read_only.iterdir():
            path.chmod(0o444)
        read_only.chmod(0o555)
        with as_nobody():
            other = open_window(lambda window: window.library.autosave_in(read_only))
            failures = []
            other.library.autosave.failed.connect(failures.append)
            qtbot.waitUntil(other.left_behind.isVisible, timeout=10_000)
            [run] = other.library.earlier.runs
            other.library.earlier.open(run)
            qtbot.waitUntil(lambda: other.session.snapshot_step == 10, timeout=10_000)
            train(qtbot, other, 12)
            qtbot.waitUntil(lambda: bool(failures), timeout=10_000)
            assert "cannot be written to" in other.banner.message
            other.close()
        read_only.chmod(0o755)
        assert on_disk(read_only) == [10]


def test_the_names_of_a_run_come_back_with_it_and_other_data_begin_without(
    start, qtbot, names_file
):
    window = start()
    train(qtbot, window, 10)
    press(qtbot, window, "Ctrl+G")
    qtbot.waitUntil(lambda: len(window.names.generated) == 10, timeout=10_000)
    names = window.names.generated
    press(qtbot, window, "Ctrl+R")
    assert window.names.generated == names, "the same data"
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file()))
    assert window.names.generated == []
    open_earlier(qtbot, window, 10)
    assert window.names.generated == names
