"""Saving and opening runs in the window, by keys, drops and the dialogs themselves."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox

from dinogui.session.run import RunState
from engine.evaluation.units import Unit
from engine.runs.run_file import NO_ROOM_SENTENCE, load_run, save_run
from engine.training.record import Record
from tests.dinogui.window.dropping import drop


@pytest.fixture
def train(train_until):
    return lambda window, step: train_until(window.session, step)


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    if not widget.isActiveWindow():  # another window or a dialog had the focus
        with qtbot.waitActive(widget):
            widget.activateWindow()
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def open_dialog(qtbot, window):
    def visible():
        return [dialog for dialog in window.findChildren(QFileDialog) if dialog.isVisible()]

    qtbot.waitUntil(lambda: len(visible()) == 1)
    return visible()[0]


def choose(qtbot, window, path):
    """Type a file's name into the dialog that is open."""
    line = open_dialog(qtbot, window).findChild(QLineEdit, "fileNameEdit")
    line.setText(str(path))
    qtbot.keyClick(line, Qt.Key.Key_Return)


def save(qtbot, window, path):
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(path))


def open_run(qtbot, window, path):
    with qtbot.waitSignal(window.library.saving.opened):
        window.open_file(str(path))
    qtbot.waitUntil(lambda: window.session.has_network)


def bits(session):
    return session.snapshot.parameters.flat.tobytes()


def log_of(window):
    return window.names.log.text.toPlainText()


def written(qtbot, window):
    """Press Ctrl+G, and return the generated names."""
    found = []
    window.session.name_generation.found.connect(found.append)
    press(qtbot, window, "Ctrl+G")
    qtbot.waitUntil(lambda: bool(found) and found[-1].is_over)
    return window.names.generated


def curves(curves):
    """Return what repeats to the bit: all but the time that the steps took."""
    state = {n: v for n, v in curves.state().items() if not n.startswith("clock.")}
    return {n: v.tobytes() if isinstance(v, np.ndarray) else v for n, v in state.items()}


def test_save_asks_for_a_file_once_and_the_title_shows_unsaved_changes(
    window, qtbot, tmp_path, train
):
    path = tmp_path / "mine.npz"
    assert not window.isWindowModified()
    train(window, 50)
    assert window.library.saving.is_unsaved
    assert window.isWindowModified()
    with qtbot.waitSignal(window.library.saving.saved):
        press(qtbot, window, "Ctrl+S")
        choose(qtbot, window, path)
    assert load_run(path).state.step == 50
    assert window.windowTitle() == "mine.npz[*] — DinoGUI"
    assert not window.isWindowModified()
    window.session.set_hyperparameters(learning_rate=0.02)
    assert window.isWindowModified()
    train(window, 70)
    with qtbot.waitSignal(window.library.saving.saved):
        press(qtbot, window, "Ctrl+S")
    saved = load_run(path)
    assert (saved.state.step, saved.state.hyperparameters.learning_rate) == (70, 0.02)
    assert not window.library.saving.is_unsaved
    window.session.restart()
    assert window.windowTitle() == "dinosaurs.txt[*] — DinoGUI"
    assert window.library.saving.path is None


def press_button(qtbot, window, role):
    """Press a button of the question that is open; return what was asked."""
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QMessageBox)))
    (box,) = (box for box in window.findChildren(QMessageBox) if box.isVisible())
    text = box.text()
    (button,) = (each for each in box.buttons() if box.buttonRole(each) is role)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    return text


def save_over(qtbot, window, path):
    """Choose an existing file, and agree to what Qt itself asks."""
    press(qtbot, window, "Ctrl+Shift+S")
    dialog = open_dialog(qtbot, window)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    choose(qtbot, window, path)


def test_a_list_of_names_is_replaced_only_if_the_person_says_so(window, qtbot, tmp_path, train):
    path = tmp_path / "mine.txt"
    path.write_text("anna\nbob\n")
    train(window, 5)
    role = QMessageBox.ButtonRole
    with qtbot.waitSignal(window.library.saving.not_saved):
        save_over(qtbot, window, path)
        asked = press_button(qtbot, window, role.RejectRole)
    assert asked == "“mine.txt” is not a saved run. Replace it?"
    assert path.read_text() == "anna\nbob\n"
    with qtbot.waitSignal(window.library.saving.saved):
        save_over(qtbot, window, path)
        press_button(qtbot, window, role.DestructiveRole)
    assert load_run(path).state.step == 5
    train(window, 9)
    with qtbot.waitSignal(window.library.saving.saved):  # a run replaces a run without a question
        save_over(qtbot, window, path)
    assert load_run(path).state.step == 9


def test_the_data_of_the_run_are_never_replaced(window, qtbot, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("anna\nbob\ncarla\n")
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(path))
    with qtbot.waitSignal(window.library.saving.not_saved) as refused:
        save_over(qtbot, window, path)
    assert "holds the data that this run learns from. Choose another file." in refused.args[0]
    assert path.read_text() == "anna\nbob\ncarla\n"


def test_save_as_writes_a_new_file_and_leaves_the_first_unchanged(window, qtbot, tmp_path, train):
    train(window, 20)
    save(qtbot, window, tmp_path / "a.npz")
    before = (tmp_path / "a.npz").read_bytes()
    train(window, 30)
    with qtbot.waitSignal(window.library.saving.saved):
        press(qtbot, window, "Ctrl+Shift+S")
        choose(qtbot, window, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == before
    assert window.library.saving.path == str(tmp_path / "b.npz")


def test_cancelling_the_dialog_saves_nothing(window, qtbot, train):
    train(window, 5)
    with qtbot.waitSignal(window.library.saving.not_saved) as answer:
        press(qtbot, window, "Ctrl+S")
        qtbot.keyClick(open_dialog(qtbot, window), Qt.Key.Key_Escape)
    assert answer.args == [""]
    assert window.banner.isHidden()
    assert window.library.saving.is_unsaved


def test_training_continues_during_saving(window, qtbot, tmp_path):
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: window.session.steps_made > 200)
    save(qtbot, window, tmp_path / "run.npz")
    step = load_run(tmp_path / "run.npz").state.step
    assert step > 200
    assert window.session.state is RunState.TRAINING
    qtbot.waitUntil(lambda: window.session.steps_made > step + 200)
    assert window.library.saving.is_unsaved


def test_the_saved_curve_ends_at_the_step_of_the_network(window, qtbot, tmp_path):
    press(qtbot, window, "Space")
    for _ in range(5):
        qtbot.wait(30)
        save(qtbot, window, tmp_path / "run.npz")
        saved = load_run(tmp_path / "run.npz")
        assert saved.extras["curve.last_step"] == saved.state.step


def test_a_saved_run_continues_unchanged_in_another_window(
    window, qtbot, tmp_path, train, open_window
):
    def first_half(window):
        train(window, 300)
        window.session.set_hyperparameters(learning_rate=0.02, widths=(40,))
        train(window, 1500)

    def second_half(window):
        window.session.set_hyperparameters(clip=1.0, optimizer="adam")
        train(window, 2000)
        window.session.set_hyperparameters(widths=(60,), learning_rate=0.003)
        train(window, 2500)

    first_half(window)
    save(qtbot, window, tmp_path / "run.npz")
    other = open_window()
    open_run(qtbot, other, tmp_path / "run.npz")
    second_half(window)
    second_half(other)
    assert other.session.snapshot_step == 2500
    assert bits(other.session) == bits(window.session)
    assert curves(other.session.curves) == curves(window.session.curves)
    assert other.session.progress.smoothed_loss == window.session.progress.smoothed_loss
    assert written(qtbot, other) == written(qtbot, window)


def test_the_window_shows_the_run_as_it_was(window, qtbot, tmp_path, train, open_window):
    window.session.set_hyperparameters(learning_rate=0.025, widths=(32,))
    train(window, 2100)
    for _ in range(2):
        written(qtbot, window)
    window.actions_.units[Unit.PERPLEXITY].trigger()
    save(qtbot, window, tmp_path / "run.npz")
    other = open_window()
    open_run(qtbot, other, tmp_path / "run.npz")
    assert other.windowTitle() == "run.npz[*] — DinoGUI"
    assert not other.isWindowModified()
    assert other.session.state is RunState.PAUSED
    assert written(qtbot, other) == written(qtbot, window), "the third random stream, not the first"
    assert log_of(other) == log_of(window)
    assert "Iteration: 2000" in log_of(other)
    assert other.loss_plot.unit is Unit.PERPLEXITY
    assert other.controls.learning_rate.box.value() == 0.025
    assert other.controls.hidden.box.value() == 32
    assert other.session.steps_made == 2100
    assert other.session.progress.seconds == window.session.progress.seconds
    assert curves(other.session.curves) == curves(window.session.curves)
    np.testing.assert_array_equal(
        other.session.curves.clock.state()["readings"],
        window.session.curves.clock.state()["readings"],
    )
    log = log_of(other)
    for one in (window, other):
        train(one, 4001)
    assert log_of(other).startswith(log)
    assert log_of(other) == log_of(window)
    assert "—" not in log_of(other), "no heading: it is the same run"


@pytest.mark.parametrize("way", ["keys", "drop"])
def test_a_run_of_other_names_is_opened(window, qtbot, tmp_path, names_file, train, way):
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file()))
    train(window, 10)
    save(qtbot, window, tmp_path / "people.npz")
    window.open_dinosaurs()
    with qtbot.waitSignal(window.library.saving.opened):
        if way == "drop":
            drop(window, tmp_path / "people.npz")
        else:
            press(qtbot, window, "Ctrl+O")
            choose(qtbot, window, tmp_path / "people.npz")
    assert "people.txt" in window.controls.data_message
    train(window, 20)
    assert window.session.steps_made == 20


def damaged(tmp_path, good):
    content = good.read_bytes()
    np.savez(tmp_path / "foreign.npz", a=np.arange(3))
    (tmp_path / "cut.npz").write_bytes(content[: len(content) // 2])
    (tmp_path / "empty.npz").write_bytes(b"")
    saved = load_run(good)
    for name, extras in (
        ("curve", saved.extras | {"curve.raw per name.width": 0}),
        ("late", saved.extras | {"curve.last_step": 11}),
        ("list", saved.extras | {"log": [[1, 2]]}),
        ("entry", saved.extras | {"log": [[1, 2.0, [3]]]}),
        ("meter", saved.extras | {"meter": [[1, 0, 0, 0]]}),
        ("star", saved.extras | {"starred": [{"name": ""}]}),
        ("seed", saved.extras | {"last_seed": -1}),
        ("unit", saved.extras | {"unit": "miles"}),
        ("seconds", saved.extras | {"seconds": "long"}),
    ):
        save_run(tmp_path / f"{name}.npz", saved.corpus, saved.state, extras)
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("Eve\nFrank\n")
    for name, path in (("outside", tmp_path / "gone.txt"), ("moved", elsewhere)):
        extras = saved.extras | {"path": str(path)}
        save_run(tmp_path / f"{name}.npz", saved.corpus, saved.state, extras, with_data=False)
    return [
        (tmp_path / f"{name}.npz", says)
        for name, says in (
            ("foreign", "foreign.npz"),
            ("cut", "damaged"),
            ("empty", "is empty"),
            ("curve", "width must be"),
            ("late", "last_step must be"),
            ("list", "log holds something that DinoGUI does not write"),
            ("entry", "log holds something that DinoGUI does not write"),
            ("meter", "meter holds something that DinoGUI does not write"),
            ("star", "starred holds something that DinoGUI does not write"),
            ("seed", "last_seed must be"),
            ("unit", "unit must be"),
            ("seconds", "seconds must be"),
            ("none", "There is no file"),
            ("outside", "is not in its file, and it is not where it was"),
            ("moved", "elsewhere.txt” has changed"),
        )
    ]


def test_a_file_that_cannot_be_opened_is_refused_and_the_run_continues(
    window, qtbot, tmp_path, train, names_file
):
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file()))
    train(window, 10)
    save(qtbot, window, tmp_path / "good.npz")
    window.open_dinosaurs()
    train(window, 30)
    title = window.windowTitle()
    for path, says in damaged(tmp_path, tmp_path / "good.npz"):
        with qtbot.waitSignal(window.library.saving.refused):
            window.open_file(str(path))
        assert window.banner.isVisible()
        assert says in window.banner.message
        assert window.banner.message.endswith(".")
        window.banner.hide()
        assert window.session.corpus.source == "dinosaurs.txt"
        assert (window.windowTitle(), window.session.steps_made) == (title, 30)
        assert window.session.state is RunState.PAUSED
    train(window, 40)
    assert window.session.steps_made == 40


def test_a_run_of_the_command_line_has_no_curve_and_may_have_no_names(
    window, qtbot, tmp_path, train
):
    train(window, 10)
    save(qtbot, window, tmp_path / "run.npz")
    saved = load_run(tmp_path / "run.npz")
    save_run(tmp_path / "bare.npz", saved.corpus, saved.state, with_data=False)
    window.session.restart()
    open_run(qtbot, window, tmp_path / "bare.npz")
    assert window.session.steps_made == 10
    train(window, 20)
    assert window.session.curves.last_step == 20


def no_folder(path):
    return path / "none" / "run.npz"


def a_folder_itself(path):
    return path


def a_file_as_folder(path):
    (path / "file").write_text("x")
    return path / "file" / "run.npz"


def a_read_only_folder(_path):
    return Path("/sys/kernel/run.npz")  # not even a superuser may do this


PLACES = [no_folder, a_folder_itself, a_file_as_folder]
if Path("/sys/kernel").is_dir():
    PLACES.append(a_read_only_folder)


def test_a_failed_save_says_why_and_the_run_stays_unsaved(window, qtbot, tmp_path, train):
    train(window, 10)
    for place in PLACES:
        path = place(tmp_path)
        with qtbot.waitSignal(window.library.saving.not_saved):
            window.library.saving.save_to(str(path))
        assert f"“{path}” cannot be written: " in window.banner.message
        assert window.library.saving.is_unsaved
        assert window.library.saving.path is None


def test_a_full_disk_leaves_the_old_file_intact(window, qtbot, tmp_path, train):
    path = tmp_path / "run.npz"
    train(window, 10)
    save(qtbot, window, path)
    before = path.read_bytes()
    train(window, 20)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))
    try:
        with qtbot.waitSignal(window.library.saving.not_saved):
            press(qtbot, window, "Ctrl+S")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "cannot be written" in window.banner.message
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["run.npz"]
    assert window.library.saving.is_unsaved
    assert window.library.saving.path == str(path)


def test_where_there_is_no_room_for_checkpoints_the_run_is_saved_without(
    window, qtbot, tmp_path, train
):
    path = tmp_path / "run.npz"
    train(window, 1500)
    save(qtbot, window, path)
    saved, size = load_run(path), path.stat().st_size
    save_run(tmp_path / "least.npz", saved.data(), saved.state, saved.extras)
    least = (tmp_path / "least.npz").stat().st_size
    assert len(saved.checkpoints) > 2
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((least + size) // 2, limits[1]))
    try:
        with qtbot.waitSignal(window.library.saving.saved):
            window.library.saving.save_to(str(path))
        qtbot.waitUntil(lambda: NO_ROOM_SENTENCE in window.banner.message)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert load_run(path).checkpoints == ()
    assert not window.library.saving.is_unsaved


def test_damaged_checkpoints_are_said_and_the_run_opens(window, qtbot, tmp_path, train):
    path = tmp_path / "run.npz"
    train(window, 600)
    save(qtbot, window, path)
    entries = dict(np.load(path))
    entries["checkpoints/float64"] = entries["checkpoints/float64"][:-1]
    np.savez(path, **entries)
    with qtbot.waitSignal(window.library.saving.opened):
        window.library.saving.open(str(path))
    assert window.banner.message.startswith("The checkpoints in “run.npz” are damaged, so they ")
    session = window.session
    qtbot.waitUntil(lambda: session.progress is not None)
    session.past.look(300)
    qtbot.waitUntil(lambda: session.past.is_reached)
    assert session.past.moment.step == 300
    assert session.past.moment.note == ""


def test_a_run_saved_right_before_a_restart_is_in_the_file(window, qtbot, tmp_path, train):
    train(window, 40)
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(tmp_path / "run.npz"))
        window.session.restart()
    saved = load_run(tmp_path / "run.npz")
    assert (saved.state.step, saved.extras["curve.last_step"]) == (40, 40)
    assert window.library.saving.path is None, "the current run is another one"
    assert window.windowTitle() == "dinosaurs.txt[*] — DinoGUI"


def test_closing_can_wait_for_the_result_of_saving(window, tmp_path, train):
    train(window, 10)
    window.session.run.file = str(tmp_path / "run.npz")
    assert window.library.saving.save_and_wait(lambda: True) is True
    assert load_run(tmp_path / "run.npz").state.step == 10
    window.session.run.file = str(tmp_path / "none" / "run.npz")
    assert window.library.saving.save_and_wait(lambda: True) is False


def test_many_slider_moves_replay_to_the_same_bits(window, qtbot, tmp_path):
    random = np.random.default_rng(5)
    sliders = [window.controls.learning_rate.slider, window.controls.hidden.slider]
    keys = [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown]
    press(qtbot, window, "Space")
    for move in range(60):
        qtbot.keyClick(sliders[random.integers(2)], keys[random.integers(4)])
        qtbot.wait(int(random.integers(12)))
        if move % 20 == 19:
            press(qtbot, window, "Space")
            press(qtbot, window, "F8")
            press(qtbot, window, "Space")
    window.session.pause()
    save(qtbot, window, tmp_path / "storm.npz")
    record = load_run(tmp_path / "storm.npz").record
    assert isinstance(record, Record)
    assert len(record.events) > 20
    replayed = subprocess.run(
        [sys.executable, "-m", "engine", "replay", str(tmp_path / "storm.npz")],
        capture_output=True,
        text=True,
    )
    assert (replayed.returncode, replayed.stderr) == (0, "")
    assert "the same to the bit." in replayed.stdout
