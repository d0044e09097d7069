from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.data.vocabulary import EncodedNames
from engine.nn.network import loss_of_names


def test_every_layer_has_a_row_with_all_letters(
    bench, networks, begin, open_panel, type_name, qtbot
):
    panel = open_panel("flow")
    type_name(panel, "re")
    for cell, widths in networks:
        begin(cell, widths)
        strips = 2 * len(widths) * (2 if cell == "lstm" else 1)
        qtbot.waitUntil(lambda shape=(strips, 3): panel.map.shape == shape)


def test_the_last_letters_row_matches_a_finite_difference_of_the_loss(
    bench, open_panel, begin, type_name, drawn_anew, hover, qtbot
):
    begin("rnn", (12,))
    panel = open_panel("flow")
    drawn_anew(panel, lambda: type_name(panel, "x"))
    drawn_anew(panel, lambda: type_name(panel, ""))
    drawn_anew(panel, lambda: type_name(panel, "o"))
    # a<1> = tanh(ba), but ba cannot be changed at the first letter alone. Therefore the last step
    # is checked: dL/da = Wya^T (y_hat - y), where y_hat - y is found by changing by.
    snapshot = bench.session.snapshot
    symbols = np.append(snapshot.vocabulary.encode("o"), 0)
    one = EncodedNames(symbols, np.array([0, 2]))
    last = EncodedNames(symbols[:1], np.array([0, 1]))
    dy = np.zeros(27)
    for index in range(27):
        for sign in (1, -1):
            nudged = snapshot.parameters.copy()
            nudged.by[index] += sign * 1e-5
            both = loss_of_names(nudged, one).nats_per_name
            first = loss_of_names(nudged, last).nats_per_name
            dy[index] += sign * (both - first) / 2e-5
    expected = np.linalg.norm(snapshot.parameters.Wya.T @ dy)
    strip = next(s for s in panel.result.strips if s.of_last)
    assert strip.norm[-1] == pytest.approx(expected, rel=1e-4)
    hover(panel.map, 1, 1)
    qtbot.waitUntil(lambda: f"is {expected:.3g} nats" in panel.reading.text())
    assert "letter 2 “⏎”" in panel.reading.text()


def test_a_kept_network_is_compared_on_the_same_name(
    bench, open_panel, begin, type_name, drawn_anew, qtbot
):
    panel = open_panel("flow")
    drawn_anew(panel, lambda: type_name(panel, "r"))
    alone = panel.result.strips
    qtbot.mouseClick(panel.keep_button, Qt.MouseButton.LeftButton)
    begin("lstm", (9,))
    qtbot.waitUntil(lambda: panel.result is not None and len(panel.result.strips) == 6)
    assert panel.result.strips[0].title == "LSTM 9: da, name"
    kept = panel.result.strips[4:]
    assert [strip.title for strip in kept] == [
        "RNN 50 at 0: da, name",
        "RNN 50 at 0: da, last letter",
    ]
    assert f"  ·  RNN 50 at 0: {kept[1].norm[0] / kept[1].norm[-1]:.3g}" in panel.reading.text()
    for strip, before in zip(kept, alone, strict=True):
        np.testing.assert_array_equal(strip.norm, before.norm)
    qtbot.mouseClick(panel.forget_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.result.strips) == 4)
    assert not panel.forget_button.isEnabled()


@pytest.mark.parametrize(
    ("factor", "sentence"),
    [
        (1.5, "It grows: the last letter's gradient is 3.38 times as large 3 letters back (da)."),
        (5.0, "It explodes: the last letter's gradient is 125 times as large 3 letters back (da)."),
        (0.5, "It shrinks: 0.125 of the last letter's gradient is left 3 letters back (da)."),
        (0.1, "It vanishes: 0.001 of the last letter's gradient is left 3 letters back (da)."),
        (1.0, "The last letter's gradient is as large 3 letters back as at that letter (da)."),
        (0.0, "It vanishes: nothing of the last letter's gradient is left 3 letters back (da)."),
        (np.nan, "The sizes of da at the last letter and 3 letters back cannot be compared."),
    ],
)
def test_the_summary_says_whether_the_gradient_grows_or_shrinks(
    bench, begin, open_panel, type_name, drawn_anew, factor, sentence
):
    begin("rnn", (12,))
    panel = open_panel("flow")
    drawn_anew(panel, lambda: type_name(panel, "rex"))
    session = bench.session
    parameters = session.snapshot.parameters.copy()
    # Without inputs the states are zero, where tanh has slope 1: each letter multiplies by Waa.
    for name, array in parameters.named.items():
        if name != "Wya":
            array[...] = 0.0
    parameters.named["Waa"][...] = factor * np.eye(12)
    changed = replace(session.snapshot, parameters=parameters.frozen_copy())
    session.run.snapshot = changed
    drawn_anew(panel, lambda: session.snapshot_taken.emit(changed))
    assert panel.reading.text() == sentence
