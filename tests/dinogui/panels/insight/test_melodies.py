"""The panels in a run on melodies: notes can be typed, and each symbol has room."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from engine.data.melodies import melodies_of
from engine.melody.note import Melody, Note
from engine.training.settings import Hyperparameters, RunSettings


@pytest.fixture
def learn_melodies(bench, qtbot):
    """Start a run of a small GRU on ten tunes from G3 to G5, without rests."""
    random = np.random.default_rng(5)
    lengths = [Fraction(1, 2), Fraction(1), Fraction(3, 2)]
    melodies = []
    for number in range(10):
        pitches, beats = random.integers(55, 80, 40).tolist(), random.choice(lengths, 40).tolist()
        melodies.append(Melody(tuple(map(Note, pitches, beats)), f"Tune {number}"))
    session = bench.session
    session.use(melodies_of(melodies, "ten tunes", grid="swing"))
    with qtbot.waitSignal(session.network_made, timeout=30_000):
        session.restart(
            hyperparameters=Hyperparameters(0.01, None, (8,), optimizer="adam", batch=4),
            settings=RunSettings(cell="gru", length=16),
        )
    return session


@pytest.fixture
def paste(qtbot):
    """Return a function that pastes notes into a line: signs such as ♩ are on no keyboard."""

    def enter(panel, text):
        line = panel.name_box.line
        line.setFocus()
        line.selectAll()
        QGuiApplication.clipboard().setText(text)
        qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    return enter


@pytest.mark.parametrize("typed", ["C4 1 Bb4 1/2 E5 1.5", "C4 ♩ B♭4 ½♩ E5 1½♩", "c4 Bb4½♩ E5 3/2"])
def test_notes_are_typed_in_plain_letters_or_in_signs(
    learn_melodies, open_panel, paste, typed, qtbot
):
    panel = open_panel("next_letter")
    paste(panel, typed)
    read = ["C4", "♩", "B♭4", "½♩", "E5"]
    qtbot.waitUntil(lambda: panel.result is not None and panel.result.read == read)
    assert panel.result.letters == ["♩", "B♭4", "½♩", "E5", "1½♩"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("C4 1 H4 1", "Character 6: “H4” is neither a note"),
        ("C9 1", "No tune has C9. The pitches go from "),
        ("C4 5", "No tune has a note of 5♩. The durations are ½♩, ♩, 1½♩."),
        ("rest 1", "The tunes have no rests."),
        ("C4 1 " * 101, "Type 100 notes at most."),
    ],
)
def test_what_cannot_be_read_is_said(learn_melodies, open_panel, paste, typed, said, qtbot):
    panel = open_panel("next_letter")
    paste(panel, typed)
    qtbot.waitUntil(lambda: panel.note.message.startswith(said))


def test_the_line_offers_beginnings_of_tunes(learn_melodies, open_panel, drawn_anew):
    panel = open_panel("states")
    box = panel.name_box
    assert box.line.placeholderText() == "the latest piece of a tune"
    assert box.line.accessibleName() == "Notes to look at"
    assert "C4 1 D4 1/2" in box.line.toolTip()
    box.menu.aboutToShow.emit()
    offered = [action for action in box.menu.actions() if action.data()]
    assert len(offered) == 10
    result = drawn_anew(panel, offered[0].trigger)
    assert len(result.letters) == 15, "eight notes, without the last symbol"


def test_panels_are_named_for_notes(learn_melodies, bench, open_panel, names_corpus):
    docks = bench.docks
    dock, action = docks.docks["next_letter"], docks.docks["next_letter"].toggleViewAction()
    assert (dock.windowTitle(), action.text()) == ("Next note", "&Next note")
    flow = open_panel("flow")
    assert "at each symbol: for the whole loss, and for the last symbol's" in (
        flow._heading.sentence.text()
    )
    assert "symbols back" in flow.reading.text()
    assert "letter" not in flow.reading.text()
    flow.export.copy()
    assert "letter" not in QGuiApplication.clipboard().text()
    bench.session.use(names_corpus)
    assert (dock.windowTitle(), action.text()) == ("Next letter", "&Next letter")
    assert "at each letter" in flow._heading.sentence.text()


def test_notes_stand_apart_in_a_sentence(learn_melodies, open_panel, type_name, qtbot):
    panel = open_panel("steps")
    type_name(panel, "C4 2/2 E5 1/2")
    qtbot.waitUntil(lambda: panel.reading.text().startswith("“C4 ♩ E5 ½♩”, loss "))


@pytest.mark.layout
def test_every_likely_symbol_has_room_in_its_cell(learn_melodies, open_panel, drawn_anew, bench):
    panel = open_panel("next_letter")
    bench.resize(700, 500)
    drawn_anew(panel, panel.refresh_now)
    column = panel.map.cells_area.width() / panel.map.shape[1]
    font = panel.map.fontMetrics()
    texts = {text for row in panel.map.texts for text in row}
    assert max(map(font.horizontalAdvance, texts)) <= column
    labels = set(panel.result.letters)
    assert max(map(font.horizontalAdvance, labels)) <= column
