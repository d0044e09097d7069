"""Exports go beside the data, and never over a file that is open."""

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

NAMES = "Anna\nBob\nClara\nDavid\n" * 3


@pytest.fixture
def choose(monkeypatch):
    """Return a function that makes the next file dialog return a path, and returns suggestions."""

    def answer(path):
        suggested = []

        def dialog(_parent, _title, suggestion, filters):
            suggested.append(suggestion)
            return str(path), filters.split(";;")[0]

        monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
        return suggested

    return answer


@pytest.fixture
def generated(window, qtbot):
    """Return a function that lets the window generate names."""

    def generate():
        found = window.session.name_generation.found
        with qtbot.waitSignal(found, check_params_cb=lambda result: result.is_over):
            window.names.generate()

    return generate


def open_names(window, qtbot, path):
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(path))
    qtbot.waitUntil(lambda: window.session.has_network)


def test_names_are_exported_beside_the_data_and_not_over_them(
    window, qtbot, names_file, choose, generated, tmp_path
):
    generated()
    assert choose("") == []
    suggested = choose("")
    window.names.choose_export()
    assert suggested == ["dinosaurs generated.txt"]
    data = names_file(NAMES, "names.txt")
    open_names(window, qtbot, data)
    generated()
    link = tmp_path / "link.txt"
    os.link(data, link)
    for place in (data, link):
        suggested = choose(place)
        window.names.choose_export()
        assert suggested == [str(tmp_path / "names generated.txt")]
        assert window.names.note == (
            f"The network learns from “{place}”, so it is not replaced. Choose another name."
        )
    assert data.read_text() == NAMES
    choose(tmp_path / "names generated.txt")
    window.names.choose_export()
    qtbot.waitUntil(lambda: "were saved" in window.names.note)


def test_no_panel_replaces_the_data_or_the_run(window, qtbot, names_file, choose, tmp_path):
    data, run = names_file(NAMES, "names.txt"), tmp_path / "run.npz"
    open_names(window, qtbot, data)
    window.library.saving.save_to(str(run))
    qtbot.waitUntil(lambda: window.session.run.file is not None)
    before = run.read_bytes()
    flow, kept = window.docks.show("flow"), window.docks.show("kept_names")
    for place, words in ((data, "The network learns from"), (run, "holds the run that is open")):
        choose(place)
        kept.choose_export()
        assert words in kept.note
        window.docks.show("flow")
        flow.export.save_action.trigger()
        assert words in flow.note.message
    assert (data.read_text(), run.read_bytes()) == (NAMES, before)


def test_a_text_is_saved_beside_the_data_and_not_over_them(text_window, qtbot, choose, tmp_path):
    data = tmp_path / "verse.txt"
    before = data.read_text()
    suggested = choose(data)
    qtbot.mouseClick(text_window.writing.save, Qt.MouseButton.LeftButton)
    assert suggested == [str(tmp_path / "verse generated.txt")]
    assert "The network learns from" in text_window.writing.error
    assert data.read_text() == before


def test_a_file_of_the_data_is_not_replaced_wherever_it_lies(
    window, qtbot, names_file, choose, generated, tmp_path
):
    folder = tmp_path / "more"
    folder.mkdir()
    inside = folder / "b.txt"
    inside.write_bytes(b"Eve\nFay\n")
    with qtbot.waitSignal(window.session.run_begun):
        window.opening.open_files([str(names_file(NAMES, "names.txt")), str(folder)])
    qtbot.waitUntil(lambda: window.session.has_network)
    generated()
    suggested = choose(inside)
    window.names.choose_export()
    assert suggested == [str(tmp_path / "names generated.txt")]
    assert window.names.note.startswith("The network learns from")
    assert inside.read_bytes() == b"Eve\nFay\n"
