"""Fixtures of the Melody column: a window with a small network on made-up tunes."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from dinogui.session.run import RunState
from engine.data.melodies import melodies_of
from engine.melody.note import Melody, Note
from engine.training.settings import Hyperparameters, RunSettings


@pytest.fixture
def tunes():
    """Return melodies of 24 made-up tunes in three-four time, at 150 beats a minute."""
    random = np.random.default_rng(3)
    scale = (60, 62, 64, 65, 67, 69, 71, 72, None)
    beats = (Fraction(1, 2), Fraction(1), Fraction(1), Fraction(2))
    melodies = [
        Melody(
            tuple(
                Note(scale[random.integers(len(scale))], beats[random.integers(len(beats))])
                for _ in range(40)
            ),
            f"Tune {number}",
            150.0,
            Fraction(3),
        )
        for number in range(1, 25)
    ]
    return melodies_of(melodies, "tunes.abc", grid="swing")


@pytest.fixture
def melody_window(window, qtbot, tunes):
    """Return the window with a small network on these tunes, and the Melody column."""
    session = window.session
    session.use(tunes)
    hyperparameters = replace(Hyperparameters(0.01, None, (16,), optimizer="adam", batch=4))
    with qtbot.waitSignal(session.network_made, timeout=20_000):
        session.restart(
            hyperparameters=hyperparameters, settings=RunSettings(cell="gru", length=16)
        )
    qtbot.waitUntil(lambda: session.melody_generation.shown is not None, timeout=20_000)
    assert session.state is RunState.READY
    return window


@pytest.fixture
def column(melody_window):
    """Return its Melody column."""
    return melody_window.columns.of("melodies").panel
