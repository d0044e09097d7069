"""The log file is written, rotated and read, and errors in it are ignored."""

import logging

import pytest
from PySide6.QtWidgets import QDialog, QPlainTextEdit

from dinogui.startup.log_file import KEPT, last_lines, open_log_file, users_log_path

_log = logging.getLogger("test.log_file")


@pytest.fixture
def opened():
    """Return a function that opens a log file, which is closed after the test."""
    root, handlers = logging.getLogger(), []
    level = root.level

    def open_one(path, **how):
        handlers.append(open_log_file(path, **how))
        return handlers[-1]

    yield open_one
    root.setLevel(level)
    for handler in handlers:
        if handler is not None:
            root.removeHandler(handler)
            handler.close()


def test_records_are_written_with_lone_surrogates_escaped(opened, tmp_path):
    path = tmp_path / "new" / "dinogui.log"
    opened(path)
    _log.info("“%s” was opened", "a\udcff.txt")
    _log.debug("a record of a lower level")
    lines = last_lines(path, 10)
    assert len(lines) == 1
    assert "“a\\udcff.txt” was opened" in lines[0]


def test_it_is_rotated_and_its_size_is_bounded(opened, tmp_path):
    path = tmp_path / "dinogui.log"
    opened(path, max_bytes=2_000)
    for number in range(500):
        _log.info("line %d", number)
    files = list(tmp_path.iterdir())
    assert len(files) == KEPT + 1 == 3
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert last_lines(path, 1)[0].endswith("line 499")


def test_a_folder_that_cannot_be_created_is_only_a_warning(opened, tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    assert opened(tmp_path / "file" / "dinogui.log") is None
    assert "The log file cannot be opened" in caplog.text
    assert last_lines(tmp_path / "file" / "dinogui.log", 5) == []


def test_an_error_while_writing_is_ignored(opened, tmp_path, capsys):
    handler = opened(tmp_path / "dinogui.log")
    handler.stream.close()
    _log.info("into nothing")
    handler.stream = None  # so that it can be closed
    assert capsys.readouterr().err == ""


def test_the_menu_shows_the_file(opened, window):
    opened(users_log_path())
    _log.warning("a line to look for")
    window.actions_.show_log.trigger()
    (page,) = (
        dialog.findChild(QPlainTextEdit)
        for dialog in window.findChildren(QDialog)
        if dialog.windowTitle() == "Log file"
    )
    assert "a line to look for" in page.toPlainText()
