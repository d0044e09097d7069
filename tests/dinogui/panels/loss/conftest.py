"""A window whose run has a past."""

import pytest
from PySide6.QtCore import Qt

from dinogui.session.run import RunState


@pytest.fixture
def past_window(window, qtbot, train_until):
    """Return the window with a run of 600 steps, whose learning rate was changed at step 300."""
    train_until(window.session, 300)
    window.session.set_hyperparameters(learning_rate=0.005)
    train_until(window.session, 600)
    qtbot.waitUntil(lambda: len(window.session.run.events) == 1)
    qtbot.waitUntil(lambda: window.session.snapshot_step == 600)
    window.loss_plot.draw()
    return window


@pytest.fixture
def look(qtbot):
    """Return a function that looks at a step of a window's run, and waits until it is shown."""

    def at(window, step):
        window.session.past.look(step)
        qtbot.waitUntil(lambda: window.session.past.is_reached)
        return window.session.past.moment

    return at


@pytest.fixture
def choose(qtbot):
    """Return a function that presses keys in a window."""

    def press(window, keys):
        sequence = keys.split("+")
        modifiers = Qt.KeyboardModifier.NoModifier
        for name in sequence[:-1]:
            modifiers |= getattr(
                Qt.KeyboardModifier, {"Ctrl": "ControlModifier", "Shift": "ShiftModifier"}[name]
            )
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{sequence[-1]}"), modifiers)

    return press


@pytest.fixture
def trained_on(qtbot):
    """Return a function that waits until a session's run rests."""

    def wait(session):
        qtbot.waitUntil(lambda: session.state is not RunState.TRAINING, timeout=20_000)

    return wait
