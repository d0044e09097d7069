"""The Melody column in the window: improvise, play, save, and what goes on while it trains."""

import sys
import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QFileDialog

from dinogui.panels.melody.card import live_melody
from dinogui.panels.melody.roll.roll_content import RollContent
from dinogui.panels.melody.roll.roll_picture import RollPicture
from dinogui.panels.names.kinds.kinds_view import KindsView
from dinogui.session.run import RunState
from dinogui.widgets.piano_keyboard import PianoKeyboard
from engine.data.name_kinds import NameKinds
from engine.evaluation.copied_notes import CopiedNotes, KnownTunes
from engine.melody.files.abc_reading import read_abc
from engine.melody.files.midi_reading import read_midi
from engine.melody.symbols import pitch_symbol
from engine.sampling.melody.improvise import improvise
from tests.dinogui.window.picture_checks import faults

CONTROL = Qt.KeyboardModifier.ControlModifier


def shown(window):
    return window.session.melody_generation.shown


def press_improvise(window, qtbot):
    """Press Ctrl+G, wait for the melody, and return it."""
    with qtbot.waitSignal(window.session.melody_generation.improvised, timeout=20_000):
        qtbot.keyClick(window, Qt.Key.Key_G, CONTROL)
    return shown(window).melody


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_column_takes_the_place_of_the_names(melody_window, column):
    window = melody_window
    assert window.arrangement.samples.currentWidget() is column
    assert window.arrangement.logs.currentWidget() is column.log
    assert window.names.live_switch.isVisible()
    assert column.form.tempo.value == 150, "that of the tunes"
    assert column.form.metre.bar == 3
    assert shown(window).request.bars == 16
    assert "16 bars" in column.message


def test_ctrl_g_improvises_what_the_network_of_the_moment_plays(melody_window, qtbot, column):
    window, snapshot = melody_window, melody_window.session.snapshot
    melody = press_improvise(window, qtbot)
    request = shown(window).request
    again = improvise(snapshot.parameters, snapshot.vocabulary, request)
    assert melody.notes == again.melody.notes
    assert melody.beats == 16 * 3
    written = column.notes.toPlainText()
    first = next(note for note in melody.notes if note.pitch is not None)
    assert written.startswith("1  ")
    assert pitch_symbol(first.pitch) in written.splitlines()[0]


def test_each_press_uses_another_seed_and_again_the_same(melody_window, qtbot, column):
    first = press_improvise(melody_window, qtbot)
    second = press_improvise(melody_window, qtbot)
    assert first.notes != second.notes
    with qtbot.waitSignal(melody_window.session.melody_generation.improvised):
        click(qtbot, column.again)
    assert shown(melody_window).melody.notes == second.notes
    column.form.is_fresh.setChecked(False)
    assert press_improvise(melody_window, qtbot).notes == second.notes


def test_bars_metre_and_temperature_are_those_of_the_form(melody_window, qtbot, column):
    form = column.form
    form.bars.setFocus()
    form.bars.selectAll()
    qtbot.keyClicks(form.bars, "5")
    form.metre.setCurrentText("6/8")
    form.temperature.box.selectAll()
    qtbot.keyClicks(form.temperature.box, "0.5")
    melody = press_improvise(melody_window, qtbot)
    request = shown(melody_window).request
    assert (request.bars, request.bar, request.temperature) == (5, 3, 0.5)
    assert melody.beats <= 15


def test_a_temperature_of_zero_is_refused_with_a_sentence(melody_window, qtbot, column):
    before = shown(melody_window)
    column.form.temperature.box.selectAll()
    qtbot.keyClicks(column.form.temperature.box, "0")
    with qtbot.waitSignal(column.finished):
        qtbot.keyClick(melody_window, Qt.Key.Key_G, CONTROL)
    assert "emperature" in column.error
    assert shown(melody_window) is before


def test_top_k_of_one_gives_the_likeliest_notes_whatever_the_seed(melody_window, qtbot, column):
    click(qtbot, column.form.more)
    column.form.has_top_k.setChecked(True)
    column.form.top_k.setValue(1)
    first = press_improvise(melody_window, qtbot)
    assert press_improvise(melody_window, qtbot).notes == first.notes


def test_it_stays_in_the_chord(melody_window, qtbot, column):
    form = column.form
    assert not form.stay.isVisible()
    qtbot.keyClicks(form.chords, "| C | G |")
    assert form.stay.isVisible()
    form.stay.box.selectAll()
    qtbot.keyClicks(form.stay.box, "1")
    melody = press_improvise(melody_window, qtbot)
    assert shown(melody_window).request.stay_in_chord == 1
    beat, chords = Fraction(0), ({0, 4, 7}, {7, 11, 2})
    for note in melody.notes:
        if note.pitch is not None:
            assert note.pitch % 12 in chords[int(beat // 3) % 2]
        beat += note.beats


def test_chords_that_cannot_be_read_are_said_at_their_place(melody_window, qtbot, column):
    before, field = shown(melody_window), column.form.chords
    qtbot.keyClicks(field, "| Dm7 | H7 |")
    assert not column.error, "while one types, nothing is said"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "Character 9" in column.error
    assert (field.property("role"), field.cursorPosition()) == ("refused", 8)
    with qtbot.waitSignal(column.finished):
        qtbot.keyClick(melody_window, Qt.Key.Key_G, CONTROL)
    assert shown(melody_window) is before
    for _ in range(5):
        qtbot.keyClick(field, Qt.Key.Key_Backspace)
    field.end(False)
    field.clear()
    assert (column.error, field.property("role")) == ("", "")


def test_a_melody_begins_like_a_tune(melody_window, qtbot, column, tunes):
    beginning = column.form.beginning
    assert not beginning.tune.isVisible()
    beginning.source.setFocus()
    qtbot.keyClick(beginning.source, Qt.Key.Key_Down)
    assert beginning.tune.isVisible()
    beginning.tune.setCurrentIndex(4)
    beginning.n_notes.setValue(6)
    melody = press_improvise(melody_window, qtbot)
    assert melody.notes[:6] == tunes.melody(4).notes[:6]
    assert shown(melody_window).improvisation.n_prefix == 6


def test_a_change_of_the_request_is_heard_of_at_once_while_it_is_live(melody_window, qtbot, column):
    generation = melody_window.session.melody_generation
    with qtbot.waitSignal(generation.improvised):
        column.form.bars.setValue(2)
    assert shown(melody_window).melody.beats == 6
    melody_window.actions_.live_names.trigger()
    column.form.bars.setValue(3)
    qtbot.wait(250)
    assert shown(melody_window).melody.beats == 6
    column.form.tempo.box.setValue(200)
    assert shown(melody_window).melody.beats == 6


def test_while_it_trains_another_melody_comes_by_itself(melody_window, qtbot, column, monkeypatch):
    monkeypatch.setattr(live_melody, "LIVE_SECONDS", 0.05)
    session, generation = melody_window.session, melody_window.session.melody_generation
    session.train()
    for _ in range(2):
        with qtbot.waitSignal(generation.improvised, timeout=20_000):
            pass
    assert shown(melody_window).step > 0
    qtbot.keyClick(melody_window, Qt.Key.Key_P, CONTROL)
    qtbot.waitUntil(lambda: session.playing.is_playing)
    heard = shown(melody_window)
    step = session.snapshot_step
    qtbot.waitUntil(lambda: session.snapshot_step > step + 20, timeout=20_000)
    assert shown(melody_window) is heard, "not while it plays"
    with qtbot.waitSignal(generation.improvised, timeout=20_000):
        qtbot.keyClick(melody_window, Qt.Key.Key_P, CONTROL)
    assert not session.playing.is_playing


def test_while_it_trains_it_stays_readable_why_nothing_is_heard(
    melody_window, qtbot, column, monkeypatch
):
    monkeypatch.setattr(live_melody, "LIVE_SECONDS", 0.05)
    monkeypatch.setitem(sys.modules, "miniaudio", None)  # as if it were not installed
    session, refusals = melody_window.session, []
    session.playing.failed.connect(refusals.append)

    def play():
        """Press Play, and once more if a live melody that was on its way has come in between."""
        if not refusals and not session.playing.is_playing:
            qtbot.keyClick(melody_window, Qt.Key.Key_P, CONTROL)
        return bool(refusals)

    session.train()
    for _ in range(2):  # the second Play says it again
        refusals.clear()
        qtbot.waitUntil(play, timeout=20_000)
        sentence = column.error
        assert "dinogui[sound]" in sentence
        qtbot.wait(300)  # live melodies come meanwhile
        assert column.error == sentence
    press_improvise(melody_window, qtbot)
    assert "improvised by the network" in column.message
    assert column.error == ""


def test_improvising_never_waits_and_late_answers_of_another_run_are_dropped(
    melody_window, qtbot, column
):
    session = melody_window.session
    generation = session.melody_generation
    column.form.bars.setValue(64)
    qtbot.keyClick(melody_window, Qt.Key.Key_G, CONTROL)
    assert generation.is_improvising
    session.restart()
    assert not generation.is_improvising
    assert generation.shown is None
    assert not melody_window.actions_.melody.play.isEnabled()
    assert column.notes.toPlainText() == ""
    with qtbot.waitSignal(generation.improvised, timeout=20_000):
        pass
    assert shown(melody_window).step == 0


def test_what_is_looked_back_at_improvises(melody_window, qtbot, column, train_until):
    session = melody_window.session
    train_until(session, 30)
    with qtbot.waitSignal(session.melody_generation.improvised, timeout=20_000):
        session.past.look(10)
        qtbot.waitUntil(lambda: session.past.is_reached, timeout=20_000)
    qtbot.waitUntil(lambda: shown(melody_window).step == 10, timeout=20_000)


def test_play_plays_in_the_tempo_and_with_the_chords_of_the_form(melody_window, qtbot, column):
    form = column.form
    qtbot.keyClicks(form.chords, "| C |")
    press_improvise(melody_window, qtbot)
    form.tempo.box.setValue(222)
    form.swing.setValue(62)
    click(qtbot, column.play)
    session = melody_window.session
    qtbot.waitUntil(lambda: session.playing.is_playing)
    assert session.playing.melody is shown(melody_window).melody
    assert column.play.text() == "Stop"
    click(qtbot, column.play)
    qtbot.waitUntil(lambda: not session.playing.is_playing)
    assert column.play.text() == "Play"
    performance = form.performance
    assert (performance.tempo, performance.swing) == (222, 0.62)
    assert str(performance.accompaniment) == "| C |"
    form.accompanies.setChecked(False)
    assert form.performance.accompaniment is None


def test_as_it_learned_has_bars_that_are_heard_by_enter(melody_window, qtbot, column, train_until):
    session, rows = melody_window.session, column.log.rows
    train_until(session, 5)
    qtbot.waitUntil(lambda: len(rows.entries.entries) > 0, timeout=20_000)
    (entry,) = rows.entries.entries
    assert entry is session.run.log[0]
    assert entry.melody.beats <= 4 * 3
    rows.setFocus()
    rows.setCurrentIndex(rows.entries.index(0, 1))
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.playing.is_playing)
    assert session.playing.melody is entry.melody
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not session.playing.is_playing)


def test_what_is_heard_is_marked_and_the_melody_of_the_card_stays(
    melody_window, qtbot, column, train_until, tmp_path, monkeypatch
):
    session, entries = melody_window.session, column.log.rows.entries
    melody_window.actions_.live_names.setChecked(False)
    train_until(session, 5)
    qtbot.waitUntil(lambda: len(entries.entries) > 0, timeout=20_000)
    own, (entry,) = shown(melody_window).melody, entries.entries
    sample = entries.index(0, 1)
    told = Qt.ItemDataRole.AccessibleTextRole
    qtbot.mouseClick(
        column.log.rows.viewport(),
        Qt.MouseButton.LeftButton,
        pos=column.log.rows.visualRect(sample).center(),
    )
    qtbot.waitUntil(lambda: session.playing.is_playing)
    assert sample.data(told).startswith("Stop ")
    panel = melody_window.docks.panel("piano_roll")
    assert panel.content.melody.notes == entry.melody.notes
    assert panel.copied.text().startswith(f"Step {entry.step}, as it learned.")
    path = tmp_path / "melody.mid"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(column.saving.said, timeout=20_000):
        melody_window.actions_.melody.save["midi"].trigger()
    (played,) = read_midi(path.read_bytes()).melodies
    assert len(played) == own.n_notes
    click(qtbot, column.play)
    assert sample.data(told).startswith("Play ")
    click(qtbot, column.play)
    qtbot.waitUntil(lambda: session.playing.is_playing)
    assert panel.content.melody.notes == own.notes
    assert sample.data(told).startswith("Play ")


def test_names_come_back_with_their_column(melody_window, qtbot, column):
    with qtbot.waitSignal(melody_window.session.run_begun):
        melody_window.actions_.open_dinosaurs.trigger()
    assert melody_window.arrangement.samples.currentWidget() is melody_window.names
    assert not melody_window.actions_.melody.play.isEnabled()


@pytest.mark.layout
@pytest.mark.parametrize("size", [(1100, 700), (940, 560), (1600, 1000)], ids=str)
def test_nothing_is_cut_off_or_covered(melody_window, qtbot, column, size):
    window = melody_window
    window.resize(*size)
    window.arrangement.show_samples()
    qtbot.keyClicks(column.form.chords, "| Dm7 | G7 |")
    QApplication.processEvents()
    assert column.button.isVisible()
    assert column.play.isVisible()
    assert column.notes.isVisible() == (size != (1100, 700)), "there, the roll has the notes"
    assert faults_of_ours(window) == []
    click(qtbot, column.form.more)
    column.form.beginning.source.setCurrentIndex(1)
    QApplication.processEvents()
    assert faults_of_ours(window) == []


@pytest.mark.layout
def test_the_whole_form_is_seen_at_the_default_size(melody_window, column):
    melody_window.resize(1100, 700)
    QApplication.processEvents()
    assert column.form.more.visibleRegion().boundingRect() == column.form.more.rect()


def faults_of_ours(window):
    """Return the faults of a picture, but for Qt's own button that clears a field."""
    return [fault for fault in faults(window) if not fault.startswith("QToolButton “”")]


def test_a_network_that_is_told_kinds_improvises_like_one(melody_window, qtbot, column, tunes):
    session = melody_window.session
    kinds = tuple(place % 2 for place in range(len(tunes.tunes)))
    session.use(replace(tunes, kinds=NameKinds(("Parker", "Young"), kinds, kinds)))
    assert column.findChild(KindsView).isVisible()
    qtbot.waitUntil(lambda: shown(melody_window) is not None, timeout=20_000)
    session.blend.choose_only("Young")
    snapshot = session.viewed_snapshot
    melody = press_improvise(melody_window, qtbot)
    again = improvise(snapshot.parameters, snapshot.vocabulary, shown(melody_window).request)
    assert melody.notes == again.melody.notes


# Saved and dragged


@pytest.fixture
def save_as(melody_window, monkeypatch, qtbot, column):
    """Return a function that saves the melody by the menu, and returns what is said."""

    def save(form, path):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        with qtbot.waitSignal(column.saving.said, timeout=20_000) as said:
            melody_window.actions_.melody.save[form].trigger()
        return said.args

    return save


def test_what_is_saved_as_midi_and_abc_reads_back_as_the_same_notes(
    melody_window, qtbot, column, save_as, tmp_path
):
    melody = shown(melody_window).melody
    pitches = [note.pitch for note in melody.notes if note.pitch is not None]
    for form, read in (("midi", read_midi), ("abc", lambda content: read_abc(content.decode()))):
        path = tmp_path / f"melody.{form}"
        assert save_as(form, path) == [f"Saved to “{path}”.", False]
        (played,) = read(path.read_bytes()).melodies
        assert played.pitches.tolist() == pitches
        assert played.tempo == pytest.approx(150, abs=0.1)
        assert played.bar == 3


def test_it_is_saved_as_sound_in_the_tempo_of_the_form(
    melody_window, qtbot, column, save_as, tmp_path
):
    column.form.tempo.box.setValue(180)
    path = tmp_path / "melody"
    assert save_as("wav", path) == [f"Saved to “{path}.wav”.", False]
    with wave.open(f"{path}.wav") as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert seconds == pytest.approx(16 * 3 * 60 / 180, abs=3)


def test_it_is_saved_as_a_picture(melody_window, qtbot, column, save_as, tmp_path):
    path = tmp_path / "melody.png"
    assert save_as("png", path)[1] is False
    picture = QImage(str(path))
    assert picture.width() >= 1_200
    colours = {picture.pixel(x, y) for x in range(0, 1_200, 5) for y in range(0, 400, 3)}
    assert len(colours) > 8


def test_the_picture_has_what_is_copied(melody_window, qtbot, column, save_as, tmp_path, tunes):
    """It is that of the card's melody, which no panel has looked up."""
    melody_window.docks.docks["piano_roll"].hide()
    run = melody_window.session.run
    known = KnownTunes(tunes, run.settings.held_out, run.settings.seed)
    learned = next(n for n in range(24) if known.look_up(tunes.melody(n).notes).share == 1)
    beginning = column.form.beginning
    beginning.source.setCurrentIndex(1)
    beginning.tune.setCurrentIndex(learned)
    beginning.n_notes.setValue(20)
    press_improvise(melody_window, qtbot)
    # A live melody that was asked for before all of the beginning was chosen may come first.
    qtbot.waitUntil(lambda: all(known.look_up(shown(melody_window).melody.notes).are_copied[:20]))
    improvised, path = shown(melody_window), tmp_path / "melody.png"
    assert save_as("png", path)[1] is False
    assert shown(melody_window) is improvised, "nothing was improvised meanwhile"
    image, below = QImage(str(path)), places_below_notes(improvised.improvisation)
    copied = known.look_up(improvised.melody.notes).are_copied
    assert len(below) > 40
    ground, ink = (
        melody_window.palette().color(role).lightness()
        for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Text)
    )
    middle = (ground + ink) / 2
    assert [
        (image.pixelColor(place).lightness() < middle) == (ink < ground) for place in below
    ] == [
        bool(copied[place])
        for place, note in enumerate(improvised.melody.notes)
        if note.pitch is not None
    ]


def places_below_notes(improvisation):
    """Return the points of a saved picture at which each note would be underlined."""
    picture = RollPicture()
    picture.show_content(RollContent(improvisation))
    picture.show_copied(CopiedNotes((), np.ones(len(improvisation.melody.notes), bool)))
    picture.resize(1_280, 480)
    picture.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    picture.show()
    roll = picture.roll
    bars = [roll.note_bar(place) for place in roll.content.places]
    return [
        roll.mapTo(picture, QPoint(round(bar.center().x()), round(bar.bottom() + 2.5)))
        for bar in bars
    ]


def test_what_cannot_be_written_is_said(melody_window, qtbot, column, monkeypatch, tmp_path):
    place = tmp_path / "none" / "melody.mid"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), ""))
    with qtbot.waitSignal(melody_window.session.melody_generation.failed, timeout=20_000):
        melody_window.actions_.melody.save["midi"].trigger()
    assert "cannot be written" in column.error


def test_the_midi_file_is_dragged_from_the_handle(melody_window, qtbot, column, monkeypatch):
    dragged = []
    monkeypatch.setattr(
        QDrag, "exec", lambda drag, *_: dragged.append(drag.mimeData().urls()[0].toLocalFile())
    )
    handle = column.handle
    middle = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    drag_to(handle, middle + QPoint(1, 0))
    assert not dragged, "not by a click"
    drag_to(handle, middle + QPoint(40, 0))
    (path,) = dragged
    (played,) = read_midi(Path(path).read_bytes()).melodies
    assert len(played) == shown(melody_window).melody.n_notes


def drag_to(widget, place):
    """Move the pointer with the left button held, which `QTest` does not hold."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(widget.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


# Played by a person


def test_a_melody_begins_as_it_is_played_on_the_computers_keyboard(melody_window, qtbot, column):
    beginning = column.form.beginning
    assert beginning.keyboard is None
    beginning.source.setCurrentIndex(2)
    keyboard = beginning.findChild(PianoKeyboard)
    keyboard.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_S, Qt.Key.Key_D):
        qtbot.keyPress(keyboard, key)
        qtbot.wait(60)
        qtbot.keyRelease(keyboard, key)
    pitches = [note.pitch for note in beginning.notes if note.pitch is not None]
    assert pitches == [60, 62, 64]
    melody = press_improvise(melody_window, qtbot)
    assert [note.pitch for note in melody.notes if note.pitch is not None][:3] == [60, 62, 64]
    click(qtbot, beginning.clear)
    assert beginning.notes == ()


def test_tab_leads_from_the_beginning_to_the_piano_which_arrows_play(melody_window, qtbot, column):
    beginning = column.form.beginning
    beginning.source.setFocus()
    qtbot.keyClick(beginning.source, Qt.Key.Key_End)
    qtbot.keyClick(beginning.source, Qt.Key.Key_Tab)
    keyboard = beginning.keyboard
    assert QApplication.focusWidget() is keyboard
    before = keyboard.grab().toImage()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(keyboard, key)
    assert [note.pitch for note in beginning.notes] == [61]
    assert keyboard.grab().toImage() != before, "the mark has moved"
    qtbot.keyClick(keyboard, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is beginning.clear


def test_space_trains_also_from_the_column(melody_window, qtbot, column):
    column.form.bars.setFocus()
    qtbot.keyClick(column.form.bars, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: melody_window.session.state is RunState.TRAINING)
