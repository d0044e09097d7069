import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.insight import quantity_names


def click_unit(panel, qtbot, unit):
    """Click a unit's cell in the first column."""
    place = panel.map.cell_centre(unit, 0).toPoint()
    qtbot.mouseClick(panel.map, Qt.MouseButton.LeftButton, pos=place)


def test_every_quantity_of_every_layer_is_shown(
    bench, networks, begin, open_panel, type_name, qtbot
):
    panel = open_panel("states")
    type_name(panel, "re")
    box = panel.quantity_box
    for cell, widths in networks:
        begin(cell, widths)
        qtbot.waitUntil(lambda: panel.result is not None)
        assert [box.itemData(k) for k in range(box.count())] == list(quantity_names(cell))
        for layer, width in enumerate(widths):
            panel.layer_box.setCurrentIndex(layer)
            for place in range(box.count()):
                box.setCurrentIndex(place)
                box.activated.emit(place)
                assert panel.map.shape == (width, 3)
        assert panel.result.letters == ["·", "r", "e"]


def test_hovering_shows_a_state(bench, open_panel, type_name, drawn_anew, hover, qtbot):
    panel = open_panel("states")
    drawn_anew(panel, lambda: type_name(panel, "o"))
    p = bench.session.snapshot.parameters.named
    o = bench.session.corpus.vocabulary.index_of["o"]
    first = np.tanh(p["ba"])
    second = np.tanh(p["Wax"][:, o] + p["Waa"] @ first + p["ba"])
    hover(panel.map, 7, 1)
    qtbot.waitUntil(lambda: panel.reading.text().startswith("unit 7, after “o”"))
    assert float(panel.reading.text().split("= ")[1]) == pytest.approx(second[7], rel=0.01)


def test_a_click_lists_what_drives_the_unit(bench, open_panel, train_until, qtbot):
    train_until(bench.session, 300)
    panel = open_panel("states")
    assert not panel.unit_view.isVisible(), "the map has all the room"
    click_unit(panel, qtbot, 11)
    assert panel.unit_box.value() == 11
    assert panel.unit_view.isVisible()
    assert panel.map.marked_row == 11
    qtbot.waitUntil(lambda: panel.unit_view.result is not None)
    found = panel.unit_view.result.found
    assert panel.unit_view.toPlainText().startswith("Unit 11 of layer 1")
    # An independent check: read the strongest place letter by letter.
    p, index_of = bench.session.snapshot.parameters.named, snapshot_index(bench)
    for driver in (found.up[0], found.down[0]):
        a = np.tanh(p["ba"])
        for letter in driver.read:
            a = np.tanh(p["Wax"][:, index_of[letter]] + p["Waa"] @ a + p["ba"])
        assert a[11] == pytest.approx(driver.activation)
        assert driver.read in panel.unit_view.toPlainText()
    assert found.up[0].activation > found.down[0].activation


def snapshot_index(bench):
    return bench.session.snapshot.vocabulary.index_of


def test_keys_select_another_unit(bench, open_panel, qtbot):
    panel = open_panel("states")
    panel.unit_box.setFocus()
    qtbot.keyClick(panel.unit_box, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: panel.unit_view.result is not None)
    assert panel.unit_view.request.unit == 1


def test_a_removed_unit_is_no_longer_shown(bench, open_panel, qtbot):
    panel = open_panel("states")
    click_unit(panel, qtbot, 40)
    qtbot.waitUntil(lambda: panel.unit_view.result is not None)
    bench.session.set_hyperparameters(widths=(10,))
    qtbot.waitUntil(lambda: panel.map.shape[0] == 10)
    qtbot.waitUntil(lambda: panel.unit_view.request is None or panel.unit_view.request.unit < 10)


def test_a_gate_is_coloured_from_shut_to_open(bench, begin, open_panel, qtbot):
    begin("lstm", (7,))
    panel = open_panel("states")
    panel.quantity_box.setCurrentIndex(panel.quantity_box.findData("Gamma_f"))
    panel.quantity_box.activated.emit(0)
    assert "Γf: from 0 to 1" in panel.scale.accessibleDescription()
    values = panel.result.found.layers[0]["Gamma_f"].T
    expected = panel.maps.sequential(values, 0.0, 1.0)
    np.testing.assert_array_equal(panel.map.pixels, expected)
    assert not np.array_equal(expected, panel.maps.diverging(values, 1.0))


def test_another_click_takes_the_unit_away_again(bench, open_panel, qtbot):
    panel = open_panel("states")
    for chosen in (True, False):
        click_unit(panel, qtbot, 3)
        assert panel.unit_view.isVisible() == chosen
        assert panel.map.marked_row == (3 if chosen else None)


def test_a_unit_is_chosen_with_the_keys(bench, open_panel, qtbot):
    panel = open_panel("states")
    panel.map.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(panel.map, key)
    assert panel.unit_view.request.unit == panel.unit_box.value() == 2


def test_the_letters_stand_below_the_columns_and_the_units_beside_the_rows(bench, open_panel):
    panel = open_panel("states")
    assert panel.map._column_names == tuple(panel.result.letters)
    assert panel.map._row_names == tuple(map(str, range(50)))
