"""The panel Write together, used by clicks and keys, and compared with the engine."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dinogui.panels.units_off_chip import UnitsOffChip
from engine.nn.ablation import HiddenUnit
from engine.sampling.scoring import next_letter_probabilities, score_names


@pytest.fixture
def panel(window, qtbot):
    panel = window.docks.show("write_together")
    qtbot.waitUntil(lambda: len(panel.bars.labels) == 27)
    return panel


def network(window):
    return window.session.snapshot.parameters, window.session.snapshot.vocabulary


def expected(window, text):
    parameters, vocabulary = network(window)
    return next_letter_probabilities(parameters, vocabulary, text)


def shows(window, panel, text):
    return np.allclose(panel.bars.values, expected(window, text))


def test_typing_moves_the_bars_and_scores_letter_by_letter(window, qtbot, panel):
    assert shows(window, panel, "")
    panel.line.setFocus()
    QTest.keyClicks(panel.line, "Tyr")
    qtbot.waitUntil(lambda: "nats per character" in panel.score and shows(window, panel, "tyr"))
    scored = score_names(*network(window), names=["tyr"])[0]
    assert f"{scored.nats_per_character:.2f} nats per character, new" in panel.score
    assert panel.letters.letters.texts == ("T", "y", "r")
    for nats in scored.surprisals:
        assert f"{nats:.2f}" in panel.score


def test_a_click_on_a_bar_adds_its_letter_and_remove_letter_removes_it(window, qtbot, panel):
    for letter in "mo":
        place = panel.bars.place_of(letter)
        qtbot.mouseClick(panel.bars, Qt.MouseButton.LeftButton, pos=place)
    assert panel.line.text() == "mo"
    qtbot.waitUntil(lambda: shows(window, panel, "mo"))
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert panel.line.text() == "m"
    qtbot.keyClick(panel.bars, Qt.Key.Key_Backspace)
    assert panel.line.text() == ""
    qtbot.waitUntil(lambda: shows(window, panel, ""))


def test_the_bars_can_be_used_by_keyboard(window, qtbot, panel):
    panel.bars.setFocus()
    qtbot.keyClick(panel.bars, Qt.Key.Key_Home)
    qtbot.keyClick(panel.bars, Qt.Key.Key_Right)
    qtbot.keyClick(panel.bars, Qt.Key.Key_Return)
    assert panel.line.text() == "a"
    qtbot.keyClick(panel.bars, "q")
    assert panel.line.text() == "aq"


def test_likeliest_first_is_sorted_and_a_click_still_hits(window, qtbot, panel):
    panel.sorting.click()
    values = panel.bars.values
    assert values == sorted(values, reverse=True)
    letter = panel.bars.labels[3]
    place = panel.bars.place_of(letter)
    assert place.x() < panel.bars.width()
    qtbot.mouseClick(panel.bars, Qt.MouseButton.LeftButton, pos=place)
    assert panel.line.text() == letter.replace("⏎", "")


def test_the_network_finishes_a_prefix(window, qtbot, panel):
    QTest.keyClicks(panel.line, "Tyr")
    qtbot.keyClick(panel.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(panel.line.text()) > 3)
    assert panel.line.text().startswith("Tyr")


def test_it_works_in_a_narrow_dock(window, qtbot, panel):
    dock = window.docks.docks["write_together"]
    dock.setFloating(True)
    dock.resize(260, 520)
    qtbot.waitUntil(lambda: panel.width() <= 260)
    QTest.keyClicks(panel.line, "archaeornithomimusaurustitanop")
    qtbot.waitUntil(lambda: len(panel.letters.letters.texts) == 30)
    qtbot.waitUntil(lambda: panel.letters.width() >= min(panel.letters.sizeHint().width(), 240))
    for part in (panel.line, panel.back, panel.finishing, panel.keep, panel.sorting):
        assert panel.rect().contains(part.mapTo(panel, part.rect().center()))
        assert part.mapTo(panel, part.rect().topRight()).x() < panel.width()
    assert len({panel.bars.place_of(letter).y() for letter in panel.bars.labels}) > 1
    qtbot.mouseClick(panel.bars, Qt.MouseButton.LeftButton, pos=panel.bars.place_of("z"))
    assert panel.line.text() == "archaeornithomimusaurustitanopz"


def test_an_unknown_letter_is_explained_until_it_is_removed(window, qtbot, panel):
    QTest.keyClicks(panel.line, "aß")
    qtbot.waitUntil(lambda: "“ß”" in panel.error)
    qtbot.keyClick(panel.line, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: panel.error == "")


def test_the_bars_move_as_the_network_learns(window, qtbot, panel, train_until):
    before = panel.bars.values
    train_until(window.session, 200)
    qtbot.waitUntil(lambda: shows(window, panel, ""))
    assert panel.bars.values != before


def test_a_finished_name_can_be_starred(window, qtbot, panel):
    QTest.keyClicks(panel.line, "rexa")
    qtbot.waitUntil(lambda: "nats per character" in panel.score)
    qtbot.waitUntil(lambda: panel.letters.letters.texts == ("R", "e", "x", "a"))
    qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    (kept,) = window.session.name_generation.kept.names
    assert (kept.name, kept.seed, kept.temperature) == ("rexa", None, None)


def test_the_bars_are_those_of_the_network_without_the_units_that_are_off(
    window, qtbot, panel, train_until
):
    train_until(window.session, 300)
    units = frozenset({HiddenUnit(1, 3), HiddenUnit(1, 9)})
    for unit in units:
        window.session.units_off.switch(unit, off=True)
    taken = window.session.snapshot.without(units)
    values = next_letter_probabilities(taken.parameters, taken.vocabulary, "")
    assert not np.allclose(values, expected(window, ""))
    qtbot.waitUntil(lambda: np.allclose(panel.bars.values, values))
    (chip,) = panel.findChildren(UnitsOffChip)
    assert chip.isVisible()
    panel.export.copy()
    assert "2 units off,units 3 and 9 of layer 1" in QApplication.clipboard().text()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shows(window, panel, ""))
