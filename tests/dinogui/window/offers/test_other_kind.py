"""Files whose names say something else than their content."""

import shutil
from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from engine.melody.files.midi_writing import midi_of
from engine.melody.note import Melody, Note

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


TUNES = "".join(
    f"X:{n}\nT:Tune {n}\nM:4/4\nL:1/4\nK:C\nCDEF|GAB{'cdefgab'[n % 7]}|cBAG|FEDC|\n\n"
    for n in range(1, 12)
)


@pytest.mark.parametrize("name", ["tunes.abc", "tune.mid"])
def test_tunes_where_a_run_was_to_be_opened_are_offered_as_melodies(window, qtbot, tmp_path, name):
    path, what = tmp_path / name, "text"
    if name == "tunes.abc":
        path.write_text(TUNES, encoding="utf-8")
    else:
        notes = tuple(Note(60 + at % 12, Fraction(1)) for at in range(40))
        path.write_bytes(midi_of(Melody(notes, "A tune", 120.0, Fraction(4))))
        what = "MIDI"
    window.library.saving.open(str(path))  # as the dialog of Open run does
    qtbot.waitUntil(window.banner.isVisible)
    assert window.banner.message == (
        f"“{name}” is not a saved run but a {what} file. You can train on it."
    )
    shown = [each.text() for each in window.banner.findChildren(QPushButton) if each.isVisible()]
    if name == "tune.mid":
        assert "Open it as melodies" in shown
        assert "Open it as a text" not in shown
        with qtbot.waitSignal(window.session.refused, timeout=20_000) as refused:
            press(window, qtbot, "Open it as melodies")
        assert "only one tune in “tune.mid”. At least two different ones" in refused.args[0]
        return
    assert {"Open it as melodies", "Open it as a text"} <= set(shown)
    with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
        press(window, qtbot, "Open it as melodies")
    assert window.session.kind == "melodies"
    assert len(window.session.corpus.tunes) == 11


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
