"""The Compare panel lists the lanes while there is a race."""

from PySide6.QtWidgets import QApplication

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
    window.actions_.plot.copy_markdown.trigger()
    assert "RNN 6" in QApplication.clipboard().text()
    racing.end()
    qtbot.waitUntil(lambda: len(panel.lines) == 1)
