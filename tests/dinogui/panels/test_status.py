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


def test_a_saved_run_is_said_in_the_status_line(window, qtbot, tmp_path):
    path = tmp_path / "run.npz"
    window.library.saving.save_to(str(path))
    qtbot.waitUntil(lambda: window.status.message == f"Saved to “{path}”.")
