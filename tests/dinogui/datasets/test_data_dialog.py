"""The dialog of the dataset catalogue, used by keys and clicks, with a local server."""

import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton

from dinogui.datasets.catalogue import CATALOGUE
from dinogui.datasets.data_dialog import DataDialog
from dinogui.datasets.data_folder import DataFolder
from dinogui.session.run import RunState
from engine.data.sources.places import places_of_key


class Dialog(DataDialog):
    opened: list[tuple[str, str]]


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path / "data")


@pytest.fixture
def open_dialog(qtbot, server, folder, data_set_at):
    """Return a function that opens a dialog of files at paths of the server."""

    def open_dialog(*paths):
        catalogue = tuple(
            data_set_at(server.address(path), f"{path[1:]}.txt", kind)
            for path, kind in zip(paths, ("names", "text", "names"), strict=False)
        )
        dialog = Dialog(catalogue, folder)
        dialog.opened = []
        dialog.chosen.connect(lambda path, kind, _: dialog.opened.append((path, kind)))
        qtbot.addWidget(dialog)
        with qtbot.waitActive(dialog):
            dialog.show()
            dialog.activateWindow()
        return dialog

    return open_dialog


def click(qtbot, button):
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def offered(row):
    buttons = (row.get_button, row.cancel_button, row.open_button)
    return [button.text() for button in buttons if button.isEnabled()]


def test_one_click_downloads_a_file_and_another_opens_it(open_dialog, qtbot, folder, content):
    dialog = open_dialog("/good", "/redirect")
    first, second = dialog.rows
    assert first.message == "Not downloaded yet."
    assert offered(first) == ["Get"]
    click(qtbot, first.get_button)
    assert offered(first) == ["Cancel"]
    qtbot.waitUntil(lambda: offered(first) == ["Open"])
    assert first.message.startswith("Downloaded")
    assert dialog.opened == []
    click(qtbot, second.get_button)
    qtbot.waitUntil(lambda: offered(second) == ["Open"])
    click(qtbot, second.open_button)
    click(qtbot, first.open_button)
    good, redirect = folder.path / "good.txt", folder.path / "redirect.txt"
    assert dialog.opened == [(str(redirect), "text"), (str(good), "names")]
    assert good.read_bytes() == redirect.read_bytes() == content


def test_a_downloaded_file_opens_at_once_and_offline(open_dialog, qtbot, server, folder, content):
    folder.path.mkdir()
    (folder.path / "good.txt").write_bytes(content)
    dialog = open_dialog("/good")
    server.close()
    click(qtbot, dialog.rows[0].open_button)
    assert dialog.opened == [(str(folder.path / "good.txt"), "names")]
    assert server.requests == []


def test_a_file_damaged_since_is_downloaded_again_and_then_opened(
    open_dialog, qtbot, server, folder, content
):
    folder.path.mkdir()
    path = folder.path / "good.txt"
    path.write_bytes(content)
    dialog = open_dialog("/good")
    path.write_bytes(content[:-1] + b"?")
    click(qtbot, dialog.rows[0].open_button)
    assert dialog.opened == []
    qtbot.waitUntil(lambda: dialog.opened == [(str(path), "names")])
    assert path.read_bytes() == content
    assert server.requests == ["/good"]


def test_the_dialog_checks_the_files_whenever_it_is_shown(open_dialog, folder, content):
    dialog = open_dialog("/good")
    dialog.close()
    folder.path.mkdir()
    (folder.path / "good.txt").write_bytes(content[:100])
    dialog.show()
    assert dialog.rows[0].message == "The downloaded file is damaged. Get it again."
    (folder.path / "good.txt").write_bytes(content)
    dialog.close()
    dialog.show()
    assert dialog.rows[0].message.startswith("Downloaded")


def test_progress_is_shown_and_a_download_can_be_cancelled(open_dialog, qtbot, folder, content):
    dialog = open_dialog("/stalled")
    (row,) = dialog.rows
    click(qtbot, row.get_button)
    bar = dialog.findChild(QProgressBar)
    qtbot.waitUntil(lambda: row.received == len(content) // 2)
    assert bar.isVisible()
    assert bar.text() == "150 kB of 300 kB"
    click(qtbot, row.cancel_button)
    assert not bar.isVisible()
    assert row.message == "Not downloaded yet."
    assert offered(row) == ["Get"]
    assert list(folder.path.iterdir()) == []


def test_downloads_continue_while_the_dialog_is_closed(open_dialog, qtbot):
    dialog = open_dialog("/good")
    click(qtbot, dialog.rows[0].get_button)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: offered(dialog.rows[0]) == ["Open"])


@pytest.mark.layout
def test_the_state_of_a_row_does_not_move_the_others(open_dialog, qtbot):
    dialog = open_dialog("/missing", "/good", "/stalled")
    missing, good, stalled = dialog.rows
    QApplication.processEvents()
    buttons = [row.get_button for row in dialog.rows]
    before = [button.mapTo(dialog, QPoint()) for button in buttons]
    click(qtbot, missing.get_button)
    qtbot.waitUntil(lambda: "404" in missing.message)
    click(qtbot, stalled.get_button)
    qtbot.waitUntil(lambda: stalled.received > 0)
    click(qtbot, good.get_button)
    qtbot.waitUntil(lambda: offered(good) == ["Open"])
    QApplication.processEvents()
    assert [button.mapTo(dialog, QPoint()) for button in buttons] == before
    click(qtbot, stalled.cancel_button)


@pytest.mark.layout
def test_an_error_is_shown_completely_in_its_row(open_dialog, qtbot):
    dialog = open_dialog("/missing", "/good", "/wrong")
    missing, good, wrong = dialog.rows
    for row in dialog.rows:
        click(qtbot, row.get_button)
    qtbot.waitUntil(lambda: offered(missing) == offered(wrong) == ["Get"])
    qtbot.waitUntil(lambda: offered(good) == ["Open"])
    assert "status 404" in missing.message
    assert "SHA-256" in wrong.message
    qtbot.wait(50)
    for label in dialog.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_download_cancel_and_open_by_keyboard(open_dialog, qtbot, content):
    dialog = open_dialog("/good", "/stalled", "/missing")
    first, second, third = dialog.rows
    third.get_button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(third.get_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "status 404" in third.message)
    assert QApplication.focusWidget() is third.get_button, "the user can try again at once"
    first.get_button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(first.get_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: offered(first) == ["Open"])
    assert QApplication.focusWidget() is first.open_button
    qtbot.keyClick(dialog, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: second.received == len(content) // 2)
    qtbot.keyClick(dialog, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: offered(second) == ["Get"])
    qtbot.keyClick(dialog, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(dialog.opened) == 1)


def test_tab_cycles_through_the_rows(open_dialog, qtbot):
    dialog = open_dialog("/good", "/redirect")
    first, second = dialog.rows
    first.get_button.setFocus(Qt.FocusReason.TabFocusReason)
    reached = []
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    close = next(b for b in dialog.findChildren(QPushButton) if "Close" in b.text())
    assert reached == [second.get_button, close, first.get_button]


def test_every_button_has_a_tooltip_and_a_unique_name(open_dialog):
    dialog = open_dialog("/good")
    parts = [*dialog.findChildren(QPushButton), *dialog.findChildren(QProgressBar)]
    names = []
    for part in parts:
        assert part.toolTip(), part
        names.append(QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name))
    assert all(names)
    assert {"Get People", "Cancel People", "Open People", "Downloading People"} <= set(names)


# In the window


@pytest.fixture
def catalogue_of(window, monkeypatch, tmp_path):
    """Return a function that opens the window's dialog; its arguments are downloaded files."""
    if not sys.platform.startswith("linux"):
        pytest.skip("The user's data folder can be moved on Linux only.")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    kept = tmp_path / QApplication.applicationName() / "data"

    def open_catalogue(*files):
        kept.mkdir(parents=True)
        for file in files:
            shutil.copy(file, kept)
        window.actions_.get_data.trigger()
        return window.findChild(DataDialog)

    return open_catalogue


def test_names_open_in_the_window_which_trains_until_then(window, catalogue_of, qtbot, dinos_path):
    window.session.train()
    dialog = catalogue_of(dinos_path)
    assert dialog.isVisible()
    assert not dialog.isModal()
    step = window.session.steps_made
    qtbot.waitUntil(lambda: window.session.steps_made > step)
    assert window.session.state is RunState.TRAINING
    dialog.rows[0].open_button.setFocus(Qt.FocusReason.TabFocusReason)
    states = []
    window.session.state_changed.connect(states.append)
    with qtbot.waitSignal(window.session.run_begun):
        qtbot.keyClick(dialog.rows[0].open_button, Qt.Key.Key_Space)
    assert RunState.PAUSED not in states, "Space must not reach the window"
    assert "dinos.txt: 1,536 names" in window.controls.data_message


def test_the_dialog_is_created_once_and_closes_with_the_window(window, catalogue_of):
    dialog = catalogue_of()
    dialog.close()
    window.actions_.get_data.trigger()
    assert window.findChildren(DataDialog) == [dialog]
    assert dialog.isVisible()
    window.close()
    assert not dialog.isVisible()


def test_closing_the_window_cancels_downloads_and_leaves_nothing(
    window, catalogue_of, qtbot, server, data_set_at, content, monkeypatch, tmp_path
):
    monkeypatch.setattr(
        "dinogui.datasets.catalogue.CATALOGUE", (data_set_at(server.address("/stalled")),)
    )
    (row,) = catalogue_of().rows
    click(qtbot, row.get_button)
    qtbot.waitUntil(lambda: row.received == len(content) // 2)
    window.close()
    assert row.message == "Not downloaded yet."
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_text_is_opened_as_text(window, catalogue_of, qtbot, shared_file):
    dialog = catalogue_of(shared_file("data/shakespeare.txt"))
    with qtbot.waitSignal(window.session.run_begun):
        click(qtbot, dialog.rows[1].open_button)
    assert window.session.kind == "text"
    assert "shakespeare.txt: 94,275 characters" in window.controls.data_message


def test_several_files_are_got_together_and_open_as_kinds(
    window, catalogue_of, qtbot, server, kinds_at, monkeypatch
):
    data_set = kinds_at(**{name: server.address("/good") for name in ("Greek", "Irish", "Welsh")})
    monkeypatch.setattr("dinogui.datasets.catalogue.CATALOGUE", (data_set,))
    (row,) = catalogue_of().rows
    assert row.message == "Not downloaded yet."
    click(qtbot, row.get_button)
    qtbot.waitUntil(lambda: offered(row) == ["Open"], timeout=20_000)
    folder = row._folder.path_of(data_set)
    assert row._bar.text() == "900 kB of 900 kB"
    (folder / "Irish.txt").unlink()
    row.look()
    assert row.message == "Only 2 of 3 files have been downloaded. Get the others."
    assert offered(row) == ["Get"]
    (folder / "Greek.txt").write_bytes(b"?")
    row.look()
    assert row.message == "2 of 3 files are damaged or missing. Get them again."
    click(qtbot, row.get_button)
    qtbot.waitUntil(lambda: offered(row) == ["Open"], timeout=20_000)
    assert len(server.requests) == 5, "only what was missing is got again"
    with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
        click(qtbot, row.open_button)
    assert window.session.corpus.kinds.titles == ("Greek", "Irish", "Welsh")
    assert window.opening.memory.recall(str(folder)).kinds is True


def test_files_that_are_no_kinds_open_together(qtbot, server, folder, kinds_at):
    data_set = kinds_at(one=server.address("/good"), two=server.address("/good"))
    dialog = Dialog((replace(data_set, kind="melodies", has_kinds=False),), folder)
    dialog.opened = []
    dialog.chosen.connect(lambda *chosen: dialog.opened.append(chosen))
    qtbot.addWidget(dialog)
    dialog.show()
    (row,) = dialog.rows
    click(qtbot, row.get_button)
    qtbot.waitUntil(lambda: offered(row) == ["Open"], timeout=20_000)
    click(qtbot, row.open_button)
    ((key, kind, has_kinds),) = dialog.opened
    assert places_of_key(key) == tuple(str(folder.path_of(file)) for file in data_set.files)
    assert (kind, has_kinds) == ("melodies", False)


def test_all_data_sets_can_be_reached_on_a_low_screen(qtbot, folder):
    dialog = DataDialog(CATALOGUE, folder)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    dialog.resize(dialog.width(), 400)
    assert dialog.height() == 400
    dialog.rows[0].get_button.setFocus(Qt.FocusReason.TabFocusReason)
    last = dialog.rows[-1].get_button
    for _ in dialog.rows[1:]:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is last
    place = last.mapTo(dialog, last.rect().bottomLeft())
    assert 0 < place.y() < 400
    assert not last.visibleRegion().isEmpty()


def test_starting_the_window_does_not_import_the_network_classes():
    code = "import sys, dinogui.app; sys.exit('PySide6.QtNetwork' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
