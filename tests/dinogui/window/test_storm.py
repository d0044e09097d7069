"""Random actions: everything that a person can do to the window, while it trains."""

import faulthandler
import math
import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from dinogui.app import make_window
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.panels.race.race_dialog import RaceDialog
from dinogui.session.run import RunState
from engine.data.corpus import corpus_of_names
from engine.nn.fast.malloc_tuning import tune_malloc
from engine.runs.replay import replay
from engine.runs.run_file import load_run
from engine.training.ending import ENDLESS, Until
from engine.training.presets import presets_for

_MAX_GROWTH = 50e6
"""Bytes by which the process may grow once everything that is created only once exists."""
_WIDEST = 80
_ACTIONS_PER_WINDOW = 2_500


class RandomActions:
    """Does things to a window at random, by mouse and keyboard.

    Parameters
    ----------
    window : MainWindow
        Shown.
    random : numpy.random.Generator
    files : list of Path
        Files to open: names, texts, runs, and files that are none of them.
    """

    actions = (
        "drag_a_slider",
        "drag_a_slider",
        "type_a_number",
        "widen_or_narrow",
        "train_or_pause",
        "step",
        "generate",
        "undo",
        "redo",
        "add_a_layer",
        "drag_the_clip_line",
        "go_to_the_best_network",
        "set_the_end",
        "look_ahead",
        "show_or_hide_a_panel",
        "clear_the_list",
        "zoom",
        "drag_the_play_head",
        "click_on_the_plot",
        "replay",
        "look_at_the_best_or_at_now",
        "write_a_note",
        "show_or_hide_another_run",
        "choose_the_axis",
        "race",
        "race_further",
        "end_the_race",
        "click_a_kind",
        "drag_a_share",
        "play_or_stop",
        "hear_an_entry",
        "ask_for_another_melody",
    )
    new_runs = (
        "restart",
        "open_a_file",
        "open_the_dinosaurs",
        "choose_a_recipe",
        "show_the_earlier_run",
        "open_an_earlier_run",
        "begin_a_preset",
        "go_on_from_an_earlier_step",
        "take_a_future",
        "take_a_lane",
        "open_the_last_race",
        "open_kinds",
        "tell_or_write",
        "open_the_tunes",
    )

    def __init__(self, window, random, files):
        self.window, self.random, self.files = window, random, files
        self.latest = ""

    def do(self, actions, *, keeps_the_run=False):
        """Do a number of actions, if `keeps_the_run` only those that start no new run."""
        for _ in range(actions):
            starts_a_run = not keeps_the_run and self.random.random() < 0.08
            self.latest = str(self.random.choice(self.new_runs if starts_a_run else self.actions))
            getattr(self, self.latest)()
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

    def click_a_kind(self):
        chips = list(self.window.names.kinds.row.chips.values())
        modifiers = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
        if chips and chips[0].isVisible():
            chip = chips[self.random.integers(len(chips))]
            QTest.mouseClick(chip, Qt.MouseButton.LeftButton, modifiers[self.random.integers(2)])

    def drag_a_share(self):
        rows = list(self.window.names.kinds.sliders.rows.values())
        if rows and rows[0].track.isVisible():
            track = rows[self.random.integers(len(rows))].track
            at = [
                QPoint(int(x), track.height() // 2)
                for x in self.random.integers(0, track.width(), 4)
            ]
            QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=at[0])
            for place in at[1:]:
                QTest.mouseMove(track, place)
            QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=at[-1])

    def open_kinds(self):
        letters, endings = "bcdfghkl", {"Greek": "is", "Irish": "an", "Norse": "ulf"}
        pairs = [
            (f"{letter}or{ending}", kind) for kind, ending in endings.items() for letter in letters
        ]
        names, kinds = zip(*pairs, strict=True)
        self.window.session.use(corpus_of_names(names, "kinds", 0, lower_case=True, kinds=kinds))

    def tell_or_write(self):
        kinds = self.window.model.kinds
        if not kinds.isHidden():
            kinds.task.setCurrentIndex(1 - kinds.task.currentIndex())
            kinds.both.setChecked(bool(self.random.integers(2)))
            self.window.model.run_requested.emit()

    def open_the_tunes(self):
        self.window.actions_.open_tunes.trigger()
        self.step()  # the first entry of the log is heard later

    def play_or_stop(self):
        self.press("Ctrl+P")

    def hear_an_entry(self):
        rows = self.window.arrangement.logs.currentWidget().rows
        if rows.entries.entries and rows.isVisible():
            row = int(self.random.integers(len(rows.entries.entries)))
            place = rows.visualRect(rows.entries.index(row, 1)).center()
            QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def ask_for_another_melody(self):
        if self.window.session.kind != "melodies":
            return
        form = self.window.columns.of("melodies").panel.form
        form.beginning.source.setCurrentIndex(int(self.random.integers(3)))
        form.chords.setText(str(self.random.choice(["", "| Dm7 | G7 |", "| C"])))
        form.bars.setValue(int(self.random.integers(1, 5)))

    def add_a_layer(self):
        widths = self.window.session.hyperparameters.widths
        if len(widths) < 3:
            self.window.model.hyperparameters_changed.emit({"widths": (*widths, 8)})

    def show_the_earlier_run(self):
        earlier = self.window.session.runs.earlier
        if earlier is not None:
            self.window.session.show_run(earlier.id)

    def open_an_earlier_run(self):
        menu = self.window.actions_.runs_menu
        menu.aboutToShow.emit()
        runs = [action for action in menu.actions() if isinstance(action.data(), EarlierRun)]
        if runs:
            runs[self.random.integers(len(runs))].trigger()

    def begin_a_preset(self):
        presets = presets_for(self.window.session.kind)
        self.window.model.preset_requested.emit(presets[self.random.integers(len(presets))])

    def drag_the_play_head(self):
        head = self.window.loss_plot.play_head
        at = [QPoint(int(x), head.height() // 2) for x in self.random.integers(0, head.width(), 4)]
        QTest.mousePress(head, Qt.MouseButton.LeftButton, pos=at[0])
        for place in at[1:]:
            QTest.mouseMove(head, place)
        QTest.mouseRelease(head, Qt.MouseButton.LeftButton, pos=at[-1])
        keys = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_PageUp
        QTest.keyClick(head, keys[self.random.integers(len(keys))])

    def click_on_the_plot(self):
        pane, viewport = self.window.loss_plot.pane, self.window.loss_plot.plot.viewport()
        place = QPoint(*(int(self.random.integers(side)) for side in pane.size().toTuple()))
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=pane.geometry().topLeft() + place)

    def replay(self):
        self.press("Ctrl+Shift+R")

    def look_at_the_best_or_at_now(self):
        self.press(("Ctrl+Shift+B", "Ctrl+Shift+N")[self.random.integers(2)])

    def write_a_note(self):
        session = self.window.session
        if session.run.events:
            session.note_event(int(self.random.integers(len(session.run.events))), "a note")

    def go_on_from_an_earlier_step(self):
        self.drag_the_play_head()
        self.press("Ctrl+Shift+G")

    def go_to_the_best_network(self):
        self.window.actions_.go_to_best.trigger()

    def look_ahead(self):
        what_if = self.window.what_if
        what_if.open(str(self.random.choice(["learning_rate", "clip", "widths"])))
        what_if.row.turns.setText("0.5x, 1x, 8")
        what_if.row.steps.setValue(int(self.random.integers(10, 400)))
        QTest.keyClick(what_if.row.turns, Qt.Key.Key_Return)

    def take_a_future(self):
        ahead = self.window.session.ahead
        if ahead.futures:
            ahead.take(int(self.random.integers(len(ahead.futures))))

    def race(self):
        self.window.actions_.races.race.trigger()
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, RaceDialog) and dialog.isVisible():
                dialog.sets.setCurrentIndex(int(self.random.integers(dialog.sets.count())))
                dialog.amounts["steps"].setValue(int(self.random.integers(10, 150)))
                QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)

    def race_further(self):
        self.window.actions_.races.extend.trigger()

    def open_the_last_race(self):
        self.window.actions_.races.open_last.trigger()

    def show_or_hide_another_run(self):
        menu = self.window.actions_.plot.runs_menu
        if menu is not None:
            menu.aboutToShow.emit()
            runs = [each for each in menu.actions() if each.isCheckable() and each.isEnabled()]
            runs[self.random.integers(len(runs))].trigger()

    def choose_the_axis(self):
        actions = list(self.window.actions_.plot.quantities.values())
        actions[self.random.integers(len(actions))].trigger()

    def end_the_race(self):
        self.window.actions_.races.end.trigger()

    def take_a_lane(self):
        lanes = self.window.session.racing.lanes
        if lanes:
            self.window.session.racing.take(lanes[self.random.integers(len(lanes))])

    def set_the_end(self):
        made = self.window.session.steps_made
        ends = [ENDLESS, Until(steps=made + 500), Until(patience=50), Until(minutes=10.0)]
        self.window.session.set_until(ends[self.random.integers(len(ends))])

    def drag_the_clip_line(self):
        panel = self.window.docks.show("clipping")
        if panel.result is None or self.window.session.hyperparameters.clip is None:
            return
        clips = [self.window.session.hyperparameters.clip, *10 ** self.random.uniform(-2, 1, 3)]
        at = [panel.chart.place_of(math.log10(clip), 1.0).toPoint() for clip in clips]
        QTest.mousePress(panel.chart, Qt.MouseButton.LeftButton, pos=at[0])
        for place in at[1:]:
            QTest.mouseMove(panel.chart, place)
        QTest.mouseRelease(panel.chart, Qt.MouseButton.LeftButton, pos=at[-1])

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
            places = places // 3  # wide networks would leave no time for other actions
        at = [QPoint(int(x), slider.height() // 2) for x in places]
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(slider, left, pos=at[0])
        for place in at[1:]:
            QTest.mouseMove(slider, place)
        QTest.mouseRelease(slider, left, pos=at[-1])

    def type_a_number(self):
        box = self.window.controls.learning_rate.box
        if not box.isVisible():  # a race hides it
            return
        box.selectAll()
        QTest.keyClicks(box, f"{10 ** self.random.uniform(-4, -1):.2g}")
        QTest.keyClick(box, Qt.Key.Key_Return)

    def widen_or_narrow(self):
        box = self.window.controls.hidden.box
        if not box.isEnabled() or not box.isVisible():  # a race hides it
            return
        box.selectAll()
        QTest.keyClicks(box, str(self.random.integers(1, _WIDEST)))
        QTest.keyClick(box, Qt.Key.Key_Return)


@pytest.fixture
def files(tmp_path, names_file, verse):
    """Return files to open: names, a text, and some that cannot be read."""
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


def open_window(qapp, qtbot, folder):
    """Open the window, which puts runs aside in a folder, and wait for its network."""
    window = make_window(qapp)
    window.library.autosave_in(folder)
    window.resize(1100, 700)
    window.show()
    qtbot.waitUntil(lambda: window.session.has_network)
    return window


def close_window(window):
    """Close the window, whatever it is doing."""
    window.close()
    # A piece of work that cannot be divided, such as a resize, may take longer on a busy machine.
    patient_until = time.monotonic() + 120
    while not window.session.has_ended and time.monotonic() < patient_until:
        time.sleep(0.1)
    if not window.session.has_ended:
        faulthandler.dump_traceback()  # it shows what the thread is doing
    assert window.session.has_ended, "a thread has outlived the window"
    window.deleteLater()
    QTest.qWait(1)


def do_random_actions(qapp, qtbot, files, seed, actions, tmp_path, resident_bytes):
    """Do random actions in one window after another, and replay the last run.

    Returns the bytes by which the process grew after the first fifth of the actions.
    """
    print("seed", seed)
    random = np.random.default_rng(seed)
    warm_up = max(actions // 5, 1)
    memory, failures = 0, []
    done = 0
    while done < actions:
        window = open_window(qapp, qtbot, tmp_path / "autosave")
        window.session.failed.connect(failures.append)
        user = RandomActions(window, random, files)
        if seed % 2 == 0:
            user.open_the_tunes()
        now = min(_ACTIONS_PER_WINDOW, actions // 3 + 1, actions - done)
        user.do(now // 2)
        if done + now >= actions:
            window.open_dinosaurs()
            window.session.train()
            user.do(now - now // 2, keeps_the_run=True)
            check_replay(window, qtbot, tmp_path / "random.npz")
        else:
            user.do(now - now // 2)
        done += now
        close_window(window)
        if not memory and done >= warm_up:
            memory = resident_bytes()
    assert failures == []
    return resident_bytes() - memory


def check_replay(window, qtbot, path):
    """Save the current run, and replay it."""
    session = window.session
    session.pause()
    qtbot.waitUntil(lambda: session.state is not RunState.TRAINING)
    saving, refusals = window.library.saving, []
    saving.not_saved.connect(refusals.append)
    saving.save_to(str(path))
    # A race may share the processor, and the training thread may still be resizing.
    qtbot.waitUntil(lambda: path.exists() or bool(refusals), timeout=120_000)
    assert refusals == []
    run = load_run(path)
    assert run.state.step == session.steps_made
    replayed = replay(run.record, run.corpus, run.state.parameters, run.state.step)
    print(replayed.summary())
    assert replayed.difference is None


@pytest.mark.parametrize("seed", [1, 2])
def test_random_actions_break_nothing_and_the_record_replays(
    qapp, qtbot, files, tmp_path, seed, resident_bytes
):
    do_random_actions(qapp, qtbot, files, seed, 150, tmp_path, resident_bytes)


@pytest.mark.long
@pytest.mark.no_qt_log  # the log would keep all of Qt's messages, which takes memory
def test_many_random_actions_break_nothing_and_do_not_grow(
    qapp, qtbot, files, tmp_path, resident_bytes
):
    tune_malloc()  # as the program does
    growth = do_random_actions(qapp, qtbot, files, 3, 10_000, tmp_path, resident_bytes)
    print(f"The process grew by {growth / 1e6:.1f} MB.")
    assert growth < _MAX_GROWTH
