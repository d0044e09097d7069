"""The Nearest passages panel, and what the Piano roll says about copied notes."""

import csv
import io
from fractions import Fraction

import pytest
from PySide6.QtGui import QGuiApplication

from dinogui.panels.melody import passages, roll
from dinogui.session.shown_melody import ShownMelody
from engine.evaluation.copied_notes import KnownTunes
from engine.melody.note import Note
from engine.melody.symbols import note_names

FAR = [Note(40 + 3 * place, Fraction(2)) for place in range(10)]
"""Notes that are in no tune."""


@pytest.fixture
def open_panel(tunes_session, theme, qtbot):
    """Return a function that shows a panel in a window of its own."""

    def show(panel):
        widget = panel.make(tunes_session, theme)
        qtbot.addWidget(widget)
        widget.resize(900, 400)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return show


@pytest.fixture
def learned(tunes_session, tunes):
    """Return two tunes of the run that are not held out."""
    run = tunes_session.run
    known = KnownTunes(run.corpus, run.settings.held_out, run.settings.seed)
    return [tune for tune in tunes if known.look_up(tune.notes).share == 1][:2]


@pytest.fixture
def copy(tunes_session, learned, improvised):
    """Show a melody with 6 notes of one tune and 12 of another."""
    notes = [*FAR, *learned[0].notes[3:9], *FAR[:5], *learned[1].notes[20:32]]
    played = improvised(notes)
    ShownMelody.of(tunes_session).show(played)
    return played


def test_passages_are_listed_the_longest_first(open_panel, copy, learned, qtbot):
    panel = open_panel(passages.PANEL)
    qtbot.waitUntil(lambda: len(panel.lines) == 2)
    notes = copy.melody.notes
    beats = sum(note.beats for note in notes[:21])
    assert panel.lines[0] == [
        "12",
        learned[1].title,
        "21",
        f"{int(beats // 4) + 1}",
        note_names(notes[21:33]),
    ]
    assert panel.lines[1][:3] == ["6", learned[0].title, "4"]
    assert panel.summary.text().startswith("Of 33 notes, 12 are copied: 12 notes in a row")
    panel.copy_action.trigger()
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[1:] == panel.lines


def test_another_melody_is_looked_up_while_the_panel_is_seen(
    open_panel, copy, tunes_session, improvised, qtbot
):
    panel = open_panel(passages.PANEL)
    qtbot.waitUntil(lambda: len(panel.lines) == 2)
    ShownMelody.of(tunes_session).show(improvised(FAR))
    qtbot.waitUntil(lambda: "No passage" in panel.table.empty_message)
    assert panel.summary.text().startswith("Nothing is copied")
    assert not panel.copy_action.isEnabled()
    ShownMelody.of(tunes_session).clear()
    assert "Nothing has been improvised yet" in panel.table.empty_message


def test_the_roll_underlines_what_is_copied(open_panel, copy, qtbot):
    panel = open_panel(roll.PANEL)
    qtbot.waitUntil(lambda: bool(panel.content.copied))
    assert panel.content.copied == frozenset(range(21, 33))
    assert panel.copied.text().startswith("Of 33 notes, 12 are copied")
    assert panel.legend.words[-1] == "copied from a tune"
    image = panel.roll.grab().toImage()
    for place, is_copied in ((21, True), (0, False)):
        bar = panel.roll.note_bar(place)
        below = image.pixelColor(round(bar.center().x()), round(bar.bottom() + 2.5))
        assert (below.lightness() < 120) == is_copied


def test_the_panel_says_how_it_fills(open_panel):
    panel = open_panel(passages.PANEL)
    assert "Nothing has been improvised yet" in panel.table.empty_message
    panel = open_panel(roll.PANEL)
    assert "Press Improvise" in panel.empty_words
