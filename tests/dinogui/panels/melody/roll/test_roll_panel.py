"""The Piano roll panel: what it shows, says, plays and saves."""

import csv
import io
import math
from dataclasses import replace
from fractions import Fraction

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dinogui.common.theme import DARK, LIGHT
from dinogui.panels.melody.roll.surprise_colours import surprise_colour
from dinogui.session.shown_melody import ShownMelody
from engine.melody.note import Melody, Note
from engine.sampling.melody.improvise import Improvisation


def hover(roll, place):
    """Move the pointer over a note."""
    point = roll.note_centre(place).toPoint()
    QTest.mouseMove(roll, point + QPoint(1, 1))
    QTest.mouseMove(roll, point)


def turn_wheel(roll, notches, modifiers=Qt.KeyboardModifier.NoModifier, x=None):
    """Turn the wheel over a roll."""
    place = QPointF(roll.width() / 2 if x is None else x, roll.height() / 2)
    event = QWheelEvent(
        place,
        QPointF(roll.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(roll, event)


def colour_of_note(roll, place):
    """Return the colour in the middle of a note as it is painted."""
    return roll.grab().toImage().pixelColor(roll.note_centre(place).toPoint())


def distance(one, other):
    """Return how far two colours are apart."""
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return max(abs(first - second) for first, second in pairs)


def test_without_melodies_it_says_what_it_is_for(roll_panel):
    assert roll_panel.content is None
    assert "not on melodies" in roll_panel.empty_words
    assert not roll_panel.picture.isVisible()


def test_notes_are_coloured_by_surprise(show_melody, make_melody):
    panel = show_melody(make_melody())
    melody, colours = panel.content.improvisation, LIGHT
    last = panel.content.places[-1]
    for place in (0, 1, last):
        wanted = surprise_colour(float(melody.surprises[place]), colours)
        assert distance(colour_of_note(panel.roll, place), wanted) <= 3
    first, last = colour_of_note(panel.roll, 0), colour_of_note(panel.roll, last)
    assert first.blue() > first.red()
    assert last.red() > last.blue()


def test_other_colours_are_those_of_the_theme(show_melody, make_melody, theme):
    panel = show_melody(make_melody())
    theme.choose(Qt.ColorScheme.Dark)
    wanted = surprise_colour(float(panel.content.surprise(0)), DARK)
    assert distance(colour_of_note(panel.roll, 0), wanted) <= 3


def test_a_note_is_as_long_as_it_sounds_and_higher_if_its_pitch_is(show_melody, make_melody):
    roll = show_melody(make_melody()).roll
    centres = [roll.note_centre(place) for place in (0, 1, 2, 4)]
    assert [each.y() for each in centres] == sorted((each.y() for each in centres), reverse=True)
    beat = roll.layout_.beat_width
    # The middles of C4 ♩, D4 ½♩, E4 ½♩, and G4 ♩ after a rest of a beat.
    for before, after, beats in zip(centres, centres[1:], (0.75, 0.5, 1.75), strict=False):
        assert after.x() - before.x() == pytest.approx(beats * beat, abs=0.6)


def test_pointing_at_a_note_names_it_with_its_probability(show_melody, make_melody, qtbot):
    melody = make_melody(n_given=1)
    panel = show_melody(melody)
    hover(panel.roll, 6)
    chance = math.exp(-melody.surprises[6])
    qtbot.waitUntil(lambda: "D4" in panel.reading.text())
    words = panel.reading.text()
    assert words.startswith("Note 6 of 64, bar 2, beat 2: D4 for ½ beat.")
    assert f"{100 * chance:.0f} %" in words
    assert f"({melody.surprises[6]:.1f} nats)" in words
    hover(panel.roll, 0)
    qtbot.waitUntil(lambda: "It was given" in panel.reading.text())
    QTest.mouseMove(panel.roll, QPoint(2, 2))
    qtbot.waitUntil(lambda: panel.reading.text() == "")


def test_what_was_expected_is_said_where_it_differs(show_melody, make_melody, qtbot):
    made = make_melody(1)
    panel = show_melody(replace(made, expected=(60, 70, None, None, 67)))
    hover(panel.roll, 1)
    qtbot.waitUntil(lambda: "The network rather expected B♭4." in panel.reading.text())
    hover(panel.roll, 2)
    qtbot.waitUntil(lambda: "The network rather expected a rest." in panel.reading.text())
    hover(panel.roll, 0)
    qtbot.waitUntil(lambda: panel.reading.text().startswith("Note 1 of 4"))
    assert "rather" not in panel.reading.text()


def test_keys_go_from_note_to_note_and_play_from_there(show_melody, make_melody, qtbot, session):
    panel = show_melody(make_melody())
    roll = panel.roll
    roll.setFocus()
    qtbot.keyClick(roll, Qt.Key.Key_Right)
    qtbot.keyClick(roll, Qt.Key.Key_Right)
    assert roll.current == 1
    assert panel.reading.text().startswith("Note 2 of 64")
    assert roll.accessibleDescription() == panel.reading.text()
    for _ in range(2):  # over the rest
        qtbot.keyClick(roll, Qt.Key.Key_Right)
    assert roll.current == 4
    played = []
    ShownMelody.of(session).play_requested.connect(played.append)
    qtbot.keyClick(roll, Qt.Key.Key_Return)
    assert played == [3.0]
    qtbot.keyClick(roll, Qt.Key.Key_End)
    assert panel.reading.text().startswith("Note 64 of 64, bar 16, beat 4: G4")
    qtbot.keyClick(roll, Qt.Key.Key_Escape)
    assert panel.reading.text() == ""


def test_a_click_plays_from_there(show_melody, make_melody, qtbot, session):
    roll = show_melody(make_melody()).roll
    played = []
    ShownMelody.of(session).play_requested.connect(played.append)
    qtbot.mouseClick(roll, Qt.MouseButton.LeftButton, pos=roll.note_centre(9).toPoint())
    assert played == [7.0], "from the beginning of the note"
    area = roll.layout_.area
    place = QPoint(round(area.left() + 10.5 * roll.layout_.beat_width), round(area.top()) + 2)
    qtbot.mouseClick(roll, Qt.MouseButton.LeftButton, pos=place)
    assert played[1] == pytest.approx(10.5, abs=0.1)


def test_sixteen_bars_are_in_view_and_a_long_melody_scrolls(show_melody, make_melody):
    panel = show_melody(make_melody())
    assert panel.roll.beats_in_view == pytest.approx(64, abs=0.01)
    assert not panel.bar.isVisible()
    show_melody(make_melody(400))
    assert panel.bar.isVisible()
    assert panel.roll.layout_.beat_width >= 7
    panel.bar.setValue(panel.bar.maximum())
    assert panel.roll.layout_.last == pytest.approx(1600, abs=0.1)
    assert panel.roll.note_centre(1999).x() < panel.roll.width()


def test_ctrl_and_the_wheel_zoom_where_the_pointer_is(show_melody, make_melody):
    panel = show_melody(make_melody())
    roll, x = panel.roll, 400
    beat = roll.layout_.beat_at(x)
    turn_wheel(roll, 4, Qt.KeyboardModifier.ControlModifier, x)
    assert roll.beats_in_view < 32
    assert roll.layout_.beat_at(x) == pytest.approx(beat, abs=0.01)
    assert panel.bar.isVisible()
    first = roll.layout_.first
    turn_wheel(roll, -1)
    assert roll.layout_.first > first, "without Ctrl it scrolls"
    turn_wheel(roll, -40, Qt.KeyboardModifier.ControlModifier, x)
    assert roll.beats_in_view == pytest.approx(64, abs=0.01), "not further out than everything"
    assert not panel.bar.isVisible()


def test_keys_zoom(show_melody, make_melody, qtbot):
    roll = show_melody(make_melody()).roll
    roll.setFocus()
    qtbot.keyClick(roll, Qt.Key.Key_Plus)
    assert roll.beats_in_view < 60
    qtbot.keyClick(roll, Qt.Key.Key_Minus)
    assert roll.beats_in_view == pytest.approx(64, abs=0.01)


def test_the_keys_bring_the_note_into_view(show_melody, make_melody, qtbot):
    roll = show_melody(make_melody(100)).roll
    roll.setFocus()
    qtbot.keyClick(roll, Qt.Key.Key_End)
    assert roll.layout_.area.contains(roll.note_centre(roll.current))


def test_the_play_head_moves_and_is_followed(show_melody, make_melody):
    roll = show_melody(make_melody(100)).roll
    roll.show_head(2.5)
    image = roll.grab().toImage()
    column = round(roll.layout_.x(2.5))
    assert image.pixelColor(column, round(roll.layout_.area.top()) + 2).lightness() < 80
    roll.show_head(390.0)
    assert roll.layout_.first <= 390 <= roll.layout_.last
    roll.show_head(None)
    assert roll.head is None


@pytest.mark.layout
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_chords_have_room(show_melody, make_melody, theme, scale):
    panel = show_melody(make_melody(), "| Dm7 | G7♭9 | Cmaj7 | A7 |")
    theme.scale_text(scale)
    panel.resize(640, 420)
    row, layout = panel.roll._chords, panel.roll.layout_
    assert row.n_lines(layout.beat_width) in (1, 2)
    assert layout.beat_width >= row.least_beat_width
    below = panel.roll.height() - layout.area.bottom()
    assert below >= row.height(layout.beat_width)


def test_the_legend_names_only_what_there_is(show_melody, make_melody):
    panel = show_melody(make_melody())
    assert len(panel.legend.words) == 2
    show_melody(make_melody(n_given=3))
    assert panel.legend.words[2:] == ["given"]


def test_another_run_empties_it(show_melody, make_melody, session, names_corpus):
    panel = show_melody(make_melody())
    session.use(names_corpus)
    assert panel.content is None
    assert panel.empty_words


def test_it_is_saved_as_a_picture_and_copied_as_a_table(show_melody, make_melody, tmp_path):
    panel = show_melody(make_melody(2, n_given=1))
    path = tmp_path / "roll.png"
    panel.export.save(str(path))
    assert QImage(str(path)).width() >= panel.picture.width()
    panel.export.copy()
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[0][0] == "note"
    assert [row[0] for row in rows[1:6]] == ["C4", "D4", "E4", "rest", "G4"]
    assert [float(row[1]) for row in rows[1:6]] == [1, 0.5, 0.5, 1, 1]
    assert rows[1][5:] == ["yes", "no"]


@pytest.mark.parametrize(
    "notes",
    [
        (),
        (Note(None, Fraction(4)),),
        (Note(0, Fraction(1, 6)),),
        (Note(0, Fraction(1)), Note(127, Fraction(1))),
    ],
)
def test_melodies_of_any_kind_are_drawn(show_melody, notes, qtbot):
    unknown = (math.nan,) * len(notes)
    panel = show_melody(Improvisation(Melody(notes), unknown, (None,) * len(notes)))
    panel.roll.setFocus()
    qtbot.keyClick(panel.roll, Qt.Key.Key_Right)
    panel.roll.grab()


def test_an_upbeat_stands_before_the_first_bar(show_melody, qtbot):
    notes = (Note(60, Fraction(1)), Note(62, Fraction(3)), Note(64, Fraction(3)))
    melody = Melody(notes, bar=Fraction(3), upbeat=Fraction(1), has_bars=True)
    panel = show_melody(Improvisation(melody, (0.0,) * 3, (60, 62, 64)))
    assert list(panel.content.bar_lines()) == [(1, 1), (2, 4), (3, 7)]
    hover(panel.roll, 0)
    qtbot.waitUntil(lambda: "before the first bar" in panel.reading.text())
