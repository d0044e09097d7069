"""The log file, which helps to find out what happened."""

import logging
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QStandardPaths

MAX_BYTES = 1_000_000
KEPT = 2
"""Number of older log files that are kept."""

_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(threadName)s]: %(message)s"


class _LogFile(RotatingFileHandler):
    """A log file that ignores errors, such as those of a full disk."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Do nothing: the only place to report the error is the log itself."""


def users_log_path() -> Path:
    """Return the path of the user's log file."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(folder) / "dinogui.log"


def open_log_file(path: Path, *, max_bytes: int = MAX_BYTES) -> logging.Handler | None:
    """Write all log records from level INFO on to a file as well.

    Parameters
    ----------
    path : Path
        Its folder is created if necessary.
    max_bytes : int
        A file of this size becomes an older log file, and a new one begins.

    Returns
    -------
    logging.Handler or None
        The handler, which the caller may remove and close. None, and a warning in the log, if the
        file cannot be opened.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(
            path,
            maxBytes=max_bytes,
            backupCount=KEPT,
            encoding="utf-8",
            errors="backslashreplace",  # names of files may contain lone surrogates
        )
    except OSError as error:
        logging.getLogger(__name__).warning("The log file cannot be opened: %s.", error)
        return None
    handler.setLevel(logging.INFO)
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    return handler


def last_lines(path: Path, count: int) -> list[str]:
    """Return the last lines of a log file, or no lines if it cannot be read."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, count)]
    except OSError:
        return []
