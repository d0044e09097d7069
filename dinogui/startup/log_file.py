"""The log file: what happened, for the day when somebody has to find out."""

import logging
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QStandardPaths

MAX_BYTES = 1_000_000
KEPT = 2
"""Older log files beside the present one."""

_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(threadName)s]: %(message)s"


class _LogFile(RotatingFileHandler):
    """A log file that cannot be written to, as on a full disk, stops nobody."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Do nothing: what went wrong would have to be said in the log."""


def users_log_path() -> Path:
    """Return where the log file is kept."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(folder) / "dinogui.log"


def open_logbook(path: Path, *, max_bytes: int = MAX_BYTES) -> logging.Handler | None:
    """Let everything that is logged go into a file as well, which is turned over as it grows.

    Returns
    -------
    logging.Handler or None
        To be closed by who wants to; None where the folder cannot be made, which is logged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book = _LogFile(
            path,
            maxBytes=max_bytes,
            backupCount=KEPT,
            encoding="utf-8",
            errors="backslashreplace",  # names of files may hold what is no text
        )
    except OSError as error:
        logging.getLogger(__name__).warning("There is no log file: %s.", error)
        return None
    book.setLevel(logging.INFO)
    book.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(book)
    return book


def last_lines(path: Path, count: int) -> list[str]:
    """Return the last lines of a log file; none where it cannot be read."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, count)]
    except OSError:
        return []
