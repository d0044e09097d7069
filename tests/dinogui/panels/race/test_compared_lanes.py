"""The Compare panel lists the lanes while there is a race."""

from PySide6.QtWidgets import QApplication

from engine.insight import flow
from engine.racing.gradient_pieces import pieces_of
from engine.training.messages import Snapshot
from engine.training.trainer import Trainer


def test_the_lanes_are_compared(qtbot, window, start, train_until):
    train_until(window.session, 30)
    panel = window.docks.show("compare")
    assert len(panel.lines) == 1, "there is one run"
    racing = start("cell=rnn, hidden=6; cell=gru, hidden=5")
    qtbot.waitUntil(lambda: panel.lines[0][1:] == ["RNN 6", "GRU 5"])
    rows = {line[0]: line[1:] for line in panel.lines}
    assert rows["cell"] == ["RNN", "GRU"]
    trainers = [
        Trainer(window.session.corpus, lane.lane.hyperparameters, settings=lane.lane.settings)
        for lane in racing.lanes
    ]
    assert rows["parameters"] == [f"{each.parameters.flat.size:,}" for each in trainers]
    best = [f"{lane.best.nats_per_character:.4f}" for lane in racing.lanes]
    assert rows["best held-out loss"] == best
    pieces = pieces_of(window.session.corpus)
    label = f"gradient left {pieces.letters_back} letters back"
    shares = [
        f"{pieces.measure(lane.parameters, window.session.corpus.vocabulary).share:.2g}"
        for lane in racing.lanes
    ]
    qtbot.waitUntil(
        lambda: next((line[1:] for line in panel.lines if line[0] == label), None) == shares
    )
    assert shares[0] != shares[1]
    window.actions_.plot.copy_markdown.trigger()
    copied = QApplication.clipboard().text()
    assert "RNN 6" in copied
    assert f"| {label} | {shares[0]} | {shares[1]} |" in copied
    racing.end()
    qtbot.waitUntil(lambda: len(panel.lines) == 1)


def test_the_gradient_flow_of_each_lane_is_shown_on_the_same_name(
    qtbot, window, start, train_until
):
    train_until(window.session, 30)
    panel = window.docks.show("flow")
    qtbot.waitUntil(lambda: panel.result is not None)
    own = len(panel.result.strips)
    racing = start("cell=rnn, hidden=6; cell=lstm, hidden=5")
    titles = ["RNN 6: da, last letter", "LSTM 5: da, last letter", "LSTM 5: dc, last letter"]

    def shows_the_lanes():
        result = panel.result
        if result is None or [strip.title for strip in result.strips] != titles:
            return False
        vocabulary = window.session.corpus.vocabulary
        name = panel.choice.reading(window.session.snapshot).predicted
        lanes = [
            flow(Snapshot(60, lane.parameters, vocabulary, None), name) for lane in racing.lanes
        ]
        return all(
            list(strip.norm) == list(found.layers[0].da_of_last.norm)
            for strip, found in zip(result.strips, lanes, strict=False)
        )

    qtbot.waitUntil(shows_the_lanes, timeout=10_000)
    words = panel.reading.text()
    assert words.startswith("Share of the last letter's gradient that is left ")
    assert "RNN 6: " in words
    assert "LSTM 5: " in words
    assert not panel.keep_button.isEnabled()
    racing.end()
    qtbot.waitUntil(lambda: panel.result is not None and len(panel.result.strips) == own)
    assert panel.keep_button.isEnabled()
