"""The log file: written, turned over, read, and no trouble where it cannot be."""

import logging

import pytest
from PySide6.QtWidgets import QDialog, QPlainTextEdit

from dinogui.startup.log_file import KEPT, last_lines, open_logbook, users_log_path

_log = logging.getLogger("test.logbook")


@pytest.fixture
def opened():
    """Return a function that opens a log book, which is closed after the test."""
    root, books = logging.getLogger(), []
    level = root.level

    def open_one(path, **how):
        books.append(open_logbook(path, **how))
        return books[-1]

    yield open_one
    root.setLevel(level)
    for book in books:
        if book is not None:
            root.removeHandler(book)
            book.close()


def test_what_is_logged_is_in_the_file_with_what_is_no_text(opened, tmp_path):
    path = tmp_path / "new" / "dinogui.log"
    opened(path)
    _log.info("“%s” was opened", "a\udcff.txt")
    _log.debug("nobody needs this")
    lines = last_lines(path, 10)
    assert len(lines) == 1
    assert "“a\\udcff.txt” was opened" in lines[0]


def test_it_is_turned_over_and_bounded(opened, tmp_path):
    path = tmp_path / "dinogui.log"
    opened(path, max_bytes=2_000)
    for number in range(500):
        _log.info("line %d", number)
    files = list(tmp_path.iterdir())
    assert len(files) == KEPT + 1 == 3
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert last_lines(path, 1)[0].endswith("line 499")


def test_a_folder_that_cannot_be_made_stops_nobody(opened, tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    assert opened(tmp_path / "file" / "dinogui.log") is None
    assert "There is no log file" in caplog.text
    assert last_lines(tmp_path / "file" / "dinogui.log", 5) == []


def test_a_file_that_fails_while_it_is_written_stops_nobody(opened, tmp_path, capsys):
    book = opened(tmp_path / "dinogui.log")
    book.stream.close()
    _log.info("into nothing")
    book.stream = None  # so that it can be closed
    assert capsys.readouterr().err == ""


def test_the_menu_shows_the_file(opened, window):
    opened(users_log_path())
    _log.warning("a thing to be seen")
    window.actions_.show_log.trigger()
    (page,) = (
        dialog.findChild(QPlainTextEdit)
        for dialog in window.findChildren(QDialog)
        if dialog.windowTitle() == "Log file"
    )
    assert "a thing to be seen" in page.toPlainText()
