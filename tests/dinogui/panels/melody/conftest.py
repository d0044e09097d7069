"""Fixtures of the tests of melodies in the panels."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import Qt

from dinogui.common.theme import Theme
from dinogui.panels.melody import roll
from dinogui.session.shown_melody import ShownMelody
from engine.melody.chords import read_chords
from engine.melody.note import Melody, Note
from engine.sampling.melody.improvise import Improvisation


@pytest.fixture
def make_melody():
    """Return a function that makes a melody of 16 bars with rests, which surprises more and more.

    Its first notes are C4 ♩, D4 ½♩, E4 ½♩, a rest of one beat, and G4 ♩.
    """

    def make(n_bars=16, n_given=0):
        bar = [
            Note(60, Fraction(1)),
            Note(62, Fraction(1, 2)),
            Note(64, Fraction(1, 2)),
            Note(None, Fraction(1)),
            Note(67, Fraction(1)),
        ]
        notes = tuple(n_bars * bar)
        surprises = tuple(np.linspace(0.1, 8.0, len(notes)).tolist())
        expected = tuple(note.pitch for note in notes)
        return Improvisation(Melody(notes, has_bars=True), surprises, expected, n_given)

    return make


@pytest.fixture
def theme(qapp):
    """Return a theme, and apply the system's colours again in the end."""
    theme = Theme(qapp)
    yield theme
    theme.choose(Qt.ColorScheme.Unknown)


@pytest.fixture
def roll_panel(session, theme, qtbot):
    """Return the Piano roll panel, in a window of its own."""
    panel = roll.PANEL.make(session, theme)
    qtbot.addWidget(panel)
    panel.resize(900, 460)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


@pytest.fixture
def show_melody(roll_panel, qtbot, session):
    """Return a function that shows a melody in the panel."""

    def show(improvisation, chords=""):
        ShownMelody.of(session).show(improvisation, read_chords(chords))
        qtbot.waitUntil(lambda: roll_panel.roll.width() > 600)
        return roll_panel

    return show
