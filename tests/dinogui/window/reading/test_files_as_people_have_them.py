"""Files as people have them, opened in the window: what is asked, what is said, what is learned."""

import zipfile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from dinogui.window.reading.reading_options import ReadingOptions
from engine.melody.files.midi_writing import midi_of
from engine.melody.note import Melody, Note
from tests.dinogui.window.dropping import drop
from tests.dinogui.window.reading.preview_parts import choose, texts
from tests.files_of_people import COUNTS, LOWER, NAMES, PAIRS, SAYINGS, TUNE


@pytest.fixture
def opened(window, qtbot):
    """Return a function that drops files, and returns the data that are opened unasked."""

    def open_them(*paths):
        with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
            drop(window, *paths)
        return window.session.corpus

    return open_them


def test_tables_and_lists_open_without_their_markup_and_unasked(opened, names_file):
    for content, name in (
        ("".join(f"{name:12}f  {count:>6}\n" for name, count in PAIRS), "aligned.txt"),
        ("".join(f"{name}: {count}\n" for name, count in PAIRS), "counts.txt"),
        ("".join(f"{name} - {count}\n" for name, count in PAIRS), "dashes.txt"),
        ("".join(f"{count:>7} {name}\n" for name, count in PAIRS), "uniq.txt"),
        ("\n---\n".join("\n".join(NAMES[at : at + 2]) for at in range(0, 8, 2)), "groups.txt"),
    ):
        assert opened(names_file(content, name)).distinct == LOWER, name


def test_documents_between_lines_open_unasked_and_can_be_read_otherwise(
    window, qtbot, opened, names_file, dialog_of, answer
):
    for line in ("---", "%"):
        path = names_file(f"\n{line}\n".join(SAYINGS), "sayings.txt")
        text = opened(path)
        assert window.session.kind == "text"
        assert len(text.documents) == 4
        assert f"documents, separated by “{line}”" in text.report.description()
    window.actions_.read_with_options.trigger()
    dialog = dialog_of(window)
    assert dialog.form.layout_box.currentText() == "Documents"
    choose(qtbot, dialog_of, dialog, dialog.form.layout_box, "Running text")
    assert "\n%\n" in dialog.view.beginning.toPlainText()
    assert answer(window, dialog).documents is None


@pytest.fixture
def asked(window, dialog_of):
    """Return a function that drops a file, and returns the dialog that asks how to read it."""

    def open_it(path):
        drop(window, path)
        return dialog_of(window)

    return open_it


def test_numbers_beside_names_can_be_read_otherwise_and_as_weights(
    window, qtbot, asked, names_file, dialog_of, answer
):
    content = "".join(f"{name} {count}\n" for name, count in PAIRS)
    dialog = asked(names_file(content, "blanks.txt"))
    form, view = dialog.form, dialog.view
    assert "Are the numbers beside the names counts" in dialog.summary.questions.text()
    assert "A list with a number beside each name" in dialog.summary.understanding.text()
    assert form.layout_box.currentText() == "Table"
    assert form.delimiter.currentText() == "Spaces"
    assert texts(view.names, 1)[:3] == ["anna", "mary ann", "t. rex"]
    choose(qtbot, dialog_of, dialog, form.layout_box, "Names, one per line")
    assert texts(view.names, 1)[:3] == ["anna 1200", "mary ann 800", "t. rex 75"]
    assert not dialog.summary.questions.isVisible()
    qtbot.mouseClick(dialog.reset_button, Qt.MouseButton.LeftButton)
    dialog_of.settle(dialog)
    choose(qtbot, dialog_of, dialog, form.weights, "column 2")
    corpus = answer(window, dialog)
    assert corpus.distinct == LOWER
    assert corpus.weights == tuple(COUNTS)


def test_a_quotation_mark_that_is_not_closed_is_said_and_the_table_is_a_table(
    window, asked, names_file, answer
):
    rows = [f"{name},{count}" for name, count in PAIRS * 50]
    rows[60] = f'"{rows[60]}'
    dialog = asked(names_file("name,count\n" + "\n".join(rows), "broken.csv"))
    assert "Line 62 has a quotation mark that is not closed" in dialog.summary.questions.text()
    assert dialog.form.layout_box.currentText() == "Table"
    assert "is left out" in dialog.summary.understanding.text()
    assert texts(dialog.view.first_rows, 0)[:2] == NAMES[:2]
    assert answer(window, dialog).distinct == LOWER


def test_what_cannot_be_read_is_still_shown_as_what_it_was_taken_for(
    window, qtbot, names_file, dialog_of
):
    path = names_file('id,name,home\n1,Rex,North\n2,"Mei\n and more\n and more\n', "bad.csv")
    with qtbot.waitSignal(window.session.reader.misread, timeout=20_000):
        drop(window, path)
    assert "quotation mark in line 3 is not closed" in window.banner.message
    dialog = window.findChild(ReadingOptions).show(str(path))
    assert dialog.form.layout_box.currentText() == "", "nobody knows yet"
    dialog_of.settle(dialog)
    assert "quotation mark in line 3 is not closed" in dialog.message.message
    assert dialog.form.layout_box.currentText() == "Table"
    choose(qtbot, dialog_of, dialog, dialog.form.layout_box, "Names, one per line")
    assert dialog.open_button.isEnabled()


def test_one_tune_asks_and_says_what_its_notes_need(
    window, qtbot, asked, names_file, dialog_of, answer
):
    dialog = asked(names_file(TUNE, "tune.abc"))
    asks = dialog.summary.questions.text()
    assert "one tune in ABC notation" in asks
    assert "open it together with other tunes, and choose “Melodies”" in asks
    assert dialog.form.layout_box.currentText() == "Running text"
    choose(qtbot, dialog_of, dialog, dialog.form.layout_box, "Melodies")
    assert "only one tune in “tune.abc”. At least two" in dialog.summary.warnings.text()
    qtbot.mouseClick(dialog.reset_button, Qt.MouseButton.LeftButton)
    dialog_of.settle(dialog)
    text = answer(window, dialog)
    assert window.session.kind == "text"
    assert text.decode(text.symbols).startswith("X:1\nT:One tune\n"), "upper case is kept"


def test_a_file_only_named_as_midi_is_left_out_beside_others(window, qtbot, opened, tmp_path):
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "names.txt").write_text("\n".join(NAMES), encoding="utf-8")
    false = folder / "false.mid"
    false.write_text("This is no MIDI.\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "lists.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    for paths in ([folder], [tmp_path / "lists.zip"], [folder / "names.txt", false]):
        corpus = opened(*paths)
        assert corpus.distinct == LOWER
        assert "false.mid” is left out. It is not a MIDI file" in corpus.report.description()
    for seed in range(3):
        notes = tuple(Note(60 + (at * (seed + 3)) % 12, 1) for at in range(40))
        (folder / f"{seed}.mid").write_bytes(midi_of(Melody(notes, f"No. {seed}", 120.0)))
    (folder / "names.txt").unlink()
    melodies = opened(folder)
    assert len(melodies.tunes) == 3
    assert "false.mid” is left out" in melodies.report.description()
    with qtbot.waitSignal(window.session.refused, timeout=20_000) as refused:
        drop(window, false)
    assert "“false.mid” cannot be read as melodies. It is not a MIDI file" in refused.args[0]


def test_json_says_what_it_leaves_out(opened, names_file):
    records = ", ".join(f'{{"name": "{name}"}}' for name in NAMES[1:])
    path = names_file(f'["Anna", {records}, {{"nom": "x"}}, 7]', "mixed.json")
    corpus = opened(path)
    assert corpus.distinct == LOWER
    said = corpus.report.description()
    assert "8 records and 1 string of JSON" in said
    assert "Dropped: 1 record without a name, 1 value of another type." in said


def test_the_encoding_of_a_script_is_the_first_to_be_offered(
    window, qtbot, names_file, dialog_of, answer
):
    for names, encoding, title in (
        ("דוד משה שרה רחל לאה יעקב יוסף", "cp1255", "Windows-1255"),
        ("Αθηνά Γιώργος Κώστας Ελένη Μαρία", "cp1253", "Windows-1253"),
        ("Анна Борис Владимир Елена Мария", "koi8-r", "KOI8-R"),
    ):
        drop(window, names_file("\n".join(names.split()).encode(encoding), f"{encoding}.txt"))
        qtbot.waitUntil(window.banner.isVisible, timeout=20_000)
        buttons = [each for each in window.banner.findChildren(QPushButton) if each.isVisible()]
        first = next(each for each in buttons if each.text().startswith("Read as"))
        assert first.text() == f"Read as {title}…"
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
        dialog = dialog_of(window)
        assert texts(dialog.view.names, 0) == names.split()
        assert set(answer(window, dialog).distinct) == {name.lower() for name in names.split()}
