"""Ctrl+V in the window opens what is on the clipboard, after a box has shown it."""

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from dinogui.window.paste_box import PasteBox
from dinogui.window.reading.preview_dialog import PreviewDialog


@pytest.fixture
def clipboard():
    """Return the clipboard, which is emptied at the end."""
    found = QGuiApplication.clipboard()
    yield found
    found.clear()


def paste(window, qtbot):
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def box_of(window):
    return next(iter(window.findChildren(PasteBox)), None)


def test_pasted_names_are_shown_and_opened(window, qtbot, clipboard):
    clipboard.setText("Anna\r\nBob\r\nClara\r\nBob\r\n")
    paste(window, qtbot)
    box = box_of(window)
    qtbot.waitUntil(box.open_button.isEnabled)
    assert box.edit.toPlainText() == "Anna\nBob\nClara\nBob\n"
    assert box.message.message.startswith("4 names: anna, bob and clara. 1 repeat")
    assert window.session.corpus.source == "dinosaurs.txt", "nothing is opened yet"
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.mouseClick(box.open_button, Qt.MouseButton.LeftButton)
    assert window.session.corpus.names == ("anna", "bob", "clara", "bob")
    assert window.windowTitle() == "Pasted text[*] — DinoGUI"
    assert window.session.path is None
    assert not window.actions_.recent_menu.actions()
    qtbot.waitUntil(lambda: box_of(window) is None)


def test_cancel_changes_nothing(window, qtbot, clipboard):
    clipboard.setText("Anna\nBob\n")
    corpus = window.session.corpus
    paste(window, qtbot)
    qtbot.keyClick(box_of(window), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: box_of(window) is None)
    assert window.session.corpus is corpus


def test_the_text_can_be_changed_before_it_is_opened(window, qtbot, clipboard):
    clipboard.setText("Anna\n")
    paste(window, qtbot)
    box = box_of(window)
    qtbot.waitUntil(lambda: box.message.is_error)
    assert "single name" in box.message.message
    assert not box.open_button.isEnabled()
    box.edit.setFocus()
    qtbot.keyClicks(box.edit, "Zoe")
    qtbot.keyClick(box.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(box.open_button.isEnabled)
    assert not box.message.is_error
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.keyClick(box.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.session.corpus.names == ("zoe", "anna")


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier),
    ],
    ids=["Alt+O", "Ctrl+Enter"],
)
def test_the_keys_of_open_type_nothing_and_open(window, qtbot, clipboard, key, modifier):
    clipboard.setText("Anna\n")
    paste(window, qtbot)
    box = box_of(window)
    box.edit.setFocus()
    qtbot.waitUntil(lambda: box.message.is_error)
    qtbot.keyClick(box.edit, key, modifier)
    assert box.isVisible(), "a single name cannot be opened"
    assert box.edit.toPlainText() == "Anna\n"
    qtbot.keyClicks(box.edit, "Zoe")
    qtbot.keyClick(box.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(box.open_button.isEnabled)
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.keyClick(box.edit, key, modifier)
    assert window.session.corpus.names == ("zoe", "anna")


def test_a_pasted_text_can_be_read_as_names(window, qtbot, clipboard, verse):
    clipboard.setText(verse)
    paste(window, qtbot)
    box = box_of(window)
    qtbot.waitUntil(box.open_button.isEnabled)
    assert f"{len(verse):,} characters" in box.message.message
    assert "A running text" in box.message.message
    box.kinds.setFocus()
    qtbot.keyClick(box.kinds, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: " names: " in box.message.message)
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.mouseClick(box.open_button, Qt.MouseButton.LeftButton)
    assert window.session.kind == "names"


def options_of(window, qtbot):
    """Return the dialog over the box, with its preview."""
    qtbot.waitUntil(lambda: len(window.findChildren(PreviewDialog)) == 1)
    (dialog,) = window.findChildren(PreviewDialog)
    qtbot.waitUntil(lambda: "Looking" not in dialog.message.message, timeout=20_000)
    return dialog


def test_how_pasted_text_is_read_can_be_chosen_as_for_a_file(window, qtbot, clipboard):
    clipboard.setText("Anna,Berg\nBob,Stein\nClara,Wolf\nDora,Baum\nEmil,Fuchs\n")
    paste(window, qtbot)
    box = box_of(window)
    qtbot.mouseClick(box.options_button, Qt.MouseButton.LeftButton)
    dialog = options_of(window, qtbot)
    assert dialog.windowTitle() == "Open “Pasted text”"
    dialog.form.choose_column(2)
    dialog = options_of(window, qtbot)
    with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
        qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert window.session.corpus.distinct == ("berg", "stein", "wolf", "baum", "fuchs")
    qtbot.waitUntil(lambda: box_of(window) is None)
    assert window.findChildren(PreviewDialog) == []


def test_the_box_stays_with_its_text_if_nothing_is_chosen(window, qtbot, clipboard):
    clipboard.setText("a b\nc d\n")
    paste(window, qtbot)
    box = box_of(window)
    box.kinds.setFocus()
    qtbot.keyClick(box.kinds, Qt.Key.Key_Down)
    box.edit.setFocus()
    qtbot.keyClicks(box.edit, "§")
    box.options_button.setFocus()
    qtbot.keyClick(box.options_button, Qt.Key.Key_Space)
    dialog = options_of(window, qtbot)
    assert dialog.form.layout_box.currentData() == "names", "what is chosen in the box"
    assert dialog.view.rarest.rows.index(0, 0).data() in "abcd§", "what was typed in it"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChildren(PreviewDialog) == [])
    assert box.isVisible()
    assert box.edit.toPlainText() == "§a b\nc d\n"
    box.edit.selectAll()
    qtbot.keyClick(box.edit, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not box.options_button.isEnabled())
    qtbot.keyClick(box, Qt.Key.Key_Escape)


def test_all_of_a_long_text_is_opened_though_only_its_beginning_is_shown(window, qtbot, clipboard):
    lines = [f"name{number:05}" for number in range(20_000)]
    clipboard.setText("\n".join(lines))
    paste(window, qtbot)
    box = box_of(window)
    assert box.edit.isReadOnly()
    assert len(box.edit.toPlainText()) == 100_000
    qtbot.waitUntil(box.open_button.isEnabled)
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.mouseClick(box.open_button, Qt.MouseButton.LeftButton)
    assert len(window.session.corpus.names) == 20_000


def test_files_on_the_clipboard_are_opened_at_once(window, qtbot, clipboard, names_file):
    files = QMimeData()
    first, second = names_file("Anna\nBob\n", "a.txt"), names_file("Clara\n", "b.txt")
    files.setUrls([QUrl.fromLocalFile(str(path)) for path in (first, second)])
    clipboard.setMimeData(files)
    with qtbot.waitSignal(window.session.run_begun):
        paste(window, qtbot)
    assert window.session.corpus.names == ("anna", "bob", "clara")
    assert box_of(window) is None


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_clipboard_is_told(window, qtbot, clipboard, text):
    clipboard.setText(text) if text else clipboard.clear()
    paste(window, qtbot)
    assert window.banner.message.startswith("There is no text on the clipboard.")
    assert box_of(window) is None


def test_a_text_box_takes_what_is_pasted_into_it(window, qtbot, clipboard):
    clipboard.setText("ann")
    line = next(part for part in window.findChildren(QLineEdit) if part.isVisible())
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert box_of(window) is None
    assert window.banner.message == ""


def test_a_run_on_pasted_text_is_saved_with_its_data(
    window, qtbot, clipboard, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        "engine.runs.entries.data_entries.SMALL_BYTES", 10
    )  # of larger data, only the place
    clipboard.setText("Anna\nBob\nClara\n")
    paste(window, qtbot)
    box = box_of(window)
    qtbot.waitUntil(box.open_button.isEnabled)
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.mouseClick(box.open_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.library.saving.saved):
        window.library.saving.save_to(str(tmp_path / "mine.npz"))
    window.open_dinosaurs()
    with qtbot.waitSignal(window.library.saving.opened):
        window.open_file(str(tmp_path / "mine.npz"))
    assert window.session.corpus.names == ("anna", "bob", "clara")
