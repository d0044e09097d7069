"""Names in grapheme clusters in the window: chosen in the dialog, written and looked at."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from dinogui.panels.names.candidates_filter import NamesFilter
from dinogui.panels.names.candidates_model import letters_of
from dinogui.window.reading.reading_options import ReadingOptions
from engine.data.training_data import MAX_NAME_LENGTH

FAMILY = "👨‍👩‍👧"
NAMES = [
    "अनन\u094dया",
    "क\u094dषितिज",
    "प\u094dरिया",
    "रोहित",
    f"{FAMILY}न\u0947हा",
    "त\u094dरिलोक",
]
WHOLE = ("क\u094dषि", "ति", "ज")


@pytest.fixture
def hindi(window, names_file, dialog_of, answer, qtbot):
    """Return the window after the names were opened with the box checked."""
    path = str(names_file("\n".join(NAMES * 3)))
    window.findChild(ReadingOptions).show(path)
    dialog = dialog_of(window)
    assert dialog.form.graphemes.isVisible()
    assert not dialog.form.graphemes.isChecked()
    dialog.form.graphemes.setFocus()
    qtbot.keyClick(dialog.form.graphemes, Qt.Key.Key_Space)
    dialog_of.settle(dialog)
    rarest = dialog.view.rarest.rows
    qtbot.waitUntil(
        lambda: WHOLE[0] in [rarest.index(r, 0).data() for r in range(rarest.rowCount())]
    )
    corpus = answer(window, dialog)
    assert corpus.vocabulary.split("क\u094dषितिज") == WHOLE
    qtbot.waitUntil(lambda: window.session.progress is not None, timeout=20_000)
    return window


def paste(qtbot, line, text):
    """Paste a text into a line: QTest types Latin letters only."""
    QApplication.clipboard().setText(text)
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_the_dialog_reads_clusters_and_remembers_it(hindi, dialog_of):
    options = hindi.findChild(ReadingOptions)
    options.show(hindi.session.path)
    dialog = dialog_of(hindi)
    assert dialog.form.graphemes.isChecked()
    dialog.reject()


def test_a_text_is_read_in_whole_letters(window, names_file, dialog_of, answer, qtbot):
    verse = " ".join(NAMES * 4)
    window.findChild(ReadingOptions).show(str(names_file(verse, "verse.txt")))
    dialog = dialog_of(window)
    dialog.form.graphemes.setFocus()
    qtbot.keyClick(dialog.form.graphemes, Qt.Key.Key_Space)
    dialog_of.settle(dialog)
    text = answer(window, dialog)
    assert text.kind == "text"
    assert text.vocabulary.split("क\u094dषितिज") == WHOLE
    assert text.decode(text.symbols) == verse
    qtbot.waitUntil(lambda: window.session.progress is not None, timeout=20_000)


def test_names_with_a_prefix_begin_with_whole_letters(hindi, qtbot):
    form, names = hindi.names.form, hindi.names
    form.longest.setValue(4)
    paste(qtbot, form.prefix, "प\u094dरि")
    qtbot.waitUntil(
        lambda: (
            bool(names.generated) and all(name.startswith("प\u094dरि") for name in names.generated)
        ),
        timeout=20_000,
    )
    for candidate in names.table.shown:
        symbols = candidate.score.symbols
        assert symbols[0] == "प\u094dरि"
        assert letters_of(candidate).texts == symbols
        assert len(letters_of(candidate).tints) == len(symbols) <= 4
        assert NamesFilter.parse(f"letters={len(symbols)}").matches(candidate)


def test_write_together_adds_and_removes_whole_letters(hindi, qtbot):
    panel = hindi.docks.show("write_together")
    qtbot.waitUntil(lambda: "क\u094dषि" in panel.bars.labels)
    place = panel.bars.place_of("क\u094dषि")
    qtbot.mouseClick(panel.bars, Qt.MouseButton.LeftButton, pos=place)
    assert panel.line.text() == "क\u094dषि"
    qtbot.waitUntil(lambda: panel.letters.letters.texts == ("क\u094dषि",))
    panel.line.setText(f"{FAMILY}क\u094dषि")
    qtbot.waitUntil(lambda: panel.letters.letters.texts == (FAMILY, "क\u094dषि"))
    qtbot.keyClick(panel.bars, Qt.Key.Key_Backspace)
    assert panel.line.text() == FAMILY
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert panel.line.text() == ""


def test_insight_shows_a_column_for_each_letter_and_takes_long_names(hindi, qtbot):
    panel = hindi.docks.show("next_letter")
    line = panel.name_box.line
    paste(qtbot, line, "क\u094dषितिज")
    qtbot.waitUntil(
        lambda: panel.result is not None and panel.result.letters == [*WHOLE, "⏎"], timeout=10_000
    )
    line.setText(FAMILY * MAX_NAME_LENGTH)
    assert line.text() == FAMILY * MAX_NAME_LENGTH, "the limit is one of letters"
    assert not panel.choice.error
    line.setText("ज" * (MAX_NAME_LENGTH + 1))
    assert panel.choice.error == "Type 200 letters at most."
