"""Kept names in the window: after restarts, with damaged files and unwritable folders."""

import csv
import json
import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from dinogui.app import make_window
from dinogui.common.kept_name import KeptName
from dinogui.panels.names.candidates_model import Column
from dinogui.session.generation.kept_names import users_kept_names


@pytest.fixture
def keep(qtbot):
    """Return a function that generates names in a window, stars the first and returns it."""

    def run(window):
        with qtbot.waitSignal(
            window.session.name_generation.found, check_params_cb=lambda found: found.is_over
        ):
            window.names.generate()
        assert len(window.names.generated) == 10
        view = window.names.table.view
        place = view.visualRect(view.model().index(0, Column.KEPT)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        return window.names.table.shown[0]

    return run


@pytest.fixture
def second_window(qapp, qtbot):
    """Return a function that opens another window."""
    opened = []

    def run():
        window = make_window(qapp, seed=5)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: window.session.has_network)
        opened.append(window)
        return window

    yield run
    for window in opened:
        window.close()


def test_a_star_and_its_origin_survive_a_restart(window, qtbot, keep, second_window):
    candidate = keep(window)
    window.close()
    again = second_window()
    qtbot.waitUntil(lambda: len(again.session.name_generation.kept.names) == 1)
    (kept,) = again.session.name_generation.kept.names
    assert (kept.name, kept.step, kept.seed) == (candidate.name, candidate.step, candidate.seed)
    assert (kept.data, kept.model, kept.temperature) == ("dinosaurs.txt", "RNN 50", 1.0)
    panel = again.docks.show("kept_names")
    assert [name.lower() for name in panel.names] == [candidate.name]


def test_two_windows_do_not_lose_each_others_stars(window, qtbot, keep, second_window):
    other = second_window()
    names = {keep(window).name, keep(other).name}
    assert len(names) == 2
    for one in (window, other):
        kept = one.session.name_generation.kept

        def has_both(kept=kept):
            kept.look()  # the other window may not have saved yet
            return {each.name for each in kept.names} == names

        qtbot.waitUntil(has_both)


def test_a_damaged_file_is_renamed_and_reported(window, qtbot, keep, second_window):
    window.close()
    path = users_kept_names()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"version": 1, "names": [{"name": 3')
    again = second_window()
    qtbot.waitUntil(lambda: "was renamed to" in again.banner.message)
    (aside,) = path.parent.glob("kept-names-damaged-*.json")
    assert aside.read_text() == '{"version": 1, "names": [{"name": 3'
    candidate = keep(again)
    qtbot.waitUntil(path.exists)
    assert [entry["name"] for entry in json.loads(path.read_text())["names"]] == [candidate.name]


def test_names_that_cannot_be_saved_are_reported_and_saved_later(window, qtbot, keep):
    path = users_kept_names()
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.write_text("a file where the folder should be")
    first = keep(window)
    qtbot.waitUntil(lambda: "cannot be written" in window.banner.message)
    assert [kept.name for kept in window.session.name_generation.kept.names] == [first.name]
    path.parent.unlink()
    before = window.names.generated
    window.names.generate()
    qtbot.waitUntil(lambda: window.names.generated != before)
    view = window.names.table.view
    place = view.visualRect(view.model().index(0, Column.KEPT)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(path.exists)
    written = {entry["name"] for entry in json.loads(path.read_text())["names"]}
    assert written == {first.name, window.names.table.shown[0].name}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
def test_a_pipe_in_place_of_the_file_is_reported_and_the_window_closes(
    window, qtbot, keep, second_window
):
    window.close()
    path = users_kept_names()
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    again = second_window()
    qtbot.waitUntil(lambda: "cannot be read (it is not a regular file)" in again.banner.message)
    keep(again)
    qtbot.waitUntil(lambda: "cannot be written" in again.banner.message)
    again.close()
    assert again.isHidden()
    assert path.is_fifo()
    path.unlink()


def test_kept_names_are_copied_exported_and_removed(window, qtbot, keep, tmp_path):
    candidate = keep(window)
    panel = window.docks.show("kept_names")
    qtbot.mouseClick(panel.copying, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().lower() == candidate.name
    path = tmp_path / "kept.csv"
    assert panel.export_button.isEnabled()
    panel.export(str(path))
    qtbot.waitUntil(lambda: str(path) in panel.note)
    (row,) = csv.DictReader(path.read_text().splitlines())
    assert (row["name"].lower(), row["data"]) == (candidate.name, "dinosaurs.txt")
    panel.export(str(tmp_path / "nowhere" / "kept.csv"))
    qtbot.waitUntil(lambda: "cannot be written" in panel.note)
    panel.view.setFocus()
    panel.view.selectRow(0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert panel.names == []
    qtbot.waitUntil(lambda: json.loads(users_kept_names().read_text())["names"] == [])


def test_the_kept_names_are_filtered_by_kind(window, qtbot):
    kept = window.session.name_generation.kept
    names = [
        KeptName("boris", "languages", "GRU 8", 30, 1.5, 3, 1.0, "60 % Greek, 40 % Irish"),
        KeptName("moran", "languages", "GRU 8", 30, 2.5, 3, 1.0, "Irish"),
        KeptName("greekosaurus", "dinos.txt", "RNN 50", 30, 1.7, 3, 1.0),
    ]
    kept.keep(names)
    panel = window.docks.show("kept_names")
    qtbot.waitUntil(lambda: len(panel.names) == 3)
    for typed, expected in (
        ("kind=greek", ["Boris"]),
        ("kind=IRISH", ["Boris", "Moran"]),
        ("kind=irish score<2", ["Boris"]),
        ("greek", ["Boris", "Greekosaurus"]),
        ("data=dinos", ["Greekosaurus"]),
        ("model=gru or", ["Boris", "Moran"]),
        ("kind=norse", []),
    ):
        panel.filter.clear()
        qtbot.keyClicks(panel.filter, typed)
        assert sorted(panel.names) == expected, typed
    panel.filter.clear()
    assert len(panel.names) == 3
