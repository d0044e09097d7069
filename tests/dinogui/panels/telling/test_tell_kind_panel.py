import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.data.vocabulary import EncodedNames
from engine.nn.classifier import probabilities_of_names


def told(window, name):
    """Return the probabilities of the kinds of a name, read without the panel."""
    snapshot = window.session.viewed_snapshot
    symbols = np.append(snapshot.vocabulary.encode(name), 0)
    names = EncodedNames(symbols, np.array([0, len(symbols)]))
    return probabilities_of_names(snapshot.parameters, names)[0]


@pytest.mark.parametrize("both_directions", [False, True])
def test_after_each_letter_it_is_asked(
    begin_telling, open_panel, type_name, qtbot, both_directions
):
    window = begin_telling(both_directions=both_directions)
    panel = open_panel("tell_kind")
    type_name(panel, "Boris")
    qtbot.waitUntil(lambda: panel.result is not None and panel.result.letters == list("boris"))
    for count in range(1, 6):
        expected = told(window, "boris"[:count])
        np.testing.assert_allclose(panel.result.found.probabilities[count], expected, atol=1e-6)
    assert panel.map.shape == (3, 6)
    best = panel.bars.bars[0]
    assert best == (panel.result.titles[panel.result.found.told], pytest.approx(expected.max()))
    assert "After “boris” it is" in panel.reading.text()
    assert "In the data it is Greek" in panel.reading.text()
    assert panel.map.marked[0][1] == 5, "its kind in the data is framed"


def test_a_letter_is_judged_by_leaving_it_out(begin_telling, open_panel, type_name, hover, qtbot):
    window = begin_telling()
    panel = open_panel("tell_kind")
    type_name(panel, "boris")
    qtbot.waitUntil(lambda: panel.result is not None and panel.result.letters == list("boris"))
    kind = panel.result.found.told
    effect = np.log(told(window, "boris")[kind] / told(window, "bori")[kind])
    hover(panel.effects, 0, 5)
    qtbot.waitUntil(lambda: "Letter 5, “s”," in panel.reading.text())
    words = panel.reading.text()
    assert ("speaks for" if effect >= 0 else "speaks against") in words
    assert f"is {abs(effect):.3g} {'higher' if effect >= 0 else 'lower'}" in words


def test_the_bars_are_those_of_the_letter_that_is_pointed_at(
    begin_telling, open_panel, type_name, hover, qtbot
):
    window = begin_telling()
    panel = open_panel("tell_kind")
    type_name(panel, "boris")
    qtbot.waitUntil(lambda: panel.result is not None and panel.result.letters == list("boris"))
    whole = panel.bars.bars
    hover(panel.map, 0, 1)
    qtbot.waitUntil(lambda: panel.bars.bars != whole)
    assert panel.bars.bars[0][1] == pytest.approx(told(window, "b").max(), abs=1e-6)
    assert "After “b”: p(" in panel.reading.text()
    panel.map.setFocus()
    for _ in range(9):
        qtbot.keyClick(panel.map, Qt.Key.Key_Right)
    assert panel.bars.bars == whole, "the keys do the same"


def test_letters_never_seen_and_other_tasks_are_explained(
    begin_telling, open_panel, type_name, qtbot
):
    begin_telling()
    panel = open_panel("tell_kind")
    type_name(panel, "bo7")
    qtbot.waitUntil(lambda: "never seen the letter “7”" in panel.note.message)
    type_name(panel, "bo")
    qtbot.waitUntil(lambda: panel.result is not None and panel.result.letters == ["b", "o"])
    begin_telling(task="write")
    assert panel.picture.isHidden()
    assert "tells no kinds" in panel._empty.text()


def test_the_table_has_a_row_for_each_letter(begin_telling, open_panel, type_name, qtbot):
    begin_telling()
    panel = open_panel("tell_kind")
    type_name(panel, "kor")
    qtbot.waitUntil(lambda: panel.result is not None and panel.result.letters == list("kor"))
    heading, *rows = map(list, panel.table())
    assert heading[2:] == ["p(Greek)", "p(Irish)", "p(Norse)"]
    assert [row[0] for row in rows] == ["·", "k", "o", "r"]
    assert [sum(row[2:]) for row in rows] == pytest.approx([1.0] * 4)
