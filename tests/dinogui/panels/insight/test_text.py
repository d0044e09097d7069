"""The panels in a run on text: they show a piece, and its first symbol is only read."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from engine.data.reader import read_text
from engine.reference.rnn import rnn_cell_forward
from engine.training.settings import Hyperparameters


@pytest.fixture
def learn_text(bench, names_file, verse, qtbot):
    """Return a function that starts a run of a small RNN on a text, in streams or windows."""

    def begin(**way):
        session = bench.session
        session.use(read_text(names_file(verse, "verse.txt")))
        # The text's own network is measured before, which takes long on a busy machine.
        with qtbot.waitSignal(session.network_made, timeout=30_000):
            session.restart(
                hyperparameters=Hyperparameters(0.1, 1.0, (7,), batch=3),
                settings=replace(session.settings, cell="rnn", embedding=None, **way),
            )
        return session

    return begin


def by_course(snapshot, piece):
    """Read a piece with the course's cell; return states (T, n_a), probabilities (T, n_y)."""
    parameters = {
        name: array.reshape(-1, 1) if array.ndim == 1 else array
        for name, array in snapshot.parameters.named.items()
    }
    a, states, probabilities = np.zeros((7, 1)), [], []
    for symbol in piece[:-1]:
        x = np.eye(len(snapshot.vocabulary))[symbol][:, None]
        a, y_hat, _ = rnn_cell_forward(x, a, parameters)
        states.append(a[:, 0])
        probabilities.append(y_hat[:, 0])
    return np.array(states), np.array(probabilities)


def test_the_first_typed_symbol_is_read_and_the_others_are_predicted(
    learn_text, open_panel, type_name, drawn_anew
):
    session = learn_text()
    letters, states = open_panel("next_letter"), open_panel("states")
    drawn_anew(states, lambda: type_name(states, "Rose"))
    open_panel("next_letter")
    drawn_anew(letters, letters.refresh_now)
    piece = session.snapshot.vocabulary.encode("Rose")
    expected_states, probabilities = by_course(session.snapshot, piece)
    assert letters.result.letters == ["o", "s", "e"]
    np.testing.assert_allclose(letters.result.found.probabilities, probabilities, rtol=1e-4)
    loss = -np.log(probabilities[np.arange(3), piece[1:]]).sum()
    assert f"Loss of the piece: {loss:.3g} nats" in letters.reading.text()
    assert states.result.letters == ["R", "o", "s"]
    np.testing.assert_allclose(states.result.found.layers[0]["a"], expected_states, rtol=1e-4)


def test_the_five_likeliest_stand_under_each_letter_of_a_text(
    learn_text, open_panel, type_name, drawn_anew
):
    session = learn_text()
    panel = open_panel("next_letter")
    drawn_anew(panel, lambda: type_name(panel, "Rose"))
    _, probabilities = by_course(session.snapshot, session.snapshot.vocabulary.encode("Rose"))
    assert panel.map.shape == (5, 3)
    symbols = session.snapshot.vocabulary.symbols
    for step in range(3):
        likeliest = np.sort(probabilities[step])[::-1][:5]
        for rank in range(5):
            symbol = panel.map.texts[rank][step].split()[0]
            if symbol in symbols:  # a blank has a sign of its own
                index = symbols.index(symbol)
                assert probabilities[step, index] == pytest.approx(likeliest[rank], rel=1e-4)
        came = panel.result.found.path[step]
        is_among = probabilities[step, came] >= likeliest[4]
        assert any(column == step for _, column in panel.map.marked) == is_among


@pytest.mark.parametrize("way", [{"window": 8, "stride": 3}, {"window": None, "length": 20}])
def test_the_piece_is_the_latest_one_trained_on(learn_text, open_panel, drawn_anew, qtbot, way):
    session = learn_text(**way)
    panel = open_panel("next_letter")
    with qtbot.waitSignal(session.snapshot_taken):
        session.step()
    drawn_anew(panel, panel.refresh_now)
    piece = session.snapshot.latest_name
    assert len(piece) == (9 if way["window"] else 21)
    shown = session.snapshot.vocabulary.decode(piece)
    assert shown in session.corpus.vocabulary.decode(session.corpus.symbols)
    _, probabilities = by_course(session.snapshot, piece)
    np.testing.assert_allclose(panel.result.found.probabilities, probabilities, rtol=1e-4)


def test_the_copied_states_of_a_text_include_its_first_symbol(
    learn_text, open_panel, type_name, drawn_anew
):
    learn_text()
    panel = open_panel("states")
    drawn_anew(panel, lambda: type_name(panel, "Rose"))
    rows = [list(row) for row in panel.table()]
    assert [row[0] for row in rows[:4]] == ["letters read", "R", "Ro", "Ros"]
    panel.export.copy()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("R,")


def test_every_panel_shows_a_text_and_a_step_on_it(learn_text, open_panel, type_name, qtbot):
    session = learn_text()
    for name in ("clipping", "flow", "weights"):
        assert open_panel(name).note.message == ""
    panel = open_panel("steps")
    session.step()
    qtbot.waitUntil(
        lambda: (
            "as the network made it" in panel.reading.text() or "more to it" in panel.reading.text()
        )
    )
    assert "loss" in panel.reading.text()
    first = panel.result.found.lines[0]
    assert first.value.any(), "x<1> is a symbol"


def test_one_symbol_predicts_nothing(learn_text, open_panel, type_name, qtbot):
    learn_text()
    panel = open_panel("flow")
    type_name(panel, "R")
    qtbot.waitUntil(lambda: "Type two or more" in panel.note.message)
    type_name(panel, "Ro")
    qtbot.waitUntil(lambda: panel.note.message == "" and panel.result.letters == ["o"])
