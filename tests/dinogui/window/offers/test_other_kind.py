"""Files whose names say something else than their content."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

NAMES = "anna\nbob\nclara\ndavid\n" * 5


def press(window, qtbot, text):
    buttons = window.banner.findChildren(QPushButton)
    button = next(each for each in buttons if each.isVisible() and each.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(("text", "kind"), [("names", "names"), ("a text", "text")])
def test_a_text_with_the_name_of_a_run_can_be_trained_on(window, qtbot, tmp_path, text, kind):
    path = tmp_path / "names.npz"
    path.write_text(NAMES, encoding="utf-8")
    window.library.saving.open(str(path))  # as the dialog of Open run does
    qtbot.waitUntil(window.banner.isVisible)
    assert window.banner.message == (
        "“names.npz” is not a saved run but a text file. You can train on it."
    )
    with qtbot.waitSignal(window.session.run_begun):
        press(window, qtbot, f"Open it as {text}")
    assert (window.session.kind, window.session.path) == (kind, str(path))
    assert not window.banner.isVisible()
    with qtbot.waitSignal(window.session.run_begun):
        window.actions_.read_as["names" if kind == "text" else "text"].trigger()
    assert window.session.kind != kind


def test_a_run_with_the_name_of_a_text_can_be_gone_on_with(window, qtbot, tmp_path):
    window.session.step()
    qtbot.waitUntil(lambda: window.session.run.steps_made == 1)
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(tmp_path / "run.npz"))
    path = shutil.copy(tmp_path / "run.npz", tmp_path / "run.txt")
    window.session.restart()
    with qtbot.waitSignal(window.session.run_file_found):
        window.open_file(str(path))
    assert window.banner.message.startswith("“run.txt” is not a text file but a saved run.")
    with qtbot.waitSignal(window.library.saving.opened):
        press(window, qtbot, "Open the run")
    assert window.session.run.steps_made == 1
    assert window.library.saving.path == str(path)


def test_other_files_with_the_name_of_a_run_say_what_to_do(window, qtbot, tmp_path):
    run = window.session.run
    np.savez(tmp_path / "other.npz", weights=np.arange(5.0))
    np.savez_compressed(tmp_path / "small.npz", weights=np.arange(5.0))
    (tmp_path / "empty.npz").touch()
    (tmp_path / "folder.npz").mkdir()
    for name, what in (
        ("other", "holds no network, or is damaged. Choose a file that DinoGUI has saved."),
        ("small", "was not written by DinoGUI. Choose a file that DinoGUI has saved."),
        ("empty", "“empty.npz” is empty. Choose a file that DinoGUI has saved."),
        ("folder", "is a folder. Choose a saved network or run."),
    ):
        window.banner.clear()
        window.open_file(str(tmp_path / f"{name}.npz"))
        qtbot.waitUntil(window.banner.isVisible)
        assert window.banner.message.endswith(what)
    assert window.session.run is run
