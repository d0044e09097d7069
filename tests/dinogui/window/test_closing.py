"""Closing the window with unsaved changes: the question, the answers, and their effects."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from dinogui.app import make_window
from dinogui.common.preferences import Closing, Preferences
from dinogui.session.run import RunState
from dinogui.window import long_wait
from engine.runs.run_file import load_run
from engine.training.settings import Hyperparameters

SAVE = QMessageBox.StandardButton.Save
DISCARD = QMessageBox.StandardButton.Discard
CANCEL = QMessageBox.StandardButton.Cancel
KEEP = DISCARD
"""Its place and its role are those of Discard."""


def ask_nobody(window):
    """Let the window close at the end of a test."""
    window.closing_rule = None


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "autosave"


@pytest.fixture
def start(qapp, qtbot, folder, train_until):
    """Return a function that opens the window as the program does, and trains a little."""
    windows = []

    def make(step=30):
        window = make_window(qapp, None, Preferences())
        windows.append(window)
        qtbot.addWidget(window, before_close_func=ask_nobody)
        window.library.autosave_in(folder)
        window.show()
        qtbot.waitUntil(lambda: window.session.has_network)
        train_until(window.session, step)
        return window

    yield make
    for window in windows:
        ask_nobody(window)
        window.close()


class Answers:
    """Clicks a button in each question that is shown, and presses Escape in file dialogs.

    After the first question, it clicks the second button, if there is one. A button that a question
    does not have is not clicked.
    """

    def __init__(self, qtbot, button, second=None, *, each_time=False):
        self.asked = []
        self.explained = self.pressed = ""
        self._qtbot, self._button, self._each_time = qtbot, button, each_time
        self._second = second
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._timer.stop()

    def _look(self):
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QFileDialog) and dialog.isVisible():
                self.asked.append("which file")
                self._qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            self.asked.append(box.text())
            self.explained = box.informativeText()
            if self._each_time:
                self._qtbot.keyClick(box.checkBox(), Qt.Key.Key_Space)
            is_second = len(self.asked) > 1 and self._second is not None
            button = box.button(self._second if is_second else self._button)
            if button is not None:
                self.pressed = button.text().replace("&", "")
                self._qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


QUESTION = "Save what the network has learned?"
CANNOT_KEEP = "This run cannot be kept in File > Runs."


def earlier_steps(qtbot, window, count):
    """Return the steps of so many earlier runs of a window, when it has read them."""
    qtbot.waitUntil(lambda: len(window.library.earlier.runs) == count)
    return [run.step for run in window.library.earlier.runs]


def test_cancel_keeps_the_window_open_and_training_continues(start, qtbot):
    window = start()
    window.session.train()
    with Answers(qtbot, CANCEL) as answers:
        assert not window.close()
    assert answers.asked == [QUESTION]
    assert window.isVisible()
    assert window.session.state is RunState.TRAINING


def test_closing_asks_nothing_when_everything_is_saved(start, qtbot, tmp_path):
    window = start(step=0)
    with Answers(qtbot, CANCEL) as answers:
        assert window.close()
    window = start()
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(tmp_path / "run.npz"))
    with answers:
        assert window.close()
    assert answers.asked == []


def test_a_run_that_is_not_saved_becomes_an_earlier_run(start, qtbot):
    window = start()
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 100)
    with Answers(qtbot, KEEP) as answers:
        assert window.close()
    assert answers.asked == [QUESTION]
    assert answers.pressed == "Keep in Runs"
    assert answers.explained == (
        "The run was never saved. If you do not save it, DinoGUI keeps it in File > Runs."
    )
    assert Preferences().closing is Closing.ASK
    other = start(step=0)
    assert earlier_steps(qtbot, other, 1) == [window.session.steps_made]
    assert other.left_behind.isHidden(), "nothing is asked about it again"


def test_the_question_names_the_file_that_the_run_was_saved_to(start, qtbot, tmp_path):
    window = start()
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(tmp_path / "run.npz"))
    window.session.set_hyperparameters(learning_rate=0.5)
    with Answers(qtbot, CANCEL) as answers:
        assert not window.close()
    assert answers.explained.startswith("The run has changed since it was saved to “run.npz”.")


def test_a_run_that_cannot_be_kept_is_lost_only_if_a_person_says_so(start, qtbot, folder):
    folder.write_text("a file, where a folder is due")
    window = start()
    window.session.train()
    with Answers(qtbot, KEEP, CANCEL) as answers:
        assert not window.close()
    assert answers.asked == [QUESTION, CANNOT_KEEP]
    assert window.session.state is RunState.TRAINING
    with Answers(qtbot, KEEP, SAVE) as answers:
        assert not window.close(), "the dialog that asks for a file is cancelled"
    assert answers.asked == [QUESTION, CANNOT_KEEP, "which file"]
    with Answers(qtbot, KEEP, DISCARD) as answers:
        assert window.close()


def test_saving_during_training_includes_the_last_step(start, qtbot, tmp_path):
    window = start()
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(tmp_path / "run.npz"))
    window.session.train()
    qtbot.waitUntil(lambda: window.session.steps_made > 100)
    with Answers(qtbot, SAVE) as answers:
        assert window.close()
    assert answers.asked == [QUESTION]
    assert load_run(tmp_path / "run.npz").state.step == window.session.steps_made


def test_cancelling_the_file_dialog_keeps_the_window_open(start, qtbot):
    window = start()
    window.session.train()
    with Answers(qtbot, SAVE) as answers:
        assert not window.close()
    assert answers.asked == [QUESTION, "which file"]
    assert window.session.state is RunState.TRAINING


def test_the_preference_to_always_keep_drops_nothing(start, qtbot):
    with Answers(qtbot, KEEP, each_time=True) as answers:
        assert start().close()
    assert Preferences().closing is Closing.KEEP
    with answers:
        assert start(step=40).close()
    assert answers.asked == [QUESTION]
    assert earlier_steps(qtbot, start(step=0), 2) == [40, 30]


def test_the_preference_to_always_save_asks_when_saving_fails(start, qtbot, tmp_path):
    window = start()
    path = tmp_path / "runs" / "run.npz"
    path.parent.mkdir()
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(path))
    window.session.set_hyperparameters(learning_rate=0.5)
    with Answers(qtbot, SAVE, each_time=True) as answers:
        assert window.close()
    assert answers.asked == [QUESTION]
    window = start(step=0)  # opens that run again
    with qtbot.waitSignal(window.library.saving.opened):
        window.open_file(str(path))
    window.session.set_hyperparameters(learning_rate=0.25)
    with Answers(qtbot, CANCEL) as answers:
        assert window.close()
    assert answers.asked == []
    assert load_run(path).state.hyperparameters.learning_rate == 0.25
    window = start(step=0)
    with qtbot.waitSignal(window.library.saving.opened):
        window.open_file(str(path))
    window.session.set_hyperparameters(learning_rate=0.125)
    path.unlink()
    path.parent.rmdir()
    with Answers(qtbot, CANCEL) as answers:
        assert not window.close()
    assert answers.asked == [QUESTION]
    assert "cannot be written" in window.banner.message


@pytest.fixture
def start_long_steps(start, qtbot, monkeypatch):
    """Return a function that opens the window, which trains in the middle of a step of a second."""
    monkeypatch.setattr(long_wait, "PATIENCE_SECONDS", 0.0)

    def make():
        window = start(step=0)
        session = window.session
        session.restart(hyperparameters=Hyperparameters(widths=(128, 128), batch=2_048))
        session.step()
        qtbot.waitUntil(lambda: session.steps_made == 1, timeout=60_000)
        qtbot.waitUntil(lambda: window.library.autosave.is_current, timeout=60_000)
        session.train()
        qtbot.waitUntil(lambda: session.steps_made == 2, timeout=60_000)  # it begins the next one
        return window

    return make


NOT_YET = "The run is not in File > Runs yet."


def test_closing_waits_for_a_long_step_and_says_so(start_long_steps, start, qtbot):
    window = start_long_steps()
    with Answers(qtbot, KEEP, QMessageBox.StandardButton.NoButton) as answers:
        assert window.close()
    assert answers.asked[:2] == [QUESTION, NOT_YET]
    assert "what it has learned since step 1 is lost." in answers.explained
    assert window.session.steps_made == 3
    assert earlier_steps(qtbot, start(step=0), 1) == [window.session.steps_made]


def test_a_long_step_can_be_left_and_the_next_start_offers_what_was_there(
    start_long_steps, start, qtbot
):
    window = start_long_steps()
    with Answers(qtbot, KEEP, DISCARD) as answers:
        assert window.close()
    assert (answers.asked, answers.pressed) == ([QUESTION, NOT_YET], "Close now")
    other = start(step=0)
    qtbot.waitUntil(lambda: other.left_behind.isVisible())


def test_closing_in_a_long_step_can_be_called_off(start_long_steps, qtbot, tmp_path):
    window = start_long_steps()
    session = window.session
    for button, said in ((KEEP, NOT_YET), (SAVE, "The run is not saved yet.")):
        with Answers(qtbot, button, CANCEL) as answers:
            assert not window.close()
        assert (answers.asked, answers.pressed) == ([QUESTION, said], "Do not close")
        assert window.isVisible()
        assert session.state is RunState.TRAINING
        session.run.file = str(tmp_path / "run.npz")
        with qtbot.waitSignal(session.progressed, timeout=60_000):
            pass  # it begins the next step
