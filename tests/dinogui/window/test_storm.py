"""A storm: everything that hands can do to the window, at random, while it trains."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from dinogui.app import make_window
from dinogui.session.run import RunState
from engine.runs.replay import replay
from engine.runs.run_file import load_run

_MAX_GROWTH = 50e6
"""Bytes that a storm may add to the process, once everything was made that is made but once."""
_WIDEST = 120
_DEEDS_A_WINDOW = 2_500


class Storm:
    """Does things to a window at random, by mouse and keyboard.

    Parameters
    ----------
    window : MainWindow
        Shown.
    random : numpy.random.Generator
    files : list of Path
        To open: names, texts, runs, and what is none of them.
    """

    deeds = (
        "drag_a_slider",
        "drag_a_slider",
        "type_a_number",
        "widen_or_narrow",
        "train_or_pause",
        "step",
        "generate",
        "undo",
        "redo",
        "show_or_hide_a_panel",
        "clear_the_list",
        "zoom",
    )
    new_runs = ("restart", "open_a_file", "open_the_dinosaurs", "choose_a_recipe")

    def __init__(self, window, random, files):
        self.window, self.random, self.files = window, random, files
        self.did = ""

    def rage(self, deeds, *, keeps_the_run=False):
        """Do so many things; or only such as leave the run in hand in hand."""
        for _ in range(deeds):
            starts_anew = not keeps_the_run and self.random.random() < 0.05
            self.did = str(self.random.choice(self.new_runs if starts_anew else self.deeds))
            if keeps_the_run and self.window.actions_.undo.text().endswith("new run"):
                self.did = "type_a_number" if self.did == "undo" else self.did
            getattr(self, self.did)()
            QTest.qWait(int(self.random.integers(0, 6)))
            for widget in QApplication.topLevelWidgets():
                if widget is not self.window and widget.isVisible():
                    QTest.keyClick(widget, Qt.Key.Key_Escape)

    def press(self, keys):
        self.window.activateWindow()
        QTest.keySequence(self.window, QKeySequence(keys))

    def train_or_pause(self):
        self.press("Space")

    def step(self):
        self.press("F8")

    def generate(self):
        self.press("Ctrl+G")

    def undo(self):
        self.press("Ctrl+Z")

    def redo(self):
        self.press("Ctrl+Shift+Z")

    def restart(self):
        self.press("Ctrl+R")

    def zoom(self):
        self.press(str(self.random.choice(["Ctrl++", "Ctrl+-", "Ctrl+0"])))

    def clear_the_list(self):
        self.window.actions_.clear_names.trigger()

    def choose_a_recipe(self):
        actions = list(self.window.actions_.recipes.values())
        actions[self.random.integers(len(actions))].trigger()

    def open_the_dinosaurs(self):
        self.window.actions_.open_dinosaurs.trigger()

    def open_a_file(self):
        self.window.open_file(str(self.files[self.random.integers(len(self.files))]))

    def show_or_hide_a_panel(self):
        docks = list(self.window.docks.docks.values())
        docks[self.random.integers(len(docks))].toggleViewAction().trigger()

    def drag_a_slider(self):
        hyperparameters = [
            slider
            for slider in self.window.controls.findChildren(QSlider)
            if slider.isVisible() and slider.isEnabled()
        ]
        if not hyperparameters:
            return
        slider = hyperparameters[self.random.integers(len(hyperparameters))]
        places = self.random.integers(2, slider.width() - 2, 4)
        if slider is self.window.controls.hidden.slider:
            places = places // 3  # wide networks would leave no time for deeds
        at = [QPoint(int(x), slider.height() // 2) for x in places]
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(slider, left, pos=at[0])
        for place in at[1:]:
            QTest.mouseMove(slider, place)
        QTest.mouseRelease(slider, left, pos=at[-1])

    def type_a_number(self):
        box = self.window.controls.learning_rate.box
        box.selectAll()
        QTest.keyClicks(box, f"{10 ** self.random.uniform(-4, -1):.2g}")
        QTest.keyClick(box, Qt.Key.Key_Return)

    def widen_or_narrow(self):
        box = self.window.controls.hidden.box
        if not box.isEnabled():
            return
        box.selectAll()
        QTest.keyClicks(box, str(self.random.integers(1, _WIDEST)))
        QTest.keyClick(box, Qt.Key.Key_Return)


@pytest.fixture
def files(tmp_path, names_file, verse):
    """Return files to open: names, a text, and some that cannot be read as anything."""
    text = tmp_path / "verse.txt"
    text.write_text(verse, encoding="utf-8")
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"PK\x03\x04" + bytes(300))
    return [
        names_file(),
        text,
        broken,
        names_file(b"\xff\xfe\x00", "binary.txt"),
        tmp_path / "absent.txt",
    ]


def open_window(qapp, qtbot):
    """Return the window as it opens."""
    window = make_window(qapp)
    window.resize(1100, 700)
    window.show()
    qtbot.waitUntil(lambda: window.session.has_network)
    return window


def close_window(window):
    """Close it, with whatever it is doing."""
    window.close()
    assert window.session.has_ended, "a thread outlives the window"
    window.deleteLater()
    QTest.qWait(1)


def storm(qapp, qtbot, files, seed, deeds, tmp_path, resident_bytes):
    """Rage in windows that are closed and opened, and repeat the last run from its record."""
    print("seed", seed)
    random = np.random.default_rng(seed)
    warm_up = max(deeds // 5, 1)
    memory, failures = 0, []
    done = 0
    while done < deeds:
        window = open_window(qapp, qtbot)
        window.session.failed.connect(failures.append)
        tempest = Storm(window, random, files)
        now = min(_DEEDS_A_WINDOW, deeds // 3 + 1, deeds - done)
        tempest.rage(now // 2)
        if done + now >= deeds:
            window.open_dinosaurs()
            window.session.train()
            tempest.rage(now - now // 2, keeps_the_run=True)
            check_replay(window, qtbot, tmp_path / "storm.npz")
        else:
            tempest.rage(now - now // 2)
        done += now
        close_window(window)
        if not memory and done >= warm_up:
            memory = resident_bytes()
    assert failures == []
    return resident_bytes() - memory


def check_replay(window, qtbot, path):
    """Save the run in hand, and repeat it."""
    session = window.session
    session.pause()
    qtbot.waitUntil(lambda: session.state is not RunState.TRAINING)
    with qtbot.waitSignal(window.library.saving.saved, timeout=30_000):
        window.library.saving.save_to(str(path))
    run = load_run(path)
    assert run.state.step == session.steps_made
    replayed = replay(run.record, run.corpus, run.state.parameters, run.state.step)
    print(replayed.summary())
    assert replayed.difference is None


@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_harms_nothing_and_its_record_replays(
    qapp, qtbot, files, tmp_path, seed, resident_bytes
):
    storm(qapp, qtbot, files, seed, 240, tmp_path, resident_bytes)


@pytest.mark.long
@pytest.mark.no_qt_log  # which would keep each of Qt's many words, and take memory
def test_a_long_storm_harms_nothing_and_takes_no_memory(
    qapp, qtbot, files, tmp_path, resident_bytes
):
    growth = storm(qapp, qtbot, files, 3, 10_000, tmp_path, resident_bytes)
    print(f"The process grew by {growth / 1e6:.1f} MB.")
    assert growth < _MAX_GROWTH
