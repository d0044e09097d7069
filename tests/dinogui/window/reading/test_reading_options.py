"""Opening data with options, and the questions that data leave."""

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton

from dinogui.app import make_window
from dinogui.common.preferences import Preferences
from dinogui.window.reading.preview_dialog import PreviewDialog
from dinogui.window.reading.reading_options import ReadingOptions
from engine.data.reading.choices import ReadingChoices

LATIN = "Zoë\nJürgen\nÅsne\nAmélie\nBjörn\nRené\nFrançois\nMünd\nPär\n"


def button(window, text):
    (found,) = [
        each
        for each in window.banner.findChildren(QPushButton)
        if each.isVisible() and each.text() == text
    ]
    return found


def test_a_question_is_asked_before_anything_is_read(window, qtbot, people, dialog_of, answer):
    begun = []
    window.session.run_begun.connect(lambda: begun.append(window.session.path))
    window.open_file(people)
    dialog = dialog_of(window)
    assert "Which column has the names?" in dialog.summary.questions.text()
    assert not begun, "the run shown goes on"
    dialog.form.column.setFocus()
    qtbot.keyClick(dialog.form.column, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.form.column, Qt.Key.Key_Down)
    dialog_of.settle(dialog)
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert window.session.corpus.distinct[:3] == ("berg", "stein", "wolf")
    assert window.session.path == people


def test_a_file_is_read_again_as_before_without_a_question(qapp, qtbot, people, dialog_of, answer):
    first = make_window(qapp, preferences=Preferences())
    qtbot.addWidget(first)
    first.show()
    first.open_file(people)
    dialog = dialog_of(first)
    dialog.form.choose_column(2)
    dialog_of.settle(dialog)
    answer(first, dialog)
    with qtbot.waitSignal(first.session.run_begun):
        first.open_file(people)
    assert first.session.corpus.distinct[0] == "berg"
    first.close()
    again = make_window(qapp, preferences=Preferences())
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: again.session.path == people, timeout=20_000)
    assert again.session.corpus.distinct[0] == "berg"
    assert again.findChildren(PreviewDialog) == []
    again.close()


def test_the_likeliest_encoding_is_shown_before_it_is_used(
    window, qtbot, names_file, dialog_of, answer
):
    path = str(names_file(LATIN.encode("cp1252"), "latin.txt"))
    with qtbot.waitSignal(window.session.refused):
        window.open_file(path)
    assert "is not UTF-8 text: byte 2" in window.banner.message
    qtbot.mouseClick(button(window, "Read as Windows-1252…"), Qt.MouseButton.LeftButton)
    dialog = dialog_of(window)
    assert dialog.view.names.rows.index(0, 1).data() == "zoë"
    assert dialog.form.encoding.currentText() == "Windows-1252 (Western European)"
    assert answer(window, dialog).distinct[:2] == ("zoë", "jürgen")
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(path)
    assert window.session.corpus.distinct[0] == "zoë", "the encoding is remembered"


def test_another_encoding_is_chosen_from_a_list_by_keyboard(
    window, qtbot, names_file, dialog_of, answer
):
    path = str(names_file("Иван\nМария\nОльга\nПётр\nАнна\nЛев\n".encode("koi8-r"), "koi.txt"))
    with qtbot.waitSignal(window.session.refused):
        window.open_file(path)
    qtbot.mouseClick(button(window, "Other encodings…"), Qt.MouseButton.LeftButton)
    dialog = dialog_of(window)
    table = dialog.encodings.table
    assert not dialog.open_button.isEnabled(), "none is taken without being chosen"
    assert not dialog.view.isVisible()
    titles = [table.rows.index(row, 0).data() for row in range(table.rows.rowCount())]
    readings = [table.rows.index(row, 1).data() for row in range(table.rows.rowCount())]
    place = titles.index("KOI8-R (Cyrillic)")
    assert readings[place] == "Иван, Мария, Ольга"
    qtbot.waitUntil(table.hasFocus)
    for _ in range(place):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert dialog.encodings.button.text() == "Read as KOI8-R"
    qtbot.keyClick(table, Qt.Key.Key_Return)
    dialog_of.settle(dialog)
    assert dialog.isVisible()
    assert dialog.view.names.rows.index(0, 1).data() == "иван"
    assert answer(window, dialog).distinct[1] == "мария"


def test_a_file_is_opened_with_options_though_it_leaves_no_question(
    window, qtbot, names_file, dialog_of, answer, monkeypatch
):
    path = str(names_file("Anna\nBob\nClara\nDora\nEmil\n"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([path], ""))
    before = window.session.corpus
    window.actions_.open_with_options.trigger()
    dialog = dialog_of(window)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.session.corpus is before, "cancelled"
    qtbot.waitUntil(lambda: window.findChildren(PreviewDialog) == [])
    window.actions_.open_with_options.trigger()
    dialog = dialog_of(window)
    qtbot.keyClick(dialog.form.lower_case, Qt.Key.Key_Space)
    dialog.form.held_out.setFocus()
    dialog.form.held_out.selectAll()
    qtbot.keyClicks(dialog.form.held_out, "25")
    qtbot.keyClick(dialog.form.held_out, Qt.Key.Key_Tab)
    dialog_of.settle(dialog)
    assert answer(window, dialog).distinct[0] == "Anna"
    assert window.session.settings.held_out == 0.25


def test_the_open_file_is_read_again_with_other_options(window, qtbot, people, dialog_of, answer):
    action = window.actions_.read_with_options
    assert not action.isEnabled(), "the dinosaurs are no file"
    window.opening.asks = False
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(people)
    assert window.session.corpus.distinct[0] == "anna", "nobody is asked"
    action.trigger()
    dialog = dialog_of(window)
    assert dialog.form.column.currentText() == "column 1"
    dialog.form.choose_column(2)
    dialog_of.settle(dialog)
    assert answer(window, dialog).distinct[0] == "berg"
    action.trigger()
    assert dialog_of(window).form.column.currentText() == "column 2"


def test_choices_that_no_longer_fit_can_be_changed(window, qtbot, people, dialog_of, answer):
    window.opening.memory.note(people, ReadingChoices(column=3))
    with qtbot.waitSignal(window.session.reader.misread):
        window.open_file(people)
    assert "There is no column “3”" in window.banner.message
    qtbot.mouseClick(button(window, "Open with options…"), Qt.MouseButton.LeftButton)
    dialog = dialog_of(window)
    assert "There is no column “3”" in dialog.message.message
    assert not dialog.open_button.isEnabled()
    qtbot.mouseClick(dialog.reset_button, Qt.MouseButton.LeftButton)
    dialog_of.settle(dialog)
    assert answer(window, dialog).distinct[0] == "anna"
    assert not window.banner.isVisible()


def test_a_new_dialog_takes_the_place_of_the_one_before(
    window, qtbot, people, names_file, dialog_of
):
    window.open_file(people)
    first = dialog_of(window)
    window.findChild(ReadingOptions).show(str(names_file("Anna\nBob\nClara\n")))
    qtbot.waitUntil(lambda: first not in window.findChildren(PreviewDialog))
    assert dialog_of(window).windowTitle() == "Open “people.txt”"


def test_a_picture_of_the_window_waits_for_no_answer(people, tmp_path):
    place = tmp_path / "window.png"
    subprocess.run(
        [sys.executable, "-m", "dinogui", people, "--screenshot", str(place), "--steps", "0"],
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert place.is_file()


def test_a_file_that_is_not_there_has_no_options(window, qtbot, tmp_path):
    with qtbot.waitSignal(window.session.refused):
        window.open_file(str(tmp_path / "missing.txt"))
    assert "There is no file" in window.banner.message
    assert not [each for each in window.banner.findChildren(QPushButton) if each.isVisible()]


@pytest.mark.parametrize("kind", ["names", "text"])
def test_a_file_said_to_be_of_a_kind_keeps_the_encoding_that_was_chosen(
    window, qtbot, names_file, kind
):
    path = str(names_file(40 * LATIN.encode("cp1252"), "latin.csv"))
    window.opening.memory.note(path, ReadingChoices(encoding="cp1252", layout="text"))
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(path)
    assert window.session.kind == "text"
    with qtbot.waitSignal(window.session.run_begun):
        window.actions_.read_as[kind].trigger()
    assert window.session.kind == kind
    assert "ü" in window.session.corpus.vocabulary.symbols
