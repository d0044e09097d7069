"""The widest possible layer in all panels: in training, resized, and not finite."""

from dataclasses import replace

import numpy as np
import pytest

from engine.nn.architecture import MAX_HIDDEN

FIVE = ("clipping", "flow", "states", "next_letter", "weights")


@pytest.fixture
def widest(bench, qtbot):
    """Start a run of the widest possible LSTM."""
    session = bench.session
    with qtbot.waitSignal(session.network_made, timeout=30_000):
        session.restart(
            hyperparameters=replace(session.hyperparameters, widths=(MAX_HIDDEN,)),
            settings=replace(session.settings, cell="lstm", dtype="float32"),
        )
    return session


def test_the_widest_network_is_shown_also_when_resized_or_not_finite(
    widest, open_panel, drawn_anew, spoil, type_name, qtbot
):
    session = widest
    panels = {name: open_panel(name) for name in FIVE}
    type_name(open_panel("flow"), "re")
    with qtbot.waitSignal(session.snapshot_taken, timeout=30_000):
        session.step()
    states = open_panel("states")
    drawn_anew(states)
    assert states.map.shape == (MAX_HIDDEN, 3)
    assert open_panel("weights").map.shape == (MAX_HIDDEN, MAX_HIDDEN + 27)
    with qtbot.waitSignal(session.resized, timeout=30_000):
        session.set_hyperparameters(widths=(MAX_HIDDEN - 12,))
    for name in FIVE:
        drawn_anew(open_panel(name), panels[name].refresh_now)
        assert panels[name].note.message == ""
    for name in FIVE:
        drawn_anew(open_panel(name), spoil)
        assert "not a number" in panels[name].note.message
        assert not panels[name].grab().isNull()


def test_the_widest_step_is_listed_and_copied(widest, open_panel, type_name, qtbot):
    panel = open_panel("steps", drawn=False)
    type_name(panel, "r")
    is_typed = lambda: panel.result is not None and panel.result.letters == "r⏎"  # noqa: E731
    qtbot.waitUntil(is_typed, timeout=30_000)
    rows = list(panel.table())
    Wf = next(row for row in rows if row[3] == "dWf")
    gradient = panel.result.found.gradients.named["Wf"]
    np.testing.assert_array_equal(Wf[6:-1], gradient.reshape(-1)[: len(Wf) - 7])
    assert Wf[-1] == f"and {gradient.size - len(Wf) + 7:,} more"
