"""Units are switched off in the Hidden states panel, by mouse and by key, and the others follow."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from dinogui.panels.units_off_chip import UnitsOffChip
from engine.insight import next_letters, states
from engine.nn.ablation import HiddenUnit

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def click_unit(qtbot):
    """Return a function that clicks a unit's cell in the first column."""

    def click(panel, unit):
        qtbot.mouseClick(panel.map, LEFT, pos=panel.map.cell_centre(unit, 0).toPoint())

    return click


@pytest.fixture
def switch_off(qtbot, click_unit, drawn_anew):
    """Return a function that switches a unit off by its chip."""

    def switch(panel, unit):
        click_unit(panel, unit)
        drawn_anew(panel, lambda: qtbot.mouseClick(panel.off_chip, LEFT))

    return switch


def off(session):
    return {unit.index for unit in session.units_off.units}


def chip_of(panel):
    (chip,) = panel.findChildren(UnitsOffChip)
    return chip


@pytest.mark.parametrize(("cell", "widths"), [("rnn", (12,)), ("gru", (8, 6)), ("lstm", (9,))])
def test_a_unit_that_is_switched_off_is_zero_and_crossed_out(
    bench, begin, open_panel, type_name, switch_off, qtbot, cell, widths
):
    panel = open_panel("states")
    type_name(panel, "rex")
    begin(cell, widths)
    qtbot.waitUntil(lambda: panel.result is not None and panel.result.cell == cell)
    panel.layer_box.setCurrentIndex(len(widths) - 1)
    panel.layer_box.activated.emit(len(widths) - 1)
    switch_off(panel, 4)
    unit = HiddenUnit(len(widths), 4)
    snapshot = bench.session.snapshot
    name = snapshot.vocabulary.encode("rex\n")
    expected = states(snapshot.without(frozenset({unit})), name)
    np.testing.assert_array_equal(panel._values, expected.layers[-1]["a"])
    assert not panel._values[:, 4].any()
    assert panel.map.crossed_rows == (4,)
    assert panel.describe(4, 1).startswith("unit 4, switched off, after “r”: a = 0")
    assert panel.off_chip.isChecked()
    assert snapshot.units_off == frozenset(), "the training has all units"


def test_the_chip_counts_them_and_switches_all_on(bench, open_panel, switch_off, qtbot):
    panel = open_panel("states")
    assert not chip_of(panel).isVisible()
    for count, unit in enumerate((3, 11), 1):
        switch_off(panel, unit)
        words = f"{count} unit{'s' if count > 1 else ''} off · Switch all on"
        assert (chip_of(panel).words, chip_of(panel).isVisible()) == (words, True)
    assert "units 3 and 11 of layer 1" in chip_of(panel).toolTip()
    before = panel.result
    qtbot.mouseClick(chip_of(panel), LEFT)
    assert not chip_of(panel).isVisible()
    qtbot.waitUntil(lambda: panel.result is not before)
    assert (panel.map.crossed_rows, panel.off_chip.isChecked()) == ((), False)


def test_it_is_switched_off_and_on_by_keys_alone(bench, open_panel, qtbot):
    panel = open_panel("states")
    panel.map.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(panel.map, key)
    # What Qt makes of the menu key; its place is not that of the cell.
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    for text, expected in (("Switch unit 2 off", {2}), ("Switch unit 2 on", set())):
        QApplication.sendEvent(panel.map, event)
        qtbot.waitUntil(panel.menu.isVisible)
        assert panel.menu.actions()[0].text() == text
        qtbot.keyClick(panel.menu, Qt.Key.Key_Down)
        qtbot.keyClick(panel.menu, Qt.Key.Key_Return)
        assert off(bench.session) == expected


def test_the_menu_is_that_of_the_unit_under_the_pointer(bench, open_panel, switch_off, qtbot):
    panel = open_panel("states")
    switch_off(panel, 5)
    place = panel.map.cell_centre(9, 0).toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, panel.map.mapToGlobal(place))
    QApplication.sendEvent(panel.map, event)
    switch, all_on = panel.menu.actions()
    assert (switch.text(), all_on.isVisible()) == ("Switch unit 9 off", True)
    switch.trigger()
    assert off(bench.session) == {5, 9}
    all_on.trigger()
    assert off(bench.session) == set()
    panel.menu.close()


def test_the_box_says_whether_its_unit_is_off(bench, open_panel, switch_off, qtbot):
    panel = open_panel("states")
    switch_off(panel, 1)
    panel.unit_box.setFocus()
    for key, expected in ((Qt.Key.Key_Up, False), (Qt.Key.Key_Down, True)):
        qtbot.keyClick(panel.unit_box, key)
        assert panel.off_chip.isChecked() == expected


def test_the_loss_without_it_is_that_of_the_held_out_names(
    bench, open_panel, click_unit, train_until, qtbot
):
    session = bench.session
    train_until(session, 600)
    panel = open_panel("states")
    click_unit(panel, 6)
    qtbot.waitUntil(lambda: panel.unit_view.result is not None)
    held_out = session.run.request().held_out_data().names()
    losses = []
    for snapshot in (session.snapshot, session.snapshot.without(frozenset({HiddenUnit(1, 6)}))):
        surprisal = [
            next_letters(snapshot, held_out[index]).surprisal.sum()
            for index in range(len(held_out))
        ]
        losses.append(sum(surprisal) / len(held_out.symbols))
    text = panel.unit_view.toPlainText()
    found = re.search(r"Held-out loss ([\d.]+), without it ([\d.]+) \(([+-][\d.]+)\)", text)
    assert [float(part) for part in found.groups()[:2]] == pytest.approx(losses, abs=6e-4)
    assert float(found[3]) == pytest.approx(losses[1] - losses[0], abs=1.1e-3)
    # Once it is off, the page still says what would drive it, and what it costs.
    driver = panel.unit_view.result.found.up[0].activation
    qtbot.mouseClick(panel.off_chip, LEFT)
    qtbot.waitUntil(lambda: "It is switched off." in panel.unit_view.toPlainText())
    assert panel.unit_view.result.found.up[0].activation == driver != 0.0
    assert found[0] in panel.unit_view.toPlainText()


def test_the_page_lists_the_strongest_weights(bench, open_panel, click_unit, qtbot):
    panel = open_panel("states")
    click_unit(panel, 6)
    qtbot.waitUntil(lambda: panel.unit_view.result is not None)
    named, symbols = bench.session.snapshot.parameters.named, bench.session.snapshot.vocabulary
    text = panel.unit_view.toPlainText().replace("\xa0", " ")
    for weights, words in ((named["Wax"][6], "from "), (named["Wya"][:, 6], "to ")):
        strongest = int(np.argmax(np.abs(weights)))
        letter = symbols.symbols[strongest].replace("\n", "↵")
        listed = re.search(rf"{words}(\S+) ([+-][\d.]+)", text)
        assert float(listed[2]) == pytest.approx(weights[strongest], abs=6e-3)
        assert letter.isalpha() is False or listed[1] == letter


def test_next_letter_shows_the_network_without_them(
    bench, open_panel, type_name, train_until, drawn_anew, qtbot
):
    train_until(bench.session, 300)
    panel = open_panel("next_letter")
    drawn_anew(panel, lambda: type_name(panel, "rex"))
    unit = HiddenUnit(1, 2)
    before = panel.result.found.probabilities
    drawn_anew(panel, lambda: bench.session.units_off.switch(unit, off=True))
    snapshot = bench.session.snapshot
    name = snapshot.vocabulary.encode("rex\n")
    expected = next_letters(snapshot.without(frozenset({unit})), name).probabilities
    np.testing.assert_array_equal(panel.result.found.probabilities, expected)
    assert not np.allclose(before, expected)
    assert chip_of(panel).isVisible()
    panel.export.copy()
    copied = QApplication.clipboard().text().splitlines()
    assert copied[-1] == "1 unit off,unit 2 of layer 1"


def test_a_steps_arithmetic_leaves_them_out_and_says_so(bench, open_panel, drawn_anew, qtbot):
    session, panel = bench.session, open_panel("steps")
    unit = HiddenUnit(1, 2)
    drawn_anew(panel, lambda: session.units_off.switch(unit, off=True))
    found = panel.result.found
    assert not found.before.Wya[:, 2].any()
    # Such a unit learns nothing: its weights are the same after the step.
    assert found.after.named["Wax"][2].tolist() == found.before.named["Wax"][2].tolist()
    assert "with 1 unit off. The training has all units." in panel.reading.text()
    before = panel.result
    session.step()
    qtbot.waitUntil(lambda: panel.result is not before)
    assert "would do with 1 unit off" in panel.reading.text()
    assert session.snapshot.parameters.Wya[:, 2].any()
    session.units_off.switch_all_on()
    qtbot.waitUntil(lambda: "nothing has changed" in panel.reading.text())


@pytest.mark.parametrize("name", ["weights", "flow", "clipping"])
def test_panels_about_the_training_show_all_units(bench, open_panel, name):
    panel = open_panel(name)
    bench.session.units_off.switch(HiddenUnit(1, 2), off=True)
    assert panel.findChildren(UnitsOffChip) == []
    assert panel.work() is not None


def test_a_panel_that_is_opened_later_says_it_too(bench, open_panel):
    bench.session.units_off.switch(HiddenUnit(1, 2), off=True)
    panel = open_panel("next_letter")
    assert chip_of(panel).isVisible()
    assert [part for part in QApplication.topLevelWidgets() if isinstance(part, UnitsOffChip)] == []
