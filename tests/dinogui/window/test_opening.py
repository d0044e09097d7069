"""Opening files in the window: as names or text, detected or chosen by hand."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from engine.data.reading.layout import Entries
from engine.data.reading.registry import LAYOUTS
from engine.evaluation.units import Unit
from engine.training.presets import PRESETS, TEXT_PRESETS
from engine.training.recipes import DEFAULT, NOTEBOOK
from tests.dinogui.window.dropping import drop


def open_and_wait(window, qtbot, path):
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(path))


def read_as(window, qtbot, kind):
    with qtbot.waitSignal(window.session.run_begun):
        window.actions_.read_as[kind].trigger()


def preset_names(window):
    box = window.model.presets.box
    return [box.itemText(row) for row in range(box.count())]


def test_dropped_files_are_recognized_as_text_or_names(window, qtbot, names_file, verse):
    with qtbot.waitSignal(window.session.run_begun):
        drop(window, names_file(verse, "verse.txt"))
    assert window.session.kind == "text"
    assert window.session.corpus.decode(window.session.corpus.symbols) == verse, "its case is kept"
    assert f"verse.txt: {len(verse):,} characters" in window.controls.data_message
    assert window.writing.isVisible()
    assert not window.names.isVisible()
    assert window.windowTitle() == "verse.txt[*] — DinoGUI"
    open_and_wait(window, qtbot, names_file())
    assert window.session.kind == "names"
    assert window.names.isVisible()
    assert not window.writing.isVisible()


def test_a_file_is_chosen_in_a_dialog(window, qtbot, names_file, verse, monkeypatch):
    path = str(names_file(verse, "verse.txt"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([path], ""))
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.keyClick(
            window,
            Qt.Key.Key_O,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
    assert window.session.path == path


def test_text_starts_with_a_good_preset_and_names_keep_their_own_hyperparameters(
    window, qtbot, names_file, verse
):
    window.session.set_hyperparameters(learning_rate=0.02)
    open_and_wait(window, qtbot, names_file(verse, "verse.txt"))
    good = next(p for p in TEXT_PRESETS if p.name == "Sonnets, good")
    assert window.session.hyperparameters == good.hyperparameters
    assert window.session.settings == good.settings
    assert preset_names(window) == [preset.name for preset in TEXT_PRESETS]
    window.session.set_hyperparameters(learning_rate=0.001)
    open_and_wait(window, qtbot, names_file())
    assert window.session.hyperparameters.learning_rate == 0.02
    assert window.session.settings.cell == "rnn"
    assert preset_names(window) == [preset.name for preset in PRESETS]
    open_and_wait(window, qtbot, names_file(verse, "verse.txt"))
    assert window.session.hyperparameters.learning_rate == 0.001, "the user's own choice stays"


def test_a_file_can_be_read_as_the_other_kind_and_back(window, qtbot, names_file):
    names = "Anna\nBob\nClara\nDavid\n" * 8
    open_and_wait(window, qtbot, names_file(names))
    assert window.actions_.read_as["names"].isChecked()
    read_as(window, qtbot, "text")
    assert window.session.corpus.decode(window.session.corpus.symbols) == names
    assert window.actions_.read_as["text"].isChecked()
    read_as(window, qtbot, "names")
    assert window.session.corpus.distinct == ("anna", "bob", "clara", "david")


def test_the_built_in_names_cannot_be_read_as_text(window):
    for action in window.actions_.read_as.values():
        assert not action.isEnabled()
        assert "Open one first" in action.toolTip()


def test_a_text_is_lower_cased_on_request(window, qtbot, names_file, verse):
    window.actions_.lower_case_text.trigger()
    open_and_wait(window, qtbot, names_file(verse, "verse.txt"))
    assert window.session.corpus.lower_case
    assert "R" not in window.session.corpus.vocabulary.symbols


def test_the_courses_preset_reads_the_text_in_lower_case_and_in_windows(text_window, qtbot):
    window = text_window
    window.left.show_settings()
    assert not window.model.text.window_length.isVisible()
    course = TEXT_PRESETS[0]
    box = window.model.presets.box
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    while box.currentText() != course.name:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.mouseClick(window.model.presets.begin, Qt.MouseButton.LeftButton)
    session = window.session
    assert session.corpus.lower_case
    assert (session.hyperparameters, session.settings) == (course.hyperparameters, course.settings)
    assert window.model.text.window_length.value() == 40
    assert window.model.text.stride.value() == 3
    assert window.model.batch.accessibleName() == "Windows per step"
    notes = [label.text() for label in window.controls.facts.findChildren(QLabel)]
    assert any(note.startswith("Windows of 40 symbols, one every 3") for note in notes)


def test_changing_how_a_file_is_read_starts_a_new_run(text_window, qtbot, train_until):
    window = text_window
    window.left.show_settings()
    assert window.model.batch.accessibleName() == "Streams"
    assert not window.model.begin.isEnabled()
    window.model.text.way.setCurrentText("Windows")
    window.model.text.window_length.setValue(12)
    window.model.text.stride.setValue(5)
    with qtbot.waitSignal(window.session.network_made):
        qtbot.mouseClick(window.model.begin, Qt.MouseButton.LeftButton)
    settings = window.session.settings
    assert (settings.window, settings.stride) == (12, 5)
    train_until(window.session, 3)
    assert window.session.steps_made == 3


def test_nothing_mentions_names_in_a_run_on_text(text_window, qtbot, train_until):
    window = text_window
    units = [window.loss_plot.unit_box.itemText(n) for n in range(3)]
    assert window.loss_plot.unit_box.count() == 3
    assert units == ["nats per symbol", "bits per symbol", "perplexity"]
    train_until(window.session, 30)
    progress = window.session.progress
    assert f"{progress.smoothed_loss:.2f} nats per symbol" in window.status.message
    window.actions_.units[Unit.BITS_PER_CHARACTER].trigger()
    bits = progress.smoothed_loss / np.log(2)
    assert f"{bits:.2f} bits per symbol" in window.status.message
    assert window.loss_plot.unit_box.currentText() == "bits per symbol"
    for part in (window.loss_plot.legend, window.status.message, window.controls.data_message):
        assert "name" not in part
    assert "each step" in window.loss_plot.legend
    assert window.model.batch.toolTip() == "How many streams a step reads"


def test_the_unit_chosen_for_names_is_restored_with_them(text_window, qtbot, names_file):
    window = text_window
    window.actions_.units[Unit.PERPLEXITY].trigger()
    open_and_wait(window, qtbot, names_file())
    assert window.loss_plot.unit is Unit.NATS_PER_NAME
    assert window.loss_plot.unit_box.currentText() == "nats per name"
    assert window.actions_.units[Unit.NATS_PER_NAME].isEnabled()


def test_the_end_of_a_text_is_held_out_and_n_grams_are_counted(text_window, qtbot):
    session = text_window.session
    qtbot.waitUntil(lambda: len(session.baselines.measured) == 5)
    assert len(text_window.loss_plot.baselines.baselines) == 5
    # The loss of single letters, counted by hand: the model of Witten and Bell, order 1.
    text = session.corpus
    training, held_out = text.split(0.1)
    counts = np.bincount(training, minlength=len(text.vocabulary))
    kinds = np.count_nonzero(counts)
    p = (counts + kinds / len(counts)) / (counts.sum() + kinds)
    assert session.baselines.measured[0].nats_per_character == pytest.approx(
        -np.log(p[held_out]).mean()
    )
    assert session.curves.held_out(Unit.NATS_PER_CHARACTER).nearest(0) is not None


def test_controls_for_names_only_are_disabled_and_say_why(text_window, qtbot, names_file):
    actions = text_window.actions_
    for action in (
        actions.copy_names,
        actions.clear_names,
        actions.recipes[NOTEBOOK],
        actions.units[Unit.NATS_PER_NAME],
    ):
        assert not action.isEnabled(), action.text()
        assert "a text is open" in action.toolTip()
    assert actions.recipes[DEFAULT].isEnabled()
    open_and_wait(text_window, qtbot, names_file())
    assert actions.recipes[NOTEBOOK].isEnabled()
    assert actions.copy_names.toolTip().startswith("Copy the selected names")
    assert actions.generate.text() == "&Generate names"


def test_a_text_that_cannot_be_learned_leaves_the_current_run(text_window, qtbot, names_file):
    window = text_window
    window.session.train()
    for content, says in [
        (b"a " * 20, "needs at least 64"),
        (b"a" * 5_000, "single symbol"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture"),
        (b"Shall I compare thee to a summer's d\xe9y? " * 50, "is not UTF-8"),
    ]:
        with qtbot.waitSignal(window.session.refused):
            window.opening.open_file(str(names_file(content, "bad.txt")), "text")
        assert says in window.banner.message
        assert window.session.corpus.source == "verse.txt"
        step = window.session.steps_made
        qtbot.waitUntil(lambda step=step: window.session.steps_made > step)


def test_a_text_shorter_than_a_window_leaves_the_current_run(text_window, qtbot, names_file, verse):
    window = text_window
    window.model.text.way.setCurrentText("Windows")
    window.model.text.window_length.setValue(200)
    with qtbot.waitSignal(window.session.run_begun):
        window.model.begin.click()
    with qtbot.waitSignal(window.session.refused):
        window.open_file(str(names_file(verse[:210], "short.txt")))
    assert "leaves 189 symbols to train on" in window.banner.message
    assert window.session.corpus.source == "verse.txt"


def test_reading_a_long_text_shows_progress_and_can_be_cancelled(window, qtbot, tmp_path):
    path = tmp_path / "long.txt"
    line = b"Shall I compare thee to a summer's day? Thou art more lovely and more temperate.\n"
    path.write_bytes(line * 1_000_000)
    window.open_file(str(path))
    qtbot.waitUntil(window.status.give_up.isVisible)
    shares = []
    window.session.loading_advanced.connect(shares.append)
    qtbot.waitUntil(lambda: len(shares) > 1)
    qtbot.mouseClick(window.status.give_up, Qt.MouseButton.LeftButton)
    assert not window.status.reading_is_shown
    assert window.session.corpus.source == "dinosaurs.txt"
    window.session.train()
    step = window.session.steps_made
    qtbot.waitUntil(lambda: window.session.steps_made > step + 10)
    assert window.session.corpus.source == "dinosaurs.txt"


def test_panels_about_names_pause_in_a_run_on_text(text_window, qtbot, names_file):
    window = text_window
    together, meter = window.docks.show("write_together"), window.docks.show("memory_meter")
    qtbot.waitUntil(lambda: "does not learn names" in meter.message)
    assert not together.line.isEnabled()
    assert "does not learn names" in together.score
    assert window.session.name_generation.snapshot is None
    assert not window.actions_.export_names.isEnabled()
    open_and_wait(window, qtbot, names_file())
    qtbot.waitUntil(lambda: "No letters yet" in together.score and together.error == "")
    qtbot.waitUntil(lambda: "names after step 0" in meter.message)
    assert together.line.isEnabled()
    assert window.actions_.export_names.isEnabled()


def test_the_insight_panels_show_a_piece_of_the_text(text_window, qtbot, train_until):
    window = text_window
    panel = window.docks.show("next_letter")
    train_until(window.session, 3)
    qtbot.waitUntil(lambda: panel.result is not None and len(panel.result.letters) == 40)
    assert "latest piece of the text" in panel.name_box.line.placeholderText()
    panel.name_box.line.setText("Rose thou")
    qtbot.waitUntil(lambda: "".join(panel.result.letters) == "ose␣thou")


# Several files, and folders.


@pytest.fixture
def lists(names_file):
    """Return two files of names, and a folder that holds two more and a picture."""
    first, second = names_file("Anna\nBob\n", "a.txt"), names_file("Clara\nBob\n", "b.txt")
    folder = first.parent / "more names"
    (folder / "old").mkdir(parents=True)
    (folder / "c 10.txt").write_bytes(b"Emil\n")
    (folder / "c 9.txt").write_bytes(b"Dora\n")
    (folder / "old" / "d.txt").write_bytes(b"Fred\n")
    (folder / "map.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    return first, second, folder


def test_files_and_folders_that_are_dropped_together_are_one_list(window, qtbot, lists):
    with qtbot.waitSignal(window.session.run_begun):
        drop(window, *lists)
    corpus = window.session.corpus
    assert corpus.names == ("anna", "bob", "clara", "bob", "dora", "emil", "fred")
    assert corpus.source == "a.txt and 2 more"
    assert window.windowTitle() == "a.txt and 2 more[*] — DinoGUI"


def test_several_files_are_chosen_in_one_dialog(window, qtbot, lists, monkeypatch):
    paths = [str(path) for path in lists[:2]]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (paths, ""))
    with qtbot.waitSignal(window.session.run_begun):
        window.actions_.open.trigger()
    assert window.session.corpus.source == "a.txt and b.txt"
    assert window.session.corpus.names == ("anna", "bob", "clara", "bob")


def test_a_folder_is_chosen_and_what_is_left_out_is_told(window, qtbot, lists, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(lists[2]))
    with qtbot.waitSignal(window.session.run_begun):
        window.actions_.open_folder.trigger()
    assert window.session.corpus.names == ("dora", "emil", "fred")
    assert window.session.corpus.source == "more names"
    assert "1 picture in “more names” was left out" in window.banner.message
    qtbot.waitUntil(lambda: window.banner.message.endswith("Is each file a kind of names?"))
    assert "1 picture in “more names” was left out" in window.banner.message


def test_several_texts_are_one_text(window, qtbot, names_file, verse):
    one, two = verse[:1_500], verse[1_500:3_000].strip()
    with qtbot.waitSignal(window.session.run_begun):
        drop(window, names_file(one, "one.txt"), names_file(two, "two.txt"))
    text = window.session.corpus
    end = "" if one.endswith("\n") else "\n"
    assert text.decode(text.symbols) == f"{one}{end}{two}"
    qtbot.waitUntil(lambda: window.session.has_network)


def test_several_files_are_read_again_in_another_way(window, qtbot, names_file, verse):
    lines = verse[:3_000].split("\n")[:-1]
    with qtbot.waitSignal(window.session.run_begun):
        drop(window, *(names_file("\n".join(lines), name) for name in ("one.txt", "two.txt")))
    assert window.session.kind == "text"
    qtbot.waitUntil(lambda: window.session.has_network)
    read_as(window, qtbot, "names")
    assert window.session.corpus.source == "one.txt and two.txt"
    assert len(window.session.corpus.names) == 2 * len(lines)


def test_a_file_among_several_that_cannot_be_read_is_named_and_nothing_changes(
    window, qtbot, lists
):
    corpus = window.session.corpus
    for content, sentence in ((b"\0\1", "b.txt"), (b"Jos\xe9\nAnna\n", "b.txt"), (None, "b.txt")):
        lists[1].unlink() if content is None else lists[1].write_bytes(content)
        with qtbot.waitSignal(window.session.refused):
            drop(window, *lists)
        assert sentence in window.banner.message
    assert window.session.corpus is corpus


def test_a_run_is_not_opened_together_with_other_files(window, lists, tmp_path):
    corpus = window.session.corpus
    drop(window, lists[0], tmp_path / "run.npz")
    assert window.banner.message.startswith("A saved run cannot be opened together with other")
    assert window.session.corpus is corpus


def test_too_many_files_are_refused_at_once(window):
    drop(window, *(f"/{number}.txt" for number in range(1_001)))
    assert window.banner.message.startswith("1,001 files are too many to open one by one.")


def test_the_folder_of_a_race_is_not_read_as_a_text(window, qtbot, tmp_path):
    (tmp_path / "race.json").write_text('{"format": "x"}\n' * 9)
    with qtbot.waitSignal(window.session.refused):
        drop(window, tmp_path)
    assert "is the folder of a race. Open it with File > Open race folder." in window.banner.message


def test_a_table_is_opened_and_it_is_said_how(window, qtbot, names_file):
    rows = "".join(f"{number};{name};7\n" for number, name in enumerate(["Rex", "Mei", "Yi"]))
    with qtbot.waitSignal(window.session.run_begun):
        drop(window, names_file(f"id;Name;count\n{rows}", "pets.csv"))
    assert window.session.corpus.names == ("rex", "mei", "yi")
    assert "A table of 3 columns, in utf-8. The names are in column 2, “Name”." in (
        window.controls.data_message
    )


def test_what_is_dropped_from_a_list_is_said(window, qtbot, names_file):
    open_and_wait(window, qtbot, names_file("# pets\n\u200fRex\u200e\nMei\nYi\n", "pets.txt"))
    assert window.session.corpus.names == ("rex", "mei", "yi")
    assert "Dropped: 2 direction marks, 1 comment." in window.controls.data_message


def test_a_plain_list_is_described_as_before(window, qtbot, names_file):
    open_and_wait(window, qtbot, names_file("Rex\nMei\nYi\n", "pets.txt"))
    assert window.controls.data_message.endswith("0 repeats. Held out: 1.")


# A layout registered outside the packages.


class SemicolonNames:
    """Names separated by semicolons."""

    name = "semicolons"
    title = "Names separated by semicolons"
    kind = "names"
    suffixes = (".semi",)

    def recognises(self, head):
        return ";" in head.text

    def entries(self, text, choices, on_progress):
        return Entries(text.split(";"))


def test_a_file_of_a_registered_layout_is_offered_and_opened(window, qtbot, monkeypatch, tmp_path):
    monkeypatch.setitem(LAYOUTS, "semicolons", SemicolonNames())
    path, filters = tmp_path / "names.semi", []
    path.write_text("Rex;Mei;Allo", encoding="utf-8")

    def dialog(parent, title, folder, shown):
        filters.append(shown)
        return [str(path)], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", dialog)
    with qtbot.waitSignal(window.session.run_begun):
        window.actions_.open.trigger()
    assert window.session.corpus.names == ("rex", "mei", "allo")
    patterns = (
        "*.txt *.names *.md *.csv *.tsv *.tab *.json *.jsonl *.ndjson *.abc *.mid *.midi *.semi"
    )
    assert filters[0].startswith(f"Names, text and melodies ({patterns});;")
