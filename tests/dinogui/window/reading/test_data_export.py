"""File > Export data."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from engine.data.reading.choices import ReadingChoices

LIST = "Anna\n=Bob\n# Clara\n1. Dora\nEmil, Fritz\nGe\u00adrt\nAnna\n"


@pytest.fixture
def export(window, qtbot, monkeypatch):
    """Return a function that exports the data to a path, and returns the suggested one."""

    def run(path, chosen=""):
        asked = []

        def dialog(*arguments):
            asked.append(arguments[2])
            return str(path), chosen

        monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
        with qtbot.waitSignal(window.session.data_export.exported, timeout=20_000):
            window.actions_.export_data.trigger()
        return asked[0]

    return run


def open_names(window, qtbot, path):
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(path))
    return window.session.corpus


@pytest.mark.parametrize("suffix", [".txt", ".csv"])
def test_the_cleaned_list_opens_as_the_same_list(
    window, qtbot, names_file, tmp_path, export, suffix
):
    path = names_file(LIST, "people.txt")
    choices = ReadingChoices(layout="names", lower_case=False)
    window.opening.memory.note(str(path), choices)
    before = open_names(window, qtbot, path)
    assert before.names[-2:] == ("Gert", "Anna"), "cleaned, and not lower-cased"
    place = tmp_path / f"exported{suffix}"
    assert export(place) == str(tmp_path / "people cleaned.txt")
    assert f"exported to “{place}”" in window.banner.message
    after = open_names(window, qtbot, place)
    assert after.names == before.names
    assert after.fingerprint == before.fingerprint


def test_a_text_is_exported_as_it_is_learned(text_window, qtbot, tmp_path, export):
    place = tmp_path / "text"
    before = text_window.session.corpus
    export(place)
    written = tmp_path / "text.txt"
    assert written.read_text(encoding="utf-8") == before.decode(before.symbols)
    after = open_names(text_window, qtbot, written)
    assert after.fingerprint == before.fingerprint


def test_documents_are_exported_with_what_ends_them(
    window, qtbot, names_file, tmp_path, export, dialog_of, answer
):
    tunes = "".join(f"X:{n}\nT:Tune {n}\nK:C\nCDEF GABc|\n\n" for n in range(1, 9))
    window.opening.asks = False  # whether the tunes are to be read as notes
    before = open_names(window, qtbot, names_file(tunes, "tunes.abc"))
    place = tmp_path / "exported.txt"
    export(place)
    lines = place.read_text(encoding="utf-8").splitlines()
    assert lines.count("<|end|>") == len(before.documents) == 8
    after = open_names(window, qtbot, place)
    assert after.fingerprint == before.fingerprint
    window.actions_.read_with_options.trigger()
    dialog = dialog_of(window)
    assert dialog.form.layout_box.currentText() == "Documents"
    separator = dialog.form.separator
    assert separator.isVisible()
    assert separator.text() == "<|end|>"
    assert "8 documents, separated by “<|end|>”" in dialog.summary.understanding.text()
    separator.setFocus()
    separator.selectAll()
    qtbot.keyClicks(separator, "K:C")
    qtbot.keyClick(separator, Qt.Key.Key_Tab)
    dialog_of.settle(dialog)
    assert "9 documents, separated by “K:C”" in dialog.summary.understanding.text()
    assert len(answer(window, dialog).documents) == 9


def test_the_built_in_names_are_exported_as_a_table(window, export, tmp_path):
    place = tmp_path / "dinosaurs"
    assert Path(export(place, "Table (*.csv)")).name == "dinosaurs cleaned.txt"
    lines = (tmp_path / "dinosaurs.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["name", *window.session.corpus.names]


def test_the_file_that_the_network_learns_from_is_never_replaced(
    window, qtbot, names_file, monkeypatch
):
    path = names_file("Anna\nBob\nClara\nDora\nEmil\n")
    before = path.read_bytes()
    open_names(window, qtbot, path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.actions_.export_data.trigger()
    assert "The network learns from" in window.banner.message
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_written_is_explained(window, qtbot, tmp_path, monkeypatch):
    place = tmp_path / "no folder" / "names.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), ""))
    with qtbot.waitSignal(window.session.data_export.refused):
        window.actions_.export_data.trigger()
    assert "cannot be written" in window.banner.message
