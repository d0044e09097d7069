"""The Piano roll in the window: it opens by itself for melodies, and plays what is clicked."""

from PySide6.QtCore import Qt


def test_the_roll_opens_for_melodies_and_plays_from_the_note_that_is_clicked(
    melody_window, names_corpus, qtbot
):
    window = melody_window
    window.actions_.live_names.setChecked(False)
    session, dock = window.session, window.docks.docks["piano_roll"]
    qtbot.waitUntil(dock.isVisible)
    panel = window.docks.panel("piano_roll")
    qtbot.waitUntil(lambda: panel.content is not None and panel.roll.width() > 100)
    assert panel.content.improvisation is session.melody_generation.shown.improvisation
    place = panel.content.places[2]
    point = panel.roll.note_centre(place).toPoint()
    qtbot.mouseClick(panel.roll, Qt.MouseButton.LeftButton, pos=point)
    qtbot.waitUntil(lambda: panel.roll.head is not None, timeout=20_000)
    assert panel.roll.head >= float(panel.content.starts[place]) - 0.01
    session.playing.stop()
    assert panel.roll.head is None
    session.use(names_corpus)
    assert dock.isHidden()
    assert "piano_roll" not in window.panels_card.shown
