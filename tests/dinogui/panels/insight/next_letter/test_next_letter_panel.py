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


def test_the_actual_symbols_are_framed(bench, open_panel, type_name, drawn_anew):
    panel = open_panel("next_letter")
    drawn_anew(panel, lambda: type_name(panel, "o"))
    framed = set(panel.map.marked)
    assert framed == {(bench.session.corpus.vocabulary.index_of["o"], 0), (0, 1)}
