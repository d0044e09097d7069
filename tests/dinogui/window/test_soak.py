"""A soak: long training with everything visible, which must neither grow nor slow down."""

import time

import pytest

from dinogui.app import make_window
from dinogui.session.run import RunState

_MAX_GROWTH = 50e6
"""Bytes that the process may grow by between the first and the last tenth of a soak."""


@pytest.fixture
def crowded_window(qapp, qtbot):
    """Return the window with all panels side by side, so that each is visible."""
    window = make_window(qapp)
    qtbot.addWidget(window)
    window.resize(2400, 1500)
    window.show()
    docks = window.docks
    for name in docks.docks:
        docks.show(name)
        docks.docks[name].setFloating(True)
    qtbot.waitUntil(lambda: window.session.has_network)
    yield window
    window.close()


def soak(window, qtbot, steps, resident_bytes):
    """Train some steps; return the growth in bytes, and the last tenth's rate over the first's.

    The processor time is printed beside the rate: on a busy machine, it distinguishes a program
    that slows down from one that has to wait.
    """
    session = window.session
    tenth = steps // 10
    seconds, memory = [], []
    for goal in range(tenth, steps + 1, tenth):
        start, used = time.perf_counter(), time.process_time()
        session.train(goal)
        qtbot.waitUntil(lambda: session.state is RunState.PAUSED, timeout=3_600_000)
        seconds.append(time.perf_counter() - start)
        memory.append(resident_bytes())
        used = time.process_time() - used
        print(
            f"{goal:,} steps: {tenth / seconds[-1]:,.0f} a second, {tenth / used:,.0f} a second "
            f"of the processor, {memory[-1] / 1e6:.0f} MB"
        )
    assert session.steps_made == steps
    return memory[-1] - memory[0], seconds[0] / seconds[-1]


def test_a_short_soak_does_not_grow(crowded_window, qtbot, resident_bytes):
    growth, _ = soak(crowded_window, qtbot, 6_000, resident_bytes)
    assert growth < _MAX_GROWTH


@pytest.mark.long
@pytest.mark.no_qt_log  # the log would keep all of Qt's messages
def test_a_million_steps_neither_grow_nor_slow_down(crowded_window, qtbot, resident_bytes):
    # The only test of a rate. It compares two rates of one run, which is what a soak is for.
    growth, ratio = soak(crowded_window, qtbot, 1_000_000, resident_bytes)
    print(f"Grown by {growth / 1e6:.1f} MB; the last tenth at {ratio:.1%} of the first's rate.")
    assert growth < _MAX_GROWTH
    assert ratio >= 0.95
