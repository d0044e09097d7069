"""Kinds of names in the preview dialog: chosen, renamed, merged and left out."""

from itertools import product

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from dinogui.common.actions.action_words import plain_text
from dinogui.widgets.banner import Banner
from dinogui.window.reading.kinds_model import FOUND, NAMES, TITLE, USED
from dinogui.window.reading.reading_options import ReadingOptions
from tests.dinogui.window.picture_checks import cut_texts, overlaps, parts_outside
from tests.dinogui.window.test_keyboard import check_reached, controls_of

pytestmark = pytest.mark.layout

LISTS = {
    "Gaelic.txt": "Bran\nDara\nNiamh\nAnna\n",
    "Greek.txt": "Anna\nIo\nCy\n",
    "Irish.txt": "Eoin\nFay\n",
    "Notes.txt": "Zed\nXax\n",
}
TABLE = "name,language,born\n" + "".join(
    f"Nam{chr(97 + n)},{('Greek', 'Irish')[n % 2]},{1900 + n}\n" for n in range(12)
)


@pytest.fixture
def options(window):
    """Return what opens the dialog."""
    return window.findChild(ReadingOptions)


@pytest.fixture
def folder(tmp_path):
    """Return the path of a folder of lists."""
    folder = tmp_path / "lists"
    folder.mkdir()
    for name, text in LISTS.items():
        (folder / name).write_text(text)
    return str(folder)


@pytest.fixture
def dialog(window, options, folder, dialog_of, qtbot):
    """Return the dialog of a folder, in which each file is a kind."""
    options.show(folder)
    dialog = dialog_of(window)
    assert "Is each file a kind of names?" in dialog.summary.questions.text()
    assert not dialog.view.kinds.isVisible()
    qtbot.mouseClick(dialog.form.files_are_kinds, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    dialog_of.settle(dialog)
    return dialog


def rows_of(table):
    model = table.kinds
    return [
        tuple(model.index(row, column).data() for column in (FOUND, NAMES, TITLE))
        for row in range(model.rowCount())
    ]


def place_of(table, row, column):
    table.scrollTo(table.kinds.index(row, column))
    return table.visualRect(table.kinds.index(row, column)).center()


def click(qtbot, table, row, column, *, double=False):
    place = place_of(table, row, column)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    if double:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def editor_of(table):
    """Return the line in which a title is edited. A closed one may not yet be deleted."""
    (line,) = [each for each in table.findChildren(QLineEdit) if each.isVisible()]
    return line


def type_title(qtbot, table, text):
    """Type a title into the editor that is open, and press Enter."""
    line = editor_of(table)
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.state() != table.State.EditingState, timeout=20_000)


def said(dialog):
    return dialog.summary.understanding.text()


def test_kinds_are_left_out_renamed_and_merged(dialog, window, qtbot, dialog_of, answer, options):
    table = dialog.view.kinds
    assert table.isVisible()
    assert rows_of(table) == [
        *[("Gaelic", "4", "Gaelic"), ("Greek", "3", "Greek")],
        *[("Irish", "2", "Irish"), ("Notes", "2", "Notes")],
    ]
    assert "There are 4 kinds" in said(dialog)
    click(qtbot, table, 3, USED)
    dialog_of.settle(dialog)
    assert rows_of(table)[3] == ("Notes", "2", "left out")
    assert "2 names of kinds that are left out" in said(dialog)
    click(qtbot, table, 1, TITLE, double=True)
    type_title(qtbot, table, "Hellenic")
    dialog_of.settle(dialog)
    assert dialog.isVisible(), "Enter took the title, and did not open the data"
    assert rows_of(table)[1] == ("Greek", "3", "Hellenic")
    table.setFocus()
    table.setCurrentIndex(table.kinds.index(0, FOUND))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    type_title(qtbot, table, "irish")
    dialog_of.settle(dialog)
    assert dialog.isVisible()
    assert "“Gaelic” and “Irish” are merged: “irish”." in said(dialog)
    corpus = answer(window, dialog)
    assert corpus.kinds.titles == ("irish", "Hellenic")
    assert corpus.kinds.counts == (6, 3)
    # The same choices are there the next time, and hold when the folder is opened.
    options.show(dialog._data.request.source)
    again = dialog_of(window)
    assert [row[2] for row in rows_of(again.view.kinds)] == [
        *["irish", "Hellenic", "irish", "left out"]
    ]
    assert again.form.files_are_kinds.isChecked()
    assert not again.summary.questions.isVisible()
    assert answer(window, again).fingerprint == corpus.fingerprint


def test_space_leaves_out_all_selected_kinds_and_takes_them_back(dialog, qtbot, dialog_of):
    table = dialog.view.kinds
    table.setFocus()
    table.setCurrentIndex(table.kinds.index(0, FOUND))
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    dialog_of.settle(dialog)
    assert [row[2] for row in rows_of(table)] == ["left out"] * 3 + ["Notes"]
    assert "only one kind of names, “Notes”" in dialog.summary.warnings.text()
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    for _ in range(2):  # the kind with the focus is left out: all are used, and then left out
        qtbot.keyClick(table, Qt.Key.Key_Space)
    dialog_of.settle(dialog)
    assert "All kinds are left out" in dialog.message.message
    assert not dialog.open_button.isEnabled()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert table.state() != table.State.EditingState, "what is left out has no title"
    assert dialog.isVisible()
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    dialog_of.settle(dialog)
    assert [row[2] for row in rows_of(table)] == ["Gaelic", "Greek", "Irish", "Notes"]
    assert dialog.open_button.isEnabled()


def test_a_title_is_not_taken_with_esc_or_if_it_is_blank(dialog, qtbot, dialog_of):
    table = dialog.view.kinds
    click(qtbot, table, 0, TITLE, double=True)
    line = editor_of(table)
    qtbot.keyClicks(line, "other")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    click(qtbot, table, 0, TITLE, double=True)
    type_title(qtbot, table, "  ")
    assert rows_of(table)[0][2] == "Gaelic"
    assert dialog.form.choices.kind_titles == ()
    click(qtbot, table, 0, TITLE, double=True)
    line = editor_of(table)
    line.selectAll()
    qtbot.keyClicks(line, "Celtic")
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: table.state() != table.State.EditingState, timeout=20_000)
    dialog_of.settle(dialog)
    assert rows_of(table)[0][2] == "Celtic"


def test_a_column_has_the_kinds(window, options, names_file, qtbot, dialog_of, answer):
    options.show(str(names_file(TABLE, "people.csv")))
    dialog = dialog_of(window)
    form, table = dialog.form, dialog.view.kinds
    assert "column 2, “language”, kinds of names?" in dialog.summary.questions.text()
    assert not form.files_are_kinds.isVisible()
    assert [form.kind_column.itemText(n) for n in range(3)] == ["None", "2  language", "3  born"]
    form.kind_column.setFocus()
    qtbot.keyClick(form.kind_column, Qt.Key.Key_Down)
    dialog_of.settle(dialog)
    assert not dialog.summary.questions.isVisible()
    assert rows_of(table) == [("Greek", "6", "Greek"), ("Irish", "6", "Irish")]
    headings = dialog.view.first_rows.rows
    across = Qt.Orientation.Horizontal
    assert [headings.headerData(n, across) for n in range(2)] == ["Names: name", "Kinds: language"]
    qtbot.keyClick(form.kind_column, Qt.Key.Key_Up)
    dialog_of.settle(dialog)
    assert not table.isVisible()
    assert not dialog.summary.questions.isVisible(), "it is answered"
    qtbot.keyClick(form.kind_column, Qt.Key.Key_Down)
    dialog_of.settle(dialog)
    assert answer(window, dialog).kinds.counts == (6, 6)


def test_kinds_are_offered_when_data_are_open_that_could_have_them(
    window, folder, qtbot, dialog_of, answer, options
):
    banner = window.findChild(Banner)
    with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
        window.opening.open_data(folder)
    assert window.session.corpus.kinds is None
    question = "Is each file a kind of names?"
    qtbot.waitUntil(lambda: banner.message == question, timeout=20_000)
    (button,) = [each for each in banner.findChildren(QPushButton) if "kinds" in each.text()]
    qtbot.waitUntil(button.isVisible, timeout=20_000)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = dialog_of(window)
    assert dialog.form.files_are_kinds.isChecked()
    assert dialog.view.kinds.isVisible()
    assert answer(window, dialog).kinds.titles == ("Gaelic", "Greek", "Irish", "Notes")
    assert not banner.isVisible()


def test_500_kinds_stay_usable(window, options, tmp_path, qtbot, dialog_of):
    rows = "".join(f"n{chr(97 + n % 26)}{n}x,kind {n % 500:03}\n" for n in range(1_500))
    path = tmp_path / "many.csv"
    path.write_text(f"name,clade\n{rows}one,kind 250\n")
    options.show(str(path))
    dialog = dialog_of(window)
    form, table = dialog.form, dialog.view.kinds
    form.kind_column.setFocus()
    qtbot.keyClick(form.kind_column, Qt.Key.Key_Down)
    dialog_of.settle(dialog)
    assert len(rows_of(table)) == 500
    header = table.header
    place = QPoint(header.sectionViewportPosition(NAMES) + 8, header.height() // 2)
    for _ in range(2):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert rows_of(table)[0] == ("kind 250", "4", "kind 250")
    click(qtbot, table, 1, FOUND)
    last = place_of(table, 499, FOUND)
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, shift, last)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    dialog_of.settle(dialog)
    used = [row for row in rows_of(table) if row[2] != "left out"]
    assert used == [("kind 250", "4", "kind 250")]
    assert rows_of(table)[0] == used[0], "the rows stay where they are"


def test_all_is_reached_by_tab_and_has_a_key_of_its_own(dialog, qtbot):
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    controls_of(dialog)[0].setFocus()
    qtbot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget()))
    reached = check_reached(qtbot, dialog)
    assert [part for part in controls_of(dialog) if part not in reached] == []
    words = [
        each.text()
        for each in (*controls_of(dialog), *dialog.findChildren(QLabel))
        if hasattr(each, "text") and each.isVisible() and "&" in str(each.text())
    ]
    keys = [text[text.index("&") + 1].lower() for text in words if plain_text(text) != text]
    assert len(keys) == len(set(keys)), words


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_in_any_size(window, options, folder, dialog_of, qtbot, scale):
    window.presentation.scale_text(scale)
    options.show(folder)
    dialog = dialog_of(window)
    qtbot.mouseClick(dialog.form.files_are_kinds, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    dialog_of.settle(dialog)
    found = {}
    for width, height in product((900, 1300), (500, 800)):
        dialog.resize(width, height)
        for _ in range(3):
            qtbot.wait(10)
        for fault in (*cut_texts(dialog), *overlaps(dialog), *parts_outside(dialog)):
            found.setdefault(fault, []).append((width, height))
        assert dialog.width() <= width
        assert dialog.height() <= max(height, 520)
    assert not found


def test_the_balance_is_chosen_for_the_next_run(window, dialog, qtbot):
    slider = dialog.form.balance
    assert slider.isVisible()
    assert slider.value == 0.25, "as the preset for names with kinds draws them"
    field = slider.box
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.6")
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    with qtbot.waitSignal(window.session.network_made, timeout=20_000):
        qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert window.session.corpus.kinds is not None
    assert window.session.hyperparameters.balance == 0.6


def test_without_kinds_there_is_no_balance(window, options, folder, dialog_of):
    options.show(folder)
    dialog = dialog_of(window)
    assert not dialog.form.balance.isVisible()
