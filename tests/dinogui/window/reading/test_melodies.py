"""Melodies are opened in the window: MIDI files, ABC tunes, solos, and the project's own tunes."""

import zipfile
from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from dinogui.panels.melody.card.melody_panel import MelodyPanel
from dinogui.panels.names.kinds.kinds_view import KindsView
from dinogui.window.paste_box import PasteBox
from engine.data.reading.choices import ReadingChoices
from engine.melody.files.midi_writing import midi_of
from engine.melody.note import Melody, Note
from tests.dinogui.window.dropping import drop
from tests.dinogui.window.reading.preview_parts import choose

ABC = "".join(
    f"X:{n}\nT:Tune {n}\nM:4/4\nL:1/4\nK:C\nCDEF|GAB{'cdefgab'[n % 7]}|cBAG|FEDC|\n\n"
    for n in range(1, 12)
)


def melody(seed):
    random = np.random.default_rng(seed)
    notes = tuple(
        Note(int(random.integers(55, 80)), Fraction(int(random.integers(1, 5)), 2))
        for _ in range(30)
    )
    return Melody(notes, f"Made up {seed}", 132.0, Fraction(4))


@pytest.fixture
def midi_folder(tmp_path):
    """Return a folder of six MIDI files."""
    folder = tmp_path / "tunes"
    folder.mkdir()
    for seed in range(6):
        (folder / f"{seed}.mid").write_bytes(midi_of(melody(seed)))
    return folder


def opened(window, qtbot, open_them):
    """Wait for a run on what a function opens, and return the melodies."""
    with qtbot.waitSignal(window.session.run_begun, timeout=30_000):
        open_them()
    session = window.session
    assert session.kind == "melodies"
    assert isinstance(window.arrangement.samples.currentWidget(), MelodyPanel)
    qtbot.waitUntil(lambda: session.melody_generation.shown is not None, timeout=30_000)
    return session.corpus


def test_the_tunes_that_come_with_the_project_sing_at_once(window, qtbot):
    melodies = opened(window, qtbot, window.actions_.open_tunes.trigger)
    assert len(melodies.tunes) == 12
    assert "Greensleeves" in {tune.title for tune in melodies.tunes}
    assert window.top_bar.data.words == f"tunes.abc · 12 tunes, {melodies.n_notes} notes"
    assert window.loss_plot.unit.value == "nats per note"
    assert "improvise" in window.opening_sentence.message
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.session.playing.is_playing)
    window.session.playing.stop()


def test_actions_say_what_they_do_with_melodies(window, qtbot):
    actions = window.actions_
    opened(window, qtbot, actions.open_tunes.trigger)
    assert actions.generate.text() == "&Improvise"
    assert actions.live_names.text() == "&Live melody"
    assert not actions.copy_names.isEnabled()
    assert "melodies are open" in actions.copy_names.toolTip()
    actions.open_dinosaurs.trigger()
    qtbot.waitUntil(lambda: window.session.has_network)
    assert actions.generate.text() == "&Generate names"
    assert actions.live_names.text() == "&Live names"


@pytest.mark.parametrize("how", ["files", "folder", "zip", "dropped"])
def test_midi_files_open_without_a_question(window, qtbot, midi_folder, how):
    paths = sorted(map(str, midi_folder.iterdir()))
    if how == "zip":
        archive = midi_folder.parent / "tunes.zip"
        with zipfile.ZipFile(archive, "w") as file:
            for path in midi_folder.iterdir():
                file.write(path, path.name)
        paths = [str(archive)]
    elif how == "folder":
        paths = [str(midi_folder)]
    if how == "dropped":
        melodies = opened(window, qtbot, lambda: drop(window, *paths))
    else:
        melodies = opened(window, qtbot, lambda: window.opening.open_files(paths))
    assert len(melodies.tunes) == 6
    assert melodies.tempo == pytest.approx(132, abs=0.01)


def test_a_midi_file_that_is_damaged_is_refused_with_a_sentence(window, qtbot, tmp_path):
    path = tmp_path / "broken.mid"
    path.write_bytes(midi_of(melody(0))[:40])
    with qtbot.waitSignal(window.session.refused, timeout=20_000) as refused:
        window.opening.open_file(str(path))
    assert "broken.mid" in refused.args[0]
    assert window.session.kind == "names"


def test_abc_asks_whether_it_is_read_as_notes(window, qtbot, names_file, dialog_of, answer):
    window.opening.open_file(str(names_file(ABC, "tunes.abc")))
    dialog = dialog_of(window)
    assert "“Melodies” to learn their notes" in dialog.summary.questions.text()
    form = dialog.form
    assert form.layout_box.currentText() == "Documents"
    assert not form.grid.isVisible()
    choose(qtbot, dialog_of, dialog, form.layout_box, "Melodies")
    understanding = dialog.summary.understanding.text()
    assert "176 notes in 11 tunes" in understanding
    assert "100% of the notes lie within 10% of the grid" in understanding
    assert "letters" not in understanding
    assert "Tune 1: C4 ♩ D4 ♩" in dialog.view.beginning.toPlainText()
    assert form.grid.isVisible()
    assert not form.lower_case.isVisible()
    choose(qtbot, dialog_of, dialog, form.grid, "Straight")
    choose(qtbot, dialog_of, dialog, form.transpose, "All keys, drawn anew each epoch")
    melodies = answer(window, dialog)
    assert (melodies.kind, melodies.grid, melodies.transpose) == ("melodies", "straight", "all")
    wanted = ReadingChoices(layout="melodies", grid="straight", transpose="all")
    assert window.opening.memory.recall(window.session.path) == wanted


def test_abc_can_be_read_as_documents_again(window, qtbot, names_file):
    path = str(names_file(ABC, "tunes.abc"))
    opened(window, qtbot, lambda: window.opening.open_file(path, "melodies"))
    assert window.actions_.read_as["melodies"].isChecked()
    with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
        window.actions_.read_as["text"].trigger()
    assert window.session.kind == "text"


@pytest.fixture
def solos(tmp_path):
    """Return an archive of four solos of two performers, and the table of their tempos.

    The last one has no tempo.
    """
    random = np.random.default_rng(5)
    archive = tmp_path / "solos.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("One", "Two", "Three", "Four"):
            onsets = np.cumsum(random.choice([0.25, 0.5], 30))
            rows = [f"{random.integers(55, 75)},{onset:.3f},0.2" for onset in onsets]
            file.writestr(f"{name}_solo.csv", "\n".join(rows) + "\n")
    table = tmp_path / "solos.csv"
    header = "base_name,performer,instrument,title,recording_year,avgtempo\n"
    rows = [
        "One,Parker,as,One,1959,120.0",
        "Two,Young,ts,Two,1959,120.0",
        "Three,Parker,as,Three,1959,120.0",
        "Four,Young,ts,Four,1960,",
    ]
    table.write_text(header + "\n".join(rows) + "\n")
    return [str(archive), str(table)]


def test_solos_open_with_the_table_of_their_tempos(window, qtbot, solos):
    melodies = opened(window, qtbot, lambda: window.opening.open_files(solos))
    assert window.top_bar.data.words == f"solos · 3 solos, {melodies.n_notes} notes"
    assert "1 solo without a tempo" in " ".join(melodies.report.lines())


def test_solos_and_their_tempos_open_with_options_and_the_performers_are_kinds(
    window, qtbot, solos, dialog_of, answer, monkeypatch
):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (solos, ""))
    window.actions_.open_with_options.trigger()
    dialog = dialog_of(window)
    assert dialog.windowTitle() == "Open “solos”"
    columns = dialog.form.kind_column
    assert columns.isVisible()
    offered = [columns.itemText(row) for row in range(columns.count())]
    assert offered == ["None", "Performer", "Instrument", "Tempo", "Decade"]
    choose(qtbot, dialog_of, dialog, columns, "Performer")
    assert not dialog.message.message
    kinds = dialog.view.kinds.kinds
    rows = [[kinds.index(row, column).data() for column in (1, 2)] for row in range(2)]
    assert rows == [["Parker", "2"], ["Young", "1"]]
    assert kinds.headerData(2, Qt.Orientation.Horizontal) == "Tunes"
    assert not dialog.form.files_are_kinds.isChecked()
    melodies = answer(window, dialog)
    assert melodies.kinds.titles == ("Parker", "Young")
    assert window.session.run.kind_counts == {"Parker": 2, "Young": 1}
    column = window.arrangement.samples.currentWidget()
    chips = column.findChild(KindsView).row.chips
    assert chips["Parker"].toolTip().startswith("Parker: 2 tunes.")
    task = window.model.kinds.task
    assert [task.itemText(row) for row in range(2)] == ["Improvise", "Tell the kind"]


def test_solos_without_their_tempos_are_refused_with_advice(window, qtbot, tmp_path):
    path = tmp_path / "Somebody_solo.csv"
    path.write_text("".join(f"{60 + n % 5},{n / 2},0.25\n" for n in range(40)))
    with qtbot.waitSignal(window.session.refused, timeout=20_000) as refused:
        window.opening.open_file(str(path))
    assert "Open the table of their tempos together with them" in refused.args[0]


def test_pasted_tunes_can_be_read_as_notes(window, qtbot):
    QApplication.clipboard().setText(ABC)
    window.actions_.paste_data.trigger()
    (box,) = window.findChildren(PasteBox)
    box.kinds.setFocus()
    qtbot.keyClicks(box.kinds, "Mel")
    qtbot.waitUntil(lambda: "11 tunes, 176 notes" in box.message.message, timeout=20_000)
    opened(window, qtbot, box.open_button.click)


def test_the_melodies_are_exported_as_abc_that_opens_as_the_same(
    window, qtbot, tmp_path, monkeypatch
):
    melodies = opened(window, qtbot, window.actions_.open_tunes.trigger)
    place = tmp_path / "exported.abc"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), ""))
    window.actions_.export_data.trigger()
    qtbot.waitUntil(lambda: window.opening.memory.recall(str(place)) is not None, timeout=20_000)
    again = opened(window, qtbot, lambda: window.opening.open_file(str(place)))
    assert again.fingerprint == melodies.fingerprint
