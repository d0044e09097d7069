"""The Text column: text appears while the network learns, and stops on request."""

import math
import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QFileDialog, QPlainTextEdit

from dinogui.common.sampling_messages import TextRequest
from dinogui.panels.units_off_chip import UnitsOffChip
from engine.nn.ablation import HiddenUnit
from engine.sampling.text import TextGenerator


def press_write(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)


def write(window, qtbot):
    """Press Ctrl+G, wait for the end, and return the text."""
    with qtbot.waitSignal(window.text_generation.ended, timeout=20_000):
        press_write(window, qtbot)
    return window.writing.written


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_text_appears_in_pieces_while_the_network_learns(text_window, qtbot):
    window = text_window
    window.session.train()
    pieces, shown = [], []
    window.text_generation.written.connect(pieces.append)
    window.text_generation.written.connect(lambda _: shown.append(len(window.writing.written)))
    qtbot.keyClicks(window.writing.prompt, "sweet ")
    window.writing.length.setValue(1000)
    step = window.session.steps_made
    text = write(window, qtbot)
    assert text.startswith("sweet ")
    assert len(text) == len("sweet ") + 1000
    assert "".join(pieces) == text.removeprefix("sweet ")
    assert max(map(len, pieces)) <= 40
    assert shown == sorted(shown)
    assert len(set(shown)) >= 25
    qtbot.waitUntil(lambda: window.session.steps_made > step)
    assert window.writing.button.text() == "Write"


def test_it_writes_with_the_latest_network(text_window, qtbot, train_until):
    window, writing = text_window, text_window.writing
    untrained = window.session.snapshot
    writing.length.setValue(20_000)
    press_write(window, qtbot)
    qtbot.waitUntil(lambda: len(writing.written) > 200)
    train_until(window.session, 40)
    assert window.text_generation.is_writing, "snapshots arrived while it was writing"
    length = len(writing.written)
    qtbot.waitUntil(lambda: len(writing.written) > length + 500)
    press_write(window, qtbot)
    text = writing.written
    unmoved = TextGenerator(untrained.parameters, untrained.vocabulary, seed=0).write(len(text))
    assert text[:100] == unmoved[:100]
    assert text[-500:] != unmoved[-500:]


def test_text_is_that_of_the_network_without_the_units_that_are_off(
    text_window, qtbot, train_until
):
    window, session = text_window, text_window.session
    train_until(session, 60)
    session.units_off.switch(HiddenUnit(1, 5), off=True)
    taken = session.snapshot.without(frozenset({HiddenUnit(1, 5)}))
    (chip,) = window.writing.findChildren(UnitsOffChip)
    assert chip.isVisible()
    seed = round(window.writing.seed.value())
    text = write(window, qtbot)
    seeds = (seed, seed + 1)  # the first press may use the seed that is shown
    assert text in [
        TextGenerator(taken.parameters, taken.vocabulary, seed=number).write(len(text))
        for number in seeds
    ]
    whole = TextGenerator(session.snapshot.parameters, taken.vocabulary, seed=seed)
    assert text != whole.write(len(text))
    click(qtbot, chip)
    assert (session.units_off.units, chip.isVisible()) == (frozenset(), False)


def test_stop_keeps_what_has_been_written(text_window, qtbot):
    window = text_window
    window.writing.length.setValue(20_000)
    click(qtbot, window.writing.button)
    qtbot.waitUntil(lambda: len(window.writing.written) > 100)
    assert window.writing.button.text() == "Stop"
    click(qtbot, window.writing.button)
    text = window.writing.written
    assert 100 < len(text) < 20_000
    qtbot.wait(150)
    assert window.writing.written == text
    assert not window.text_generation.is_writing


def test_the_same_seed_gives_the_same_text_and_a_second_press_another(text_window, qtbot):
    window = text_window
    first = write(window, qtbot)
    second = write(window, qtbot)
    assert (len(first), window.writing.seed.value()) == (500, 1)
    assert first != second
    with qtbot.waitSignal(window.text_generation.ended):
        click(qtbot, window.writing.again)
    assert window.writing.written == second
    window.writing.is_fresh.setChecked(False)
    window.writing.seed.setValue(0)
    assert write(window, qtbot) == first


def test_at_the_lowest_temperature_every_seed_gives_the_likeliest_text(text_window, qtbot):
    window = text_window
    window.writing.temperature.setValue(0.05)
    window.writing.length.setValue(100)
    cold = {write(window, qtbot) for _ in range(2)}
    window.writing.temperature.setValue(3.0)
    hot = write(window, qtbot)
    assert len(set(hot)) > max(len(set(text)) for text in cold)


def test_a_long_prompt_is_shown_completely(text_window, qtbot, verse):
    window = text_window
    window.writing.prompt.setPlainText(verse[:9_000])
    window.writing.length.setValue(50)
    text = write(window, qtbot)
    assert text[:9_000] == verse[:9_000]
    assert len(text) == 9_050


def test_an_unknown_symbol_is_named_with_what_to_write_instead(text_window, qtbot):
    window = text_window
    before = write(window, qtbot)
    window.writing.prompt.setFocus()
    QGuiApplication.clipboard().setText("summer’s")
    qtbot.keyClick(window.writing.prompt, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    press_write(window, qtbot)
    assert "“’”. Write “'” instead." in window.writing.error
    assert window.writing.written == before
    assert not window.text_generation.is_writing
    qtbot.keyClick(window.writing.prompt, Qt.Key.Key_Backspace)
    assert window.writing.error == ""


def test_copy_copies_the_selection_or_everything(text_window, qtbot):
    window = text_window
    text = write(window, qtbot)
    click(qtbot, window.writing.copy)
    assert QGuiApplication.clipboard().text() == text
    cursor = window.writing.text.textCursor()
    cursor.setPosition(3)
    cursor.setPosition(20, cursor.MoveMode.KeepAnchor)
    window.writing.text.setTextCursor(cursor)
    click(qtbot, window.writing.copy)
    assert QGuiApplication.clipboard().text() == text[3:20]


def test_the_text_is_saved(text_window, qtbot, tmp_path, monkeypatch):
    window = text_window
    text = write(window, qtbot)
    path = tmp_path / "poem.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    click(qtbot, window.writing.save)
    assert path.read_bytes().decode() == text
    assert window.writing.error == ""


def test_an_unwritable_path_is_named_and_no_file_is_left(text_window, qtbot, tmp_path, monkeypatch):
    window = text_window
    write(window, qtbot)
    for place in (tmp_path / "none" / "poem.txt", tmp_path):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, p=place: (str(p), ""))
        click(qtbot, window.writing.save)
        assert f"“{place}” cannot be written" in window.writing.error
    assert [path.name for path in tmp_path.iterdir()] == ["verse.txt"]


def test_the_log_shows_samples_with_step_and_loss(text_window, qtbot, train_until):
    window = text_window
    train_until(window.session, 251)
    qtbot.waitUntil(lambda: "Step 251, " in window.writing.log.text.toPlainText())
    log = window.writing.log.text.toPlainText()
    first, second = log.split("Step 251, ")
    loss = float(re.match(r"Step 1, ([\d.]+) nats per symbol\n", first)[1])
    assert loss == pytest.approx(math.log(20), abs=0.2)
    assert second.split("\n")[0].endswith("nats per symbol")
    assert 100 < len(second.split("\n", 1)[1]) <= 201
    window.actions_.copy_log.trigger()
    assert QGuiApplication.clipboard().text() == log
    window.actions_.find_in_log.trigger()
    assert window.writing.log.search.isVisible()
    qtbot.keyClicks(window.writing.log.search.line, "step 251")
    assert window.writing.log.text.textCursor().selectedText() == "Step 251"


def test_a_request_right_after_a_restart_is_kept(text_window, qtbot):
    window = text_window
    window.session.restart()
    assert len(write(window, qtbot)) == 500


def test_a_restart_stops_the_writing(text_window, qtbot):
    window = text_window
    window.writing.length.setValue(20_000)
    press_write(window, qtbot)
    qtbot.waitUntil(lambda: len(window.writing.written) > 100)
    window.session.restart()
    assert not window.text_generation.is_writing
    assert window.writing.button.text() == "Write"


def test_writing_continues_while_the_network_is_resized(text_window, qtbot):
    window, writing = text_window, text_window.writing
    writing.length.setValue(20_000)
    press_write(window, qtbot)
    qtbot.waitUntil(lambda: len(writing.written) > 100)
    with qtbot.waitSignal(window.session.resized):
        window.session.set_hyperparameters(widths=(24, 12))
    length = len(writing.written)
    qtbot.waitUntil(lambda: len(writing.written) > length + 200)
    assert window.text_generation.is_writing
    assert writing.error == ""


def test_closing_while_text_is_written_ends_the_thread(text_window, qtbot):
    text_window.writing.length.setValue(20_000)
    press_write(text_window, qtbot)
    qtbot.waitUntil(lambda: len(text_window.writing.written) > 100)
    text_window.close()
    assert not text_window.isVisible()


@pytest.mark.layout
def test_every_control_has_a_tooltip_and_a_name_and_is_not_cut_off(text_window, qtbot):
    window = text_window
    writing = window.writing
    for size in ((940, 560), (1100, 700), (1920, 1080)):
        window.resize(*size)
        qtbot.wait(50)
        parts = [
            part
            for kind in (QAbstractButton, QAbstractSpinBox, QPlainTextEdit)
            for panel in (writing, writing.log)
            for part in panel.findChildren(kind)
            if part.isVisible()
        ]
        # In a narrow window, these stand beside the tab.
        parts += [
            part
            for part in (writing.button, writing.again, writing.copy, writing.save)
            if part.isVisible() and part not in parts
        ]
        assert len(parts) >= (10 if window.arrangement.is_narrow else 11)
        for part in parts:
            assert part.toolTip(), part
            name = QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name)
            assert name, part
            assert part.focusPolicy() & Qt.FocusPolicy.TabFocus, name
            assert part.width() >= part.minimumSizeHint().width(), name
            around = (writing, writing.log, window.panels_card)
            panel = next(each for each in around if each.isAncestorOf(part))
            place = part.mapTo(panel, QPoint(0, 0))
            assert place.x() >= 0
            assert place.x() + part.width() <= panel.width(), name


RECIPE = "{0} soup\n- 2 {0} roots\nBoil for {1} minutes."
ROOTS = ("Brindle", "Corvan", "Delmar", "Farrow", "Galdine", "Hestrel", "Ivorn", "Jastor")


@pytest.fixture
def documents_window(window, qtbot, names_file):
    """Return the window with a small network that has begun to learn recipes."""
    recipes = [RECIPE.format(root, number) for root in ROOTS for number in (10, 20, 30)]
    path = names_file("\n<|end|>\n".join(recipes), "recipes.txt")
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(path))
    small = replace(
        window.session.hyperparameters, widths=(16,), batch=4, dropout=0.0, learning_rate=0.03
    )
    window.session.restart(hyperparameters=small)
    qtbot.waitUntil(lambda: window.session.progress is not None, timeout=30_000)
    return window


def written_by(window, **options):
    """Return a text of the window's network, written apart from it."""
    snapshot = window.session.viewed_snapshot
    return TextGenerator(
        snapshot.parameters, snapshot.vocabulary, document_break="\n<|end|>\n", **options
    )


def test_a_document_is_written_to_its_end(documents_window, qtbot, train_until):
    window, panel = documents_window, documents_window.writing
    train_until(window.session, 150)
    assert window.session.corpus.document_break == "\n<|end|>\n"
    assert panel.one_document.isVisible()
    assert panel.one_document.isChecked()
    assert not panel.length.isEnabled()
    for seed in (0, 1, 2):
        expected = "".join(written_by(window, seed=seed).write_until(20_000))
        assert write(window, qtbot) == expected, f"with the seed {seed}"
    qtbot.keyClicks(panel.prompt, "Delmar soup")
    qtbot.keyClick(panel.prompt, Qt.Key.Key_Return)
    expected = "".join(written_by(window, prompt="Delmar soup\n", seed=3).write_until(20_000))
    assert write(window, qtbot) == f"Delmar soup\n{expected}"


def test_a_number_of_symbols_goes_on_over_the_ends_of_documents(
    documents_window, qtbot, train_until
):
    window, panel = documents_window, documents_window.writing
    train_until(window.session, 150)
    panel.one_document.setFocus()
    panel.one_document.setFocus()
    qtbot.keyClick(panel.one_document, Qt.Key.Key_Return)
    assert panel.length.isEnabled()
    panel.length.setValue(400)
    text = write(window, qtbot)
    assert text == written_by(window).write(400)
    assert "\n<|end|>\n" in text
    click(qtbot, panel.one_document)
    assert not panel.length.isEnabled()


def test_one_document_is_offered_only_where_there_are_documents(
    documents_window, qtbot, names_file, verse
):
    window, panel = documents_window, documents_window.writing
    assert "Some documents are held out." in window.controls._recipe.text()
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file(verse, "verse.txt")))
    assert not panel.one_document.isVisible()
    assert panel.length.isEnabled()


def test_the_log_of_documents_shows_what_separates_them(documents_window, qtbot, train_until):
    window = documents_window
    with qtbot.waitSignal(window.text_generation.entry_written, timeout=30_000) as caught:
        train_until(window.session, 260)
    (entry,) = caught.args
    assert "\n<|end|>\n" in entry.text
    assert "\x03" not in entry.text


def test_a_prompt_may_have_the_line_ends_of_any_system(text_window, qtbot):
    window = text_window
    window.writing.length.setValue(30)
    qtbot.keyClicks(window.writing.prompt, "sweet")
    qtbot.keyClick(window.writing.prompt, Qt.Key.Key_Return)
    text = write(window, qtbot)
    with qtbot.waitSignal(window.text_generation.begun) as caught:
        window.text_generation.write(TextRequest("sweet\r\n", 1.0, 30, 0))
    assert caught.args == ["sweet\n"]
    assert text.startswith("sweet\n")


def test_what_cannot_be_seen_is_named(text_window, qtbot):
    window = text_window
    window.writing.prompt.setPlainText("sweet\tday")
    press_write(window, qtbot)
    assert window.writing.error.startswith("The model has never seen U+0009, tab. It knows these:")
