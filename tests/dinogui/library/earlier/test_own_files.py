"""Runs in files of a person's own: they stay in the list, each of them once."""

import os
import re

import pytest
from PySide6.QtGui import QKeySequence

from dinogui.session.run import RunState
from engine.runs.run_file import load_run


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "autosave"


@pytest.fixture
def start(open_window, folder):
    return lambda: open_window(lambda window: window.library.autosave_in(folder))


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def train(qtbot, window, step):
    window.session.train(step)
    qtbot.waitUntil(lambda: window.session.snapshot_step == step, timeout=20_000)
    qtbot.waitUntil(lambda: window.session.state is RunState.PAUSED)


def save(qtbot, window, path):
    with qtbot.waitSignal(window.library.saving.saved, timeout=10_000):
        window.library.saving.save_to(str(path))


def listed(window):
    return [(run.step, run.name, run.own_file) for run in window.library.earlier.runs]


def lists(qtbot, window, *expected):
    qtbot.waitUntil(lambda: listed(window) == list(expected), timeout=10_000)


def open_listed(qtbot, window, place=0):
    run = window.library.earlier.runs[place]
    window.library.earlier.open(run)
    qtbot.waitUntil(lambda: window.session.snapshot_step == run.step, timeout=10_000)


def open_file(qtbot, window, path):
    with qtbot.waitSignal(window.library.saving.opened, timeout=10_000):
        window.open_file(str(path))


def copies(folder):
    return sorted(load_run(path).state.step for path in folder.glob("*.npz"))


def has_copies(qtbot, folder, *steps):
    qtbot.waitUntil(lambda: copies(folder) == list(steps), timeout=10_000)


def test_a_saved_run_stays_in_the_list_once_and_without_a_copy(start, qtbot, folder, tmp_path):
    mine, other = tmp_path / "mine.npz", tmp_path / "other.npz"
    window = start()
    train(qtbot, window, 10)
    save(qtbot, window, mine)
    has_copies(qtbot, folder)
    press(qtbot, window, "Ctrl+R")
    lists(qtbot, window, (10, "mine.npz", str(mine)))
    window.close()
    second = start()
    lists(qtbot, second, (10, "mine.npz", str(mine)))
    open_listed(qtbot, second)
    assert second.library.saving.path == str(mine)
    assert not second.isWindowModified()
    train(qtbot, second, 15)
    has_copies(qtbot, folder, 15)
    press(qtbot, second, "Ctrl+R")
    lists(qtbot, second, (15, "mine.npz", str(mine)))
    second.close()
    third = start()
    lists(qtbot, third, (15, "mine.npz", str(mine)))
    open_listed(qtbot, third)
    save(qtbot, third, other)
    has_copies(qtbot, folder)
    press(qtbot, third, "Ctrl+R")
    lists(qtbot, third, (15, "other.npz", str(other)))
    assert load_run(mine).state.step == 10, "the file of before is as it was"


def test_a_file_that_is_opened_is_listed_once_however_it_is_opened(start, qtbot, tmp_path):
    mine, moved = tmp_path / "mine.npz", tmp_path / "moved.npz"
    window = start()
    train(qtbot, window, 10)
    save(qtbot, window, mine)
    press(qtbot, window, "Ctrl+R")
    for _ in range(2):
        open_file(qtbot, window, mine)
        assert listed(window) == []
        press(qtbot, window, "Ctrl+R")
        lists(qtbot, window, (10, "mine.npz", str(mine)))
    mine.rename(moved)
    open_file(qtbot, window, moved)
    press(qtbot, window, "Ctrl+R")
    lists(qtbot, window, (10, "moved.npz", str(moved)))


def test_a_moved_file_is_said_to_be_missing_and_found_again(start, qtbot, folder, tmp_path):
    mine, moved = tmp_path / "mine.npz", tmp_path / "elsewhere.npz"
    window = start()
    train(qtbot, window, 10)
    save(qtbot, window, mine)
    window.close()
    mine.rename(moved)
    other = start()
    earlier = other.library.earlier
    qtbot.waitUntil(lambda: [run.is_missing for run in earlier.runs] == [True], timeout=10_000)
    assert earlier.runs[0].details.endswith("its file is missing")
    with qtbot.waitSignal(earlier.refused) as said:
        earlier.open(earlier.runs[0])
    sentence = (
        f"“mine.npz” is no longer in “{tmp_path}”. If you have moved it, add it to the list from "
        "its new place."
    )
    assert (said.args, other.banner.message) == ([sentence], sentence)
    with qtbot.waitSignal(other.library.addition.said, timeout=10_000) as said:
        other.library.addition.add([str(moved)])
    assert said.args == ["“elsewhere.npz” is found again."]
    lists(qtbot, other, (10, "elsewhere.npz", str(moved)))
    assert copies(folder) == []
    moved.unlink()  # under the open list
    other.library.earlier.open(earlier.runs[0])
    qtbot.waitUntil(lambda: "elsewhere.npz" in other.banner.message, timeout=10_000)
    qtbot.waitUntil(lambda: [run.is_missing for run in earlier.runs] == [True], timeout=10_000)


def test_a_deleted_run_leaves_the_persons_file_and_its_star_is_kept(start, qtbot, folder, tmp_path):
    mine = tmp_path / "mine.npz"
    window = start()
    train(qtbot, window, 10)
    save(qtbot, window, mine)
    window.close()
    other = start()
    earlier = other.library.earlier
    lists(qtbot, other, (10, "mine.npz", str(mine)))
    earlier.star(earlier.runs[0], True)
    assert earlier.runs[0].is_starred
    earlier.delete(earlier.runs[0])
    assert (earlier.runs, [run.name for run in earlier.deleted]) == ((), ["mine.npz"])
    earlier.restore()
    assert earlier.runs[0].is_starred
    earlier.delete(earlier.runs[0])
    other.close()
    index = folder / "index.json"
    index.write_text(re.sub(r'"deleted": [\d.]+', '"deleted": 1000000.5', index.read_text()))
    third = start()
    qtbot.waitUntil(lambda: "mine.npz" not in index.read_text(), timeout=10_000)
    assert third.library.earlier.runs == third.library.earlier.deleted == ()
    assert load_run(mine).state.step == 10


def test_two_windows_that_go_on_with_one_file_keep_both_runs(start, qtbot, folder, tmp_path):
    mine = tmp_path / "mine.npz"
    one = start()
    train(qtbot, one, 10)
    save(qtbot, one, mine)
    two = start()
    lists(qtbot, two, (10, "mine.npz", str(mine)))
    open_listed(qtbot, two)
    for window, step in ((one, 20), (two, 30)):
        train(qtbot, window, step)
        window.session.restart()
        window.library.finish_writing()
    assert copies(folder) == [20, 30]
    for window in (one, two):
        window.close()
    three = start().library.earlier
    qtbot.waitUntil(lambda: sorted(run.step for run in three.runs) == [20, 30], timeout=10_000)


def test_a_run_deleted_in_one_window_while_another_goes_on_with_it_is_not_lost(
    start, qtbot, folder, tmp_path
):
    mine = tmp_path / "mine.npz"
    one = start()
    train(qtbot, one, 10)
    save(qtbot, one, mine)
    two = start()
    lists(qtbot, two, (10, "mine.npz", str(mine)))
    two.library.earlier.delete(two.library.earlier.runs[0])
    qtbot.waitUntil(lambda: one.library.earlier.present.is_deleted, timeout=10_000)
    train(qtbot, one, 20)
    one.session.restart()
    lists(qtbot, one, (20, "mine.npz", str(mine)))
    qtbot.waitUntil(lambda: two.library.earlier.deleted == (), timeout=10_000)
    open_file(qtbot, two, mine)
    assert two.session.steps_made == 10


def test_a_list_that_cannot_be_written_costs_no_copy_and_is_said(start, qtbot, folder, tmp_path):
    window = start()
    train(qtbot, window, 10)
    has_copies(qtbot, folder, 10)
    (folder / "index.json").unlink(missing_ok=True)
    (folder / "index.json").mkdir()
    save(qtbot, window, tmp_path / "mine.npz")
    said = "“mine.npz” is not listed, as the list of runs in"
    qtbot.waitUntil(lambda: said in window.banner.message, timeout=10_000)
    assert copies(folder) == [10], "it is still in the list by its copy"
    (folder / "index.json").rmdir()


def test_a_name_with_odd_characters_is_listed(start, qtbot, tmp_path):
    mine = tmp_path / "caf\udce9 \u202e \U0001f996.npz"
    try:
        mine.touch()
    except (OSError, ValueError):
        pytest.skip("this system has no such names")
    mine.unlink()
    window = start()
    train(qtbot, window, 10)
    save(qtbot, window, mine)
    window.close()
    other = start()
    lists(qtbot, other, (10, "caf\ufffd \ufffd \U0001f996.npz", str(mine)))
    open_listed(qtbot, other)
    assert os.fsencode(other.library.saving.path) == os.fsencode(mine)
