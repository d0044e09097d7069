import pytest

from dinogui.panels.status import StatusLine
from dinogui.session.run import RunState
from dinogui.widgets.cards.state_dot import Sign, StateDot
from dinogui.widgets.reading_line import ReadingLine


def test_a_message_stands_for_a_moment_and_is_whole_in_the_tooltip(qtbot):
    status = StatusLine()
    qtbot.addWidget(status)
    status.resize(300, 24)
    status.show()
    long = "Saved to “/a/folder/with/a/long/name/and/others/inside/of/it/dinosaurs.npz”."
    status.say(long)
    status.show_state(RunState.PAUSED)
    line = status.findChild(ReadingLine)
    assert (line.toolTip(), status.message) == (long, long)
    qtbot.waitUntil(lambda: status.message == "Paused", timeout=20_000)


def test_the_right_end_says_whether_the_run_is_saved(window, qtbot, tmp_path):
    assert window.status.saved_message == "nothing to save"
    window.session.step()
    qtbot.waitUntil(lambda: window.status.saved_message == "unsaved *")
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(tmp_path / "run.npz"))
    qtbot.waitUntil(lambda: window.status.saved_message == "saved")


def test_a_dot_tells_the_state_at_a_glance(window, qtbot):
    dot = window.status.findChild(StateDot)
    assert dot.sign is Sign.GOOD
    window.session.train()
    assert dot.sign is Sign.ACTIVE
    window.session.pause()
    assert dot.sign is Sign.IDLE
    window.session.set_hyperparameters(learning_rate=1e15, clip=None)
    window.session.train()
    qtbot.waitUntil(lambda: window.session.state is RunState.DIVERGED)
    assert dot.sign is Sign.BAD


def test_it_says_that_an_earlier_step_is_looked_at(window, train_until):
    train_until(window.session, 50)
    status, dot = window.status, window.status.findChild(StateDot)
    window.session.past.look(20)
    assert status.message.startswith("Looking back at step 20")
    assert dot.sign is Sign.PAST
    window.session.past.leave()
    assert status.message.startswith("Paused")
    assert dot.sign is Sign.IDLE


def test_a_saved_run_is_said_in_the_status_line(window, qtbot, tmp_path):
    path = tmp_path / "run.npz"
    window.library.saving.save_to(str(path))
    qtbot.waitUntil(lambda: window.status.message == f"Saved to “{path}”.")


def test_it_says_that_data_are_read_while_the_run_goes_on(window, qtbot, names_file):
    status, dot = window.status, window.status.findChild(StateDot)
    status.say("Saved to “run.npz”.")
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file()))
        assert status.message.startswith("Reading a file\u2003Ready\u2003step 0")
        assert dot.sign is Sign.READING
    qtbot.waitUntil(lambda: status.message.startswith("Ready"))
    assert dot.sign is Sign.GOOD


def test_it_says_that_a_run_is_read_until_it_is_shown_refused_or_given_up(window, qtbot, tmp_path):
    status, dot, saving = window.status, window.status.findChild(StateDot), window.library.saving
    path = tmp_path / "run.npz"
    with qtbot.waitSignal(saving.saved):
        saving.save_to(str(path))
    with qtbot.waitSignal(saving.opened):
        window.open_file(str(path))
        assert status.message.startswith("Reading a file")
        assert dot.sign is Sign.READING
    assert status.message.startswith("Ready")
    path.write_text("anna\n", encoding="utf-8")
    with qtbot.waitSignal(saving.text_file_found):
        window.open_file(str(path))
        assert dot.sign is Sign.READING
    assert dot.sign is Sign.GOOD
    window.open_file(str(path))
    window.open_dinosaurs()
    assert dot.sign is Sign.GOOD
    assert status.message.startswith("Ready")


def test_without_a_run_it_says_only_that_a_file_is_read(qtbot):
    status = StatusLine()
    qtbot.addWidget(status)
    assert status.message == "Nothing loaded"
    status.show_reading(0.0)
    assert status.message == "Reading a file"
    assert status.findChild(StateDot).sign is Sign.READING
    status.show_reading(1.0)
    assert status.message == "Nothing loaded"


@pytest.fixture
def brief_messages(monkeypatch):
    """Let messages stand for a short time."""
    monkeypatch.setattr("dinogui.panels.status._SAID_MILLISECONDS", 300)


@pytest.fixture
def paused(brief_messages, qtbot):
    """Return a visible status line of a run that is paused."""
    status = StatusLine()
    qtbot.addWidget(status)
    status.show_state(RunState.PAUSED)
    status.show()
    return status


def test_news_stand_for_a_moment_and_newer_ones_take_their_place(paused, qtbot):
    paused.announce("Compiling…")
    assert paused.message == "Compiling…"
    paused.announce("Compiled.")
    assert paused.message == "Compiled."
    qtbot.waitUntil(lambda: paused.message == "Paused")


def test_news_follow_the_answer_to_what_somebody_does(paused, qtbot):
    paused.announce("Compiled.")
    paused.say("Saved.")
    assert paused.message == "Saved."
    qtbot.waitUntil(lambda: paused.message == "Compiled.")
    qtbot.waitUntil(lambda: paused.message == "Paused")


def test_news_follow_when_somebody_who_looks_back_rests(paused, qtbot):
    paused.announce("Compiled.")
    for step in (20, 30):
        paused.show_past(step)
        assert paused.message.startswith(f"Looking back at step {step}")
    qtbot.waitUntil(lambda: paused.message == "Compiled.")
    qtbot.waitUntil(lambda: paused.message.startswith("Looking back"))


def test_news_wait_until_a_file_is_read(paused, qtbot):
    paused.show_reading(0.5)
    paused.announce("Compiled.")
    assert paused.message.startswith("Reading a file")
    paused.show_reading(1.0)
    assert paused.message == "Paused"
    qtbot.waitUntil(lambda: paused.message == "Compiled.")


def test_news_wait_until_the_line_is_shown(paused, qtbot):
    paused.hide()
    paused.announce("Compiled.")
    assert paused.message == "Paused"
    paused.show()
    assert paused.message == "Compiled."
    qtbot.waitUntil(lambda: paused.message == "Paused")
