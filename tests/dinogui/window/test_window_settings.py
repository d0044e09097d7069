"""The window's settings: restored when it is closed and opened again."""

import base64
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QProcess, QRect, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from dinogui.app import make_window
from dinogui.common import motion
from dinogui.common.motion import moves
from dinogui.common.preferences import Preferences
from dinogui.common.speed import Speed
from dinogui.panels.loss.axes.fixed_range import FixedRange
from dinogui.panels.loss.axes.scales import HorizontalScale
from dinogui.panels.names.candidates_model import Column
from dinogui.session.run import RunState
from engine.evaluation.units import Unit
from engine.training.curves.axis_quantity import AxisQuantity


def ask_nobody(window):
    """Let the window close at the end of a test."""
    window.closing_rule = None


@pytest.fixture
def open_window(qapp, qtbot):
    """Return a function that opens the window as the application does, and waits for its run."""
    windows = []

    def open_one(seed=None):
        window = make_window(qapp, seed, Preferences())
        windows.append(window)
        qtbot.addWidget(window, before_close_func=ask_nobody)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        qtbot.waitUntil(lambda: window.session.has_network)
        return window

    yield open_one
    for window in windows:
        ask_nobody(window)
        window.close()
    QGuiApplication.styleHints().setColorScheme(Qt.ColorScheme.Unknown)  # as it was


def columns(window):
    return window.findChild(QSplitter, "columns")


def test_what_a_run_went_bad_with_does_not_come_back(open_window, qtbot, train_until):
    window = open_window()
    session = window.session
    train_until(session, 800)
    session.set_hyperparameters(learning_rate=1.0, clip=None)
    with qtbot.waitSignal(session.loss_rose, timeout=20_000):
        session.train()
    ask_nobody(window)
    window.close()
    now = open_window().session.hyperparameters
    assert (now.learning_rate, now.clip) == (0.01, 5.0)


def test_commands_used_recently_stand_first_after_a_restart(open_window, qtbot):
    window = open_window()
    for text in ("zoom in", "panel clipping"):
        qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        line = window.command_search.sheet.line
        qtbot.keyClicks(line, text)
        qtbot.keyClick(line, Qt.Key.Key_Return)
    window.close()
    again = open_window()
    qtbot.keyClick(again, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    first = [found.entry.title for found in again.command_search.sheet.found[:2]]
    assert first == ["Clipping", "Zoom in"]


def test_choices_of_the_plot_are_remembered_and_not_its_range(open_window, qtbot):
    window = open_window()
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for key in (Qt.Key.Key_X, Qt.Key.Key_Y):
        qtbot.keyClick(window, key, modifiers)
    plot = window.actions_.plot
    for action in (plot.quantities[AxisQuantity.TIME], plot.baselines[0], plot.baselines[4]):
        action.trigger()
    window.actions_.show_raw.trigger()
    window.loss_plot.fix_range(FixedRange(left=3.0))
    window.actions_.reset_layout.trigger()
    window.close()
    again = open_window()
    shown, plot = again.loss_plot, again.actions_.plot
    assert shown.across.quantity is AxisQuantity.TIME
    assert shown.across.is_logarithmic
    assert shown.vertical.is_logarithmic
    assert not again.actions_.show_raw.isChecked()
    qtbot.waitUntil(lambda: len(again.session.baselines.measured) == 5)
    assert set(shown.baselines.shown) == {1, 2, 3, 5}
    assert not shown.view.fixed
    again.close()
    Preferences().forget()
    usual = open_window()
    assert usual.loss_plot.across == HorizontalScale(clock=usual.loss_plot.across.clock)
    assert not usual.loss_plot.vertical.is_logarithmic
    assert usual.actions_.plot.baselines[0].isChecked()


@pytest.mark.layout
def test_layout_and_choices_are_restored(open_window, qtbot):
    window = open_window()
    window.resize(940, 620)  # not wider: the offscreen screen is small, and Qt fits windows to it
    columns(window).moveSplitter(360, 1)
    qtbot.mouseClick(window.model_card.all_settings, Qt.MouseButton.LeftButton)
    window.actions_.units[Unit.BITS_PER_CHARACTER].trigger()
    window.actions_.schemes[Qt.ColorScheme.Dark].trigger()
    window.actions_.lower_case.trigger()
    window.actions_.speeds[Speed.TEN].trigger()
    window.actions_.live_names.trigger()
    window.actions_.reduce_motion.trigger()
    window.close()
    again = open_window()
    assert (again.width(), again.height()) == (940, 620)
    assert columns(again).sizes()[0] == 360
    assert again.model.isVisible()
    assert again.actions_.unit_group.checkedAction().data() is Unit.BITS_PER_CHARACTER
    assert again.loss_plot.unit is Unit.BITS_PER_CHARACTER
    assert again.actions_.scheme_group.checkedAction().data() is Qt.ColorScheme.Dark
    assert QApplication.palette().window().color().lightness() < 128
    assert not again.actions_.lower_case.isChecked()
    assert again.session.speed is Speed.TEN
    assert again.top_bar.speed.segments.value == "TEN"
    assert not again.actions_.live_names.isChecked()
    assert not again.actions_.reduce_motion.isChecked()
    assert moves()
    again.actions_.schemes[Qt.ColorScheme.Unknown].trigger()


def test_the_system_decides_on_motion_until_somebody_chooses(open_window):
    window = open_window()
    assert window.actions_.reduce_motion.isChecked(), "nobody sees this window"
    window.actions_.reduce_motion.trigger()
    window.actions_.reduce_motion.trigger()
    window.close()
    assert not Preferences().text("motion/reduced"), "the system may want something else later"


@pytest.mark.skipif(os.name != "posix", reason="there is no GNOME")
def test_gnome_decides_on_motion_unless_somebody_has_chosen(
    open_window, qtbot, monkeypatch, tmp_path
):
    program = tmp_path / "gsettings"
    program.write_text("#!/bin/sh\necho false\n", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GNOME")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(motion, "_UNSEEN_PLATFORMS", ())
    window = open_window()
    qtbot.waitUntil(window.actions_.reduce_motion.isChecked)
    assert not moves()
    window.actions_.reduce_motion.trigger()
    window.close()
    again = open_window()
    switch = again.findChild(motion.GnomeSwitch)
    process = switch.findChild(QProcess)
    qtbot.waitUntil(lambda: process.state() is QProcess.ProcessState.NotRunning)
    assert not again.actions_.reduce_motion.isChecked(), "it was chosen in this window"


@pytest.mark.layout
def test_changes_are_written_to_disk_before_the_window_closes(open_window, qtbot):
    window = open_window()
    changes = [
        lambda: qtbot.mouseClick(window.model_card.all_settings, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(window.loss_plot.unit_box, Qt.Key.Key_Down),
        window.actions_.schemes[Qt.ColorScheme.Dark].trigger,
        window.actions_.speeds[Speed.ONE].trigger,
        window.actions_.live_names.trigger,
        window.actions_.reduce_motion.trigger,
        lambda: columns(window).moveSplitter(columns(window).sizes()[0] + 20, 1),
        window.docks.docks["flow"].show,
        lambda: window.arrangement.centre.moveSplitter(300, 1),
        lambda: window.resize(window.width() - 30, window.height() - 20),
    ]
    for change in changes:
        written = settings_file().read_bytes() if settings_file().exists() else b""
        change()
        qtbot.waitUntil(lambda before=written: settings_file().read_bytes() != before)


def settings_file():
    return Path(Preferences().path)


def test_the_first_run_starts_with_the_last_settings(open_window):
    window = open_window()
    window.session.set_hyperparameters(
        learning_rate=0.004, optimizer="adam", batch=4, widths=(20, 10)
    )
    window.close()
    again = open_window()
    hyperparameters = again.session.hyperparameters
    assert (hyperparameters.learning_rate, hyperparameters.optimizer, hyperparameters.widths) == (
        0.004,
        "adam",
        (20, 10),
    )
    assert again.controls.learning_rate.value == 0.004
    assert again.session.snapshot.parameters.architecture.widths == (20, 10)
    again.session.step()


def test_the_settings_of_a_text_wait_for_a_text(open_window, names_file, qtbot):
    path = names_file("To be, or not to be, that is the question. " * 40, "speech.txt")
    window = open_window()
    of_names = window.session.hyperparameters
    window.open_file(str(path))
    qtbot.waitUntil(lambda: window.session.kind == "text" and window.session.has_network)
    window.session.set_hyperparameters(learning_rate=0.0007)
    of_text = window.session.hyperparameters
    qtbot.waitUntil(lambda: len(window.session.run.events) == 1)
    window.close()
    again = open_window()
    qtbot.waitUntil(lambda: again.session.kind == "text" and again.session.has_network)
    assert again.session.hyperparameters == of_text
    again.open_dinosaurs()
    qtbot.waitUntil(lambda: again.session.kind == "names" and again.session.has_network)
    assert again.session.hyperparameters == of_names


def test_a_seed_on_the_command_line_takes_precedence(open_window):
    window = open_window(seed=5)
    assert window.session.settings.seed == 5
    window.close()
    assert open_window(seed=0).session.settings.seed == 0


def test_the_last_file_is_opened_again_unless_it_is_missing(open_window, names_file, qtbot):
    path = names_file()
    window = open_window()
    window.open_file(str(path))
    qtbot.waitUntil(lambda: window.windowTitle().startswith("people.txt"))
    window.close()
    again = open_window()
    qtbot.waitUntil(lambda: again.windowTitle().startswith("people.txt"))
    again.close()
    path.unlink()
    assert open_window().windowTitle().startswith("dinosaurs.txt")
    assert Preferences().last_file is None, "now the dinosaurs are what was open last"


def test_several_files_and_folders_are_opened_again_together(open_window, names_file, qtbot):
    folder = names_file().parent / "more"
    folder.mkdir()
    (folder / "b.txt").write_bytes(b"Eve\nFay\n")
    window = open_window()
    window.opening.open_files([str(names_file()), str(folder)])
    qtbot.waitUntil(lambda: window.windowTitle().startswith("people.txt and more"))
    (entry,) = window.actions_.recent_menu.actions()
    assert entry.text() == "&1  people.txt and more"
    window.close()
    again = open_window()
    qtbot.waitUntil(lambda: again.windowTitle().startswith("people.txt and more"))
    assert again.session.corpus.names[-2:] == ("eve", "fay")
    again.close()
    (folder / "b.txt").unlink()
    folder.rmdir()
    assert open_window().windowTitle().startswith("dinosaurs.txt")


def entries(window):
    return {action.toolTip(): action for action in window.actions_.recent_menu.actions()}


def test_recent_files_open_with_a_click_and_missing_ones_are_removed(
    open_window, names_file, qtbot
):
    kept, gone = names_file(name="kept & dear.txt"), names_file(name="gone.txt")
    window = open_window()
    assert not window.actions_.recent_menu.isEnabled()
    for path in (gone, kept):
        window.open_file(str(path))
        qtbot.waitUntil(lambda path=path: window.windowTitle().startswith(path.name))
    assert list(entries(window)) == [str(kept), str(gone)]
    gone.unlink()
    window.close()
    again = open_window()
    assert list(entries(again)) == [str(kept), str(gone)]
    entries(again)[str(gone)].trigger()
    assert "gone.txt” no longer exists" in again.banner.message
    assert list(entries(again)) == [str(kept)]
    again.open_dinosaurs()
    entries(again)[str(kept)].trigger()
    qtbot.waitUntil(lambda: again.windowTitle().startswith(kept.name))
    assert Preferences().recent == [str(kept)]


def test_a_saved_run_is_a_recent_file_and_continues_at_the_next_start(
    open_window, names_file, tmp_path, qtbot
):
    window = open_window()
    window.open_file(str(names_file()))
    qtbot.waitUntil(lambda: window.windowTitle().startswith("people.txt"))
    window.session.step()
    qtbot.waitUntil(lambda: window.session.steps_made == 1)
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(tmp_path / "mine.npz"))
    assert list(entries(window)) == [str(tmp_path / "mine.npz"), str(names_file())]
    window.close()
    again = open_window()
    qtbot.waitUntil(lambda: again.windowTitle().startswith("mine.npz"))
    assert again.session.corpus.source == "people.txt"
    qtbot.waitUntil(lambda: again.session.progress is not None)
    assert again.session.steps_made == 1
    again.open_dinosaurs()
    with qtbot.waitSignal(again.library.saving.opened):
        entries(again)[str(tmp_path / "mine.npz")].trigger()


def test_a_refused_file_is_not_remembered(open_window, names_file, qtbot):
    window = open_window()
    window.open_file(str(names_file(b"", "empty.txt")))
    qtbot.waitUntil(lambda: "empty" in window.banner.message)
    window.close()
    assert Preferences().recent == []
    assert Preferences().last_file is None


@pytest.mark.layout
def test_a_column_that_was_dragged_is_as_wide_at_the_next_start(open_window, qtbot):
    window = open_window()
    table = dragged_table(window, qtbot, 30)
    width = table.columnWidth(Column.STATUS)
    window.close()
    again = open_window()
    assert again.names.table.view.columnWidth(Column.STATUS) == pytest.approx(width, abs=1)
    again.close()
    preferences = Preferences()
    assert list(preferences.column_widths) == ["names"]
    preferences.set_text("tables/widths", '{"names": [-1, "x"], "runs": 3, "events": [120, 0]}')
    assert preferences.column_widths == {"events": [120, 0]}


def dragged_table(window, qtbot, by):
    """Drag the right edge of the status in the table of names, and return the table."""
    table = window.names.table.view
    header = table.header
    edge = header.sectionViewportPosition(Column.STATUS) + header.sectionSize(Column.STATUS) - 1
    start = QPoint(edge, header.height() // 2)
    qtbot.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(header.viewport(), start + QPoint(by, 0))
    qtbot.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(by, 0))
    return table


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_settings_file_gives_the_default_window(open_window, seed):
    preferences = Preferences()
    store = QSettings(preferences.path, QSettings.Format.IniFormat)
    streams = random.Random(seed)
    keys = ("window/geometry", "window/state", "panels/state", "sizes/columns", "sizes/centre")
    for key in (*keys, "settings/open", "text/scale", "run", "unit", "tables/widths"):
        store.setValue(key, base64.b64encode(streams.randbytes(300)).decode())
    store.sync()
    window = open_window()
    assert (window.width(), window.height()) == (1100, 700)
    assert min(columns(window).sizes()) > 100
    assert not window.model.isVisible()
    assert window.session.state is RunState.READY


@pytest.mark.layout
@pytest.mark.parametrize(
    "place",
    [QRect(-90_000, -90_000, 1100, 700), QRect(80_000, 50, 1100, 700), QRect(50, 50, 1, 1)],
)
def test_a_window_outside_all_screens_is_moved_back(open_window, qtbot, place):
    stranger = QWidget()
    qtbot.addWidget(stranger)
    stranger.setGeometry(place)
    preferences = Preferences()
    preferences.set_blob("window/geometry", stranger.saveGeometry())
    preferences.write_to_disk()
    window = open_window()
    seen = window.frameGeometry() & QGuiApplication.primaryScreen().availableGeometry()
    assert seen.width() > 300
    assert seen.height() > 300
    assert window.width() >= window.minimumWidth()


RESET = """
import sys
from dinogui.common.motion import moves
from dinogui.common.preferences import Closing, Preferences
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import dinogui.app

preferences = Preferences()
preferences.closing = Closing.KEEP
preferences.note_recent("/a.txt")
preferences.write_to_disk()
from dinogui.options import parse

QTimer.singleShot(0, lambda: None)
make_window = dinogui.app.make_empty_window

def make_and_close(*arguments):
    window, open_data = make_window(*arguments)
    print(Preferences().recent, Preferences().closing.name)
    QTimer.singleShot(0, window.close)
    return window, open_data

dinogui.app.make_empty_window = make_and_close
sys.exit(dinogui.app.run(parse(sys.argv[1:])))
"""


@pytest.mark.parametrize(
    ("words", "remembered"), [([], "['/a.txt'] KEEP"), (["--reset-settings"], "[] ASK")]
)
def test_reset_settings_forgets(words, remembered, nobodys_settings):
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", RESET, *words], capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, remembered), ended.stderr
    assert "Traceback" not in ended.stderr
    logs = list(nobodys_settings.rglob("dinogui.log"))
    assert len(logs) == 1
    assert "begins" in logs[0].read_text()
