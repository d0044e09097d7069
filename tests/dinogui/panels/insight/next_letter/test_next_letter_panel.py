import numpy as np
import pytest

from engine.data.vocabulary import EncodedNames
from engine.nn.network import loss_of_names


def test_the_surprisals_add_up_to_the_loss(bench, networks, begin, open_panel, type_name, qtbot):
    panel = open_panel("next_letter")
    type_name(panel, "re")
    for network in networks:
        begin(*network)
        qtbot.waitUntil(lambda: panel.result is not None)
        snapshot = bench.session.snapshot
        symbols = np.append(snapshot.vocabulary.encode("re"), 0)
        name = EncodedNames(symbols, np.array([0, 3]))
        loss = loss_of_names(snapshot.parameters, name).nats_per_name
        assert panel.result.found.surprisal.sum() == pytest.approx(loss)
        assert f"Loss of the name: {loss:.3g} nats" in panel.reading.text()
        assert panel.map.shape == (27, 3)


def test_hovering_shows_a_probability(bench, open_panel, type_name, drawn_anew, hover, qtbot):
    panel = open_panel("next_letter")
    drawn_anew(panel, lambda: type_name(panel, "o"))
    p = bench.session.snapshot.parameters.named
    z = p["Wya"] @ np.tanh(p["ba"]) + p["by"]
    probabilities = np.exp(z) / np.exp(z).sum()
    index = bench.session.corpus.vocabulary.index_of["s"]
    hover(panel.map, index, 0)
    qtbot.waitUntil(lambda: "p(“s”)" in panel.reading.text())
    words = panel.reading.text()
    assert f"= {probabilities[index]:.3g} " in words
    assert "came “o”" in words
    loss = -np.log(probabilities[bench.session.corpus.vocabulary.index_of["o"]])
    assert f"surprise {loss:.3g} nats" in words
    hover(panel.map, 3, 1)
    panel.map.pointed.emit(-1, -1)
    assert "Loss of the name" in panel.reading.text(), "the summary is shown again"


def test_every_symbols_name_can_be_read_at_any_size(bench, open_panel, qtbot):
    panel = open_panel("next_letter")
    dock = bench.docks.docks["next_letter"]
    dock.setFloating(True)
    for width, height in ((300, 230), (560, 300), (900, 420), (700, 900)):
        dock.resize(width, height)
        qtbot.waitUntil(
            lambda h=height: dock.height() <= max(h, panel.minimumSizeHint().height() + 60)
        )
        area, line = panel.map.cells_area, panel.fontMetrics().height()
        if panel.is_ranked:
            assert area.height() / panel.map.shape[0] >= 0.6 * line
        else:
            # Side by side, the labels of all 27 symbols have room.
            assert 27 * line <= panel.map._layout.side_by_side * area.height()
        assert panel.map.narrowest <= panel.map.width() + panel.map.shape[1]


def test_where_the_names_have_no_room_the_likeliest_are_listed(
    bench, open_panel, type_name, drawn_anew, hover, qtbot
):
    panel = open_panel("next_letter")
    drawn_anew(panel, lambda: type_name(panel, "rex"))
    panel.map.setFixedHeight(2 * panel.fontMetrics().height())
    panel.result = None
    drawn_anew(panel, panel.refresh_now)
    assert panel.is_ranked
    assert panel.map.shape == (5, 4)
    p = panel.result.found.probabilities
    symbols = panel.result.symbols
    for step in range(4):
        best = [symbols[index] for index in np.argsort(-p[step], kind="stable")[:5]]
        assert [row[step].split()[0] for row in panel.map.texts] == best
    hover(panel.map, 0, 1)
    qtbot.waitUntil(lambda: f"p(“{panel.map.texts[0][1].split()[0]}”)" in panel.reading.text())
    assert f"= {p[1].max():.3g} " in panel.reading.text()


def test_the_actual_symbols_are_framed(bench, open_panel, type_name, drawn_anew):
    panel = open_panel("next_letter")
    drawn_anew(panel, lambda: type_name(panel, "o"))
    framed = set(panel.map.marked)
    assert framed == {(bench.session.corpus.vocabulary.index_of["o"], 0), (0, 1)}
