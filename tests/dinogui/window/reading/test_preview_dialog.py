"""The preview dialog: it shows how data would be read, and follows what is chosen."""

import random
from itertools import product

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QStyleOptionViewItem

from dinogui.common.actions.action_words import plain_text
from dinogui.window.reading.reading_options import ReadingOptions
from engine.data.reading.choices import ReadingChoices
from tests.dinogui.window.picture_checks import cut_texts, overlaps, parts_outside
from tests.dinogui.window.reading.preview_parts import choose, texts
from tests.dinogui.window.test_keyboard import check_reached, controls_of

pytestmark = pytest.mark.layout


@pytest.fixture
def options(window):
    """Return what opens the dialog."""
    return window.findChild(ReadingOptions)


@pytest.fixture
def look(window, options, names_file, dialog_of):
    """Return a function that shows the dialog for a content."""

    def show(content, name="list.txt"):
        options.show(str(names_file(content, name)))
        return dialog_of(window)

    return show


TABLE = "id;Name;count\n" + "".join(f"{n};Name{chr(97 + n)};{n + 1}\n" for n in range(12))


def test_a_table_is_shown_and_each_choice_is_followed(look, qtbot, dialog_of, window, answer):
    dialog = look(TABLE, "table.csv")
    form, view = dialog.form, dialog.view
    assert "A table of 3 columns" in dialog.summary.understanding.text()
    assert texts(view.first_rows, 1)[:2] == ["Namea", "Nameb"]
    headings = [view.first_rows.rows.headerData(n, Qt.Orientation.Horizontal) for n in range(3)]
    assert headings == ["id", "Names: Name", "count"]
    assert texts(view.names, 0)[0] == "Namea"
    assert texts(view.names, 1)[0] == "namea"
    assert (form.layout_box.currentText(), form.delimiter.currentText()) == ("Table", "Semicolons")
    assert (form.header.currentText(), form.column.currentText()) == ("Is a header", "2  Name")
    choose(qtbot, dialog_of, dialog, form.header, "Has a name")
    assert texts(view.names, 1)[0] == "name"
    choose(qtbot, dialog_of, dialog, form.header, "Is a header")
    choose(qtbot, dialog_of, dialog, form.weights, "3  count")
    said = dialog.summary.understanding.text()
    assert "The counts of column 3, “count”, are weights" in said
    assert texts(view.names, 1)[0] == "namea"
    choose(qtbot, dialog_of, dialog, form.header, "Has a name")
    assert "The weight “count” in row 1" in dialog.message.message
    assert not dialog.open_button.isEnabled()
    choose(qtbot, dialog_of, dialog, form.header, "Is a header")
    assert dialog.message.message == ""
    assert dialog.open_button.isEnabled()
    assert form.weight_cap.isVisible()
    form.weight_cap.setFocus()
    form.weight_cap.selectAll()
    qtbot.keyClicks(form.weight_cap, "5")
    qtbot.keyClick(form.weight_cap, Qt.Key.Key_Tab)
    dialog_of.settle(dialog)
    assert "Counts above 5 are taken as 5." in dialog.summary.understanding.text()
    corpus = answer(window, dialog)
    assert corpus.weights == (1, 2, 3, 4, *[5] * 8)
    assert "The counts are weights: 1 to 5, 50 in all." in window.session.corpus.summary()
    assert corpus.distinct[0] == "namea"


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier),
    ],
    ids=["Alt+O", "Ctrl+Enter"],
)
def test_the_keys_of_open_open_the_data_as_shown(look, qtbot, window, key, modifier):
    dialog = look(TABLE, "table.csv")
    dialog.view.first_rows.setFocus()
    with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
        qtbot.keyClick(dialog.view.first_rows, key, modifier)
    assert window.session.corpus.distinct[0] == "namea"


def test_another_delimiter_or_layout_changes_what_is_shown(look, qtbot, dialog_of):
    dialog = look("Anna|Berg,x\nBob|Stein,y\nClara|Wolf,z\nDora|Baum,x\n" * 3, "bars.csv")
    form, view = dialog.form, dialog.view
    choose(qtbot, dialog_of, dialog, form.delimiter, "Bars")
    assert texts(view.first_rows, 1)[:2] == ["Berg,x", "Stein,y"]
    choose(qtbot, dialog_of, dialog, form.layout_box, "Names, one per line")
    assert not view.first_rows.isVisible()
    assert not form.delimiter.isVisible()
    assert texts(view.names, 1)[0] == "anna|berg,x"
    choose(qtbot, dialog_of, dialog, form.layout_box, "Running text")
    assert view.beginning.toPlainText().startswith("Anna|Berg,x\nBob|Stein,y\n")
    assert not view.names.isVisible()
    qtbot.mouseClick(dialog.reset_button, Qt.MouseButton.LeftButton)
    dialog_of.settle(dialog)
    assert form.layout_box.currentText() == "Table"


def test_a_column_is_taken_by_a_click_and_by_enter(look, qtbot, dialog_of):
    dialog = look(TABLE.replace(";", "\t"), "table.tsv")
    table, header = dialog.view.first_rows, dialog.view.first_rows.header
    place = QPoint(header.sectionViewportPosition(2) + 8, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    dialog_of.settle(dialog)
    assert dialog.form.column.currentText() == "3  count"
    table.setFocus()
    table.setCurrentIndex(table.rows.index(0, 2))
    qtbot.keyClick(table, Qt.Key.Key_Left)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    dialog_of.settle(dialog)
    assert dialog.isVisible(), "Enter took the column, and did not open the data"
    assert dialog.form.column.currentText() == "2  Name"


def test_the_stray_sign_is_seen_with_its_example(look, qtbot, dialog_of):
    names = [f"name{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(120)]
    dialog = look("\n".join([*names, "Zo\u00ad\u200eë°"] * 2))
    rarest = dialog.view.rarest
    assert "°" in texts(rarest, 0)
    assert texts(rarest, 2)[texts(rarest, 0).index("°")] == "zoë°"
    assert "soft hyphen" in dialog.summary.understanding.text()
    assert "soft" not in "".join(texts(rarest, 0))
    qtbot.keyClick(dialog.form.clean, Qt.Key.Key_Space)
    dialog_of.settle(dialog)
    assert "U+200E" in texts(rarest, 0), "what is invisible is named"


def test_a_rare_symbol_is_seen_in_its_example_however_narrow_the_column_is(look, qtbot):
    verse = "Shall I compare thee to a summer's day?\n" * 9
    for content, name in (
        (f"{verse}a long line with a § in it\n{verse}", "verse.txt"),
        ("\n".join([*(f"name{n}" for n in "abc"), "ulverstonesoldestinn§"]), "l.txt"),
    ):
        dialog = look(content, name)
        dialog.resize(500, 500)
        rarest = dialog.view.rarest
        row = texts(rarest, 0).index("§")
        index, option = rarest.rows.index(row, 2), QStyleOptionViewItem()
        option.font = rarest.font()
        for width in (60, 90, 200):
            option.rect = QRect(0, 0, width, 20)
            assert "§" in rarest.itemDelegate().shown_text(option, index), width
        dialog.reject()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Anna\nBob\nClara\n", "only 3 different names"),
        ("a\naa\naaa\naaaa\n", "only one symbol"),
        ("".join(f"{n * 7919}\n" for n in range(100)), "digits"),
    ],
)
def test_what_will_not_learn_well_is_said(look, content, words):
    dialog = look(content)
    assert words in dialog.summary.warnings.text()
    assert dialog.open_button.isEnabled(), "it is a warning, and not a refusal"


def test_the_latest_choice_counts(look, window, qtbot, dialog_of, answer):
    dialog = look(TABLE, "table.csv")
    dice = random.Random(4)
    for _ in range(30):
        dice.choice(
            (
                lambda: dialog.form.choose_column(dice.randint(1, 3)),
                lambda: qtbot.keyClick(dialog.form.lower_case, Qt.Key.Key_Space),
                lambda: qtbot.keyClick(dialog.form.clean, Qt.Key.Key_Space),
            )
        )()
    dialog.form.choose_column(1)
    dialog.form.choose_column(2)
    dialog_of.settle(dialog)
    shown = texts(dialog.view.names, 1)
    assert dialog.form.column.currentText() == "2  Name"
    assert list(answer(window, dialog).distinct[: len(shown)]) == shown


def test_data_that_cannot_be_read_are_explained(look, qtbot, dialog_of):
    dialog = look("1,2\n3,4\n5,6\n7,8\n9,10\n", "numbers.csv")
    assert "none of words" in dialog.message.message
    assert dialog.message.is_error
    assert not dialog.open_button.isEnabled()
    choose(qtbot, dialog_of, dialog, dialog.form.layout_box, "Names, one per line")
    assert dialog.open_button.isEnabled()


@pytest.fixture
def folder(tmp_path):
    """Return a folder with 60 short lists of names."""
    folder = tmp_path / "lists"
    folder.mkdir()
    for number in range(60):
        names = "".join(f"{word}{chr(97 + number % 26)}\n" for word in ("rex", "mei", "yi"))
        (folder / f"list {number}.txt").write_text(names, encoding="utf-8")
    return folder


def test_kinds_are_shown_once_all_are_known(options, folder, window, dialog_of):
    dialog = options.show(str(folder), ReadingChoices(kinds=True))
    said = []
    dialog.message.said.connect(lambda: said.append(dialog.message.message))
    assert dialog_of(window) is dialog
    assert said == [""]
    assert dialog.summary.understanding.text().startswith("180 names")
    dialog.reject()


def test_of_many_files_the_first_are_shown_before_all_are_known(
    options, folder, window, dialog_of, answer
):
    dialog = options.show(str(folder))
    said = []
    dialog.message.said.connect(
        lambda: said.append(
            (
                dialog.message.message,
                dialog.summary.understanding.text().split(";")[0],
                dialog.open_button.isEnabled(),
            )
        )
    )
    assert dialog_of(window) is dialog
    assert said == [
        ("Looking at the other files…", "More than 120 names", True),
        ("", "180 names, 78 of them different", True),
    ]
    assert len(answer(window, dialog).names) == 180


def test_every_control_is_reached_by_tab_and_has_a_key_of_its_own(look, qtbot):
    for content, name in ((TABLE, "table.csv"), ("Zoë\nJürgen\nÅsne\n".encode("cp1252"), "l.txt")):
        dialog = look(content, name)
        with qtbot.waitActive(dialog):
            dialog.activateWindow()
        controls_of(dialog)[0].setFocus()
        qtbot.waitUntil(lambda dialog=dialog: dialog.isAncestorOf(QApplication.focusWidget()))
        reached = check_reached(qtbot, dialog)
        assert [part for part in controls_of(dialog) if part not in reached] == []
        words = [
            each.text()
            for each in (*controls_of(dialog), *dialog.findChildren(QLabel))
            if hasattr(each, "text") and each.isVisible() and "&" in str(each.text())
        ]
        keys = [text[text.index("&") + 1].lower() for text in words if plain_text(text) != text]
        assert len(keys) == len(set(keys)), words
        dialog.reject()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_in_any_size(window, look, qtbot, scale):
    window.presentation.scale_text(scale)
    contents = (
        (TABLE, "table.csv"),
        ("Anna,Berg\nBob,Stein\nClara,Wolf\nDora,Baum\n", "people.csv"),
        ("Zoë\nJürgen\nÅsne\n".encode("cp1252"), "latin.txt"),
        ("Shall I compare thee to a summer's day?\n" * 30, "verse.txt"),
    )
    found = {}
    for content, name in contents:
        dialog = look(content, name)
        for width, height in product((900, 1300), (500, 800)):
            dialog.resize(width, height)
            for _ in range(3):
                qtbot.wait(10)
            for fault in (*cut_texts(dialog), *overlaps(dialog), *parts_outside(dialog)):
                found.setdefault(fault, []).append((name, width, height))
            assert dialog.width() <= width
            assert dialog.height() <= max(height, 520)
        dialog.reject()
    assert not found
