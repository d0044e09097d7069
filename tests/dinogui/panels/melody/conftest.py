"""Fixtures of the tests of melodies in the panels."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import Qt

from dinogui.common.theme import Theme
from dinogui.panels.melody import roll
from dinogui.session.shown_melody import ShownMelody
from engine.data.melodies import melodies_of
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
    """Return a light theme, and apply the system's colours again in the end."""
    theme = Theme(qapp)
    theme.choose(Qt.ColorScheme.Light)
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


@pytest.fixture(scope="session")
def tunes():
    """Return ten tunes of 40 notes, of which no two share a passage, with titles."""
    random = np.random.default_rng(5)
    melodies = []
    for number in range(10):
        pitches = random.integers(55, 80, 40).tolist()
        lengths = random.choice([Fraction(1, 2), Fraction(1), Fraction(3, 2)], 40).tolist()
        notes = tuple(Note(*each) for each in zip(pitches, lengths, strict=True))
        melodies.append(Melody(notes, f"Tune {number}"))
    return melodies


@pytest.fixture
def tunes_session(session, tunes):
    """Return a session with a run on the tunes."""
    session.use(melodies_of(tunes, "ten tunes", grid="swing"))
    return session


@pytest.fixture
def improvised():
    """Return a function that makes an improvisation of notes."""

    def make(notes, n_given=0):
        pitches = tuple(note.pitch for note in notes)
        return Improvisation(Melody(tuple(notes)), (1.0,) * len(notes), pitches, n_given)

    return make
