"""What a network improvises is in the Piano roll, and the play-head follows what is heard."""

from dataclasses import replace

import pytest

from dinogui.panels.melody import roll
from dinogui.panels.melody.roll.roll_panel import RollPanel
from dinogui.session.shown_melody import ShownMelody
from engine.melody.chords import read_chords
from engine.sampling.melody.request import MelodyRequest
from engine.training.settings import Hyperparameters, RunSettings


@pytest.fixture
def improvising(tunes_session, qtbot):
    """Return a session with a small network on the tunes, which improvises."""
    hyperparameters = Hyperparameters(0.01, None, (8,), optimizer="adam", batch=4)
    with qtbot.waitSignal(tunes_session.network_made, timeout=20_000):
        tunes_session.restart(
            hyperparameters=hyperparameters, settings=RunSettings(cell="gru", length=16)
        )
    return tunes_session


@pytest.fixture
def improvise(improvising, qtbot):
    """Return a function that has a melody improvised, and returns it."""

    def order(**request):
        generation = improvising.melody_generation
        with qtbot.waitSignal(generation.improvised, timeout=20_000) as improvised:
            generation.improvise(MelodyRequest(**request))
        return improvised.args[0].improvisation

    return order


def test_what_is_improvised_is_shown_over_its_chords(roll_panel, improvise):
    improvisation = improvise(bars=4, chords=read_chords("| C | G7 |"))
    content = roll_panel.content
    assert content.improvisation is improvisation
    assert [symbol for _, symbol in content.chord_symbols] == ["C", "G7", "C", "G7"]
    assert [beat for beat, _ in content.chord_symbols] == [0, 4, 8, 12]
    again = improvise(bars=2, seed=1)
    assert roll_panel.content.improvisation is again


def test_a_roll_that_is_opened_later_shows_what_was_improvised(improvise, session, theme, qtbot):
    improvisation = improvise(bars=2)
    panel = RollPanel(roll.PANEL, session, theme)
    qtbot.addWidget(panel)
    assert panel.content.improvisation is improvisation


def test_the_play_head_follows_what_is_heard(roll_panel, improvise, session, qtbot):
    melody = improvise(bars=8).melody
    heads = []
    session.playing.moved.connect(lambda _: heads.append(roll_panel.roll.head))
    session.playing.play(replace(melody, tempo=240.0), begin_beat=3.0)
    qtbot.waitUntil(lambda: len(heads) > 3, timeout=20_000)
    session.playing.stop()
    assert heads == sorted(heads)
    assert heads[0] == pytest.approx(3.0, abs=0.3)
    assert roll_panel.roll.head is None


def test_another_melody_that_is_heard_moves_no_play_head(roll_panel, improvise, session, qtbot):
    other = improvise(bars=8).melody
    improvise(bars=8, seed=5)
    heard = []
    session.playing.moved.connect(heard.append)
    session.playing.play(other)
    qtbot.waitUntil(lambda: len(heard) > 2, timeout=20_000)
    assert roll_panel.roll.head is None
    session.playing.stop()


def test_another_run_shows_nothing(roll_panel, improvise, session):
    improvise(bars=2)
    session.restart()
    assert ShownMelody.of(session).improvisation is None
    assert "Press Improvise" in roll_panel.empty_words
