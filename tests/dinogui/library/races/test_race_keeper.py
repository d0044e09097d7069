"""Races survive closing, a crash and the end that a person gives them: they can go on."""

import os
import signal
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from dinogui.common.actions.action_words import reason_of
from dinogui.library.races.race_folders import MOST_EARLIER
from dinogui.panels.race.race_dialog import RaceDialog
from dinogui.session.racing.shown_race import RaceState
from engine.evaluation.units import Unit
from engine.racing.race_folder import open_race, save_race
from engine.training.trainer import Trainer

CRASH = """
import sys
from pathlib import Path
from engine.nn.fast.blas import limit_blas_threads
limit_blas_threads()
from PySide6.QtWidgets import QApplication
from dinogui.app import make_window
from engine.racing.lane import Lane, titled
from engine.racing.lane_text import lanes_of_text
from engine.racing.race import RacePlan

application = QApplication([])
window = make_window(application)
window.library.autosave_in(Path(sys.argv[1]), 0.3)
window.show()
session = window.session
base = Lane(session.hyperparameters, session.settings, session.recipe)
lanes = titled(lanes_of_text("hidden=6; cell=gru, hidden=5", base))
session.racing.kept.connect(lambda folder: print(folder, flush=True))
session.racing.begin(lanes, RacePlan(steps=10_000_000))
sys.exit(application.exec())
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "autosave"


@pytest.fixture
def start(open_window, folder):
    """Return a function that opens a window that keeps races in the folder."""

    def start(every=60.0):
        window = open_window(lambda window: window.library.autosave_in(folder, every))
        window.activateWindow()
        return window

    return start


@pytest.fixture
def race(qtbot):
    """Return a function that begins a race by its dialog, and waits for some steps or its end."""

    def race(window, steps=40, until=None):
        window.actions_.races.race.trigger()
        (dialog,) = [
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, RaceDialog) and each.isVisible()
        ]
        dialog.sets.setCurrentIndex(dialog.sets.count() - 1)
        dialog.text.clear()
        qtbot.keyClicks(dialog.text, "hidden=6; cell=gru, hidden=5")
        dialog.amounts["steps"].setValue(steps)
        qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
        racing = window.session.racing
        if until is None:
            qtbot.waitUntil(lambda: racing.state is RaceState.OVER, timeout=30_000)
        else:
            qtbot.waitUntil(lambda: racing.lanes[1].step >= until, timeout=30_000)
        return racing

    return race


def wait_until_kept(qtbot, racing):
    qtbot.waitUntil(lambda: racing.is_on_disk and not racing.is_being_kept, timeout=20_000)


def is_as_if_alone(racing, corpus):
    """Check that each lane is what a run of its own would be, its curve included."""
    for lane in racing.lanes:
        trainer = Trainer(corpus, lane.lane.hyperparameters, lane.lane.recipe, lane.lane.settings)
        loss = None
        while trainer.step < lane.step:
            loss = trainer.run(lane.step - trainer.step).smoothed_loss[-1]
        assert (lane.parameters.flat == trainer.parameters.flat).all()
        last = lane.curves.smoothed(Unit.NATS_PER_NAME).last_point
        assert last == (lane.step, loss)


def banner_button(window, text):
    return next(
        button for button in window.banner.findChildren(QPushButton) if button.text() == text
    )


def test_a_race_survives_closing(qtbot, start, race, folder):
    window = start()
    racing = race(window, steps=5_000_000, until=20)
    corpus = window.session.corpus
    window.close()
    stood_at = [lane.step for lane in racing.lanes]
    window = start()
    racing = window.session.racing
    words = f"A race was shown when DinoGUI ended: 2 lanes, {max(stood_at):,} steps. It can go on."
    assert window.banner.message == words
    with qtbot.waitSignal(racing.begun, timeout=20_000):
        qtbot.mouseClick(banner_button(window, "Open the race"), Qt.MouseButton.LeftButton)
    assert not window.banner.isVisible()
    assert racing.state is RaceState.PAUSED
    assert [lane.step for lane in racing.lanes] == stood_at
    assert racing.is_unsaved, "the person has not saved it"
    assert racing.is_on_disk
    is_as_if_alone(racing, corpus)
    racing.pause_or_go_on()
    qtbot.waitUntil(lambda: racing.lanes[0].step > stood_at[0] + 20, timeout=30_000)
    racing.pause()
    wait_until_kept(qtbot, racing)
    (kept,) = [path for path in (folder / "races").iterdir() if path.is_dir()]
    assert [lane.trainer.step for lane in open_race(kept).lanes] == [
        lane.step for lane in racing.lanes
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")
def test_a_race_survives_a_crash(qtbot, start, folder):
    process = subprocess.Popen(
        [sys.executable, "-c", CRASH, str(folder)], stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            process.stdout.readline()
        finally:
            os.kill(process.pid, signal.SIGKILL)
    window = start()
    racing = window.session.racing
    assert window.banner.message.startswith("A race was shown when DinoGUI ended: 2 lanes, ")
    other = start()
    assert other.banner.message == window.banner.message, "nobody has taken it over"
    with qtbot.waitSignal(racing.begun, timeout=20_000):
        window.actions_.races.open_last.trigger()
    is_as_if_alone(racing, window.session.corpus)
    assert racing.lanes[0].step > 0
    other.actions_.races.open_last.trigger()
    assert not other.session.racing.is_on
    assert not start().banner.message.startswith("A race")


def test_a_race_that_was_ended_can_be_opened_again(qtbot, start, race):
    window = start()
    actions = window.actions_.races
    assert not actions.open_last.isEnabled()
    assert reason_of(actions.open_last) == "No earlier race is kept"
    racing = race(window, steps=5_000_000, until=20)
    corpus = window.session.corpus
    actions.end.trigger()
    assert not racing.is_on
    qtbot.waitUntil(actions.open_last.isEnabled, timeout=20_000)
    with qtbot.waitSignal(racing.begun, timeout=20_000):
        actions.open_last.trigger()
    assert not actions.open_last.isEnabled(), "it is shown"
    assert racing.lanes[0].step >= 20
    is_as_if_alone(racing, corpus)
    actions.end.trigger()
    qtbot.waitUntil(actions.open_last.isEnabled, timeout=20_000)
    window.close()
    assert not start().banner.message.startswith("A race"), "the person has ended it"


def test_another_race_or_another_run_leaves_the_race_before_in_its_folder(
    qtbot, start, race, folder, tmp_path
):
    window = start()
    racing = race(window, steps=5_000_000, until=10)
    save_to = tmp_path / "saved"
    with qtbot.waitSignal(racing.saved, timeout=20_000):
        racing.save(str(save_to))
    race(window, steps=5_000_000, until=10)
    with qtbot.waitSignal(racing.begun, timeout=20_000):
        racing.open(str(save_to))
    window.session.restart()
    assert not racing.is_on
    qtbot.waitUntil(lambda: len(list((folder / "races").glob("earlier-*/race.json"))) == 2)
    qtbot.waitUntil(lambda: not racing.is_being_kept)


def test_a_race_that_the_person_has_saved_needs_no_copy(qtbot, start, race, folder, tmp_path):
    window = start()
    racing = race(window)
    wait_until_kept(qtbot, racing)
    with qtbot.waitSignal(racing.saved, timeout=20_000):
        racing.save(str(tmp_path / "mine"))
    assert not list((folder / "races").glob("*/race.json"))
    racing.extend(10)
    qtbot.waitUntil(lambda: racing.lanes[1].step == 50, timeout=20_000)
    wait_until_kept(qtbot, racing)
    assert len(list((folder / "races").glob("*/race.json"))) == 1


def test_a_race_is_kept_while_it_goes_on_and_stays_racing(qtbot, start, race, folder):
    window = start(every=0.2)
    states = []
    window.session.racing.state_changed.connect(states.append)
    racing = race(window, steps=5_000_000, until=5)
    with qtbot.waitSignals([racing.kept] * 2, timeout=20_000):
        pass
    step = racing.lanes[1].step
    qtbot.waitUntil(lambda: racing.lanes[1].step > step, timeout=20_000)
    assert states == [RaceState.RACING]


def test_only_the_latest_races_stay(qtbot, start, race, folder):
    window = start()
    racing = race(window)
    racing.save(str(folder.parent / "mine"))
    qtbot.waitUntil(lambda: racing.saved_at is not None, timeout=20_000)
    source = open_race(folder.parent / "mine")
    for number in range(MOST_EARLIER + 2):
        place = folder / "races" / f"earlier-{number}"
        save_race(place, source)
        os.utime(place, (1_000 + number, 1_000 + number))
    racing.extend(10)
    qtbot.waitUntil(lambda: racing.lanes[1].step == 50, timeout=20_000)
    window.actions_.races.end.trigger()
    qtbot.waitUntil(
        lambda: len(list((folder / "races").glob("earlier-*/race.json"))) == MOST_EARLIER,
        timeout=20_000,
    )
    assert not (folder / "races" / "earlier-0").exists()
    assert (folder / "races" / f"earlier-{MOST_EARLIER + 1}").exists()


def test_a_folder_that_cannot_be_written_is_said_once(qtbot, start, race, folder):
    folder.parent.mkdir(exist_ok=True)
    folder.mkdir()
    (folder / "races").write_text("in the way")
    window = start()
    said = []
    window.library.failed.connect(said.append)
    racing = race(window)
    assert len(said) == 1
    assert said[0].startswith("DinoGUI cannot keep a copy of the race in case it ends. ")
    racing.end()
    assert not racing.is_on


def test_a_copy_that_is_damaged_is_refused_in_a_sentence(qtbot, start, race, folder):
    window = start()
    race(window).end()
    qtbot.waitUntil(window.actions_.races.open_last.isEnabled, timeout=20_000)
    (kept,) = (folder / "races").glob("earlier-*/race.json")
    kept.write_text("{}")
    with qtbot.waitSignal(window.session.racing.refused, timeout=20_000):
        window.actions_.races.open_last.trigger()
    assert window.banner.message.endswith("was not written by DinoGUI.")
    assert kept.exists()
    assert not window.session.racing.is_on
