"""Autosaves: written in case the process dies, and offered by the next start."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, QStandardPaths, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from dinogui.library.autosave.autosave_folder import users_autosave_folder
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


RESTART = """
is_first = True

def go_on(_):
    global is_first
    if is_first:
        is_first = False
        window.session.restart()
        window.session.train(30)

window.library.autosave.written.disconnect()
window.library.autosave.written.connect(go_on)
window.library.autosave.written.connect(lambda path: print(path, flush=True))
window.session.train(20)
sys.exit(application.exec())
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "autosave"


@pytest.fixture
def start(open_window, folder):
    """Return a function that opens a window with its autosaves in the folder."""
    return lambda every=60.0: open_window(lambda window: window.library.autosave_in(folder, every))


@pytest.fixture(scope="module")
def folder_of_killed(tmp_path_factory):
    """Return the folder of a process that was killed, and the name of its autosave there."""
    home = tmp_path_factory.mktemp("killed")
    places = {f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    process = subprocess.Popen(
        [sys.executable, "-c", TRAIN_AND_PAUSE, str(home / "autosave")],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | places,
    )
    with process:
        try:
            path = process.stdout.readline().strip()
        finally:
            os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return home / "autosave", os.path.basename(path)


@pytest.fixture
def killed(folder, folder_of_killed):
    """Return the autosave of a process that was killed, in a folder as that process left it."""
    left, name = folder_of_killed
    shutil.copytree(left, folder)
    return str(folder / name)


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def train_to(qtbot, window, step):
    """Train up to a step and wait for the autosave at its end."""
    steps = []
    window.library.autosave.written.connect(lambda path: steps.append(load_run(path).state.step))
    window.session.train(step)
    qtbot.waitUntil(lambda: step in steps, timeout=20_000)


def offered(qtbot, window, count):
    """Wait until the window offers so many runs, and return what it says of them."""
    qtbot.waitUntil(lambda: len(window.left_behind.texts) == count, timeout=10_000)
    assert window.left_behind.isVisible() == bool(count)
    return window.left_behind.texts


def offers_nothing(qtbot, window):
    """Wait until the window has read what is in the folder, and check that it offers nothing."""
    with qtbot.waitSignal(window.library.earlier.changed):
        window.library.earlier.refresh()
    qtbot.wait(100)
    assert window.left_behind.isHidden()


def click(qtbot, window, text, row=0):
    def buttons():
        found = window.left_behind.findChildren(QPushButton)
        return [b for b in found if b.text() == text and b.isVisible()]

    qtbot.waitUntil(lambda: len(buttons()) > row)
    qtbot.mouseClick(buttons()[row], Qt.MouseButton.LeftButton)


def kept(folder):
    return sorted(folder.glob("*.npz"))


def has_room(button):
    """Whether a button is wider than its word, by at least its frame."""
    return button.width() >= button.fontMetrics().horizontalAdvance(button.text()) + 12


def test_after_a_kill_the_next_start_offers_the_run_and_continues_it(start, qtbot, killed, folder):
    state = load_run(killed).state
    assert state.step > 400
    window = start()
    [text] = offered(qtbot, window, 1)
    hour = time.strftime("%H:%M", time.localtime(os.path.getmtime(killed)))
    loss = state.values["smoothing.loss"]
    says = f"dinosaurs.txt, RNN 50, {state.step:,} steps, {loss:.2f} nats per name, {hour}"
    assert text == says
    line = window.left_behind.fontMetrics().height()
    for size, scale in (((940, 560), 2), ((1600, 1000), 2), ((940, 560), 1)):
        window.resize(*size)
        window.presentation.scale_text(float(scale))
        button = window.left_behind.findChildren(QPushButton)[-1]
        qtbot.waitUntil(
            lambda button=button, high=scale * line: abs(button.fontMetrics().height() - high) < 3
        )
        qtbot.waitUntil(lambda: all(map(has_room, window.left_behind.findChildren(QPushButton))))
    click(qtbot, window, "Open")
    qtbot.waitUntil(lambda: window.session.snapshot_step == state.step)
    assert window.session.snapshot.parameters.flat.tobytes() == state.parameters.flat.tobytes()
    assert window.left_behind.isHidden()
    assert window.library.saving.path is None
    assert window.isWindowModified(), "the run has not been saved by the user"
    [path] = kept(folder)
    assert load_run(path).state.step == state.step
    train_to(qtbot, window, state.step + 50)
    assert kept(folder) == [path], "this window has taken it over"
    assert load_run(path).state.step == state.step + 50


def test_after_a_kill_a_run_that_was_put_aside_is_listed_but_not_offered(start, qtbot, folder):
    begin = TRAIN_AND_PAUSE.partition("def pause_later")[0]
    arguments = [sys.executable, "-c", begin + RESTART, str(folder)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        try:
            written = {process.stdout.readline() for _ in range(2)}  # a run after the other
            assert len(written) == 2
        finally:
            process.kill()
    window = start()
    [text] = offered(qtbot, window, 1)
    assert "30 steps" in text
    assert sorted(run.step for run in window.library.earlier.runs) == [20, 30]


def test_the_previous_run_keeps_its_autosave(start, qtbot, killed, folder):
    step = load_run(killed).state.step
    window = start()
    train_to(qtbot, window, 30)
    offered(qtbot, window, 1)
    click(qtbot, window, "Open")
    qtbot.waitUntil(lambda: window.session.snapshot_step == step)
    qtbot.waitUntil(window.banner.isVisible)
    said = "dinosaurs.txt, 30 steps, is kept and stays on the plot."
    assert window.banner.message == f"The run before, {said}"
    [again] = [b for b in window.banner.findChildren(QPushButton) if b.text() == "Show it again"]
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.snapshot_step == 30)
    train_to(qtbot, window, 60)
    window.close()
    assert sorted(load_run(path).state.step for path in kept(folder)) == [60, step]


def test_the_run_before_a_restart_is_an_earlier_run_at_the_next_start(start, qtbot, folder):
    window = start()
    train_to(qtbot, window, 40)
    press(qtbot, window, "Ctrl+R")
    window.close()
    assert [load_run(path).state.step for path in kept(folder)] == [40]
    other = start()
    qtbot.waitUntil(lambda: [run.step for run in other.library.earlier.runs] == [40])
    assert other.left_behind.isHidden(), "the window that put it aside was closed as usual"


def test_a_forgotten_autosave_is_in_the_trash_and_an_ignored_one_is_offered_again(
    start, qtbot, killed, folder
):
    window = start()
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: window.session.state is RunState.TRAINING)
    offered(qtbot, window, 1)  # training does not delete it
    qtbot.waitUntil(lambda: window.session.steps_made > 0)
    window.session.pause()
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(folder.parent / "run.npz"))
    window.close()
    assert os.path.exists(killed)
    again = start()
    offered(qtbot, again, 1)
    click(qtbot, again, "Forget")
    offered(qtbot, again, 0)
    again.close()
    third = start()
    qtbot.waitUntil(lambda: len(third.library.earlier.deleted) == 1)
    assert [run.name for run in third.library.earlier.runs] == ["run.npz"]
    assert not third.library.earlier.left_behind


def test_what_is_kept_for_later_is_not_offered_again_but_listed(start, qtbot, killed, folder):
    step = load_run(killed).state.step
    window = start()
    offered(qtbot, window, 1)
    click(qtbot, window, "Open later")
    offered(qtbot, window, 0)
    window.close()
    other = start()
    qtbot.waitUntil(lambda: [run.step for run in other.library.earlier.runs] == [step])
    assert other.left_behind.isHidden()


def test_all_that_is_left_behind_is_in_one_list_the_latest_first(start, qtbot, folder):
    folder.mkdir()
    window = start()
    for number, step in enumerate((30, 120, 210)):
        train_to(qtbot, window, step)
        path = folder / f"left{number}.npz"  # as an earlier version named them
        latest = next(p for p in kept(folder) if not p.stem.startswith("left"))
        path.write_bytes(latest.read_bytes())
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
    other = start()
    texts = offered(qtbot, other, 3)
    for text, steps in zip(texts, ("210", "120", "30"), strict=True):
        assert f"{steps} steps" in text
        assert "January 1970" in text
    click(qtbot, other, "Forget", row=1)
    assert ["210 steps" in text or "30 steps" in text for text in offered(qtbot, other, 2)]
    click(qtbot, other, "Open", row=1)
    qtbot.waitUntil(lambda: other.session.snapshot_step == 30)
    assert other.left_behind.isHidden()
    assert [run.step for run in other.library.earlier.runs] == [210]
    other.close()
    third = start()
    qtbot.waitUntil(lambda: [run.step for run in third.library.earlier.runs] == [210, 30])


@pytest.mark.layout
def test_the_list_covers_neither_legend_nor_unit_box_nor_buttons(start, qtbot, killed, folder):
    for number in range(6):
        shutil.copy(killed, folder / f"left{number}.npz")
    window = start()
    offered(qtbot, window, 7)
    for size in ((940, 560), (1600, 1000)):
        window.resize(*size)
        qtbot.waitUntil(lambda: window.left_behind.width() > 100)
        qtbot.wait(100)  # the legend takes its room only after some turns of the event loop
        plot = window.loss_plot
        area = QRect(window.left_behind.mapTo(plot, QPoint(0, 0)), window.left_behind.size())
        assert QRect(plot.canvas.mapTo(plot, QPoint(0, 0)), plot.canvas.size()).contains(area)
        for part in (plot.unit_box, plot._legend, *plot.findChildren(QToolButton)):
            if not window.left_behind.isAncestorOf(part):
                place = QRect(part.mapTo(plot, QPoint(0, 0)), part.size())
                assert not part.isVisible() or not area.intersects(place)


@pytest.mark.layout
def test_in_a_small_window_with_large_text_a_run_takes_one_line(start, qtbot, killed, folder):
    step = load_run(killed).state.step
    shutil.copy(killed, folder / "left.npz")
    window = start()
    window.resize(940, 560)
    while window.actions_.larger_text.isEnabled():
        window.actions_.larger_text.trigger()
    texts = offered(qtbot, window, 2)
    part, first = window.left_behind, texts[0]
    qtbot.waitUntil(lambda: part.findChild(QLabel).text() == "Not saved: 2 runs")
    shown = [label for label in part.findChildren(QLabel) if label.toolTip() == first]
    assert shown[0].text().startswith("dinosaurs.txt")
    assert shown[0].text() != first
    buttons = {b.text(): b for b in reversed(part.findChildren(QPushButton)) if b.isVisible()}
    for text in ("Open", "Forget", "Open later"):
        button = buttons[text]
        qtbot.waitUntil(lambda b=button: b.visibleRegion().boundingRect() == b.rect())
    window.resize(1600, 1400)
    qtbot.waitUntil(lambda: "were not saved when" in part.findChild(QLabel).text())
    click(qtbot, window, "Open")
    qtbot.waitUntil(lambda: window.session.snapshot_step == step)


@pytest.mark.layout
def test_after_a_run_is_forgotten_the_buttons_of_the_others_keep_their_size(
    start, qtbot, killed, folder
):
    for number in range(3):
        shutil.copy(killed, folder / f"left{number}.npz")
    window = start()
    window.resize(1600, 1000)
    offered(qtbot, window, 4)
    click(qtbot, window, "Forget", row=1)
    offered(qtbot, window, 3)
    qtbot.wait(50)
    for button in window.left_behind.findChildren(QPushButton):
        if button.isVisible():
            assert button.height() >= button.sizeHint().height(), button.text()
            assert button.visibleRegion().boundingRect() == button.rect(), button.text()


def test_the_autosave_of_a_text_contains_the_whole_text(start, qtbot, names_file, verse, folder):
    window = start()
    path = names_file(verse, "verse.txt")
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(path))
    small = replace(window.session.hyperparameters, widths=(8,), batch=4)
    window.session.restart(hyperparameters=small)
    train_to(qtbot, window, 5)
    path.unlink()
    other = start()
    offers_nothing(qtbot, other)
    window.close()
    again = start()
    offered(qtbot, again, 1)
    click(qtbot, again, "Open")
    qtbot.waitUntil(lambda: again.session.kind == "text")
    corpus = again.session.corpus
    assert corpus.decode(corpus.symbols) == verse


def test_two_open_windows_use_separate_autosaves(start, qtbot, folder):
    one = start()
    train_to(qtbot, one, 50)
    two = start()
    offers_nothing(qtbot, two)  # another window uses it
    assert two.library.earlier.runs == ()
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
    assert [path.name for path in folder.iterdir()] == ["index.json"]


def test_closing_an_unsaved_run_leaves_its_autosave_for_the_next_start(start, qtbot, folder):
    window = start()
    train_to(qtbot, window, 50)
    window.close()
    assert len(kept(folder)) == 1
    other = start()
    assert "50 steps" in offered(qtbot, other, 1)[0]
    other.close()
    window = start()
    assert "50 steps" in offered(qtbot, window, 1)[0], "it is not this window's"


def test_a_run_that_is_kept_for_later_is_not_offered_at_the_next_start(start, qtbot, folder):
    window = start()
    train_to(qtbot, window, 50)
    assert window.library.autosave.keep_for_later()
    window.close()
    assert len(kept(folder)) == 1
    other = start()
    qtbot.waitUntil(lambda: [run.step for run in other.library.earlier.runs] == [50])
    assert other.left_behind.isHidden()


def test_a_run_that_trains_is_kept_with_its_last_step(start, qtbot, folder):
    window = start()
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 100)
    assert window.library.autosave.keep_for_later()
    assert window.session.state is RunState.PAUSED
    (path,) = kept(folder)
    assert load_run(path).state.step == window.session.steps_made


def test_a_window_that_trains_nothing_creates_no_folder(start, folder):
    start().close()
    assert not folder.exists()


def test_a_file_that_is_not_a_run_is_neither_offered_nor_changed(start, qtbot, folder):
    folder.mkdir()
    (folder / "x.npz").write_bytes(b"no run")
    (folder / "y.lock").write_bytes(b"")
    window = start()
    offers_nothing(qtbot, window)
    assert window.library.earlier.runs == ()
    window.close()
    assert (folder / "x.npz").read_bytes() == b"no run"


def test_a_damaged_file_is_not_offered(start, qtbot, killed):
    with open(killed, "r+b") as file:
        file.truncate(os.path.getsize(killed) - 1000)
    window = start()
    offers_nothing(qtbot, window)  # its type cannot be recognized
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
    monkeypatch.setattr(
        "dinogui.library.autosave.autosave_folder.QLockFile.tryLock", lambda *_: False
    )
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


def test_the_faster_step_is_offered_when_the_list_is_answered(
    start, qtbot, killed, compile_meanwhile
):
    window = start()
    offered(qtbot, window, 1)
    compile_meanwhile(window)
    QCoreApplication.processEvents()
    assert not window.banner.isVisible()
    click(qtbot, window, "Open later")
    qtbot.waitUntil(window.banner.isVisible)
    assert window.banner.message.startswith("The faster step is ready.")
