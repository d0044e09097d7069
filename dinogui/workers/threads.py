"""Threads of the window: each has a name, and is waited for as the window closes."""

import logging

from PySide6.QtCore import QObject, Qt, QThread

from dinogui.startup.shared_processor import leave_shared_processor

_log = logging.getLogger(__name__)


def named_thread(name: str, parent: QObject) -> QThread:
    """Make a thread, which is not started yet."""
    thread = QThread(parent)
    thread.setObjectName(name)
    # Emitted by the thread itself, and so carried out in it.
    thread.started.connect(leave_shared_processor, Qt.ConnectionType.DirectConnection)
    return thread


def wait_for_end(thread: QThread, milliseconds: int) -> None:
    """Wait for a thread that was told to end, but no longer than that; the log has what did not."""
    if not thread.wait(milliseconds):
        _log.error("The %s thread did not end.", thread.objectName())
