"""Autosaves: written in case the process dies, and offered by the next start."""

import os
import signal
import subprocess
import sys
import time

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton

from dinogui.library.autosave_folder import AutosaveFolder, users_autosave_folder
from dinogui.session.run import RunState
from engine.runs.run_file import load_run

TRAIN_AND_PAUSE = """
import sys
from pathlib import Path
from engine.nn.fast.blas import limit_blas_threads
limit_blas_threads()
from PySide6.QtWidgets import QApplication
from dinogui.app import make_window

application = QApplication([])
window = make_window(application)
window.library.autosave_in(Path(sys.argv[1]))
window.library.autosave.written.connect(lambda path: print(path, flush=True))
window.show()

def pause_later(progress):
    if progress.step > 400:
        window.session.progressed.disconnect(pause_later)
        window.session.pause()

window.session.progressed.connect(pause_later)
window.session.train()
sys.exit(application.exec())
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "autosave"


@pytest.fixture
def start(open_window, folder):
    """Return a function that opens a window with its autosaves in the folder."""
    return lambda every=60.0: open_window(lambda window: window.library.autosave_in(folder, every))


@pytest.fixture
def killed(folder):
    """Return the autosave of a process that was killed, and the time when it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", TRAIN_AND_PAUSE, str(folder)], stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            path = process.stdout.readline().strip()
        finally:
            os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return path


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def train_to(qtbot, window, step):
    """Train up to a step and wait for the autosave at its end."""
    steps = []
    window.library.autosave.written.connect(lambda path: steps.append(load_run(path).state.step))
    window.session.train(step)
    qtbot.waitUntil(lambda: step in steps, timeout=20_000)


def click(qtbot, window, text):
    banner = window.library.recovery_banner
    button = next(b for b in banner.findChildren(QPushButton) if b.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def kept(folder):
    return sorted(folder.glob("*.npz"))


def test_after_a_kill_the_next_start_offers_the_run_and_continues_it(start, qtbot, killed, folder):
    state = load_run(killed).state
    assert state.step > 400
    window = start()
    assert window.library.recovery_banner.isVisible()
    hour = time.strftime("%H:%M", time.localtime(os.path.getmtime(killed)))
    says = f"The run from {hour} ({state.step:,} steps) was not saved."
    assert window.library.recovery_banner.message == says
    click(qtbot, window, "Open it")
    qtbot.waitUntil(lambda: window.session.snapshot_step == state.step)
    assert window.session.snapshot.parameters.flat.tobytes() == state.parameters.flat.tobytes()
    assert window.library.recovery_banner.isHidden()
    assert window.library.saving.path is None
    assert window.isWindowModified(), "the run has not been saved by the user"
    assert kept(folder) == [folder / os.path.basename(killed)]
    train_to(qtbot, window, state.step + 50)
    assert kept(folder) == [folder / os.path.basename(killed)], "this window has taken it over"
    assert load_run(killed).state.step == state.step + 50


def test_the_previous_run_keeps_its_autosave(start, qtbot, killed, folder):
    step = load_run(killed).state.step
    window = start()
    train_to(qtbot, window, 30)
    click(qtbot, window, "Open it")
    qtbot.waitUntil(lambda: window.session.snapshot_step == step)
    press(qtbot, window, "Ctrl+Z")
    qtbot.waitUntil(lambda: window.session.snapshot_step == 30)
    train_to(qtbot, window, 60)
    window.close()
    assert sorted(load_run(path).state.step for path in kept(folder)) == [60, step]


def test_the_run_before_a_restart_is_offered_by_the_next_start(start, qtbot, folder):
    window = start()
    train_to(qtbot, window, 40)
    press(qtbot, window, "Ctrl+R")
    window.close()
    assert [load_run(path).state.step for path in kept(folder)] == [40]
    assert "(40 steps)" in start().library.recovery_banner.message


def test_a_discarded_autosave_is_deleted_and_an_ignored_one_is_offered_again(
    start, qtbot, killed, folder
):
    window = start()
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: window.session.state is RunState.TRAINING)
    assert window.library.recovery_banner.isVisible(), "training does not delete it"
    window.session.pause()
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(folder.parent / "run.npz"))
    window.close()
    assert os.path.exists(killed)
    again = start()
    click(qtbot, again, "Forget it")
    assert again.library.recovery_banner.isHidden()
    again.close()
    assert list(folder.iterdir()) == []


def test_several_autosaves_are_offered_the_latest_first(start, qtbot, folder):
    folder.mkdir()
    window = start()
    for number, step in enumerate((30, 20, 10)):
        train_to(qtbot, window, step + 100 * number)
        path = folder / f"left{number}.npz"
        latest = next(p for p in kept(folder) if not p.stem.startswith("left"))
        path.write_bytes(latest.read_bytes())
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
    other = start()
    for steps in ("210", "120", "30"):
        assert f"({steps} steps)" in other.library.recovery_banner.message
        assert "January 1970" in other.library.recovery_banner.message
        click(qtbot, other, "Forget it")
    assert other.library.recovery_banner.isHidden()
    assert kept(folder) == [latest]


def test_the_autosave_of_a_text_contains_the_whole_text(start, qtbot, names_file, verse, folder):
    window = start()
    path = names_file(verse, "verse.txt")
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(path))
    window.session.set_hyperparameters(widths=(8,), batch=4)
    train_to(qtbot, window, 5)
    path.unlink()
    other = start()
    assert other.library.recovery_banner.isHidden()
    window.close()
    again = start()
    click(qtbot, again, "Open it")
    qtbot.waitUntil(lambda: again.session.kind == "text")
    corpus = again.session.corpus
    assert corpus.decode(corpus.symbols) == verse


def test_two_open_windows_use_separate_autosaves(start, qtbot, folder):
    one = start()
    train_to(qtbot, one, 50)
    two = start()
    assert two.library.recovery_banner.isHidden(), "another window uses it"
    train_to(qtbot, two, 80)
    assert sorted(load_run(path).state.step for path in kept(folder)) == [50, 80]
    with qtbot.waitSignal(two.library.saving.saved):
        two.library.saving.save_to(str(folder.parent / "two.npz"))
    two.close()
    assert [load_run(path).state.step for path in kept(folder)] == [50]


def test_autosaves_are_written_during_training_and_at_each_pause(start, qtbot, folder):
    window = start(every=0.3)
    press(qtbot, window, "Space")
    steps = []
    for _ in range(2):
        with qtbot.waitSignal(window.library.autosave.written):
            pass
        steps.append(load_run(kept(folder)[0]).state.step)
        assert window.session.state is RunState.TRAINING
    assert 0 < steps[0] < steps[1]
    press(qtbot, window, "Space")

    def is_kept():
        return load_run(kept(folder)[0]).state.step == window.session.steps_made

    qtbot.waitUntil(is_kept)
    press(qtbot, window, "F8")
    qtbot.waitUntil(lambda: window.session.steps_made > steps[1])
    qtbot.waitUntil(is_kept)
    assert len(kept(folder)) == 1


def test_saving_a_run_removes_its_autosave(start, qtbot, folder):
    window = start()
    train_to(qtbot, window, 50)
    assert len(kept(folder)) == 1
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(folder.parent / "run.npz"))
    qtbot.waitUntil(lambda: kept(folder) == [])
    window.close()
    assert list(folder.iterdir()) == []


def test_closing_an_unsaved_run_leaves_its_autosave_for_the_next_start(start, qtbot, folder):
    window = start()
    train_to(qtbot, window, 50)
    window.close()
    assert len(kept(folder)) == 1
    other = start()
    assert "(50 steps)" in other.library.recovery_banner.message
    other.close()
    window = start()
    window.library.autosave.discard()
    assert "(50 steps)" in window.library.recovery_banner.message, "it is not this window's"


def test_closing_after_discarding_leaves_no_autosave(start, qtbot, folder):
    window = start()
    train_to(qtbot, window, 50)
    window.library.autosave.discard()
    window.close()
    assert list(folder.iterdir()) == []


def test_a_window_that_trains_nothing_creates_no_folder(start, folder):
    start().close()
    assert not folder.exists()


def test_a_file_that_is_not_a_run_is_neither_offered_nor_changed(start, folder):
    folder.mkdir()
    (folder / "x.npz").write_bytes(b"no run")
    (folder / "y.lock").write_bytes(b"")
    window = start()
    assert window.library.recovery_banner.isHidden()
    window.close()
    assert (folder / "x.npz").read_bytes() == b"no run"


def test_a_damaged_file_is_not_offered(start, killed):
    with open(killed, "r+b") as file:
        file.truncate(os.path.getsize(killed) - 1000)
    window = start()
    assert window.library.recovery_banner.isHidden(), "its type cannot be recognized"
    assert window.session.corpus.source == "dinosaurs.txt"


def test_an_unwritable_folder_is_reported_once(start, qtbot, folder):
    folder.write_text("a file in its place")
    window = start()
    with qtbot.waitSignal(window.library.autosave.failed):
        window.session.train(20)
    assert "cannot be written to" in window.banner.message
    assert "File > Save run" in window.banner.message
    window.banner.hide()
    with qtbot.assertNotEmitted(window.library.autosave.failed, wait=300):
        window.session.train(40)


def test_an_unwritable_folder_is_reported_until_it_is_writable_again(start, qtbot, folder):
    folder.write_text("a file in its place")
    window = start(0.3)
    autosave = window.library.autosave
    with qtbot.waitSignal(autosave.failed):
        window.session.train(20)
    qtbot.waitUntil(lambda: window.session.state is RunState.PAUSED)
    window.banner.hide()
    with qtbot.waitSignal(autosave.failed):
        pass  # said again, although the training has stopped
    assert "cannot be written to" in window.banner.message
    assert window.banner.isVisible()
    with qtbot.waitSignal(autosave.recovered):
        folder.unlink()
    assert "can keep a copy of the run again" in window.banner.message
    assert len(kept(folder)) == 1
    with qtbot.assertNotEmitted(autosave.failed, wait=700):
        pass


def test_a_read_only_folder_is_reported_by_every_window(start, qtbot, monkeypatch):
    # What a lock does in a read-only folder; permissions do not bind every user.
    monkeypatch.setattr("dinogui.library.autosave_folder.QLockFile.tryLock", lambda *_: False)
    for _ in range(2):
        window = start()
        with qtbot.waitSignal(window.library.autosave.failed):
            window.session.train(20)
        assert "cannot be written to" in window.banner.message
        window.session.restart()


def test_the_users_folder_belongs_to_the_application(qapp):
    QStandardPaths.setTestModeEnabled(True)
    folder = users_autosave_folder()
    assert folder.name == "autosave"
    assert folder.parent.name == qapp.applicationName()


def test_unfinished_files_of_a_killed_process_are_removed_later(tmp_path):
    old, new = (tmp_path / f".{digit * 16}.part" for digit in "07")
    for half in (old, new):
        half.write_bytes(b"half")
    os.utime(old, (1_000_000, 1_000_000))
    assert AutosaveFolder(tmp_path).leftovers() == []
    assert list(tmp_path.iterdir()) == [new]


def test_an_autosave_place_is_locked_until_it_is_released(tmp_path):
    one, two = AutosaveFolder(tmp_path), AutosaveFolder(tmp_path)
    place = one.new_place()
    place.path.write_bytes(b"x")
    assert two.leftovers() == []
    place.release()
    [found] = two.leftovers()
    assert found.path == place.path
    assert one.leftovers() == [], "it belongs to the window that offers it"
    found.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
def test_a_pipe_in_place_of_a_lock_is_passed_over(tmp_path):
    os.mkfifo(tmp_path / "x.lock")
    (tmp_path / "x.npz").write_bytes(b"x")
    assert AutosaveFolder(tmp_path).leftovers() == []
    assert (tmp_path / "x.lock").is_fifo()
