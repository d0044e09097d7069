import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from engine.data.vocabulary import EncodedNames
from engine.nn.network import loss_of_names


@pytest.fixture
def panel(open_panel):
    return open_panel("clipping")


def place_of(panel, clip):
    """Return the position of a clip value in the chart."""
    return panel.chart.place_of(math.log10(clip), 1.0).toPoint()


def drag(panel, qtbot, start, end):
    """Drag with the left button from one clip value to another."""
    chart = panel.chart
    first, last = place_of(panel, start), place_of(panel, end)
    qtbot.mouseMove(chart, first)
    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=first)
    for share in (0.3, 0.6, 1.0):
        qtbot.mouseMove(chart, first + (last - first) * share)
    qtbot.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=last)


@pytest.fixture
def in_window(window, qtbot):
    """Return the panel in the main window."""
    panel = window.docks.show("clipping")
    qtbot.waitUntil(lambda: panel.result is not None)
    return panel


def test_dragging_the_line_moves_the_slider(window, in_window, qtbot):
    panel = in_window
    drag(panel, qtbot, 5.0, 0.1)
    clip = window.session.hyperparameters.clip
    assert clip == pytest.approx(0.1, rel=0.1)
    assert window.controls.clip.value == pytest.approx(clip)
    assert 10**panel.chart.bound == pytest.approx(clip, rel=0.01)
    window.controls.clip.box.setValue(2.0)
    assert 10**panel.chart.bound == pytest.approx(2.0)
    assert panel.chart.bound_text == "clip 2"
    drag(panel, qtbot, 2.0, 1e3)
    assert window.session.hyperparameters.clip == 50.0, "bounded by the slider's range"


def press(qtbot, window, keys):
    """Press a key combination, given as in a menu."""
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(window, combination.key(), combination.keyboardModifiers())


def test_a_drag_of_the_line_is_undone_like_one_of_the_slider(window, in_window, qtbot):
    panel, session = in_window, window.session
    drag(panel, qtbot, 5.0, 0.5)
    first = session.hyperparameters.clip
    drag(panel, qtbot, first, 0.1)
    second = session.hyperparameters.clip
    assert len({5.0, first, second}) == 3
    assert window.actions_.undo.text() == "&Undo clip value"
    press(qtbot, window, "Ctrl+Z")
    assert session.hyperparameters.clip == first, "each drag is one undo"
    assert 10**panel.chart.bound == pytest.approx(first)
    assert window.controls.clip.value == pytest.approx(first)
    press(qtbot, window, "Ctrl+Z")
    assert session.hyperparameters.clip == 5.0
    assert not window.actions_.undo.isEnabled()
    press(qtbot, window, "Ctrl+Shift+Z")
    assert session.hyperparameters.clip == first


def test_without_clipping_there_is_no_line(window, in_window, qtbot):
    qtbot.keyClick(window.controls.clip.slider, Qt.Key.Key_End)
    assert in_window.chart.bound is None
    qtbot.keyClick(window.controls.clip.slider, Qt.Key.Key_Left)
    assert in_window.chart.bound is not None


def test_the_panel_says_what_is_clipped(bench, panel, type_name, drawn_anew):
    session = bench.session
    drawn_anew(panel, lambda: type_name(panel, "a"))
    drawn_anew(panel, lambda: type_name(panel, "tyrannos"))
    drawn_anew(panel, lambda: session.set_hyperparameters(clip=0.05))
    snapshot, result = session.snapshot, panel.result
    # An independent check: the loss, and a finite difference of one entry.
    symbols = np.append(snapshot.vocabulary.encode("tyrannos"), 0)
    name = EncodedNames(symbols, np.array([0, len(symbols)]))
    assert result.loss == pytest.approx(loss_of_names(snapshot.parameters, name).nats_per_name)
    gradient = {g.name: g for g in result.gradients}["by"]
    losses = []
    for nudge in (1e-5, -1e-5):
        nudged = snapshot.parameters.copy()
        nudged.by[0] += nudge
        losses.append(loss_of_names(nudged, name).nats_per_name)
    assert gradient.gradient[0] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-5)
    share = np.mean(np.abs(gradient.gradient) > 0.05)
    row = [panel.shares.item(k, 0).text() for k in range(panel.shares.rowCount())].index("by")
    assert panel.shares.item(row, 1).text() == f"{share:.2%}"
    after = np.sqrt(sum((np.clip(g.gradient, -0.05, 0.05) ** 2).sum() for g in result.gradients))
    assert f"after {after:.3g}" in panel.reading.text()


def test_the_bound_of_the_norm_is_labelled(bench, panel, drawn_anew):
    drawn_anew(panel, lambda: bench.session.set_hyperparameters(clipping="norm", clip=0.5))
    assert panel.chart.bound_text == "clip 0.5, of the norm"
    assert "after 0.5 " in panel.reading.text()


def test_the_bar_under_the_pointer_is_read_out(panel, type_name, drawn_anew, qtbot):
    result = drawn_anew(panel, lambda: type_name(panel, "t"))
    sizes = np.concatenate([np.abs(g.gradient).reshape(-1) for g in result.gradients])
    size = float(np.median(sizes[sizes > 0]))
    place = panel.chart.place_of(math.log10(size), 1.0).toPoint()
    qtbot.mouseMove(panel.chart, place)
    pointed_at = 10 ** panel.chart.value_at(place)[0]
    low = 10 ** (math.floor(4 * math.log10(pointed_at)) / 4)
    count = np.count_nonzero((sizes >= low) & (sizes < low * 10**0.25))
    assert panel.reading.text() == f"{count:,} entries with {low:.3g} ≤ |g| < {low * 10**0.25:.3g}"


def test_bars_beyond_the_clip_value_are_marked(bench, panel, drawn_anew):
    drawn_anew(panel, lambda: bench.session.set_hyperparameters(clip=0.01))
    bars = panel.chart.bars
    np.testing.assert_array_equal(bars.marked, bars.left >= -2)
    assert 0 < bars.marked.sum() < len(bars.marked)
