from dinogui.panels.status import StatusLine
from dinogui.session.run import RunState
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


def test_a_saved_run_is_said_in_the_status_line(window, qtbot, tmp_path):
    path = tmp_path / "run.npz"
    window.library.saving.save_to(str(path))
    qtbot.waitUntil(lambda: window.status.message == f"Saved to “{path}”.")
