"""The list of runs: sorting, filtering, grouping, labels, the plot, the trash, files."""

import csv
import json
import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from dinogui.session.run import RunState
from dinogui.window.runs.run_columns import COLUMNS
from dinogui.window.runs.run_menu import RunMenu
from dinogui.window.runs.runs_dialog import RunsDialog
from engine import Hyperparameters, Trainer, load_run, read_names, save_run
from engine.evaluation.units import Unit

HEADINGS = [column.heading for column in COLUMNS]
STEPS, NAME, HELD_OUT, FILE = map(HEADINGS.index, ("Steps", "Name", "Held out", "Your file"))
DOT = 1
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def train(qtbot, window, step):
    window.session.train(step)
    qtbot.waitUntil(lambda: window.session.snapshot_step == step, timeout=20_000)
    qtbot.waitUntil(lambda: window.session.state is RunState.PAUSED)


@pytest.fixture
def dialog(window, qtbot, tmp_path):
    """Return the list with runs of 10, 30 and 20 steps, the latest first; the present has 40."""
    window.library.autosave_in(tmp_path / "autosave")
    for step in (10, 30, 20):
        train(qtbot, window, step)
        qtbot.waitUntil(lambda: window.session.run.full_held_out is not None)
        window.session.restart(hyperparameters=Hyperparameters(widths=(step,)))
    train(qtbot, window, 40)
    window.library.finish_writing()
    window.runs_card.all_requested.emit()
    [dialog] = window.findChildren(RunsDialog)
    qtbot.waitUntil(lambda: len(shown(dialog)) == 3)
    qtbot.waitUntil(lambda: all(run.path for run in dialog.list.shown), timeout=10_000)
    return dialog


def shown(dialog):
    return [int(item.text(STEPS)) for item in dialog.list.items()]


def click(qtbot, dialog, row, column=NAME):
    item = dialog.list.items()[row]
    place = QPoint(
        dialog.list.columnViewportPosition(column) + 4,
        dialog.list.visualItemRect(item).center().y(),
    )
    qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def click_heading(qtbot, dialog, column):
    header = dialog.list.header()
    place = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def drop(widget, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    widget.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, none))


def test_it_sorts_filters_and_groups(dialog, qtbot):
    assert shown(dialog) == [20, 30, 10]
    click_heading(qtbot, dialog, STEPS)
    assert shown(dialog) == [30, 20, 10]
    click_heading(qtbot, dialog, STEPS)
    assert shown(dialog) == [10, 20, 30]
    qtbot.keyClicks(dialog.filter, "rnn steps>15 steps<30")
    assert shown(dialog) == [20]
    dialog.filter.setText("nothing")
    assert shown(dialog) == []
    dialog.filter.clear()
    dialog.group_box.click()
    assert dialog.list.topLevelItemCount() == 1
    assert dialog.list.topLevelItem(0).text(NAME) == "dinosaurs.txt (3)"
    assert shown(dialog) == [10, 20, 30]


def test_a_name_a_note_and_a_colour_are_kept_in_the_index_and_seen_by_other_windows(
    dialog, qtbot, open_window, window
):
    click(qtbot, dialog, 1)
    qtbot.keyClick(dialog.list, Qt.Key.Key_F2)
    qtbot.keyClicks(dialog.details.title, "Best of all")
    qtbot.keyClick(dialog.details.title, Qt.Key.Key_Tab)
    dialog.details.note.setFocus()
    qtbot.keyClicks(dialog.details.note, "try more units")
    qtbot.keyClick(dialog.details.note, Qt.Key.Key_Return)
    dialog.details.colour.setCurrentIndex(3)
    dialog.details.colour.activated.emit(3)
    folder = window.library.earlier.folder.path

    def labels():
        index = json.loads((folder / "index.json").read_text())
        return [entry["label"] for entry in index["runs"].values() if entry["label"]]

    expected = {"title": "Best of all", "note": "try more units", "colour": 2}
    qtbot.waitUntil(lambda: labels() == [expected], timeout=10_000)
    assert dialog.list.items()[1].text(NAME) == "Best of all"
    assert window.runs_card.rows[1].run.label.title == "Best of all"
    dialog.filter.setText("more units")
    assert shown(dialog) == [30]
    for run in window.library.earlier.runs:  # so that another window may list them
        window.library.earlier.folder.keep_for_later(run.path)
    other = open_window(lambda another: another.library.autosave_in(folder))
    titles = lambda: {run.label.title for run in other.library.earlier.runs}  # noqa: E731
    qtbot.waitUntil(lambda: "Best of all" in titles(), timeout=10_000)
    [run] = [run for run in window.library.earlier.runs if run.step == 10]
    window.library.earlier.label(run, title="Changed here")
    qtbot.waitUntil(lambda: "Changed here" in titles(), timeout=10_000)


def test_the_dot_shows_a_run_on_the_plot_in_its_colour(dialog, qtbot, window):
    window.session.on_plot.hide_all()
    card = window.runs_card
    assert [item.data(DOT, SPOKEN) for item in dialog.list.items()] == ["not on the plot"] * 3
    click(qtbot, dialog, 1, DOT)
    qtbot.waitUntil(lambda: len(window.session.on_plot.overlaid) == 1)
    assert dialog.list.items()[1].data(DOT, SPOKEN) == "on the plot"
    assert card.rows[1].accessibleName().endswith("on the plot")
    click(qtbot, dialog, 1)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert not window.session.on_plot.overlaid
    card.fold(False)
    qtbot.mouseClick(card.rows[0], Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    qtbot.waitUntil(lambda: len(window.session.on_plot.overlaid) == 1)
    assert window.session.steps_made == 40, "the run is not opened"


def test_the_trash_is_in_the_same_list(dialog, qtbot):
    click(qtbot, dialog, 1)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert shown(dialog) == [20, 10]
    assert dialog.deleted_box.text() == "&Show deleted (1)"
    dialog.deleted_box.click()
    assert shown(dialog) == [20, 10, 30]
    click(qtbot, dialog, 2)
    assert not dialog.open_button.isEnabled()
    assert dialog.restore_button.text() == "&Restore"
    qtbot.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    assert sorted(shown(dialog)) == [10, 20, 30]
    assert dialog.selected.step == 30
    assert dialog.open_button.isEnabled()


def test_a_new_run_like_another_one_begins_with_what_that_one_began_with(dialog, qtbot, window):
    click(qtbot, dialog, 1)
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.mouseClick(dialog.alike_button, Qt.MouseButton.LeftButton)
    assert window.session.hyperparameters.widths == (10,)
    assert window.session.steps_made == 0


def test_dropped_files_are_added_and_what_is_no_run_is_said(dialog, qtbot, window, tmp_path):
    names = tmp_path / "people.txt"
    names.write_text("ann\nbob\ncarol\ndave\nerin\nfrank\ngrace\nheidi\nivan\njudy\n")
    trainer = Trainer(read_names(names), Hyperparameters(widths=(4,)))
    while trainer.step < 77:
        trainer.run(77 - trainer.step)
    save_run(tmp_path / "cli.npz", trainer.corpus, trainer.state())
    damaged = bytearray((tmp_path / "cli.npz").read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    (tmp_path / "damaged.npz").write_bytes(damaged)
    (tmp_path / "bad.npz").write_bytes(b"no run")
    (tmp_path / "again.npz").write_bytes((tmp_path / "cli.npz").read_bytes())
    (tmp_path / "notes.txt").write_text("hello")
    files = ("cli.npz", "damaged.npz", "bad.npz", "again.npz", "notes.txt")
    with qtbot.waitSignal(window.library.addition.said, timeout=20_000):
        drop(dialog, *(tmp_path / name for name in files))
    message = dialog.message.message
    assert message.startswith("1 run added to the list. “damaged.npz” ")
    assert "“again.npz” is in the list already." in message
    assert "“bad.npz” " in message
    assert "“notes.txt” " in message
    assert "added" not in window.banner.message
    qtbot.waitUntil(lambda: 77 in shown(dialog), timeout=10_000)
    assert len(shown(dialog)) == 4
    steps = [load_run(path).state.step for path in (tmp_path / "autosave").glob("*.npz")]
    assert steps.count(77) == 1
    assert set(steps) <= {*shown(dialog), 40}, "the present run may be kept meanwhile"
    [added] = [run for run in window.library.earlier.runs if run.step == 77]
    assert (added.name, added.data) == ("cli.npz", "people.txt")
    dialog.close()
    with qtbot.waitSignal(window.library.addition.said, timeout=20_000):
        drop(window.runs_card, tmp_path / "bad.npz")
    assert "“bad.npz” " in window.banner.message, "the list is not there to say it"


def test_all_losses_of_the_list_and_of_the_card_are_in_one_unit(dialog, qtbot, window, names_file):
    card, run = window.runs_card, dialog.list.shown[0]
    card.fold(False)

    def figures():
        row = dialog.list.items()[0]
        assert card.rows[0]._loss == row.text(HELD_OUT)
        said = dialog._explanation.text().partition(".")[0]
        return row.text(HELD_OUT), card.unit_label.text(), said

    per_name, per_character = run.facts.last
    assert figures() == (f"{per_name:.2f}", "nats per name", "Losses are in nats per name")
    window.actions_.units[Unit.BITS_PER_CHARACTER].trigger()
    bits, said = per_character / math.log(2), "Losses are in bits per character"
    assert figures() == (f"{bits:.2f}", "bits per character", said)
    window.actions_.units[Unit.NATS_PER_NAME].trigger()
    verse = names_file("to be or not to be\n" * 80, "verse.txt")
    with qtbot.waitSignal(window.session.run_begun, timeout=10_000):
        window.open_file(str(verse))
    window.session.restart(
        hyperparameters=replace(window.session.hyperparameters, widths=(4,), batch=1)
    )
    train(qtbot, window, 3)
    window.actions_.open_dinosaurs.trigger()
    qtbot.waitUntil(lambda: 3 in shown(dialog), timeout=10_000)
    place = shown(dialog).index(20)
    assert dialog.list.items()[place].text(HELD_OUT) == f"{per_character:.2f}"
    assert dialog._explanation.text().startswith("Losses are in nats per character.")
    assert card.unit_label.text() == "nats per character"


def test_the_list_says_where_a_persons_own_file_is(dialog, qtbot, window, tmp_path):
    mine = tmp_path / "mine.npz"
    with qtbot.waitSignal(window.library.saving.saved, timeout=10_000):
        window.library.saving.save_to(str(mine))
    window.session.restart()
    qtbot.waitUntil(lambda: shown(dialog)[:1] == [40], timeout=10_000)
    item = lambda: dialog.list.items()[0]  # noqa: E731
    assert (item().text(NAME), item().text(FILE)) == ("mine.npz", str(mine))
    qtbot.waitUntil(lambda: item().toolTip(FILE) == f"Saved in {mine}", timeout=10_000)
    assert [each.text(FILE) for each in dialog.list.items()[1:]] == ["", "", ""]
    dialog.filter.setText("mine.npz")
    assert shown(dialog) == [40]
    window.session.runs.forget(window.session.runs.get(dialog.list.shown[0].run_id))
    mine.unlink()
    window.library.earlier.refresh()
    qtbot.waitUntil(lambda: item().text(FILE) == f"missing: {mine}", timeout=10_000)
    click(qtbot, dialog, 0)
    window.banner.clear()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert dialog.message.message.startswith("“mine.npz” is no longer in “")
    assert not window.banner.isVisible(), "it would be behind the list"
    dialog.close()
    assert dialog.message.message == ""


def test_a_run_is_exported_to_a_folder(dialog, qtbot, window, tmp_path):
    run = dialog.list.shown[1]
    [export] = window.findChildren(type(dialog._commands._export))
    with qtbot.waitSignal(export.said, timeout=20_000) as said:
        export.export(run, str(tmp_path))
    folder = tmp_path / run.name
    assert said.args == [f"The run is exported to “{folder}”."]
    assert load_run(folder / "run.npz").state.step == 30
    rows = list(csv.reader((folder / "curve.csv").read_text(encoding="utf-8").splitlines()))
    assert int(rows[-1][0]) == 30
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    assert settings["steps"] == 30
    assert settings["begun with"]["hyperparameters"]["widths"] == [10]
    assert (folder / "names.txt").exists()
    assert (folder / "loss.png").read_bytes().startswith(b"\x89PNG")
    with qtbot.waitSignal(export.said, timeout=20_000) as said:
        export.export(run, str(tmp_path / "absent"))
    assert "cannot be made" in said.args[0]


def test_the_menu_of_the_present_run_neither_opens_nor_deletes_it(dialog, window):
    card, commands = window.runs_card, dialog._commands
    present = window.library.earlier.present
    assert card.present.run.step == 40
    texts = [a.text() for a in RunMenu(present, commands, card._dots, card).actions()]
    assert texts[0] == "&Use these settings"
    assert "&Delete" not in texts
    texts = [a.text() for a in RunMenu(dialog.list.shown[0], commands, card._dots, card).actions()]
    assert [texts[0], texts[-1]] == ["&Open", "&Delete"]


def test_a_file_that_is_damaged_or_gone_under_the_list_costs_no_other_run(
    dialog, qtbot, window, open_window
):
    folder = window.library.earlier.folder.path
    window.close()
    other = open_window(lambda another: another.library.autosave_in(folder))
    earlier = other.library.earlier
    qtbot.waitUntil(lambda: len(earlier.runs) >= 3, timeout=10_000)
    gone, damaged, *whole = earlier.runs
    gone.path.unlink()
    damaged.path.write_bytes(b"no run")
    qtbot.waitUntil(lambda: earlier.runs == tuple(whole), timeout=10_000)
    for run in (gone, damaged):
        with qtbot.waitSignal(earlier.refused, timeout=10_000):
            earlier.open(run)
        assert other.banner.message
    qtbot.waitUntil(lambda: {r.key for r in earlier.runs} == {r.key for r in whole})


def test_a_file_that_is_replaced_under_the_list_is_what_it_holds_now(
    dialog, qtbot, window, open_window
):
    folder = window.library.earlier.folder.path
    window.close()
    other = open_window(lambda another: another.library.autosave_in(folder))
    earlier = other.library.earlier
    qtbot.waitUntil(lambda: sorted(run.step for run in earlier.runs)[:3] == [10, 20, 30])
    by_step = {run.step: run for run in earlier.runs}
    by_step[10].path.write_bytes(by_step[30].path.read_bytes())
    qtbot.waitUntil(lambda: sorted(run.step for run in earlier.runs)[:3] == [20, 30, 30])
    earlier.open(by_step[10])  # the list may have been read before
    qtbot.waitUntil(lambda: other.session.steps_made == 30)
